"""Files that the browser loads beside Gradio's own: which there are, where they lie, and their addresses.

An address carries a hash of the content (`/rl/js/kit.js?v=…`), so the server can let browsers keep it for ever.
Plotly's script comes from the plotly Python package, found without importing it.
"""

import hashlib
import importlib.util
from functools import cache
from pathlib import Path

from rlft_gui.resources import assets_dir

PREFIX = "/rl"
PLOTLY = "plotly.min.js"
FAVICON = "favicon.svg"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def find(name: str) -> Path | None:
    """The file behind `/rl/<name>`; None for anything that is not one of ours."""
    if name == PLOTLY:
        return _plotly()
    folder = assets_dir().resolve()
    file = (folder / name).resolve()
    inside = file.is_relative_to(folder) and file.parent in (folder, folder / "css", folder / "js")
    return file if inside and file.suffix in KINDS and file.is_file() else None


@cache
def address(name: str) -> str:
    """Where the browser finds the file, with the hash of its content."""
    file = find(name)
    if file is None:
        raise FileNotFoundError(f"assets/{name} is missing: the installation is incomplete.")
    # Plotly is 4.8 MB and changes only with its version, so its size and date stand for its content.
    content = repr(_stamp(file)).encode() if name == PLOTLY else file.read_bytes()
    return f"{PREFIX}/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def script_tags(names: tuple[str, ...]) -> str:
    """Script elements in order; Gradio loads each address once and keeps the order."""
    return "".join(f'<script src="{address(name)}"></script>' for name in names)


def style_tags(names: tuple[str, ...]) -> str:
    return "".join(f'<link rel="stylesheet" href="{address(name)}">' for name in names)


def _stamp(file: Path) -> tuple[int, int]:
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns


def _plotly() -> Path:
    spec = importlib.util.find_spec("plotly")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "package_data" / PLOTLY
