"""A visitor's home: his alone, made late, gone in time, and never a way into the seed."""

import shutil

import pytest

from rlft_gui.demo.sandboxes import Sandboxes
from rlft_gui.domain.errors import NotAllowed, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.domain.votes import VoteSet
from tests.demo.conftest import Clock, Opener
from tests.demo.visiting import OPEN, sums

A, B, C = (f"visitor-{letter * 20}" for letter in "abc")
HOUR = 3600.0


def touch(sandboxes: Sandboxes, visitor: str) -> Home:
    with sandboxes.using(visitor, makes=True) as sandbox:
        return sandbox.home


def test_who_only_looks_gets_no_home(sandboxes: Opener) -> None:
    opened = sandboxes()
    with opened.using(A) as sandbox:
        assert sandbox is None
    assert opened.count() == 0
    assert opened.looking.runs.list()


def test_a_stranger_without_a_cookie_cannot_have_one(sandboxes: Opener) -> None:
    for name in ("stranger", "", "../../etc", "visitor-" + "A" * 20):
        with pytest.raises(NotPossibleNow, match="cookie"):
            touch(sandboxes(), name)


def test_an_unused_one_goes_after_two_hours_and_a_used_one_after_a_day(
    sandboxes: Opener, clock: Clock
) -> None:
    opened = sandboxes()
    idle, used = touch(opened, A), touch(opened, B)
    for _ in range(14):
        clock.now += 1.75 * HOUR
        touch(opened, B)
        if clock.now - 1_000_000 < 24 * HOUR:
            opened.expire()
            assert used.path.exists()
    assert not idle.path.exists()
    with opened.using(B) as sandbox:
        assert sandbox.used.began > 1_000_000 + 24 * HOUR, "its day was over, and he began anew"


def test_one_that_is_being_used_never_goes(sandboxes: Opener, clock: Clock) -> None:
    opened = sandboxes()
    with opened.using(A, makes=True) as sandbox:
        clock.now += 30 * HOUR
        opened.expire()
        assert sandbox.home.path.exists()
    opened.expire()
    assert not sandbox.home.path.exists()


def test_it_is_found_after_a_restart_unless_its_time_was_over(sandboxes: Opener, clock: Clock) -> None:
    opened = sandboxes()
    with opened.using(A, makes=True) as sandbox:
        sources = sandbox.services.votes.get(OPEN).sources
        sandbox.services.voting.create(VoteSet(name="mine", sources=sources), user=A)
    touch(opened, B)
    opened.close()
    clock.now += 1 * HOUR
    again = sandboxes()
    with again.using(A) as sandbox:
        assert "mine" in {one.name for one in sandbox.services.votes.list()}
    again.close()
    clock.now += 1.5 * HOUR
    third = sandboxes()
    third.expire()
    assert third.count() == 1, "A was used an hour ago, B was not"


def test_newcomers_take_the_place_of_the_longest_unused_and_never_of_who_is_there(
    sandboxes: Opener, clock: Clock
) -> None:
    opened = sandboxes(sandboxes=2)
    first = touch(opened, A)
    clock.now += 600
    touch(opened, B)
    touch(opened, C)
    assert not first.path.exists()
    with pytest.raises(NotPossibleNow, match="as many visitors"):
        touch(opened, A)
    assert opened.count() == 2


def test_deleting_one_leaves_the_seed_as_it_was(sandboxes: Opener, seed: Home) -> None:
    before, opened = sums(seed.path), sandboxes()
    home = touch(opened, A)
    run = opened.looking.runs.list()[0].id
    assert home.run(run).path.is_symlink()
    with pytest.raises(OSError, match="symbolic link"):
        shutil.rmtree(home.run(run).path)
    opened.drop(A)
    assert not home.path.exists()
    assert sums(seed.path) == before


def test_what_the_demo_came_with_is_not_the_visitors_to_change(sandboxes: Opener, seed: Home) -> None:
    opened = sandboxes()
    with opened.using(A, makes=True) as sandbox:
        run = next(one for one in sandbox.services.runs.list() if one.stage == "batch")
        with pytest.raises(NotAllowed):
            sandbox.services.runs.delete(run.id, user=A)
        compared = sandbox.services.comparing.list()[0]
        with pytest.raises(NotAllowed):
            sandbox.services.comparing.delete(compared.id, user=A)
