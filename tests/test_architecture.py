"""The rules that keep the app process light and the parts apart. `make check` runs these without Chromium or torch."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "rlft_gui"
HEAVY = ("torch", "transformers", "peft", "trl", "datasets", "accelerate")

#: Where a heavy import may stand at all; everywhere it must be inside a function or under TYPE_CHECKING.
MAY_USE_TORCH = ("training", "stages", "lantern", "inference")


def _python_files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@cache
def _tree(file: Path) -> ast.Module:
    """Parsed once, for most tests look at every file."""
    return ast.parse(file.read_text())


def _is_type_checking(node: ast.If) -> bool:
    return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _imports_at_load(tree: ast.Module) -> set[str]:
    """Packages that importing this module imports: what stands outside functions and TYPE_CHECKING blocks."""
    found: set[str] = set()
    todo: list[ast.AST] = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or (
            isinstance(node, ast.If) and _is_type_checking(node)
        ):
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
        todo.extend(ast.iter_child_nodes(node))
    return found


def _imports_anywhere(tree: ast.Module) -> set[str]:
    modules = [n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module and not n.level]
    names = [alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names]
    return {name.split(".")[0] for name in modules + names}


@pytest.mark.parametrize("file", _python_files(), ids=lambda f: str(f.relative_to(PACKAGE)))
def test_no_module_imports_torch_when_it_is_imported(file: Path) -> None:
    assert not _imports_at_load(_tree(file)) & set(HEAVY)


def test_only_the_worker_side_imports_torch_at_all() -> None:
    users = {
        f.relative_to(PACKAGE).parts[0] for f in _python_files() if _imports_anywhere(_tree(f)) & set(HEAVY)
    }
    assert users <= set(MAY_USE_TORCH)


def test_building_the_whole_app_leaves_torch_unloaded(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from rlft_gui.services import open_services\n"
        "from rlft_gui.server import make_app\n"
        "import rlft_gui.cli, rlft_gui.keeper.loop, rlft_gui.worker, rlft_gui.inference.client\n"
        "make_app(open_services(Path(sys.argv[1])))\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", ["State", "Plot"])
def test_no_page_uses_a_component_that_breaks_many_tabs_or_zoom(name: str) -> None:
    """gr.State opens a stream on every page, so that the sixth tab hangs; gr.Plot forgets zoom on every update."""
    for file in _python_files():
        used = [n for n in ast.walk(_tree(file)) if isinstance(n, ast.Attribute) and n.attr == name]
        assert not [n for n in used if isinstance(n.value, ast.Name) and n.value.id in ("gr", "gradio")], file


def test_remote_code_is_never_trusted() -> None:
    for file in _python_files():
        for node in ast.walk(_tree(file)):
            if isinstance(node, ast.keyword) and node.arg == "trust_remote_code":
                assert isinstance(node.value, ast.Constant), file
                assert node.value.value is False, file


def test_every_stage_and_method_stands_in_one_file_and_one_line() -> None:
    texts = {file: file.read_text() for file in _python_files()}
    for folder in ("stages", "methods"):
        files = {f.stem for f in (PACKAGE / folder).glob("*.py") if not f.stem.startswith("_")}
        registry = (PACKAGE / folder / "__init__.py").read_text()
        elsewhere = [
            f
            for f, text in texts.items()
            if f.parent.name != folder
            and f.parent.name != "lantern"
            and any(f"rlft_gui.{folder}.{name} import" in text for name in files)
        ]
        assert all(f"{name}." in registry for name in files)
        assert elsewhere == []
