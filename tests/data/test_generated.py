"""The rows that a run makes: whole batches or none, edits on top, and what a stage then learns from."""

import json
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.data.generated import RowsWriter, edit, generated_info, generated_rows, training_rows
from rlft_gui.data.rows import first_rows, load_rows
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.home import Home, RunFolder


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return Home(tmp_path).run("maker")


def row(prompt: str, **answers: str) -> dict[str, Any]:
    columns = {name: [{"role": "assistant", "content": text}] for name, text in answers.items()}
    return {"prompt": [{"role": "user", "content": prompt}], **columns}


def finished(folder: RunFolder, *rows: dict[str, Any], type: DataType = DataType.DEMONSTRATIONS) -> None:
    made = RowsWriter(folder, type)
    made.append(rows, prompts=len(rows))
    made.finish("Made rows")


def pair() -> dict[str, Any]:
    return row("a", chosen="Yes.", rejected="No.")


def test_what_was_made_is_what_is_loaded(folder: RunFolder) -> None:
    made = RowsWriter(folder, DataType.DEMONSTRATIONS)
    made.append([row("a", completion="A."), row("b", completion="B.")], prompts=3, dropped=["it is empty"])
    made.append([row("c", completion="C.")], prompts=1)
    info = made.finish("Made rows")
    assert (info.id, info.type, info.rows, info.rows_read, info.drop_reasons) == (
        "run:maker", DataType.DEMONSTRATIONS, 3, 4, {"it is empty": 1},
    )  # fmt: skip
    assert (made.count(), made.prompts) == (3, 4)
    rows = load_rows(folder.home, "run:maker")
    assert [r["completion"][0]["content"] for r in rows] == ["A.", "B.", "C."]
    assert first_rows(folder.home, "run:maker", 2) == rows[:2]
    assert generated_info(folder) == info


def test_rows_can_be_looked_at_but_not_learnt_from_while_they_are_made(folder: RunFolder) -> None:
    RowsWriter(folder, DataType.DEMONSTRATIONS).append([row("a", completion="A.")], prompts=1)
    assert [made.number for made in generated_rows(folder)] == [1]
    with pytest.raises(NotFound, match="not all of them yet"):
        training_rows(folder)
    with pytest.raises(NotFound, match="not all of them yet"):
        load_rows(folder.home, "run:maker")


@pytest.mark.parametrize("torn", ['{"prompt": [{"role', '{"prompt": []}\n', '{"prompt": []}\n{"pro'])
def test_what_a_kill_left_beyond_the_last_whole_batch_is_cut_off(folder: RunFolder, torn: str) -> None:
    made = RowsWriter(folder, DataType.DEMONSTRATIONS)
    made.append([row("a", completion="Ä\nb.")], prompts=1, dropped=["x"])
    before = (folder.dataset / "rows.jsonl").read_bytes()
    with (folder.dataset / "rows.jsonl").open("a") as file:
        file.write(torn)
    again = RowsWriter(folder, DataType.DEMONSTRATIONS)
    assert (again.count(), again.prompts, again.dropped) == (1, 1, {"x": 1})
    assert (folder.dataset / "rows.jsonl").read_bytes() == before
    again.append([row("b", completion="B.")], prompts=1)
    assert len(generated_rows(folder)) == 2


def test_rows_without_progress_are_made_again(folder: RunFolder) -> None:
    """Killed between the first batch and its progress."""
    folder.dataset.mkdir(parents=True)
    (folder.dataset / "rows.jsonl").write_text('{"prompt": []}\n')
    assert RowsWriter(folder, DataType.DEMONSTRATIONS).count() == 0
    assert generated_rows(folder) == ()


def test_a_half_written_line_is_no_row_to_readers(folder: RunFolder) -> None:
    RowsWriter(folder, DataType.DEMONSTRATIONS).append([row("a", completion="A.")], prompts=1)
    with (folder.dataset / "rows.jsonl").open("a") as file:
        file.write('{"prom')
    assert len(generated_rows(folder)) == 1


def test_a_run_that_made_no_row_says_why(folder: RunFolder) -> None:
    made = RowsWriter(folder, DataType.DEMONSTRATIONS)
    made.append([], prompts=2, dropped=["the answer is empty"] * 2)
    with pytest.raises(InvalidInput, match=r"No row was made of 2 prompts: 2 times the answer is empty\."):
        made.finish("Made rows")


