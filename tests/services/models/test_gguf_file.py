"""A GGUF file is judged by its header: whole, of a kind that can be taken over, and of one mind with itself."""

import struct
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from gguf import GGMLQuantizationType

from rlft_gui.domain.home import Home
from rlft_gui.services.models.service import Models
from rlft_gui.training.models.gguf_rope import llama3_factors
from tests.fakes.gguf_files import alphabet, header, random_tensors, write_gguf

Write = Callable[[Path], object]


@pytest.fixture
def models(tmp_path: Path) -> Models:
    return Models(Home(tmp_path / "home"))


def raw(content: bytes) -> Write:
    return lambda file: file.write_bytes(content)


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def key(name: str, kind: int, value: bytes) -> bytes:
    return text(name) + struct.pack("<I", kind) + value


def tensor(shape: tuple[int, ...], kind: int = 0, start: int = 0, dimensions: int | None = None) -> bytes:
    count = struct.pack("<I", len(shape) if dimensions is None else dimensions)
    return text("t") + count + struct.pack(f"<{len(shape)}QIQ", *shape, kind, start)


def cut(share: float) -> Write:
    def write(file: Path) -> None:
        write_gguf(file)
        file.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])

    return write


def without(name: str) -> Write:
    tensors = {key: value for key, value in random_tensors().items() if key != name}
    return lambda file: write_gguf(file, tensors)


def overlapping(file: Path) -> None:
    """A hundred tensors on the same bytes would make a large model of a small file."""
    tensors = b"".join(text(f"t{i}") + struct.pack("<IQIQ", 1, 1024, 0, 0) for i in range(100))
    file.write_bytes(header(tensors=100) + tensors + b"\0" * 8192)


BROKEN: list[tuple[str, Write, str]] = [
    ("another format", raw(b"PK\x03\x04" + b"\0" * 100), "is no GGUF file: it does not begin with GGUF"),
    ("four bytes", raw(b"GGUF"), "is cut off or damaged"),
    ("version 1", raw(header(version=1) + b"\0" * 100), "is GGUF of version 1"),
    ("the other byte order", raw(b"GGUF" + struct.pack(">IQQ", 3, 1, 1)), "is GGUF of version 50331648"),
    ("absurd counts", raw(header(tensors=2**60, keys=2**60)), "claims 1,152,921,504,606,846,976 tensors"),
    ("no tensors", raw(header(tensors=0)), "holds no weights"),
    ("a text of an exabyte", raw(header(keys=1) + struct.pack("<Q", 2**60)), "is cut off or damaged"),
    ("a list of an exabyte", raw(header(keys=1) + key("a", 9, struct.pack("<IQ", 8, 2**60))), "is cut off or damaged"),
    ("a list of lists", raw(header(keys=1) + key("a", 9, struct.pack("<IQ", 9, 1))), "has a list of kind 9"),
    ("a value of no kind", raw(header(keys=1) + key("a", 77, b"")), "has a value of kind 77"),
    ("a text that is none", raw(header(keys=1) + struct.pack("<Q", 1) + b"\xff"), "is not UTF-8"),
    ("a key twice", raw(header(keys=2) + key("a", 0, b"\0") * 2), "says a twice"),
    ("alignment 0", raw(header(keys=1) + key("general.alignment", 4, b"\0" * 4) + tensor((4,))), "alignment is 0"),
    ("alignment as text", raw(header(keys=1) + key("general.alignment", 8, text("x")) + tensor((4,))), "alignment is 'x'"),
    ("4 billion dimensions", raw(header() + tensor((), dimensions=2**32 - 1)), "has 4,294,967,295 dimensions"),
    ("an empty tensor", raw(header() + tensor((0,))), "has the shape (0,)"),
    ("numbers of no kind", raw(header() + tensor((4,), kind=99)), "in numbers of kind 99"),
    ("half a block", raw(header() + tensor((33,), kind=2)), "has the shape (33,), which Q4_0 cannot hold"),
    ("a tensor of 2^80 bytes", raw(header() + tensor((2**40, 2**40))), "is cut off: it has"),
    ("a tensor behind the end", raw(header() + tensor((4,), start=2**63)), "is cut off: it has"),
    ("tensors over one another", overlapping, "its tensors lie over one another"),
    ("cut within the header", cut(0.02), "is cut off or damaged"),
    ("cut within the weights", cut(0.9), "is cut off: it has"),
    ("an unknown architecture", lambda f: write_gguf(f, kind="clip"), "is of the architecture clip, which"),
    ("an encoder", lambda f: write_gguf(f, kind="t5"), "is of the architecture t5, which"),
    ("no tokenizer", lambda f: write_gguf(f, without=("tokenizer",)), "has no tokenizer in it"),
    ("no end token", lambda f: write_gguf(f, without=("eos",)), "has no end token"),
    ("an end token that is none", lambda f: write_gguf(f, tokens=["a"]), "as its eos token and has 1 tokens"),
    ("more tokens than rows", lambda f: write_gguf(f, tokens=[*alphabet(), "x"]), "264 tokens and an embedding of 263"),
    ("another width", lambda f: write_gguf(f, embedding_length=64), "says embedding_length 64, and its embedding is 32"),
    ("a block too many", lambda f: write_gguf(f, block_count=3), "says block_count 3 and holds 2 blocks"),
    ("a billion blocks", lambda f: write_gguf(f, block_count=10**9), "says block_count 1,000,000,000"),
    ("a negative context", lambda f: write_gguf(f, context_length=-1), "says context_length '-1'"),
    ("text where numbers belong", lambda f: write_gguf(f, context_length="long"), "says context_length 'long'"),
    ("no width", lambda f: write_gguf(f, without=("embedding_length",)), "lacks embedding_length or block_count"),
    ("no embedding", without("token_embd.weight"), "lacks token_embd.weight"),
    ("stretched unheard of", lambda f: write_gguf(f, top={"llama.rope.scaling.type": "x", "llama.rope.scaling.factor": 2.0}), "stretches positions (x, factor 2.0)"),
    ("factors of its own", lambda f: write_gguf(f, {**random_tensors(), "rope_freqs.weight": np.full(4, 3, "f4")}), "stretches positions (factors of its own)"),
    ("longrope", lambda f: write_gguf(f, {**random_tensors(), "rope_factors_long.weight": np.ones(4, "f4")}), "stretches positions (longrope)"),
    ("one of three parts", lambda f: write_gguf(f, top={"split.count": 3}), "is one of 3 parts"),
    ("an adapter", lambda f: write_gguf(f, top={"general.type": "adapter"}), "holds no model but a kind of adapter"),
]  # fmt: skip


