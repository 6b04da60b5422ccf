"""Programs ask what the command line asks, by Gradio's own client, of a real app over a real home."""

import dataclasses
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.server.sign_in import SignIn
from rlft_gui.services import open_services
from rlft_gui.services.answers.batching import Batching
from rlft_gui.services.keeper_process import KeeperStarter
from rlft_gui.ui.pages.api import files, public
from rlft_gui.ui.pages.api.endpoints import Endpoints
from rlft_gui.ui.uploads import uploads
from tests.ui.fakes_score import FakeScoring
from tests.ui.serving import served

DOCUMENT = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
NAMES = [endpoint.__name__ for endpoint in Endpoints(None).all()]  # type: ignore[arg-type]
VERDICT = {
    "instruction": "Say hello.",
    "output_1": "No.",
    "generator_1": "old",
    "output_2": "Hello!",
    "generator_2": "new",
    "preference": 2.0,
}


class Scoring(FakeScoring):
    def check(self, run: str) -> Any:
        if run not in ("rm", "rated"):
            raise InvalidInput(f"{run} is no reward model.")


class NoKeeper(KeeperStarter):
    """Batches wait: nobody starts them."""

    def ensure(self) -> None:
        return


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    opened = open_services(tmp_path_factory.mktemp("api") / "home")
    batching = Batching(
        opened.home, opened.storage, opened.runs, opened.models, opened.suites, keeper=NoKeeper(opened.home)
    )
    services = dataclasses.replace(opened, scoring=Scoring(), batching=batching)
    os.environ["RLFT_TOKEN"] = services.signing_in.token()
    with served(services, SignIn(services.signing_in, services.accounts)) as found:
        yield found
    services.storage.close()
    del os.environ["RLFT_TOKEN"]


@pytest.fixture(scope="module")
def signed_in(address: str) -> dict[str, str]:
    del address  # by then there is a token
    return {"Authorization": f"Bearer {os.environ['RLFT_TOKEN']}"}


@pytest.fixture(scope="module")
def client(address: str, signed_in: dict[str, str]) -> Iterator[Client]:
    found = Client(address, headers=signed_in, analytics_enabled=False, verbose=False)
    yield found
    found.close()


def refusal(client: Client, **asked: Any) -> str:
    with pytest.raises(AppError) as caught:
        client.predict(**asked)
    return str(caught.value)


def test_public_is_what_is_documented_and_nothing_else(client: Client) -> None:
    told: Any = client.view_api(print_info=False, return_format="dict")
    assert [name.removeprefix("/") for name in told["named_endpoints"]] == NAMES
    assert told["unnamed_endpoints"] == {}
    assert sorted(re.findall(r"^## /(\w+)$", DOCUMENT, re.MULTILINE)) == sorted(NAMES)
    for name, endpoint in told["named_endpoints"].items():
        section = DOCUMENT.split(f"## {name}\n")[1].split("\n## ")[0]
        assert "```python" in section
        untold = [
            one["parameter_name"]
            for one in endpoint["parameters"]
            if f"`{one['parameter_name']}" not in section
        ]
        assert untold == [], name


