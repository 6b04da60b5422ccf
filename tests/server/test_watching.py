"""What programs that watch over the app learn, and who may."""

import asyncio
from pathlib import Path

import pytest
from fastapi import FastAPI

from rlft_gui.server import make_app
from rlft_gui.server.forwarded import proxies
from rlft_gui.server.readiness import not_ready
from rlft_gui.server.watching import TOKEN
from rlft_gui.services import Services, open_services
from tests.server.bare import asking


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return open_services(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def app(services: Services) -> FastAPI:
    async def make() -> FastAPI:
        return make_app(services, proxies=proxies(["172.20.0.2"]))

    return asyncio.run(make())


def test_an_app_over_a_sound_home_is_ready(app: FastAPI) -> None:
    with asking(app, client="198.51.100.4") as stranger:
        assert stranger.get("/healthz").json() == {"status": "ok"}
        answer = stranger.get("/readyz")
        assert (answer.status_code, answer.json()) == (200, {"status": "ready"})
        assert answer.headers["cache-control"] == "no-store"


def test_a_database_that_is_lost_is_told_without_its_path(tmp_path: Path) -> None:
    services = open_services(tmp_path / "home")
    assert not_ready(services) == []
    services.storage.close()
    services.home.database.write_bytes(b"x" * 4096)

    assert not_ready(services) == ["The database cannot be read and written."]


def test_a_full_disk_is_told(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rlft_gui.server.readiness.LEAST_FREE", 10**15)

    assert "bytes left" in not_ready(services)[0]


def test_figures_count_requests_by_kind_and_hold_no_text_of_users(app: FastAPI) -> None:
    with asking(app) as here:
        here.get("/runs?q=secret-words")
        here.get("/secret-words")
        here.get("/runs", headers={"host": "evil.example"})
        text = here.get("/metrics").text
    assert 'rlft_requests_total{kind="page",status="200"}' in text
    assert 'rlft_requests_total{kind="page",status="403"} 1.0' in text
    for name in (
        "rlft_runs_live 0.0",
        "rlft_runs_queued 0.0",
        "rlft_disk_free_bytes",
        "rlft_uploads_waiting_bytes 0.0",
    ):
        assert name in text
    assert "secret-words" not in text


def test_strangers_see_no_figures_without_the_token(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, "a-long-token")
    with asking(app, client="198.51.100.4") as stranger:
        assert stranger.get("/metrics").status_code == 403
        assert stranger.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"}).status_code == 403
        assert stranger.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 403
        assert stranger.get("/metrics", headers={"authorization": "Bearer a-long-token"}).status_code == 200
    for client in ("127.0.0.1", "172.20.0.2"):
        with asking(app, client=client) as proxy:
            assert proxy.get("/metrics", headers={"x-forwarded-for": "198.51.100.4"}).status_code == 403
            assert proxy.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"}).status_code == 403
