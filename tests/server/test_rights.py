"""What is asked of a real app over a real home again by everybody: who may not, changes not a row and not a file."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from filelock import FileLock

from rlft_gui.services import Services
from rlft_gui.storage.tables import metadata
from tests.fakes.pipelines import pipeline
from tests.server.signing import app_of, caller, opened, sign_in

NOT_COUNTED = {"session", "audit"}


@dataclass(frozen=True)
class Place:
    services: Services
    app: FastAPI
    run: str
    dataset: str
    votes: str

    def state(self) -> str:
        """Every row but those of sessions and of the audit log, and every file of the home but the database's."""
        with self.services.storage.read() as connection:
            rows = {
                table.name: [list(row) for row in connection.execute(sa.select(table))]
                for table in metadata.sorted_tables
                if table.name not in NOT_COUNTED
            }
        home = self.services.home.path
        files = sorted(
            (str(file.relative_to(home)), file.stat().st_size)
            for file in home.rglob("*")
            if file.is_file() and not file.name.startswith(("rlft.", "keeper", "token"))
        )
        return json.dumps([rows, files], default=str, sort_keys=True)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """What belongs to max, a member. No keeper starts anything here."""
    services = opened(tmp_path / "home")
    own = pipeline("sft")
    run = own.runs[0].model_copy(update={"owner": "max"})
    services.storage.transitions.add(
        own.model_copy(update={"owner": "max", "runs": (run,)}), launch_id="first"
    )
    file = tmp_path / "rows.jsonl"
    rows = [{"prompt": f"{n}?", "chosen": "Yes, it is.", "rejected": "No."} for n in range(20)]
    file.write_text("\n".join(map(json.dumps, rows)))
    dataset = services.datasets.store(file, file.name, user="max").id
    votes = services.simulating.simulate(5, votes="week 1", user="max").votes.name
    with FileLock(services.home.keeper_lock):
        yield Place(services, app_of(services), run.id, dataset, votes)
    services.storage.close()


#: What a page asks, by the name of its server function, in an order in which the owner can have it all done.
ACTS: tuple[tuple[str, Callable[[Place], dict[str, Any]]], ...] = (
    ("describe", lambda it: {"id": it.dataset, "name": "Ours", "licence": "MIT", "origin": "here"}),
    ("convert", lambda it: {"way": "chosen", "dataset": it.dataset}),
    ("split_off", lambda it: {"id": it.dataset, "amount": 5, "unit": "prompts", "seed": 0}),
    ("mark_dataset", lambda it: {"id": it.dataset, "held_out": True}),
    ("delete_dataset", lambda it: {"id": it.dataset}),
    ("suite_write", lambda it: {"name": "mine", "text": "One?\nTwo?"}),
    ("start_tour", lambda it: {"launch_id": "tour-of-max"}),
    ("run_action", lambda it: {"run": it.run, "action": "stop"}),
    ("run_action", lambda it: {"run": it.run, "action": "resume"}),
    ("run_action", lambda it: {"run": it.run, "action": "stop"}),
    ("run_action", lambda it: {"run": it.run, "action": "delete"}),
    ("judging_share", lambda it: {"votes": it.votes, "asked": "unsure"}),
)
#: What any member may do, for it makes something of his own.
MAKES = {"convert", "split_off", "suite_write", "start_tour"}


def parts_of(client: TestClient) -> dict[str, int]:
    found: dict[str, int] = {}
    for page in ("", "new", "runs", "run", "data", "compare", "vote", "answers", "ratings", "score"):
        for component in client.get(f"/config?__page={page}").json()["components"]:
            for name in component["props"].get("server_fns") or []:
                found.setdefault(name, component["id"])
    return found


def ask(client: TestClient, parts: dict[str, int], name: str, asked: Any) -> Any:
    body = {"component_id": parts[name], "fn_name": name, "data": asked, "session_hash": "s"}
    return client.post("/gradio_api/component_server", json=body)


def signed_in(place: Place, name: str) -> TestClient:
    client = caller(place.app)
    assert sign_in(client, name).status_code == 303
    return client


