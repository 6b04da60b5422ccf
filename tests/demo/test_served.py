"""The real command, real visitors: `rlft serve --demo` in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from rlft_gui.demo.names import STRANGER, visitor_of
from tests.demo.visiting import OPEN, PROMPT, SAMPLING, Visitor, end_all, sums
from tests.end_to_end.running import ANNOUNCED, REPOSITORY

pytestmark = pytest.mark.slow


class RunningDemo:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = ""
        self.start()

    def start(self) -> None:
        words = ["-m", "rlft_gui", "serve", "--demo", "--home", str(self.folder), "--port", "0"]
        self._process = subprocess.Popen(
            [sys.executable, *words], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert ANNOUNCED in line, line
        self.address = line.partition(ANNOUNCED)[2].split()[0].rstrip("/")

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate(timeout=30)

    def close(self) -> None:
        self.kill()
        end_all(self.folder)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    running = RunningDemo(tmp_path_factory.mktemp("demo"))
    yield running
    running.close()


def test_a_cookie_is_given_with_the_first_page_and_to_pages_alone(demo: RunningDemo) -> None:
    page = httpx.get(demo.address, headers={"accept": "text/html"})
    (cookie,) = page.headers.get_list("set-cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "set-cookie" not in httpx.get(f"{demo.address}/healthz").headers
    known = httpx.get(demo.address, headers={"accept": "text/html", "cookie": cookie.partition(";")[0]})
    assert "set-cookie" not in known.headers
    assert visitor_of("short") == visitor_of(None) == STRANGER


def test_no_file_comes_in(demo: RunningDemo) -> None:
    sent = httpx.post(f"{demo.address}/gradio_api/upload", files={"files": b"rows"})
    assert sent.status_code == 403
    visitor = Visitor(demo.address)
    told = visitor.ok("score_file", name="x.jsonl", content="e30K")
    assert "does not offer" in told["problem"]


def test_a_visitor_compares_and_votes_and_finds_it_after_a_restart(demo: RunningDemo) -> None:
    (seed,) = (demo.folder / "seeds").iterdir()
    before = sums(seed)
    visitor, other = Visitor(demo.address), Visitor(demo.address)
    refused = visitor.ok("compare_start", models=["base"], prompts=["Hello?"], sampling=SAMPLING)
    assert refused["view"] is None
    assert "cannot be typed" in refused["problems"]["prompt"]
    made = visitor.ok("compare_start", models=["base"], prompts=[PROMPT], sampling=SAMPLING)
    compared = visitor.answered(made["view"]["comparison"]["id"])
    assert compared["status"] == "done"
    assert compared["owner"] == visitor_of(visitor.client.cookies["rlft_visitor"])
    ballot = visitor.ballots("Me")[0]
    visitor.ok("vote_cast", ballot=ballot["id"], rater="Me", choice="a", seconds=5.0)
    assert visitor.ok("ratings", votes=OPEN)["ratings"]["pairs"] == 1
    assert other.ok("ratings", votes=OPEN)["ratings"]["pairs"] == 0
    demo.kill()
    demo.start()
    again = Visitor(demo.address)
    again.client.cookies = visitor.client.cookies
    assert again.ok("ratings", votes=OPEN)["ratings"]["pairs"] == 1
    assert again.ok("compare_recent")["comparisons"][0]["id"] == compared["id"]
    assert sums(seed) == before
