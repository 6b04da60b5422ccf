"""Files that cannot be used: each is refused in one sentence that says where and what."""

import bz2
import gzip
import io
import json
import lzma
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.data.files.limits import Limits
from rlft_gui.data.files.splitting import BrokenList, split_list
from rlft_gui.data.inspection import inspect
from rlft_gui.domain.errors import InvalidInput

LIMITS = Limits(file_bytes=20_000, row_bytes=2_000, rows=50, nesting=20, values=200)
GOOD = {"instruction": "Say hello.", "input": "", "output": "Hello."}
GOOD_LINE = json.dumps(GOOD).encode()


def rows(*values: Any) -> bytes:
    return json.dumps(list(values)).encode()


def lines(*values: bytes) -> bytes:
    return b"\n".join(values) + b"\n"


def row(**fields: Any) -> bytes:
    """A list of one row, a good one but for these fields."""
    return rows(GOOD | fields)


def pair(**fields: Any) -> bytes:
    good = {
        "conversations": [{"from": "human", "value": "Hello?"}],
        "chosen": {"from": "gpt", "value": "Hello."},
        "rejected": {"from": "gpt", "value": "No."},
    }
    return rows(good | fields)


def talk(*turns: Any) -> bytes:
    return rows({"conversations": list(turns)})


def human(text: Any = "Hello?") -> dict[str, Any]:
    return {"from": "human", "value": text}


def gpt(text: Any = "Hello.") -> dict[str, Any]:
    return {"from": "gpt", "value": text}


def zipped(*names: str, content: bytes = rows(GOOD)) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return buffer.getvalue()


