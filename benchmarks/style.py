"""The code's own figures, over any checkout: `python -m benchmarks.style [FOLDER]`.

Of Python: the length of functions, return hints, broad excepts, tests beside source, comments. Of JavaScript: the length
of functions and of lines. Peers' figures were counted the same way on 2026-11-25 and stand here as they were then. A
figure says where to look, not what is good.
"""

import ast
import io
import json
import statistics
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONG_FUNCTION = 60
LONG_LINE = 110
_LEFT_OUT = {".venv", "node_modules", "vendor", "tests", "benchmarks", "docs", "build", "dist"}
_BROAD = {"Exception", "BaseException"}

#: Name → functions' median / 90th percentile · over 60 lines, % · return hints, % · broad excepts, % · tests : source ·
#: code lines per comment · longest file.
PEERS = {
    "Optuna": ("11 / 43", "5.2", "97", "9", "0.73", "16", "1712"),
    "Procrastinate": ("8 / 32", "2.3", "71", "18", "1.40", "16", "1042"),
    "Starlette": ("5 / 27", "0.8", "98", "14", "1.62", "16", "876"),
    "nanochat": ("10 / 47", "6.8", "6", "–", "0.16", "4", "604"),
    "tinker-cookbook": ("13 / 50", "6.5", "89", "40", "0.65", "11", "2176"),
    "TRL": ("20 / 92", "20.4", "49", "28", "1.32", "5", "3374"),
}
ROWS = (
    "functions, median / 90th percentile",
    f"functions over {LONG_FUNCTION} lines, %",
    "return hints, %",
    "broad excepts, %",
    "tests : source",
    "code lines per comment",
    "longest file",
)
#: Functions' median / 90th percentile · longest function · lines over 110, % · modules, types, lint, unit tests.
PLOT = ("6 / 31", "–", "0.8", "ES modules, tsc, eslint, prettier, vitest")
BROWSER_ROWS = (
    "functions, median / 90th percentile",
    "longest function",
    f"lines over {LONG_LINE}, %",
    "modules, types, lint, unit tests",
)


@dataclass(frozen=True)
class Python:
    """What is counted in one file."""

    functions: tuple[int, ...]  #: lines of each
    hinted: int  #: functions that say what they return
    excepts: tuple[bool, ...]  #: of each, whether it is broad
    code: int  #: lines with code on them
    comments: int  #: lines that are a comment
    lines: int


def look(file: Path) -> Python:
    text = file.read_text(encoding="utf-8")
    nodes = list(ast.walk(ast.parse(text)))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    code, comments = _lines(text)
    return Python(
        functions=tuple((node.end_lineno or node.lineno) - node.lineno + 1 for node in functions),
        hinted=sum(node.returns is not None for node in functions),
        excepts=tuple(_is_broad(node) for node in nodes if isinstance(node, ast.ExceptHandler)),
        code=code,
        comments=comments,
        lines=text.count("\n"),
    )


def _is_broad(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or (isinstance(handler.type, ast.Name) and handler.type.id in _BROAD)


def _lines(text: str) -> tuple[int, int]:
    """Lines that hold code (docstrings among them), and comments, also those at the end of a line."""
    code: set[int] = set()
    comments = 0
    quiet = (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            comments += 1
        elif token.type not in quiet:
            code.update(range(token.start[0], token.end[0] + 1))
    return len(code), comments


def files(folder: Path, suffix: str) -> Iterator[Path]:
    """Every file of the product's own below the folder."""
    for file in sorted(folder.rglob(f"*{suffix}")):
        if not _LEFT_OUT & set(file.relative_to(folder).parts[:-1]):
            yield file


def python_figures(checkout: Path) -> tuple[str, ...]:
    """As a peer's row."""
    source = [look(file) for file in files(checkout, ".py")]
    tests = sum(file.read_text().count("\n") for file in (checkout / "tests").rglob("*.py"))
    lengths = [length for one in source for length in one.functions]
    broad = [is_broad for one in source for is_broad in one.excepts]
    return (
        f"{statistics.median(lengths):g} / {percentile(lengths, 90):g}",
        f"{100 * sum(length > LONG_FUNCTION for length in lengths) / len(lengths):.1f}",
        f"{100 * sum(one.hinted for one in source) / len(lengths):.0f}",
        f"{100 * sum(broad) / len(broad):.0f}",
        f"{tests / sum(one.lines for one in source):.2f}",
        f"{sum(one.code for one in source) / sum(one.comments for one in source):.0f}",
        f"{max(one.lines for one in source)}",
    )


def browser_figures(checkout: Path) -> tuple[str, ...]:
    scripts = list(files(checkout, ".js"))
    lines = [line for file in scripts for line in file.read_text(encoding="utf-8").splitlines()]
    lengths = _function_lengths(scripts)
    return (
        f"{statistics.median(lengths):g} / {percentile(lengths, 90):g}",
        f"{max(lengths)}",
        f"{100 * sum(len(line) > LONG_LINE for line in lines) / len(lines):.1f}",
        _tools(checkout),
    )


def _function_lengths(scripts: list[Path]) -> list[int]:
    node = Path(sys.executable).parent / "node"
    done = subprocess.run(
        [node, ROOT / "benchmarks" / "functions.mjs", *scripts], capture_output=True, text=True, check=True
    )
    lengths: list[int] = json.loads(done.stdout)
    return lengths


def _tools(checkout: Path) -> str:
    package = checkout / "package.json"
    if not package.exists():
        return "none"
    words = package.read_text()
    known = ("tsc", "eslint", "prettier", "vitest", "node --test")
    return ", ".join(["ES modules", *(name for name in known if name in words)])


def percentile(values: list[int], share: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def table(names: tuple[str, ...], columns: list[tuple[str, ...]], rows: tuple[str, ...]) -> str:
    """Markdown, a column a project."""
    lines = [f"| | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    lines += [f"| {row} | {' | '.join(column[i] for column in columns)} |" for i, row in enumerate(rows)]
    return "\n".join(lines)


def main() -> None:
    checkout = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT
    print(table((checkout.name, *PEERS), [python_figures(checkout), *PEERS.values()], ROWS))
    print()
    print(table((checkout.name, "Observable Plot"), [browser_figures(checkout), PLOT], BROWSER_ROWS))


if __name__ == "__main__":
    main()
