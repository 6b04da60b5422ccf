"""Lines are taken in as they come, and what goes wrong after them is told once they are in."""

import threading
import time
from contextlib import closing
from typing import Any

import psutil
import pytest

from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.services.line_work import lines_of


def lines(count: int, then: str = "", silent_seconds: float = 60, stop: threading.Event | None = None) -> Any:
    request = {"lines": count, "then": then}
    return lines_of("tests.fakes.lines", request, silent_seconds=silent_seconds, what="The judge", stop=stop)


def has_ended(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while psutil.pid_exists(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not psutil.pid_exists(pid)


def test_each_object_comes_by_itself_whatever_libraries_print() -> None:
    assert [one["number"] for one in lines(3)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("then", "sentence"),
    [
        ("refuse", "It reads no more."),
        ("die", "The judge broke off: its process was ended by signal 9 (Words of a library)."),
        ("fail", "The judge broke off: its process ended with code 1 (ZeroDivisionError: division by zero)."),
        ("babble", "The judge gave an answer that cannot be read, and was ended."),
    ],
)
def test_what_came_before_the_end_is_there(then: str, sentence: str) -> None:
    found: list[int] = []
    with pytest.raises(NotPossibleNow) as caught:
        found.extend(one["number"] for one in lines(2, then))
    assert (found, str(caught.value)) == ([0, 1], sentence)


def test_silence_is_ended() -> None:
    pids = []
    with pytest.raises(NotPossibleNow, match="The judge said nothing for 8 s and was ended"):
        pids += [one["pid"] for one in lines(1, "hang", silent_seconds=8)]
    assert not pids


def test_who_stops_reading_ends_the_process() -> None:
    with closing(lines(1, "hang")) as found:
        pid = next(found)["pid"]
        assert psutil.pid_exists(pid)
    assert has_ended(pid)


def test_a_process_that_is_silent_is_stopped_from_another_thread() -> None:
    stop = threading.Event()
    found = lines(1, "hang", silent_seconds=600, stop=stop)
    pid = next(found)["pid"]
    threading.Timer(0.1, stop.set).start()
    assert list(found) == []
    assert has_ended(pid)


def test_what_waits_for_its_turn_is_stopped_without_a_process() -> None:
    stop = threading.Event()
    with closing(lines(1, "hang")) as first:
        next(first)
        stop.set()
        assert list(lines(1, stop=stop)) == []
    assert [one["number"] for one in lines(1)] == [0], "the next has its turn"