# What a file is called, its content, and what the sentence must say.
UNREADABLE = [
    ("empty", b"", "is empty"),
    ("only a byte order mark", b"\xef\xbb\xbf", "is empty"),
    ("only blanks", b" \n\t \n", "is empty"),
    ("an empty list", b"[]", "is an empty list"),
    ("NUL bytes alone", b"\0" * 100, "NUL bytes"),
    ("NUL bytes in a list", b"[" + b"\0" * 100 + b"]", "row 1 holds NUL bytes"),
    ("NUL bytes in row 2", lines(GOOD_LINE, GOOD_LINE[:9] + b"\0" + GOOD_LINE[9:]), "row 2 holds NUL bytes"),
    (
        "damaged UTF-8 in row 2",
        lines(GOOD_LINE, '{"instruction": "café, né", "output": "à"}'.encode() + b"\xc3"),
        "row or line 2 is not UTF-8 at byte",
    ),
    ("cut-off UTF-16", rows(GOOD).decode().encode("utf-16")[:-1], "is not UTF-16"),
    ("a gzip bomb", gzip.compress(b"[" * 5_000_000), "opens to more than the 20,000 bytes"),
    ("cut-off gzip", gzip.compress(rows(GOOD))[:-9], "damaged or cut-off gzip file"),
    ("gzip in gzip", gzip.compress(gzip.compress(rows(GOOD))), "is packed twice"),
    ("a tar in gzip", gzip.compress(bytes(257) + b"ustar" + bytes(300)), "is a tar archive"),
    ("nothing in gzip", gzip.compress(b""), "is empty"),
    ("bzip2", bz2.compress(rows(GOOD)), "compressed with bzip2"),
    ("xz", lzma.compress(rows(GOOD)), "compressed with xz"),
    ("two files in a zip", zipped("a.json", "b.json"), "holds 2 data files (a.json, b.json)"),
    ("cut-off zip", zipped("a.json")[:-30], "damaged or cut-off zip archive"),
    (
        "a workbook",
        zipped("[Content_Types].xml", "xl/workbook.xml"),
        "is an Excel or Word file; save the sheet as CSV",
    ),
    ("a zip bomb", zipped("a.json", content=b" " * 5_000_000), "opens to more than the 20,000 bytes"),
    (
        "a quote closed far below",
        b'prompt,completion\na,"b\nc,d\ne,"f"\n',
        "the quotes in row 2 do not pair (by line 4)",
    ),
    (
        "quotes with backslashes",
        b'prompt,completion\n"Say \\"hi\\"",b\n',
        "the quotes in row 2 do not pair",
    ),
    ("7z", b"7z\xbc\xaf\x27\x1c" + bytes(50), "is a 7z archive"),
    ("an old workbook", b"\xd0\xcf\x11\xe0" + bytes(50), "is an old Excel or Word file"),
    ("a PDF", b"%PDF-1.7 ...", "is a PDF"),
    ("a SQLite database", b"SQLite format 3\0" + bytes(50), "is a SQLite database"),
    ("Parquet without an end", b"PAR1" + bytes(50), "is a damaged or cut-off Parquet file"),
    ("a table with a column twice", b"prompt,prompt\na,b\n", 'names "prompt" 2 times'),
    (
        "a quote never closed",
        b'prompt,completion\na,"b\nc,d\n',
        "the quotes in row 2 do not pair (by line 3)",
    ),
    ("a header alone", b"prompt,completion\n", 'starts with "prompt,completion"'),
    ("a table of other columns", b"reply;comment\na;b\n", "its columns (reply, comment) fit no known shape"),
    (
        "a table with a long cell",
        b"prompt,completion\na," + b"x" * 3000 + b"\n",
        "row 2 is longer than 2,000 bytes",
    ),
    (
        "a table whose rows have three cells",
        b"prompt,completion\na,b\nc,d,e\n"[:18] + b"c,d,e\n",
        "it starts with",
    ),
    ("a CSV formula", b'=HYPERLINK("http://x";"y"),b\n', 'starts with "=HYPERLINK'),
    ("YAML", b"- instruction: hello\n  output: hi\n", "is not JSON"),
    ("HTML", b"<!doctype html><script>alert(1)</script>", "is not JSON"),
    ("a bare text", b'"hello"', "is not JSON"),
    ("a bare number", b"42", "is not JSON"),
    ("null", b"null", "is not JSON"),
    ("5000 deep list", b"[" * 5000 + b"]" * 5000, "row 1 is longer than"),
    ("5000 deep within the length", b"[" * 900 + b"]" * 900, "row 1 has lists or objects more than 20 deep"),
    (
        "a deep row in JSONL",
        lines(GOOD_LINE, b'{"a":' * 50 + b"1" + b"}" * 50),
        "row 2 has lists or objects more",
    ),
    ("an endless opening", b"[" * 19_000, "row 1 is longer than"),
    ("a long row", row(output="x" * 3000), "row 1 is longer than 2,000 bytes"),
    ("a long line", lines(GOOD_LINE, json.dumps(GOOD | {"output": "x" * 3000}).encode()), "row 2 is longer"),
    ("a large file", rows(*[GOOD] * 400), "more than the 20,000 that are read"),
    (
        "too many good rows",
        lines(*[b'{"prompt":"%d","completion":"x"}' % n for n in range(60)]),
        "more than 50 rows",
    ),
    ("too many values", rows(GOOD | {"scores": [1] * 300}), "row 1 has more than 200 values"),
    ("a list never closed", b"[" + GOOD_LINE, "row 1 is the last one read and the list is never closed"),
    ("cut within row 2", b"[" + GOOD_LINE + b"," + GOOD_LINE[:30], "row 2 is the last one read"),
    ("a text never closed", b'[{"instruction": "hello}]', "row 1 is the last one read"),
    ("cut after a backslash", b'[{"instruction": "hello\\', "row 1 is the last one read"),
    ("closed by the wrong bracket", b"[" + GOOD_LINE + b"}", "row 1 is followed by }"),
    ("text behind the list", rows(GOOD) + b" x", "row 1 is followed by more text"),
    ("two lists", rows(GOOD) + rows(GOOD), "row 1 is followed by more text"),
    ("a comma too many", b"[" + GOOD_LINE + b",]", "row 2 is empty, there is a comma too many"),
    ("two commas", b"[" + GOOD_LINE + b",," + GOOD_LINE + b"]", "row 2 is empty"),
    ("single quotes", b"[{'instruction': 'hello'}]", "row 1 is not valid JSON at character 2"),
    ("a comma missing in row 3", lines(GOOD_LINE, GOOD_LINE, b'{"a": 1 "b": 2}'), "row 3 is not valid JSON"),
    ("a raw line break in a text", b'[{"instruction": "a\nb", "output": "c"}]', "row 1 is not valid JSON"),
    (
        "a JSON object over many lines",
        json.dumps(GOOD, indent=1).encode(),
        "so the file is one object and no list of rows; put its rows into a list",
    ),
    ("a torn last line", lines(GOOD_LINE, GOOD_LINE[:40]), "row 2"),
    ("two rows on a line", GOOD_LINE + GOOD_LINE, "row 1 is not valid JSON"),
    ("comments", b"[\n// hello\n" + GOOD_LINE + b"]", "row 1 is not valid JSON"),
]

