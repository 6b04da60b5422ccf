"""Files that the browser loads beside Gradio's own: which there are, where they lie, and their addresses.

An address is a hash and the path in the repository (`/rl/1f0c…/rlft_gui/ui/components/titles.js`), so that modules
import each other by the paths they have on disk, and the server can let browsers keep every one of them for ever.
The hash is one for all of our files, because a module's imports are relative to its own address.
"""

import gzip
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Literal

import brotli

from rlft_gui.resources import assets_dir

PREFIX = "/rl"
PLOTLY = "assets/vendor/plotly.js-basic-dist-min/plotly-basic.min.js"
#: The module that loads it.
DRAWING = "rlft_gui/ui/components/chart/plotly.js"
FAVICON = "assets/favicon.svg"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

_UI = Path(__file__).resolve().parent
_IMPORT = re.compile(r"""^(?:import|export)\b[^'";]*['"](\.{1,2}/[^'"]+)['"]""", re.MULTILINE)


def find(name: str) -> Path | None:
    """The file behind `/rl/<hash>/<name>`; None for anything that is not one of ours."""
    return _own_files().get(name)


@cache
def compressed(name: str, coding: Literal["br", "gzip"]) -> bytes:
    """A file as it goes over the wire, made once. At brotli's best level Plotly's script would take seconds, for a tenth of
    the bytes."""
    file = find(name)
    if file is None:
        raise FileNotFoundError(f"{name} is missing: the installation is incomplete.")
    content = file.read_bytes()
    return brotli.compress(content, quality=6) if coding == "br" else gzip.compress(content)


def address(name: str) -> str:
    """Where the browser finds the file."""
    if find(name) is None:
        raise FileNotFoundError(f"{name} is missing: the installation is incomplete.")
    return f"{PREFIX}/{version()}/{name}"


def style_tags(names: Iterable[str]) -> str:
    return "".join(f'<link rel="stylesheet" href="{address(name)}">' for name in names)


def preload_tags(name: str) -> str:
    """Links that fetch a module and all that it needs at once, instead of one round trip per level."""
    found = modules(name)
    links = "".join(f'<link rel="modulepreload" href="{address(module)}">' for module in found)
    return links + (f'<link rel="preload" as="script" href="{address(PLOTLY)}">' if DRAWING in found else "")


@cache
def modules(name: str) -> tuple[str, ...]:
    """A module and everything that it imports, itself first, each once."""
    found: list[str] = []
    todo = [name]
    while todo:
        module = todo.pop(0)
        if module not in found:
            found.append(module)
            todo += _imports(module)
    return tuple(found)


def _imports(name: str) -> list[str]:
    file = find(name)
    if file is None:
        raise FileNotFoundError(f"{name} is imported and missing: the installation is incomplete.")
    return [_joined(name, target) for target in _IMPORT.findall(file.read_text(encoding="utf-8"))]


def _joined(name: str, target: str) -> str:
    parts = list(PurePosixPath(name).parent.parts)
    for step in PurePosixPath(target).parts:
        parts = parts[:-1] if step == ".." else [*parts, step]
    return "/".join(parts)


@cache
def _own_files() -> dict[str, Path]:
    ours = [file for file in _UI.rglob("*") if file.suffix in (".js", ".css")]
    shipped = [*assets_dir().glob("*.svg"), *assets_dir().glob("vendor/**/*.js")]
    named = {f"rlft_gui/ui/{file.relative_to(_UI).as_posix()}": file for file in ours}
    return named | {f"assets/{file.relative_to(assets_dir()).as_posix()}": file for file in shipped}


@cache
def version() -> str:
    """The hash in every address, which changes whenever what a browser keeps under it would be wrong."""
    content = hashlib.sha256()
    for name, file in sorted(_own_files().items()):
        content.update(name.encode() + b"\0" + file.read_bytes())
    return content.hexdigest()[:12]
