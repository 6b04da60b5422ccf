"""README's table of methods, from what each declares.

`python -m tests.readme` writes it; tests/methods/test_readme.py finds a stale one.
"""

from collections.abc import Iterable
from pathlib import Path

from rlft_gui.methods import METHODS, Method

FILE = Path(__file__).parents[1] / "README.md"
HEAD = "| method | stages |\n|---|---|\n"


def table(methods: Iterable[Method] = METHODS) -> str:
    return HEAD + "".join(f"| {method.title} | {method.unfolds} |\n" for method in methods)


def with_table(text: str) -> str:
    """The text with its table brought up to date."""
    before, _, after = text.partition(HEAD)
    rest = after[after.index("\n\n") + 1 :]
    return before + table() + rest


if __name__ == "__main__":
    FILE.write_text(with_table(FILE.read_text(encoding="utf-8")), encoding="utf-8")