UNKNOWN_SHAPE = [
    ("other columns", rows({"question": "a", "reply": "b"}), "its columns (question, reply)"),
    ("an answer without a prompt", rows({"completion": "b"}), "its columns (completion)"),
    ("chosen without rejected", rows({"prompt": "a", "chosen": "b"}), "its columns (prompt, chosen)"),
    ("empty objects", b"[{}, {}]", "its columns (none)"),
    ("markup as a column", rows({"<img src=x>\u202e\n": "a"}), "its columns (<img src=x>)"),
]

NO_USABLE_ROW = [
    ("texts", b'["hello", "world"]', "row 1: the row is text, expected an object"),
    ("lists", b'[["a", "b"]]', "row 1: the row is a list"),
    ("numbers", b"[1, 2, 3]", "row 1: the row is a number"),
    ("nulls", b"[null]", "row 1: the row is null"),
    ("NaN as a row", b"[NaN]", "row 1: NaN or Infinity stands in the row"),
    ("true", b"[true]", "row 1: the row is true or false"),
    ("a field twice", b'[{"instruction": "a", "output": "b", "output": "c"}]', "a field appears twice in the row (found output)"),
    ("a number as answer", row(output=5), 'field "output" is a number, expected text'),
    ("NaN as answer", b'[{"instruction": "a", "output": NaN}]', "which is no JSON (found NaN)"),
    ("infinity as answer", b'[{"instruction": "a", "output": Infinity}]', "which is no JSON (found Infinity)"),
    ("5000 digits as answer", b'[{"instruction": "a", "output": %s}]' % (b"9" * 1900), 'field "output" is a number'),
    ("null as answer", row(output=None), 'field "output" is null, expected text'),
    ("a list as answer", row(output=["a"]), 'field "output" is a list of texts'),
    ("true as question", row(instruction=True), 'field "instruction" is true or false, expected text'),
    ("an empty answer", row(output=" \n"), "the answer is empty"),
    ("an empty question", row(instruction="", input=" "), "the prompt is empty"),
    ("a lone surrogate", b'[{"instruction": "a", "output": "\\ud800"}]', 'field "output" holds half a character'),
    ("an escaped NUL", b'[{"instruction": "a", "output": "\\u0000"}]', 'field "output" holds a NUL character'),
    ("a history of texts", row(history=["a", "b"]), 'field "history" is not a list of pairs'),
    ("a history of one", row(history=[["a"]]), 'field "history" is not a list of pairs'),
    ("a system that is a number", row(system=3), 'field "system" is a number'),
    ("the same twice", pair(rejected=gpt(" Hello. ")), "chosen and rejected are the same"),
    ("an empty chosen", pair(chosen=""), "chosen is empty"),
    ("a null rejected", pair(rejected=None), 'field "rejected" is null'),
    ("chosen from the user", pair(chosen=human()), 'the last turn of "chosen" is not the assistant\'s'),
    ("chosen without turns", pair(chosen=[]), 'field "chosen" is an empty list'),
    ("a prompt that ends with an answer", pair(conversations=[human(), gpt()]), "does not end with a user turn"),
    ("chosen to another prompt", rows({"prompt": "a", "chosen": [human("b"), gpt()], "rejected": "c"}), "does not start with the prompt"),
    ("chosen as text without a prompt", rows({"chosen": "a", "rejected": "b"}), "there is no prompt"),
    ("a conversation as text", rows({"conversations": "hello"}), 'field "conversations" is text, expected a list of turns'),
    ("no turns", rows({"conversations": []}), 'field "conversations" is an empty list'),
    ("no user turn", talk(gpt()), "no user turn"),
    ("no answer", talk(human()), "the last turn is not the assistant's"),
    ("a system turn behind an answer", talk(gpt(), {"from": "system", "value": "x"}, human(), gpt()), "in the middle of the conversation"),
    ("two answers", talk(human(), gpt(), gpt()), "two turns of the same side"),
    ("an empty turn", talk(human(""), gpt()), 'a turn in "conversations" is empty'),
    ("a turn that is a number", talk(human(4), gpt()), 'field "conversations: value" is a number'),
    ("an image", talk(human([{"type": "image"}]), gpt()), "holds a part that is no text (found image)"),
    ("a tool call", talk(human(), {"from": "function_call", "value": "x"}), "what belongs to tools in"),
    ("a role that is null", talk({"from": None, "value": "x"}, gpt()), '(found "null")'),
    ("a late system turn", talk(human(), {"from": "system", "value": "x"}, gpt()), "in the middle of the conversation"),
    ("two system messages", rows({"system": "a", "conversations": [{"from": "system", "value": "b"}, human(), gpt()]}), "two system messages"),
    ("turns in another notation", talk({"speaker": "a", "text": "b"}), "(found speaker, text)"),
    ("turns that are texts", talk("hello", "world"), 'a turn in "conversations" is text'),
]  # fmt: skip

