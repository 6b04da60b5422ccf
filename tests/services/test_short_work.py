import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import Any

import psutil
import pytest

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.services.short_work import run_short

MODULE = "tests.fakes.short"


def run(do: str, *, seconds: float = 20, megabytes: int = 200, **more: Any) -> dict[str, Any]:
    return run_short(MODULE, {"do": do, **more}, seconds=seconds, megabytes=megabytes, what="The template")


def refusal(do: str, **more: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        run(do, **more)
    return str(caught.value)


def test_it_answers_in_a_process_of_its_own_whatever_libraries_print() -> None:
    reply = run("answer", say="Grüße")
    assert reply["said"] == "Grüße"
    assert reply["pid"] != os.getpid()


def test_a_large_request_arrives_whole() -> None:
    assert len(run("answer", say="x" * 2**20)["said"]) == 2**20


def test_it_has_no_network_and_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RLFT_JUDGE_API_KEY", "k-123")
    monkeypatch.setenv("HF_TOKEN", "hf-123")
    environment = run("answer", say="")["environment"]
    assert environment["HF_HUB_OFFLINE"] == "1"
    assert not [value for value in environment.values() if value in ("k-123", "hf-123")]


def test_a_problem_is_passed_on_word_for_word() -> None:
    assert refusal("refuse") == "The turns do not alternate. Put a user's turn first."


def test_a_loop_is_ended_with_all_that_it_started() -> None:
    mark, begun = f"mark-{os.getpid()}", time.monotonic()
    assert refusal("loop", seconds=1, mark=mark) == "The template took longer than 1 s and was ended."
    assert time.monotonic() - begun < 10
    killed = [p for p in psutil.process_iter(["cmdline"]) if mark in (p.info["cmdline"] or ())]
    _, alive = psutil.wait_procs(killed, timeout=5)  # a signal that was sent takes a moment on a busy machine
    assert not alive


@pytest.mark.parametrize("how", ["eat slowly", "eat at once"])
def test_eating_memory_is_ended(how: str) -> None:
    assert refusal(how) == "The template took more than 200 MB of memory and was ended."


def test_a_death_is_told_with_its_last_words() -> None:
    assert refusal("fail") == (
        "The template could not be tried: its process ended with code 1 (ZeroDivisionError: division by zero)."
    )
    assert refusal("exit") == "The template could not be tried: its process ended with code 5."


def test_silence_is_no_answer() -> None:
    told = "The template could not be tried: its process gave no answer that can be read."
    assert refusal("say nothing") == told


def test_two_run_at_once_and_the_third_waits() -> None:
    spans: list[dict[str, Any]] = []
    threads = [threading.Thread(target=_sleeping, args=(spans,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(spans) == 4
    assert max(_running(spans, span["begun"]) for span in spans) <= 2


def _sleeping(spans: list[dict[str, Any]]) -> None:
    spans.append(run_short(MODULE, {"do": "sleep", "seconds": 0.3}, seconds=20, megabytes=200, what="It"))


def _running(spans: list[dict[str, Any]], moment: float) -> int:
    return sum(span["begun"] <= moment < span["ended"] for span in spans)


def test_it_ends_when_whoever_asked_is_killed() -> None:
    """By a SIGKILL, which leaves nobody to end it."""
    mark = f"mark-{os.getpid()}-orphan"
    asks = f"from tests.services.test_short_work import run; run('loop', seconds=60, mark={mark!r})"
    asking = subprocess.Popen([sys.executable, "-c", asks])
    until = time.monotonic() + 20
    while not (left := _marked(mark)):
        assert time.monotonic() < until
        time.sleep(0.1)
    asking.kill()
    asking.wait()
    while left := _marked(mark):
        assert time.monotonic() < until, left
        time.sleep(0.1)


def _marked(mark: str) -> list[int]:
    """The processes that were started with this word."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.cmdline()[-1:] == [mark]:
                found.append(process.pid)
    return found
