"""One file for a demo: the same bytes for the same home, and nothing comes out of it that was not listed."""

import io
import json
import lzma
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from rlft_gui.demo import packing
from rlft_gui.demo.opening import shipped
from rlft_gui.demo.packing import MANIFEST, pack, unpack
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.services import open_services
from rlft_gui.training.models import checkpoints
from tests.demo.visiting import sums


def written(path: Path, members: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    with lzma.open(path, "wb") as stream, tarfile.open(fileobj=stream, mode="w") as archive:
        for member, data in members:
            member.size = len(data) if member.isreg() else 0
            archive.addfile(member, io.BytesIO(data))
    return path


def listing(files: Mapping[str, bytes]) -> bytes:
    found = {name: packing._sum(data).model_dump() for name, data in files.items()}
    return json.dumps({"version": "0", "files": found}).encode()


def packed_with(path: Path, name: str, listed: bytes, held: bytes) -> Path:
    return written(
        path,
        [(tarfile.TarInfo(MANIFEST), listing({name: listed})), (tarfile.TarInfo(name), held)],
    )


def test_the_shipped_demo_is_small_and_whole(seed: Home) -> None:
    assert shipped().stat().st_size < 12 * 2**20
    for run in seed.runs.iterdir():
        folder = seed.run(run.name)
        for step in checkpoints.complete_steps(folder):
            checkpoints.sound(folder, step)
    kept = {file.suffix for file in seed.path.rglob("*") if file.is_file()}
    assert kept <= {".db", ".json", ".jsonl", ".safetensors", ".log"}


def test_the_same_home_gives_the_same_bytes(tmp_path: Path) -> None:
    home = open_services(tmp_path / "home").home
    home.runs.mkdir(exist_ok=True)
    pack(home, {}, tmp_path / "one"), pack(home, {}, tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert sums(unpack(tmp_path / "one", tmp_path / "seeds").path).keys() == {"rlft.db"}


@pytest.mark.parametrize(
    "name",
    ["../rlft.db", "/tmp/rlft.db", "runs/../../x/y", "other/a/b", "runs/a/x.pt", "runs/a", "runs//a/b"],
)
def test_names_that_no_demo_has_are_refused(tmp_path: Path, name: str) -> None:
    bad = packed_with(tmp_path / "bad", name, b"x", b"x")
    with pytest.raises(InvalidInput, match=r"no demo has|list does not"):
        unpack(bad, tmp_path / "seeds")
    assert not list(tmp_path.glob("seeds/*"))


def test_what_is_not_as_it_was_listed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="not what was packed"):
        unpack(packed_with(tmp_path / "a", "rlft.db", b"x", b"y"), tmp_path / "seeds")
    with pytest.raises(InvalidInput, match="list does not"):
        unpack(packed_with(tmp_path / "b", "rlft.db", b"x", b"xy"), tmp_path / "seeds")
    lacking = written(tmp_path / "c", [(tarfile.TarInfo(MANIFEST), listing({"rlft.db": b"x"}))])
    with pytest.raises(InvalidInput, match="lacks"):
        unpack(lacking, tmp_path / "seeds")


def test_links_are_refused(tmp_path: Path) -> None:
    link = tarfile.TarInfo("rlft.db")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    bad = written(tmp_path / "bad", [(tarfile.TarInfo(MANIFEST), listing({"rlft.db": b""})), (link, b"")])
    with pytest.raises(InvalidInput, match="list does not"):
        unpack(bad, tmp_path / "seeds")


def test_any_other_file_is_told(tmp_path: Path) -> None:
    for content in (b"", b"hello", shipped().read_bytes()[:100_000]):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(InvalidInput):
            unpack(tmp_path / "file", tmp_path / "seeds")
    with pytest.raises(InvalidInput, match="cannot be read"):
        unpack(tmp_path / "none", tmp_path / "seeds")
