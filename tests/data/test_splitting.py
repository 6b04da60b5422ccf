"""A JSON list is cut into its elements without being parsed."""

import io
import json
import random

import pytest

from rlft_gui.data.files import splitting
from rlft_gui.data.files.splitting import BrokenList, split_list

LETTERS = ['"', "\\", "[", "]", "{", "}", ",", ":", "a", "é", "\n", " ", "\u2028", "😀"]


def split(text: str) -> list[bytes]:
    return list(split_list(io.BytesIO(text.encode()), row_bytes=10_000))


def random_value(rng: random.Random, depth: int = 0) -> object:
    kind = rng.randrange(3 if depth > 3 else 5)
    if kind == 3:
        return [random_value(rng, depth + 1) for _ in range(rng.randrange(4))]
    if kind == 4:
        return {random_text(rng): random_value(rng, depth + 1) for _ in range(rng.randrange(4))}
    return random_text(rng) if kind else rng.random()


def random_text(rng: random.Random) -> str:
    return "".join(rng.choices(LETTERS, k=rng.randrange(12)))


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64, 1 << 18])
def test_elements_are_those_of_the_parser_wherever_a_chunk_ends(
    monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(splitting, "_CHUNK", chunk)
    rng = random.Random(0)
    for _ in range(60):
        values = [random_value(rng) for _ in range(rng.randrange(6))]
        for indent in (None, 2):
            for ascii_only in (True, False):
                text = json.dumps(values, indent=indent, ensure_ascii=ascii_only)
                assert [json.loads(part) for part in split(text)] == values


def test_an_element_is_given_as_it_is_written() -> None:
    assert split('[ {"a": 1.0} ,\n[ ],"x\\"]"]') == [b' {"a": 1.0} ', b"\n[ ]", b'"x\\"]"']


def test_elements_before_a_fault_are_given() -> None:
    parts = split_list(io.BytesIO(b'["a", "b", "c'), row_bytes=100)
    assert [next(parts), next(parts)] == [b'"a"', b' "b"']
    with pytest.raises(BrokenList, match="never closed"):
        next(parts)
