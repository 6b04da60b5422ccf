"""What a GGUF file says of itself, read without its weights and without any library.

Every number is bounded before it is believed, for the file is a stranger's: counts by caps and by how many bytes are left,
tensors by where the file ends. https://github.com/ggml-org/ggml/blob/master/docs/gguf.md describes the format.
"""

import math
import mmap
import struct
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rlft_gui.domain.errors import InvalidInput

#: Kinds of numbers in tensors: id → name, numbers in a block, bytes of a block.
TENSOR_TYPES = {
    0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20), 6: ("Q5_0", 32, 22),
    7: ("Q5_1", 32, 24), 8: ("Q8_0", 32, 34), 9: ("Q8_1", 32, 40), 10: ("Q2_K", 256, 84), 11: ("Q3_K", 256, 110),
    12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176), 14: ("Q6_K", 256, 210), 15: ("Q8_K", 256, 292),
    16: ("IQ2_XXS", 256, 66), 17: ("IQ2_XS", 256, 74), 18: ("IQ3_XXS", 256, 98), 19: ("IQ1_S", 256, 50),
    20: ("IQ4_NL", 32, 18), 21: ("IQ3_S", 256, 110), 22: ("IQ2_S", 256, 82), 23: ("IQ4_XS", 256, 136),
    29: ("IQ1_M", 256, 56), 30: ("BF16", 1, 2), 34: ("TQ1_0", 256, 54), 35: ("TQ2_0", 256, 66), 39: ("MXFP4", 32, 17),
}  # fmt: skip

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_MOST_KEYS, _MOST_TENSORS = 10_000, 100_000
_LONGEST_TEXT = 16 * 2**20  #: bytes; chat templates have some thousands
_MOST_TEXTS = 5_000_000  #: in all lists; a large vocabulary with its merges has a tenth of that
_MOST_DIMENSIONS = 4
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_TEXT, _LIST = 8, 9
_MOST_LISTED = 4096  #: numbers of a list that are kept; longer ones are a vocabulary's


@dataclass(frozen=True)
class Listed:
    """A list of the header that is too long to keep: how many values it has."""

    count: int


@dataclass(frozen=True)
class GgufTensor:
    name: str
    shape: tuple[int, ...]  #: as torch has it: the fastest dimension last
    type: str
    start: int  #: byte in the file
    bytes: int

    @property
    def numbers(self) -> int:
        return math.prod(self.shape)


@dataclass(frozen=True)
class GgufHeader:
    metadata: dict[str, Any]
    tensors: tuple[GgufTensor, ...]

    @property
    def architecture(self) -> str:
        return str(self.metadata.get("general.architecture", ""))

    @property
    def parameters(self) -> int:
        return sum(tensor.numbers for tensor in self.tensors)

    @property
    def quantisation(self) -> str:
        """The type that holds most numbers."""
        held: Counter[str] = Counter()
        for tensor in self.tensors:
            held[tensor.type] += tensor.numbers
        return held.most_common(1)[0][0]

    def of_model(self, key: str) -> Any:
        """A value of the architecture's own, e.g. "context_length"."""
        return self.metadata.get(f"{self.architecture}.{key}")

    def tensor(self, name: str) -> GgufTensor | None:
        return next((tensor for tensor in self.tensors if tensor.name == name), None)


class _Broken(Exception):
    """What is wrong, as words behind the file's name."""


def read_header(file: Path, called: str) -> GgufHeader:
    """The header of a GGUF file whose tensors lie within it.

    Raises:
        InvalidInput: it is none, or it is damaged; one sentence.
    """
    try:
        with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            return _Reader(mapped).header()
    except _Broken as broken:
        raise InvalidInput(f"{called} {broken}.") from None
    except OSError as error:
        raise InvalidInput(f"{called} cannot be read: {error.strerror}.") from None
    except ValueError:  # of mmap: the file is empty
        raise InvalidInput(f"{called} is empty; copy or download it again.") from None