CORPUS = UNREADABLE + UNKNOWN_SHAPE + NO_USABLE_ROW


def test_the_corpus_is_large() -> None:
    assert len({content for _, content, _ in CORPUS}) >= 90


@pytest.mark.parametrize(("content", "told"), [case[1:] for case in CORPUS], ids=[case[0] for case in CORPUS])
def test_a_broken_file_gets_one_sentence(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "data.json"
    file.write_bytes(content)
    with pytest.raises(InvalidInput) as refused:
        inspect(file, "data.json", LIMITS)
    sentence = str(refused.value)
    assert told in sentence
    assert sentence.startswith("data.json")
    assert sentence.endswith(".")
    assert sentence.replace("data.json", "").count(". ") == 0
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: None, "No such file"),
        (lambda path: path.mkdir(), "is a folder"),
    ],
    ids=["no file", "a folder"],
)
def test_what_is_no_file_gets_one_sentence(tmp_path: Path, make: Callable[[Path], None], told: str) -> None:
    make(tmp_path / "data.json")
    with pytest.raises(InvalidInput, match=told):
        inspect(tmp_path / "data.json", "data.json", LIMITS)


def test_a_row_is_refused_before_it_is_read_whole(tmp_path: Path) -> None:
    """A list of one endless row: reading stops near the cap."""
    file = tmp_path / "data.json"
    file.write_bytes(b'["' + b"x" * 3_000_000)
    with file.open("rb") as stream:
        with pytest.raises(BrokenList):
            list(split_list(stream, row_bytes=1000))
        assert stream.tell() < 500_000


def test_a_zip_of_very_many_files_is_refused_by_its_end(tmp_path: Path) -> None:
    file = tmp_path / "data.zip"
    file.write_bytes(zipped(*(f"{number}.json" for number in range(1100))))
    with pytest.raises(InvalidInput, match="holds more than 1,000 files; pack the one data file alone"):
        inspect(file, "data.zip")


def test_what_would_be_waited_for_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InvalidInput, match="pipe is no ordinary file; name a data file"):
        inspect(tmp_path / "pipe", "pipe")
