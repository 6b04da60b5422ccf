"""What many ask at once is made once, kept for a tick, and never past a change or a failure."""

import threading

import pytest

from rlft_gui.services.shared import Shared


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_answer_holds_for_a_tick_and_is_made_anew_after_it() -> None:
    clock = Clock()
    shared, made = Shared[int](4, 0.5, clock), iter(range(9))

    first = shared.get("a", lambda: next(made))
    clock.now = 0.49
    assert shared.get("a", lambda: next(made)) == first == 0
    clock.now = 0.5
    assert shared.get("a", lambda: next(made)) == 1


def test_those_who_ask_while_it_is_made_wait_for_the_same() -> None:
    shared, made, go = Shared[int](4), [], threading.Event()

    def make() -> int:
        go.wait(10)
        made.append(1)
        return len(made)

    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(shared.get("a", make))) for _ in range(20)]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()

    assert answers == [1] * 20


def test_a_failure_is_told_and_the_next_one_tries_again() -> None:
    shared = Shared[int](4)

    with pytest.raises(ZeroDivisionError):
        shared.get("a", lambda: 1 // 0)
    assert shared.get("a", lambda: 7) == 7


def test_no_more_answers_are_kept_than_agreed_the_oldest_go_first() -> None:
    shared = Shared[str](2, 99)
    for name in "abc":
        shared.get(name, lambda name=name: name)  # type: ignore[misc]

    assert shared.get("c", lambda: "new") == "c"
    assert shared.get("b", lambda: "new") == "b"
    assert shared.get("a", lambda: "new") == "new"
