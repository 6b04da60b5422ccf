"""The same pages mounted plainly, without what stands in front of them: where an attack has to work first."""

import asyncio
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fastapi
import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import HTTPConnection
from starlette.responses import Response

from rlft_gui.server import make_app
from rlft_gui.ui.build import build
from tests.ui.fakes_new import NewWorld

HERE = "http://127.0.0.1:7860"


def bare_app(folder: Path) -> FastAPI:
    """Gradio over the real pages, with `folder` for uploads."""

    async def mount() -> FastAPI:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "SSR mode is not supported", UserWarning)
            return gr.mount_gradio_app(fastapi.FastAPI(), build(NewWorld()), path="/")  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(folder))
        return asyncio.run(mount())


def guarded_app(world: Any = None, **options: Any) -> FastAPI:
    async def make() -> FastAPI:
        return make_app(world or NewWorld(), **options)  # type: ignore[arg-type]

    return asyncio.run(make())


@contextmanager
def asking(app: FastAPI, address: str = HERE, client: str = "127.0.0.1") -> Iterator[TestClient]:
    with TestClient(app, base_url=address, raise_server_exceptions=False, client=(client, 50000)) as asked:
        yield asked


def inner(app: FastAPI) -> Any:
    """Gradio's own application, behind what stands in front of it."""
    mounted = (getattr(route, "app", None) for route in app.routes)
    return next(inside for inside in mounted if hasattr(inside, "get_blocks"))


class ByHeader:
    """An access that believes a header, for tests in which several people call."""

    def identify(self, request: HTTPConnection) -> str | Response:
        return request.headers.get("x-user", "local")
