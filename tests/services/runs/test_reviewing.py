"""Rows that a run made are looked at, edited and let pass, by their owner and before anybody has learnt from them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.data.generated import RowsWriter, training_rows
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput, NotAllowed, NotFound, NotPossibleNow
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from tests.fakes.people import member
from tests.fakes.pipelines import World, world
from tests.fakes.stages import generated_row


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world(tmp_path) as made:
        monkeypatch.setattr(made.keeper, "ensure", lambda: None)
        yield made


def _claim(here: World) -> Run | None:
    claimed = here.storage.transitions.claim_next(("cpu",), "local")
    return claimed[0] if claimed else None


def _generated(here: World, rows: int = 3, *, review: bool = True) -> tuple[Run, Run]:
    """A run that has made its rows, and the one that takes them."""
    maker, taker = here.add_generating(review=review).runs
    _claim(here)
    made = RowsWriter(here.home.run(maker.id), DataType.DEMONSTRATIONS)
    made.append([generated_row(number) for number in range(1, rows + 1)], prompts=rows)
    made.finish("Revised answers")
    here.storage.transitions.settle(here.runs.get(maker.id), RunStatus.SUCCEEDED, None, "")
    return maker, taker


def _completions(here: World, run: Run) -> list[str]:
    return [row["completion"][-1]["content"] for row in training_rows(here.home.run(run.id))]


def test_the_next_stage_waits_until_the_rows_were_let_pass(here: World) -> None:
    maker, taker = _generated(here)
    assert [run.id for run in here.reviewing.waiting(maker.id)] == [taker.id]
    assert _claim(here) is None
    assert [run.id for run in here.reviewing.approve(maker.id, user="local")] == [taker.id]
    assert here.reviewing.waiting(maker.id) == ()
    begun = _claim(here)
    assert begun is not None
    assert begun.id == taker.id


def test_without_a_review_the_next_stage_begins_at_once(here: World) -> None:
    maker, taker = _generated(here, review=False)
    assert here.reviewing.waiting(maker.id) == ()
    with pytest.raises(NotPossibleNow, match="Nothing waits for a review of the rows"):
        here.reviewing.approve(maker.id, user="local")
    begun = _claim(here)
    assert begun is not None
    assert begun.id == taker.id


def test_what_is_edited_and_dropped_is_what_is_learnt(here: World) -> None:
    maker, _ = _generated(here)
    edited = here.reviewing.edit_row(maker.id, 1, columns={"completion": "One."}, user="local")
    assert (edited.is_edited, edited.row["completion"][-1]["content"]) == (True, "One.")
    here.reviewing.edit_row(maker.id, 2, drop=True, user="local")
    here.reviewing.edit_row(maker.id, 3, drop=True, user="local")
    here.reviewing.edit_row(maker.id, 3, drop=False, user="local")
    assert _completions(here, maker) == ["One.", "The 3 is a number."]
    page = here.reviewing.rows(maker.id, which="dropped")
    assert [row.number for row in page.rows] == [2]
    assert page.counts == {"all": 3, "edited": 1, "dropped": 1}


def test_rows_come_in_pages_and_with_a_version_that_changes_with_them(here: World) -> None:
    maker, _ = _generated(here, rows=5)
    assert [row.number for row in here.reviewing.rows(maker.id, offset=2, limit=2).rows] == [3, 4]
    before = here.reviewing.version(maker.id)
    assert here.reviewing.version(maker.id) == before
    here.reviewing.edit_row(maker.id, 5, drop=True, user="local")
    assert here.reviewing.version(maker.id) != before


def test_once_a_run_has_begun_with_them_rows_stay_as_they_are(here: World) -> None:
    maker, taker = _generated(here)
    here.reviewing.approve(maker.id, user="local")
    here.reviewing.edit_row(maker.id, 1, drop=True, user="local")  # it has not begun yet
    _claim(here)
    why = f'"{taker.title} · SFT" took these rows when it began'
    assert (here.reviewing.why_fixed(maker.id) or "").startswith(why)
    with pytest.raises(NotPossibleNow, match=why):
        here.reviewing.edit_row(maker.id, 2, drop=True, user="local")
    here.storage.transitions.settle(here.runs.get(taker.id), RunStatus.FAILED, None, "")
    with pytest.raises(NotPossibleNow, match=why):
        here.reviewing.edit_row(maker.id, 2, drop=True, user="local")
    assert len(_completions(here, maker)) == 2


def test_no_run_can_begin_between_the_look_and_the_edit(here: World) -> None:
    maker, _ = _generated(here, review=False)
    assert here.storage.transitions.before_use(maker.id, lambda: None)
    _claim(here)
    assert not here.storage.transitions.before_use(maker.id, lambda: pytest.fail("the rows were taken"))


def test_rows_are_seen_but_not_changed_while_they_are_made(here: World) -> None:
    maker, _ = here.add_generating().runs
    assert here.reviewing.rows(maker.id).rows == ()
    _claim(here)
    made = RowsWriter(here.home.run(maker.id), DataType.DEMONSTRATIONS)
    made.append([generated_row(1)], prompts=1)
    assert len(here.reviewing.rows(maker.id).rows) == 1
    with pytest.raises(NotPossibleNow, match="once all of them are made"):
        here.reviewing.edit_row(maker.id, 1, drop=True, user="local")
    with pytest.raises(NotPossibleNow, match="can pass once all of them are made"):
        here.reviewing.approve(maker.id, user="local")


def test_dropping_every_row_leaves_nothing_to_let_pass(here: World) -> None:
    maker, _ = _generated(here, rows=1)
    here.reviewing.edit_row(maker.id, 1, drop=True, user="local")
    with pytest.raises(NotPossibleNow, match="Take some back in"):
        here.reviewing.approve(maker.id, user="local")


def test_only_the_owner_may_edit_and_let_pass(here: World) -> None:
    maker, _ = _generated(here)
    with pytest.raises(NotAllowed, match="belongs to local"):
        here.reviewing.edit_row(maker.id, 1, drop=True, user=member(here.storage, "eve"))
    with pytest.raises(NotAllowed, match="belongs to local"):
        here.reviewing.approve(maker.id, user=member(here.storage, "eve"))
    assert len(_completions(here, maker)) == 3


def test_what_cannot_be_edited_is_said(here: World) -> None:
    maker, taker = _generated(here)
    with pytest.raises(NotFound, match="no row 9"):
        here.reviewing.edit_row(maker.id, 9, drop=True, user="local")
    with pytest.raises(InvalidInput, match="would be empty"):
        here.reviewing.edit_row(maker.id, 1, columns={"completion": " "}, user="local")
    with pytest.raises(NotPossibleNow, match="makes no rows"):
        here.reviewing.rows(taker.id)


def test_the_command_line_is_told_how_to_go_on(here: World) -> None:
    maker, taker = here.add_generating().runs
    assert here.reviewing.how_to_approve(taker) is None
    _claim(here)
    made = RowsWriter(here.home.run(maker.id), DataType.DEMONSTRATIONS)
    made.append([generated_row(1)], prompts=1)
    made.finish("Revised answers")
    here.storage.transitions.settle(here.runs.get(maker.id), RunStatus.SUCCEEDED, None, "")
    assert (here.reviewing.how_to_approve(taker) or "").endswith(f"rlft approve {maker.id}")