def test_edits_change_what_is_learnt_and_nothing_else(folder: RunFolder) -> None:
    finished(folder, row("a", completion="A."), row("b", completion="B."), row("c", completion="C."))
    before = (folder.dataset / "rows.jsonl").read_bytes()
    edit(folder, 2, {"completion": "Better."}, user="local")
    edit(folder, 3, drop=True, user="local")
    rows = generated_rows(folder)
    assert [(r.number, r.is_edited, r.is_dropped) for r in rows] == [
        (1, False, False), (2, True, False), (3, False, True),
    ]  # fmt: skip
    assert [r["completion"][0]["content"] for r in training_rows(folder)] == ["A.", "Better."]
    assert (folder.dataset / "rows.jsonl").read_bytes() == before
    info = generated_info(folder)
    assert (info.rows, info.dropped, info.drop_reasons) == (2, 1, {"dropped in review": 1})


def test_a_later_edit_wins_and_a_dropped_row_can_come_back(folder: RunFolder) -> None:
    finished(folder, row("a", completion="A."))
    edit(folder, 1, {"completion": "B."}, drop=True, user="local")
    again = edit(folder, 1, {"completion": "C."}, drop=False, user="bob")
    assert (again.row["completion"][0]["content"], again.is_dropped) == ("C.", False)
    log = [json.loads(line) for line in (folder.dataset / "edits.jsonl").read_text().splitlines()]
    assert [(e["number"], e["user"], e["drop"], e["columns"]) for e in log] == [
        (1, "ann", True, {"completion": "B."}), (1, "bob", False, {"completion": "C."}),
    ]  # fmt: skip


def test_a_torn_edit_spoils_neither_earlier_nor_later_ones(folder: RunFolder) -> None:
    finished(folder, row("a", completion="A."), row("b", completion="B."))
    edit(folder, 1, drop=True, user="local")
    with (folder.dataset / "edits.jsonl").open("a") as file:
        file.write('{"number": 2, "dr')
    assert [r.is_dropped for r in generated_rows(folder)] == [True, False]
    edit(folder, 2, {"completion": "C."}, user="local")
    assert [r.is_edited for r in generated_rows(folder)] == [False, True]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"prompt": "x"}, "cannot be rewritten. Those that can: chosen, rejected"),
        ({"completion": "x"}, 'The column "completion"'),
        ({"chosen": " "}, "would be empty"),
        ({"chosen": "No."}, "would be the same"),
    ],
)
def test_edits_that_make_no_sense_are_refused(folder: RunFolder, columns: dict[str, str], told: str) -> None:
    finished(folder, pair(), type=DataType.PREFERENCES)
    with pytest.raises(InvalidInput, match=told):
        edit(folder, 1, columns, user="local")
    assert not generated_rows(folder)[0].is_edited


@pytest.mark.parametrize("number", [0, 2])
def test_a_row_that_is_not_there_cannot_be_edited(folder: RunFolder, number: int) -> None:
    finished(folder, pair(), type=DataType.PREFERENCES)
    with pytest.raises(NotFound, match=f"no row {number}. It has rows 1 to 1"):
        edit(folder, number, drop=True, user="local")


def test_dropping_every_row_leaves_nothing_to_learn_from(folder: RunFolder) -> None:
    finished(folder, row("a", completion="A."))
    edit(folder, 1, drop=True, user="local")
    with pytest.raises(InvalidInput, match="All 1 rows that run maker made were dropped"):
        training_rows(folder)


def test_rows_changed_behind_our_back_are_refused(folder: RunFolder) -> None:
    finished(folder, row("a", completion="A."))
    (folder.dataset / "rows.jsonl").write_text('{"prompt": []}\n')
    with pytest.raises(InvalidInput, match="changed by hand"):
        training_rows(folder)


@pytest.mark.parametrize("name", ["run:", "run:../d-0123456789", "run:a/b", "run:.."])
def test_a_name_that_is_a_path_reaches_no_file(folder: RunFolder, name: str) -> None:
    with pytest.raises(NotFound, match="names no run"):
        load_rows(folder.home, name)
