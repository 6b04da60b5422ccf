"""A real app over a real home, and callers that are signed in."""

import asyncio
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from rlft_gui.domain.accounts import Role
from rlft_gui.server import make_app
from rlft_gui.server.guard import LOOPBACK
from rlft_gui.server.sign_in import SignIn
from rlft_gui.services import Services, open_services

HERE = "http://127.0.0.1:7860"
ELSEWHERE = "http://lab.example:7860"
A_PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PASSWORD = "four words nobody guesses"
PEOPLE = {"vera": Role.VIEWER, "mia": Role.MEMBER, "max": Role.MEMBER, "ada": Role.ADMIN}


def opened(path: Path) -> Services:
    """A home in which there is somebody of each role."""
    services = open_services(path)
    for name, role in PEOPLE.items():
        services.accounts.add(name, role, PASSWORD, user="local")
    return services


def app_of(services: Services) -> FastAPI:
    async def make() -> FastAPI:
        access = SignIn(services.signing_in, services.accounts)
        return make_app(services, hosts=(*LOOPBACK, "lab.example"), access=access)

    return asyncio.run(make())


def caller(app: FastAPI, base: str = HERE, peer: str = "127.0.0.1", **others: Any) -> TestClient:
    """Nobody yet, at an address."""
    return TestClient(app, base_url=base, client=(peer, 50_000), follow_redirects=False, **others)


def sign_in(client: TestClient, name: str, password: str = PASSWORD) -> Any:
    return client.post("/sign-in", data={"name": name, "password": password, "next": "/runs"})