@pytest.mark.slow
def test_whoever_may_not_changes_nothing_and_the_owner_changes_it_all(place: Place) -> None:
    parts = parts_of(signed_in(place, "ada"))
    before, nobody = place.state(), caller(place.app)
    for name in parts:
        assert ask(nobody, parts, name, {}).status_code == 401, name
    for name, asked in ACTS:
        assert ask(nobody, parts, name, asked(place)).status_code == 401, name
    viewer = signed_in(place, "vera")
    for name, asked in ACTS:
        assert "vera is a viewer here" in ask(viewer, parts, name, asked(place)).text, name
    for name in parts:  # whatever it answers to a question that asks for nothing
        ask(viewer, parts, name, {})
    other = signed_in(place, "mia")
    for name, asked in ACTS:
        if name not in MAKES:
            assert "belongs to max" in ask(other, parts, name, asked(place)).text, name
    assert place.state() == before
    owner = signed_in(place, "max")
    for name, asked in ACTS:
        known = place.state()
        answer = ask(owner, parts, name, asked(place)).json()
        assert "problem" not in answer, (name, answer)
        assert place.state() != known, name
    done = [one.action for one in place.services.accounts.audit_log(user="local") if one.user == "max"]
    assert {"launched", "stopped", "resumed", "deleted", "signed in"} <= set(done)


@pytest.mark.slow
def test_an_admin_may_change_what_is_anothers(place: Place) -> None:
    admin = signed_in(place, "ada")
    parts = parts_of(admin)
    answer = ask(admin, parts, "run_action", {"run": place.run, "action": "stop"}).json()
    assert "problem" not in answer
    assert place.services.runs.get(place.run).status == "stopped"


@pytest.mark.slow
def test_no_event_and_no_endpoint_runs_for_nobody_and_none_that_writes_for_a_viewer(place: Place) -> None:
    admin, nobody, viewer = signed_in(place, "ada"), caller(place.app), signed_in(place, "vera")
    before = place.state()
    events = admin.get("/config").json()["dependencies"]
    assert events
    for event in events:
        body = {"fn_index": event["id"], "data": [None] * len(event["inputs"]), "session_hash": "s"}
        assert nobody.post("/gradio_api/queue/join", json=body).status_code == 401
    writing = {
        "votes_simulate": [3, "careful", "week 1", None, False, "pair", None],
        "votes_import": [
            None,
            [{"instruction": "?", "output_1": "a", "output_2": "b", "preference": 1}],
            "x",
            "",
        ],
        "votes_export": ["pairs", "week 1", None, False, False, False, None, False, 0.0, "", True, 0, 10],
        "score": ["rm", "text", "", None, None, None],
        "batch": [["base"], "lantern", 1, 0, 0.7, 1.0, 128, "", None],
    }
    for name, data in writing.items():
        assert nobody.post(f"/gradio_api/run/{name}", json={"data": data}).status_code == 401
        assert viewer.post(f"/gradio_api/run/{name}", json={"data": data}).status_code != 200, name
    assert place.state() == before
    member = signed_in(place, "mia")
    assert (
        member.post("/gradio_api/run/votes_simulate", json={"data": writing["votes_simulate"]}).status_code
        == 200
    )
    assert place.state() != before


@pytest.mark.slow
def test_a_viewer_cannot_even_upload(place: Place) -> None:
    files = {"files": ("rows.jsonl", b"{}")}
    assert caller(place.app).post("/gradio_api/upload", files=files).status_code == 401
    assert signed_in(place, "vera").post("/gradio_api/upload", files=files).status_code == 403
    assert signed_in(place, "mia").post("/gradio_api/upload", files=files).status_code == 200


@pytest.mark.slow
def test_an_account_votes_under_its_own_name_and_nobody_types_it(place: Place) -> None:
    client = signed_in(place, "mia")
    parts = parts_of(client)
    told = ask(client, parts, "vote_state", {"votes": place.votes, "rater": "max"}).json()
    assert told["ok"]["rater"] == "mia"
    owner = caller(place.app, headers={"authorization": f"Bearer {place.services.signing_in.token()}"})
    for name in ("mia", "MIA"):
        typed = ask(owner, parts, "vote_undo", {"votes": place.votes, "rater": name}).json()
        assert "has an account here" in typed["problem"]
    assert "ok" in ask(owner, parts, "vote_state", {"votes": place.votes, "rater": "Grandma"}).json()
