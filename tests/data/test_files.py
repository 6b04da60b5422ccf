"""Whatever a file is packed in, written in and called, the same rows come out, and what was found out is told."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from rlft_gui.data.inspection import Detection, inspect
from rlft_gui.domain.dataset import DataType, Reading
from rlft_gui.domain.errors import InvalidInput

ROWS = [
    {"prompt": "Où est le café?", "chosen": "Près du théâtre.", "rejected": "Là."},
    {"prompt": "Wie heißt du?", "chosen": "Jürgen, und du?", "rejected": 'Sag\' ich "nicht".\nNie.'},
    {"prompt": "a", "chosen": "b, c;\td", "rejected": "e"},
]


def table(delimiter: str, *, ends: str = "\r\n") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(ROWS[0]), delimiter=delimiter, lineterminator=ends)
    writer.writeheader()
    writer.writerows(ROWS)
    return text.getvalue()


def written(rows: list[dict[str, Any]]) -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows), buffer)
    return buffer.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("__MACOSX/._" + name, b"\x00")
        archive.writestr("README.md", b"# Where this is from")
        archive.writestr(f"export/{name}", content)
    return buffer.getvalue()


LIST = json.dumps(ROWS, ensure_ascii=False)
LINES = "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)
PLAIN: dict[str, bytes] = {
    "list.json": LIST.encode(),
    "pretty.json": json.dumps(ROWS, indent=2).encode(),
    "wrapped.json": json.dumps({"version": 1, "data": ROWS, "more": [1]}, indent=2).encode(),
    "deeper.json": json.dumps({"results": {"prompts": [{"raw": "x"}], "results": ROWS}}).encode(),
    "lines.jsonl": LINES.encode(),
    "crlf.jsonl": ("\ufeff" + LINES.replace("\n", "\r\n\r\n")).encode(),
    "commas.csv": table(",").encode(),
    "excel.csv": b"\xef\xbb\xbf" + table(";").encode(),
    "tabs.tsv": table("\t", ends="\n").encode(),
    "named.txt": table(",").encode(),
    "rows.parquet": written(ROWS),
}


def looked_at(tmp_path: Path, name: str, content: bytes, reading: Reading | None = None) -> Detection:
    file = tmp_path / name
    file.write_bytes(content)
    return inspect(file, name, reading=reading)


def said(found: Detection) -> list[dict[str, str]]:
    return [
        {name: row[name][0]["content"] for name in ("prompt", "chosen", "rejected")} for row in found.rows
    ]


@pytest.mark.parametrize("packed", [lambda name, content: content, lambda name, content: gzip.compress(content), zipped], ids=["plain", "gzip", "zip"])  # fmt: skip
@pytest.mark.parametrize("name", PLAIN)
def test_every_format_gives_the_same_rows_however_it_is_packed(
    tmp_path: Path, name: str, packed: Callable[[str, bytes], bytes]
) -> None:
    found = looked_at(tmp_path, name, packed(name, PLAIN[name]))
    assert (found.type, found.dropped, said(found)) == (DataType.PREFERENCES, 0, ROWS)


@pytest.mark.parametrize("text", [LIST, LINES, table(","), table("\t")], ids=["list", "lines", "CSV", "TSV"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_every_encoding_of_a_spreadsheet_is_found_out_and_told(
    tmp_path: Path, encoding: str, text: str
) -> None:
    found = looked_at(tmp_path, "data.txt", text.encode(encoding))
    assert said(found) == ROWS
    named = {"utf-8-sig": "", "cp1252": "Windows-1252", "utf-32": "UTF-32"}.get(encoding, "UTF-16")
    assert named in " ".join(found.notes)


def test_chinese_and_russian_are_told_apart_and_a_person_may_say_otherwise(tmp_path: Path) -> None:
    for encoding, named, text in (
        ("gbk", "GBK", "你好吗，今天天气怎么样？"),
        ("cp1251", "Windows-1251", "Где находится библиотека и когда она открыта?"),
        ("cp1253", "Windows-1253 (Greek)", "Πού είναι η βιβλιοθήκη; Είναι δίπλα στο σχολείο."),
        ("cp1255", "Windows-1255 (Hebrew)", "איפה הספרייה? היא ליד בית הספר."),
        ("cp1256", "Windows-1256 (Arabic)", "أين المكتبة؟ هي بجانب المدرسة."),
        ("cp1252", "Windows-1252", "“Quotes” and a dash — they are the same in all of Windows’ encodings."),
        ("shift_jis", "Shift JIS", "図書館はどこですか。いつ開いていますか。"),
    ):
        content = f"prompt,completion\n{text},{text}\n".encode(encoding)
        found = looked_at(tmp_path, "data.csv", content)
        assert found.rows.first(1)[0]["prompt"][0]["content"] == text
        assert f"was read as {named}; say so if it is another" in found.notes[0]
        assert found.reading.encoding == ""
        told = looked_at(tmp_path, "data.csv", content, Reading(encoding=encoding))
        assert list(told.rows) == list(found.rows)
        wrong = looked_at(tmp_path, "data.csv", content, Reading(encoding="mac-roman"))
        assert wrong.rows.first(1)[0]["prompt"][0]["content"] != text
    with pytest.raises(
        InvalidInput, match='"klingon" is no encoding that is read here; name one of: utf-8, '
    ):
        looked_at(tmp_path, "data.csv", content, Reading(encoding="klingon"))


@pytest.mark.parametrize(
    ("columns", "is_read"),
    [
        ("Prompt,Response", True),
        ("PROMPT,Output", True),
        ("prompt,response", True),
        ("Prompt,isGood", False),
        ("Prompt,prompt,Response", False),
        ("Prompt,Rating", False),
    ],
)
def test_columns_of_tables_begin_with_capitals(tmp_path: Path, columns: str, is_read: bool) -> None:
    cells = ("Because.", "Thus.")[: columns.count(",")]
    content = "\n".join([columns, ",".join(["Why?", *cells]), ",".join(["How?", *cells])]).encode()
    if not is_read:
        with pytest.raises(InvalidInput):
            looked_at(tmp_path, "data.csv", content)
        return
    found = looked_at(tmp_path, "data.csv", content)
    assert (found.type, len(found.rows), found.columns_not_read) == (DataType.DEMONSTRATIONS, 2, ())
    assert any("capitals" in note for note in found.notes) is (columns != "prompt,response")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1254", "Işık söndü ve ağaç düştü."),
        ("cp866", "Где находится библиотека?"),
        ("koi8-r", "Где находится библиотека?"),
        ("cp850", "Wie groß ist das schöne Gebäude?"),
    ],
)
def test_an_encoding_that_bytes_cannot_tell_can_be_said(tmp_path: Path, encoding: str, text: str) -> None:
    content = f"prompt,completion\n{text},{text}\n".encode(encoding)
    found = looked_at(tmp_path, "data.csv", content, Reading(encoding=encoding))
    assert next(iter(found.rows))["completion"][0]["content"] == text


def test_utf_8_with_one_damaged_byte_is_not_taken_for_another_encoding(tmp_path: Path) -> None:
    content = LINES.encode() + b'\n{"prompt": "\xff", "chosen": "a", "rejected": "b"}'
    with pytest.raises(
        InvalidInput, match=r"row or line 4 is not UTF-8 at byte .* \(found 0xff\); some of its"
    ):
        looked_at(tmp_path, "data.jsonl", content)


def test_cells_hold_lists_numbers_and_verdicts(tmp_path: Path) -> None:
    """As pandas writes a column of lists, and as JSON; numbers in cells are texts until something counts them."""
    turns = [{"role": "user", "content": 'It\'s "me"?'}]
    rows = [("messages", "rating"), (json.dumps([*turns, {"role": "assistant", "content": "Hi."}]), "4"), (repr([*turns, {"role": "assistant", "content": None}]), ""), (repr([*turns, {"role": "assistant", "content": "No."}]), " 1.5")]  # fmt: skip
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    found = looked_at(tmp_path, "data.csv", text.getvalue().encode())
    assert found.type is DataType.RATINGS
    assert [row["scores"] for row in found.rows] == [{"rating": 4.0}, {"rating": 1.5}]
    assert (found.problems[0].row, found.rows.first(1)[0]["prompt"]) == (3, turns)
    marked = looked_at(tmp_path, "data.csv", b"prompt,completion,label\na,007,TRUE\nb,d,FALSE\n")
    assert [(row["completion"][0]["content"], row["label"]) for row in marked.rows] == [("007", True), ("d", False)]  # fmt: skip


def test_rows_of_a_table_are_numbered_as_a_spreadsheet_numbers_them(tmp_path: Path) -> None:
    content = b'prompt,completion\na,b\nc\n"d\nd",e\n,\nf,\ng,h,i\nj,k\n'
    found = looked_at(tmp_path, "data.csv", content)
    assert (found.rows_read, len(found.rows)) == (6, 3)
    assert [(problem.row, problem.message.split(" (")[0]) for problem in found.problems] == [
        (3, "the row has more or fewer cells than the first line names"),
        (6, 'field "completion" is null, expected text'),
        (7, "the row has more or fewer cells than the first line names"),
    ]


def test_parquet_keeps_lists_and_says_nothing_for_what_is_missing(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"prompt": [{"role": "user", "content": "a"}], "completion": "b", "rating": 4, "when": None},
        {"prompt": [{"role": "user", "content": "c"}], "completion": "d", "rating": None, "when": None},
    ]
    found = looked_at(tmp_path, "data.parquet", written(rows))
    assert list(found.rows) == [
        {"prompt": rows[0]["prompt"], "completion": [{"role": "assistant", "content": "b"}], "scores": {"rating": 4.0}}
    ]  # fmt: skip
    assert found.problems[0].row == 2


def test_where_rows_lay_is_told(tmp_path: Path) -> None:
    assert looked_at(tmp_path, "a.json", PLAIN["wrapped.json"]).notes == (
        'Its rows lie under "data", and nothing else in it is read.',
    )
    assert looked_at(tmp_path, "b.json", PLAIN["deeper.json"]).notes == (
        'Its rows lie under "results.results", and nothing else in it is read.',
    )
    assert looked_at(tmp_path, "c.csv", PLAIN["excel.csv"]).notes == (
        "Its columns are parted by semicolons.",
    )
    packed = looked_at(tmp_path, "d.zip", zipped("x.csv", PLAIN["commas.csv"]))
    assert packed.notes == ("export/x.csv was unpacked from it.",)


def test_a_row_that_holds_a_list_is_no_file_of_rows_under_a_key(tmp_path: Path) -> None:
    row = {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}
    for rows in ([row], [row, row | {"id": 1}]):
        content = "\n".join(json.dumps(one) for one in rows).encode()
        assert looked_at(tmp_path, "data.jsonl", content).rows_read == len(rows)


def test_a_field_that_appears_twice_is_found_however_it_is_written(tmp_path: Path) -> None:
    for broken in (
        '{"prompt":"a","prompt":"b","completion":"c"}',
        '{"prompt" : "a","prompt":"b","completion" : "c"}',
    ):
        with pytest.raises(InvalidInput, match="a field appears twice in the row"):
            looked_at(tmp_path, "data.jsonl", broken.encode())
    fine = looked_at(tmp_path, "data.jsonl", rb'{"prompt": "say \"x\": y", "completion": "\":"}')
    assert fine.rows.first(1)[0]["completion"][0]["content"] == '":'


def test_a_table_of_several_blocks_comes_out_whole_and_in_order(tmp_path: Path) -> None:
    """The reader's own threads read ahead, so nothing else may read by the same place in the file."""
    rows = [[f"{number}?", f"{number}! " + "long " * 200] for number in range(12_000)]
    text = io.StringIO()
    csv.writer(text).writerows([["prompt", "completion"], *rows])
    for packed in (text.getvalue().encode("utf-8-sig"), gzip.compress(text.getvalue().encode("utf-16"), 1)):
        found = looked_at(tmp_path, "data.csv", packed)
        assert [row["prompt"][0]["content"] for row in found.rows] == [prompt for prompt, _ in rows]


def test_excels_first_line_and_empty_columns_behind_are_passed_over(tmp_path: Path) -> None:
    found = looked_at(tmp_path, "data.csv", b"sep=;\r\nprompt;completion;;\r\na;b;;\r\nc;;;\r\n")
    assert [row["completion"][0]["content"] for row in found.rows] == ["b"]
    assert found.problems[0].row == 4


def test_bytes_that_are_no_text_are_not_learnt(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"prompt": b"a", "completion": b"\xff"},
        {"prompt": b"c", "completion": b"d"},
    ]
    found = looked_at(tmp_path, "data.parquet", written(rows))
    assert (len(found.rows), found.problems[0].row) == (1, 1)


@pytest.mark.parametrize(("good", "bad"), [("WAHR", "FALSCH"), ("VRAI", "FAUX"), ("Verdadero", "Falso")])
def test_verdicts_may_be_what_spreadsheets_write_in_other_languages(
    tmp_path: Path, good: str, bad: str
) -> None:
    content = f"prompt;completion;label\nWhy?;Because.;{good}\nHow?;So.;{bad}\n".encode()
    found = looked_at(tmp_path, "data.csv", content)
    assert (found.type, [row["label"] for row in found.rows]) == (DataType.THUMBS, [True, False])