@pytest.mark.parametrize(("write", "told"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_file_gets_one_sentence_at_once(
    models: Models, tmp_path: Path, write: Write, told: str
) -> None:
    file, begun = tmp_path / "broken.gguf", time.monotonic()
    write(file)
    sentence = models.check(str(file))
    assert sentence is not None
    assert sentence.startswith(f'"{file}"')
    assert told in sentence
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0
    assert time.monotonic() - begun < 5


def test_a_file_is_described_by_its_header(models: Models, tmp_path: Path) -> None:
    file = write_gguf(tmp_path / "Tiny.Q8_0.gguf", quantised=GGMLQuantizationType.Q8_0)
    card = models.describe(str(file))
    assert (card.title, card.context, card.architecture, card.folder) == (
        "Tiny.Q8_0",
        256,
        "llama (GGUF)",
        None,
    )
    assert card.parameters == sum(values.size for values in random_tensors().values())
    assert "It is a GGUF file (Q8_0)" in card.note
    assert models.is_to_convert(str(file))


def test_a_folder_may_hold_the_file(models: Models, tmp_path: Path) -> None:
    write_gguf(tmp_path / "tiny.gguf")
    assert models.describe(str(tmp_path)).architecture == "llama (GGUF)"
    write_gguf(tmp_path / "tinier.gguf")
    assert "holds 2 GGUF files, tinier.gguf and tiny.gguf among them" in str(models.check(str(tmp_path)))


def test_a_file_that_ollama_named_is_known_by_its_first_bytes(models: Models, tmp_path: Path) -> None:
    assert models.describe(str(write_gguf(tmp_path / "sha256-0a1b"))).architecture == "llama (GGUF)"


def test_without_a_template_it_is_taken_with_a_note(models: Models, tmp_path: Path) -> None:
    assert "has no chat template" in models.describe(str(write_gguf(tmp_path / "t.gguf", template=None))).note


def test_positions_stretched_as_llama_3_does_are_taken(models: Models, tmp_path: Path) -> None:
    factors = np.array(llama3_factors(4, 10_000.0, 8.0), "f4")
    file = write_gguf(tmp_path / "t.gguf", {**random_tensors(), "rope_freqs.weight": factors})
    assert models.check(str(file)) is None
