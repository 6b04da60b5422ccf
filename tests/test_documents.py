"""Documents that name the code are held to it: pictures, paths and names go stale in silence otherwise."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "rlft_gui"
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

#: `path:name`, as the walks write it; a method is `path:Class.method`.
NAMED = re.findall(r"`([\w/]+\.(?:py|js)):([\w.]+)`", ARCHITECTURE)


def _drawing() -> ModuleType:
    spec = importlib.util.spec_from_file_location("architecture", ROOT / "docs" / "architecture.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_picture_of_the_rooms_is_what_the_imports_are() -> None:
    drawing = _drawing()
    assert drawing.PICTURE.read_text(encoding="utf-8") == drawing.picture(), (
        "Run: python docs/architecture.py"
    )


def test_an_arrow_that_a_longer_way_tells_is_left_out() -> None:
    edges = {"a": {"b", "c"}, "b": {"c"}, "c": set()}
    assert _drawing().reduced(edges) == {"a": {"b"}, "b": {"c"}, "c": set()}


@pytest.mark.parametrize(("path", "name"), NAMED, ids=str)
def test_what_a_walk_names_is_there(path: str, name: str) -> None:
    text = (PACKAGE / path).read_text(encoding="utf-8")
    for part in name.split("."):
        declared = rf"(?:def|class|function|const|static) {part}\b|^ *(?:async )?#?{part}(?:[:(]| =)"
        assert re.search(declared, text, re.MULTILINE), f"{path} declares no {part}"


def test_every_room_is_told() -> None:
    rooms = {folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").exists()}
    assert not [room for room in sorted(rooms) if f"`{room}/`" not in ARCHITECTURE]


@pytest.mark.parametrize("document", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_every_path_in_a_document_exists(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    paths = re.findall(r"`((?:[\w.-]+/)+(?:[\w.-]+\.\w+)?)`", text)
    assert paths
    found = [path for path in paths if "NAME" not in path]
    assert [path for path in found if not any((base / path).exists() for base in (ROOT, PACKAGE))] == []