class _Reader:
    """Goes through the bytes once. Reading behind the end is damage, whatever count said so."""

    def __init__(self, mapped: mmap.mmap) -> None:
        self._bytes = mapped
        self._at = 0
        self._texts = 0

    def header(self) -> GgufHeader:
        tensor_count, key_count = self._counts()
        metadata: dict[str, Any] = {}
        for _ in range(key_count):
            key = self._text()
            if key in metadata:
                raise _Broken(f"says {key[:80]} twice; copy or download it again")
            metadata[key] = self._value(self._number("I"))
        tensors = [self._tensor() for _ in range(tensor_count)]
        return GgufHeader(metadata, self._placed(tensors, metadata.get("general.alignment", 32)))

    def _counts(self) -> tuple[int, int]:
        if self._bytes[:4] != _MAGIC:
            raise _Broken("is no GGUF file: it does not begin with GGUF")
        self._at = 4
        version = self._number("I")
        if version not in _VERSIONS:
            raise _Broken(
                f"is GGUF of version {version}, and 2 and 3 are read; make it anew with a current llama.cpp"
            )
        tensors, keys = self._number("Q"), self._number("Q")
        if keys > _MOST_KEYS or tensors > _MOST_TENSORS:
            raise _Broken(
                f"claims {tensors:,} tensors and {keys:,} settings, which is no model's; copy or download it again"
            )
        if not tensors:
            raise _Broken("holds no weights, only a vocabulary or settings; choose the model's file")
        return tensors, keys

    def _number(self, kind: str) -> Any:
        size = struct.calcsize(f"<{kind}")
        self._need(size)
        (value,) = struct.unpack_from(f"<{kind}", self._bytes, self._at)
        self._at += size
        return value

    def _need(self, count: int) -> None:
        if self._at + count > len(self._bytes):
            raise _Broken(
                f"is cut off or damaged: its header goes on behind its end at {len(self._bytes):,} bytes; copy or "
                "download it again"
            )

    def _text(self) -> str:
        length = self._number("Q")
        self._need(length)
        if length > _LONGEST_TEXT:
            raise _Broken(f"has a text of {length:,} bytes in its header, which is no model's")
        text = self._bytes[self._at : self._at + length]
        self._at += length
        try:
            return text.decode()
        except UnicodeDecodeError:
            raise _Broken(
                "is damaged: a text of its header is not UTF-8; copy or download it again"
            ) from None

    def _value(self, kind: int) -> Any:
        if kind == _TEXT:
            return self._text()
        if kind == _LIST:
            return self._list(self._number("I"), self._number("Q"))
        if kind not in _NUMBERS:
            raise _Broken(f"is damaged: its header has a value of kind {kind}; copy or download it again")
        return self._number(_NUMBERS[kind])

    def _list(self, kind: int, count: int) -> Any:
        if kind == _TEXT:
            return self._skipped_texts(count)
        if kind not in _NUMBERS:
            raise _Broken(f"is damaged: its header has a list of kind {kind}; copy or download it again")
        size = struct.calcsize(f"<{_NUMBERS[kind]}") * count
        self._need(size)
        begin, self._at = self._at, self._at + size
        if count > _MOST_LISTED:
            return Listed(count)
        return list(struct.unpack_from(f"<{count}{_NUMBERS[kind]}", self._bytes, begin))

    def _skipped_texts(self, count: int) -> Listed:
        self._texts += count
        self._need(8 * count)
        if self._texts > _MOST_TEXTS:
            raise _Broken(f"has lists of {self._texts:,} texts in its header, which is no model's")
        for _ in range(count):
            length = self._number("Q")
            self._need(length)
            self._at += length
        return Listed(count)

    def _tensor(self) -> GgufTensor:
        name, dimensions = self._text(), self._number("I")
        if not 1 <= dimensions <= _MOST_DIMENSIONS:
            raise _Broken(f"is damaged: its tensor {name[:80]} has {dimensions:,} dimensions")
        shape = tuple(self._number("Q") for _ in range(dimensions))[::-1]
        kind, start = self._number("I"), self._number("Q")
        if kind not in TENSOR_TYPES:
            raise _Broken(
                f"holds {name[:80]} in numbers of kind {kind}, which are not read; choose a Q8_0, Q4_K or F16 file"
            )
        title, block, size = TENSOR_TYPES[kind]
        if not all(shape) or shape[-1] % block:
            raise _Broken(
                f"is damaged: its tensor {name[:80]} has the shape {shape}, which {title} cannot hold"
            )
        return GgufTensor(name, shape, title, start, math.prod(shape) // block * size)

    def _placed(self, tensors: list[GgufTensor], alignment: Any) -> tuple[GgufTensor, ...]:
        """With the bytes where each begins in the file; they may neither reach beyond it nor share a byte."""
        if not isinstance(alignment, int) or not 1 <= alignment <= 2**20:
            raise _Broken(f"is damaged: its general.alignment is {alignment!r}")
        begin = -(-self._at // alignment) * alignment
        end = begin + max(tensor.start + tensor.bytes for tensor in tensors)
        if end > len(self._bytes):
            raise _Broken(
                f"is cut off: it has {len(self._bytes):,} bytes and its header speaks of {end:,}; copy or download it "
                "again"
            )
        if sum(tensor.bytes for tensor in tensors) > len(self._bytes):
            raise _Broken("is damaged: its tensors lie over one another; copy or download it again")
        if len({tensor.name for tensor in tensors}) < len(tensors):
            raise _Broken("is damaged: two of its tensors have one name; copy or download it again")
        return tuple(GgufTensor(t.name, t.shape, t.type, begin + t.start, t.bytes) for t in tensors)
