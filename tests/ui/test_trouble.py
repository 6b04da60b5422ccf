"""Pages over a real home in trouble: a sentence in place of a bare 500, and nothing half-done."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from rlft_gui.services import Services, open_services
from rlft_gui.storage import _database
from rlft_gui.ui.build import PAGES
from tests.fakes.broken_homes import damage, held, spoil
from tests.fakes.pipelines import generating, pipeline
from tests.ui.serving import app_over

HERE = "http://127.0.0.1:7860"


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    monkeypatch.setattr(_database, "BUSY_SECONDS", 0.2)
    monkeypatch.setattr("rlft_gui.services.keeper_process.KeeperStarter.ensure", lambda _self: None)
    services = open_services(tmp_path / "home")
    yield services
    services.storage.close()


@pytest.fixture
def client(services: Services) -> TestClient:
    return TestClient(app_over(services), base_url=HERE, raise_server_exceptions=False)


def blocks(client: TestClient) -> Any:
    app = client.app
    assert isinstance(app, FastAPI)
    mounted = (getattr(route, "app", None) for route in app.routes)
    return next(inside for inside in mounted if hasattr(inside, "get_blocks")).get_blocks()


def ask(client: TestClient, name: str, **asked: Any) -> dict[str, Any]:
    """What a server function answers."""
    number = next(
        number
        for number, block in blocks(client).blocks.items()
        if any(function.__name__ == name for function in getattr(block, "server_fns", None) or [])
    )
    answer = client.post(
        "/gradio_api/component_server",
        json={"component_id": number, "fn_name": name, "session_hash": "s", "data": asked},
    )
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_a_held_lock_is_a_sentence_and_nothing_was_launched(client: TestClient, services: Services) -> None:
    launch_id = uuid.uuid4().hex
    with held(services.home.database):
        assert "nothing was changed" in ask(client, "start_tour", launch_id=launch_id)["problem"]
        assert ask(client, "home_facts")["ok"]["state"]["queued"] == [], "reading goes on"

    assert services.runs.list() == ()
    assert ask(client, "start_tour", launch_id=launch_id)["ok"]["run"]


def test_a_damaged_database_is_a_sentence_on_every_page(client: TestClient, services: Services) -> None:
    services.storage.transitions.add(pipeline("sft"), launch_id="l")
    services.storage.close()
    damage(services.home.database)

    for page in PAGES:
        assert client.get(f"/{page.path}").status_code == 200
    for name, asked in (
        ("live_pill", {}),
        ("home_facts", {}),
        ("runs_page", {}),
        ("run_facts", {"run": "r"}),
    ):
        assert "is damaged" in ask(client, name, **asked)["problem"]


def test_an_event_tells_the_sentence(client: TestClient, services: Services) -> None:
    launch = next(number for number, event in blocks(client).fns.items() if event.api_name == "open_page")
    services.storage.transitions.add(pipeline("sft"), launch_id="l")
    services.storage.close()
    damage(services.home.database)

    answer = client.post("/gradio_api/run/predict", json={"data": [{"method": "sft"}], "fn_index": launch})

    assert answer.status_code == 500
    assert "is damaged" in answer.json()["error"]


def test_a_bad_row_breaks_no_page(client: TestClient, services: Services) -> None:
    good, bad = generating(review=True, settings={}), generating(review=True, settings={})
    for one in (good, bad):
        services.storage.transitions.add(one, launch_id=one.id)
    spoil(services.home.database, "run", "recipe", bad.runs[0].id, "{}")
    spoil(services.home.database, "pipeline", "spec", bad.id, "{}")

    queued = ask(client, "home_facts")["ok"]["state"]["queued"]
    assert len(queued) == 4
    (run,) = [row["run"] for row in ask(client, "runs_page")["ok"]["rows"] if row["run"]["unreadable"]]
    assert run["title"].endswith(" (cannot be read)")
    facts = ask(client, "run_facts", run=bad.runs[0].id)["ok"]["state"]
    assert facts["run"]["unreadable"].startswith("The stored recipe of run ")
    assert "cannot be read" in ask(client, "run_recipe", run=bad.runs[0].id)["problem"]
    assert ask(client, "run_facts", run=good.runs[0].id)["ok"]["state"]["run"]["unreadable"] is None