def test_every_example_of_the_document_runs(address: str) -> None:
    told: dict[str, Any] = {"__name__": "example"}
    for code in re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL):
        exec(code.replace("http://127.0.0.1:7860", address), told)
    left = told["client"].predict(api_name="/votes_list")["sets"]
    told["client"].close()
    assert {"hello", "week 1"} <= {one["name"] for one in left}, "the examples did what they say"
    assert told["batch"]["run"].startswith("batch-")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"api_name": "/votes_export", "limit": 10_001}, "votes_export cannot read limit"),
        ({"api_name": "/votes_export", "limit": 0}, "votes_export cannot read limit"),
        ({"api_name": "/votes_export", "offset": "5"}, "votes_export cannot read offset"),
        ({"api_name": "/answers", "run": "none", "limit": 0}, "answers cannot read limit"),
        ({"api_name": "/votes_simulate", "n": True}, "votes_simulate cannot read n"),
        ({"api_name": "/votes_simulate", "n": "5"}, "votes_simulate cannot read n"),
        ({"api_name": "/votes_import", "rows": []}, "rows is an empty list. Send at least one object"),
        ({"api_name": "/votes_export", "kind": "pears"}, "votes_export cannot read kind"),
        ({"api_name": "/votes_export", "votes": "nonsense"}, 'no set of votes "nonsense"'),
        ({"api_name": "/votes_export", "raters": ["robot"]}, "votes_export cannot read raters.0"),
        ({"api_name": "/votes_export", "held_out": "NaN"}, "votes_export cannot read held_out"),
        ({"api_name": "/votes_simulate", "n": 10**9}, "votes_simulate cannot read n"),
        ({"api_name": "/votes_simulate", "annotator": "bob"}, "There are: unbiased"),
        ({"api_name": "/votes_simulate", "votes": "x" * 201}, "votes: it takes a text of at most 200 characters, found one of 201."),
        ({"api_name": "/ratings", "votes": "nonsense"}, 'no set of votes "nonsense"'),
        ({"api_name": "/ratings", "raters": "robot"}, "ratings cannot read raters"),
        ({"api_name": "/batch", "models": ["none"]}, 'no run "none"'),
        ({"api_name": "/batch", "models": ["endpoint:m@http://127.0.0.1:1/v1"]}, "is an endpoint. Compare takes"),
        ({"api_name": "/batch", "models": ["base:nosuch"]}, "is a base by its name"),
        ({"api_name": "/batch", "models": "base"}, 'it takes a list, found "base". Send for example ["base", "RUN"].'),
        ({"api_name": "/batch", "models": ["base"], "seeds": True}, "seeds: it takes a whole number, found true."),
        ({"api_name": "/batch", "models": ["base"], "temperature": True}, "it takes a number, found true."),
        ({"api_name": "/batch", "models": ["base"], "temperature": "0,7"}, 'found "0,7". Write 0.7 with a point.'),
        ({"api_name": "/batch", "models": ["base"], "rewards": {"number": True}}, "rewards.number: it takes a number"),
        ({"api_name": "/batch", "models": ["base"], "rewards": {"number": 0}}, "weighs 0, so it asks for nothing"),
        ({"api_name": "/batch", "models": ["base"], "rewards": "x"}, 'an object, found "x". Send for example {"length'),
        ({"api_name": "/votes_simulate", "seed": False}, "seed: it takes a whole number, found false."),
        ({"api_name": "/votes_simulate", "votes": 5}, "votes: it takes a text, found 5."),
        ({"api_name": "/score", "run": "rm", "rows": ["x"]}, 'rows.0: it takes an object, found "x". Send for example [{"prompt"'),
        ({"api_name": "/batch", "models": ["base"], "suite": "nonsense"}, "nonsense"),
        ({"api_name": "/batch", "models": ["base"], "temperature": "NaN"}, "takes a number from 0 to 2, found NaN"),
        ({"api_name": "/answers", "run": "none"}, 'no run "none"'),
        ({"api_name": "/score", "run": "x", "text": "Hi"}, "x is no reward model"),
        ({"api_name": "/score", "run": "rm", "text": " "}, "no text to score"),
        ({"api_name": "/score", "run": "rm"}, "Give rows"),
        ({"api_name": "/score", "run": "rm", "rows": [{"a": 1}]}, "rows.jsonl"),
        ({"api_name": "/votes_import"}, "Give rows"),
        ({"api_name": "/votes_import", "rows": [{"a": 1}]}, "no verdicts that are known"),
        ({"api_name": "/votes_import", "rows": "x"}, "votes_import cannot read rows"),
        ({"api_name": "/votes_import", "file": {"path": "/etc/passwd"}}, "was not uploaded"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_a_sentence(client: Client, asked: dict[str, Any], sentence: str) -> None:
    if asked["api_name"] == "/votes_export":
        client.predict(n=1, votes="some", seed=1, api_name="/votes_simulate")
    assert sentence in refusal(client, **asked)


def test_a_batch_is_queued_and_its_answers_are_told_so_far(client: Client) -> None:
    made = client.predict(models=["base"], system="Be short.", api_name="/batch")
    assert made["status"] == "queued"
    told = client.predict(run=made["run"], api_name="/answers")
    assert told == {"run": made["run"], "status": "queued", "answers": [], "next": None}


def test_what_is_not_scored_is_counted_with_the_reason(client: Client) -> None:
    rows = [{"prompt": "Hi?", "completion": ""}, {"prompt": "Hi?", "completion": "Hello."}]
    told = client.predict(run="rm", rows=rows, terms=["number"], api_name="/score")
    assert (len(told["scores"]), told["left_out"]) == (1, 1)
    assert told["notes"] == [
        "1 row left out: the answer is empty.",
        "1 of 1 answers have no score by number: no right answer is known.",
    ]


def test_a_file_comes_as_an_upload_and_leaves_none_behind(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "annotations.json"
    file.write_text(json.dumps([VERDICT | {"annotator": "Ben"}]))
    made = client.predict(file=handle_file(file), api_name="/votes_import")
    assert (made["set"], made["votes"], made["rater"]) == ("annotations", 1, "Ben")
    again = client.predict(file=handle_file(file), api_name="/votes_import")
    assert (again["set"], again["added"]) == ("annotations", 0)
    assert not [path for path in uploads().rglob("*annotations*") if path.is_file()]
    assert not list(uploads().glob("*.jsonl"))


@pytest.mark.parametrize("route", ["run/votes_import", "queue/join"])
def test_a_path_of_this_machine_is_not_read(address: str, route: str) -> None:
    numbers = {one["api_name"]: one["id"] for one in httpx.get(f"{address}/config").json()["dependencies"]}
    file = {"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}}
    body = {"data": [file, None, "", ""], "fn_index": numbers["votes_import"], "session_hash": "s"}
    assert httpx.post(f"{address}/gradio_api/{route}", json=body).status_code == 403


def test_another_sites_page_is_refused_here_too(address: str) -> None:
    body: dict[str, Any] = {"data": []}
    url = f"{address}/gradio_api/run/votes_list"
    assert httpx.post(url, json=body).status_code == 200
    for headers in (
        {"origin": "http://evil.example"},
        {"host": "evil.example"},
        {"sec-fetch-site": "cross-site"},
    ):
        assert httpx.post(url, json=body, headers=headers).status_code == 403


def test_a_row_that_reads_like_a_file_is_not_sent() -> None:
    file = {"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}}
    with pytest.raises(InvalidInput, match="reads like a file"):
        public.plain("votes_export", {"data": [{"prompt": [{"tool": [file]}]}]})


def test_an_answer_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "LARGEST_ANSWER", 100)
    with pytest.raises(InvalidInput, match="fewer rows at a time"):
        public.plain("votes_export", {"data": ["x" * 101]})


def test_rows_have_an_end_and_a_link_leads_nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 1)
    with pytest.raises(InvalidInput, match="2 rows are too many"), files.brought(None, [{}, {}]):
        pass
    link = uploads() / "link.jsonl"
    os.symlink(tmp_path / "secret", link)
    (tmp_path / "secret").write_text("[]")
    try:
        with pytest.raises(InvalidInput, match="was not uploaded"), files.brought({"path": str(link)}, None):
            pass
    finally:
        link.unlink()
