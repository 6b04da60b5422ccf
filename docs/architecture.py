"""Draw docs/architecture.svg from what the package imports: `python docs/architecture.py`.

Rooms and their order are those of the layers in pyproject.toml, which `make check` holds the imports to; arrows are read from
the imports. An arrow that a longer way already tells is left out, else sixty of them would hide the twenty that matter.
"""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "rlft_gui"
PICTURE = ROOT / "docs" / "architecture.svg"

#: Where each room stands (column) and what it is, in a few words. The row is its layer.
ROOMS = {
    "cli": (3, "the command rlft"),
    "commands": (3, "groups of its commands"),
    "server": (3, "addresses, who may call"),
    "ui": (3, "pages and their parts"),
    "demo": (2, "visitors of a demo"),
    "keeper": (1, "starts and settles runs"),
    "worker": (4, "supervisor and trainer"),
    "services": (3, "what may be asked for"),
    "storage": (0, "SQLite, the only SQL"),
    "launchers": (1, "onto which machine"),
    "methods": (2, "what a person picks"),
    "inference": (5, "answers, in a process"),
    "stages": (3, "what a worker executes"),
    "training": (3, "models, losses, probes"),
    "data": (3, "files, rows, uploads"),
    "lantern": (3, "the built-in world"),
    "resources": (4, "files that come along"),
    "domain": (0, "facts and their words: frozen, known to all, knowing nobody"),
}
COLUMNS = 6
HEAVY = ("torch", "transformers", "peft", "trl", "datasets")

WIDTH, HEIGHT, ACROSS, DOWN, MARGIN = 160, 46, 184, 82, 20

Edges = dict[str, set[str]]


def layers() -> list[list[str]]:
    """The rooms of each layer, the uppermost first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    rows = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [[room.strip().removeprefix("rlft_gui.") for room in row.split("|")] for row in rows]


def imports(file: Path) -> Iterator[str]:
    """Every module that the file imports, also inside functions and under TYPE_CHECKING."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == PACKAGE.name:
            yield from (f"{PACKAGE.name}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def look() -> tuple[Edges, set[str]]:
    """Which rooms each room imports from, and the rooms that load torch (inside functions)."""
    edges: Edges = defaultdict(set)
    heavy = set()
    for file in sorted(PACKAGE.rglob("*.py")):
        room = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for package, _, rest in (name.partition(".") for name in imports(file)):
            if package in HEAVY:
                heavy.add(room)
            elif package == PACKAGE.name:
                edges[room].add(rest.split(".")[0])
    rooms = {room for row in layers() for room in row}
    return {room: (edges[room] & rooms) - {room} for room in rooms}, heavy


def reduced(edges: Edges) -> Edges:
    """Without the arrows that a longer way implies."""

    def below(room: str) -> set[str]:
        return {far for near in edges[room] for far in {near, *below(near)}}

    return {
        room: {to for to in near if not any(to in below(other) for other in near)}
        for room, near in edges.items()
    }


def place(room: str) -> tuple[int, int, int]:
    """Left and upper edge, and width, of a room's box. What all rooms stand on is as wide as all."""
    row = next(number for number, rooms in enumerate(layers()) if room in rooms)
    width = WIDTH if row < len(layers()) - 1 else WIDTH + (COLUMNS - 1) * ACROSS
    return MARGIN + ROOMS[room][0] * ACROSS, MARGIN + row * DOWN, width


def box(room: str, is_heavy: bool) -> str:
    x, y, width = place(room)
    middle, kind = x + width / 2, "heavy" if is_heavy else "light"
    return (
        f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{HEIGHT}" rx="7"/>'
        f'<text class="name" x="{middle:g}" y="{y + 20}">{room}</text>'
        f'<text class="what" x="{middle:g}" y="{y + 36}">{escape(ROOMS[room][1])}</text>'
    )


def arrow(start: str, end: str) -> str:
    """From the lower edge of one box to the upper edge of another; what comes from the side keeps to that side."""
    (x1, y1, width1), (x2, y2, width2) = place(start), place(end)
    from_x, from_y, to_y = x1 + width1 / 2, y1 + HEIGHT, y2 - 5
    aside = (x1 > x2) - (x1 < x2)
    to_x = from_x if width2 > WIDTH else x2 + width2 / 2 + aside * (width2 / 2 - 12)
    bend = (to_y - from_y) / 2
    return f'<path d="M{from_x:g} {from_y} C{from_x:g} {from_y + bend:g} {to_x:g} {to_y - bend:g} {to_x:g} {to_y}"/>'


def picture() -> str:
    edges, heavy = look()
    rooms = [room for row in layers() for room in row]
    if unplaced := [room for room in rooms if room not in ROOMS]:
        raise SystemExit(f"Say in ROOMS where {', '.join(unplaced)} stands and what it is.")
    lines = [arrow(room, to) for room in rooms for to in sorted(reduced(edges)[room], key=rooms.index)]
    lines += [box(room, room in heavy) for room in rooms]
    width = 2 * MARGIN + WIDTH + (COLUMNS - 1) * ACROSS
    height = 2 * MARGIN + HEIGHT + (len(layers()) - 1) * DOWN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">\n'
        "<title>The rooms of rlft_gui and what each imports</title>\n"
        f"{STYLE}\n" + "\n".join(lines) + "\n</svg>\n"
    )


# Its own ground and colours, so that it reads the same on a light and a dark page.
STYLE = """<style>
text { font-family: system-ui, sans-serif; text-anchor: middle; fill: #1b2733 }
.name { font-size: 15px; font-weight: 600 }
.what { font-size: 11px; fill: #4a5866 }
.light { fill: #eef4fb; stroke: #7c9cbf }
.heavy { fill: #fdf0dd; stroke: #c59a54 }
path { fill: none; stroke: #7a8794; stroke-width: 1.4; marker-end: url(#tip) }
#tip path { fill: #7a8794; stroke: none; marker-end: none }
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="7" markerHeight="7" orient="auto">
<path d="M0 0 L8 4 L0 8 z"/></marker></defs>
<rect width="100%" height="100%" fill="#fff"/>"""


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
