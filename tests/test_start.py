"""What starting the app imports: every module costs each start, and these are needed later or by other processes."""

import gc
import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from rlft_gui.garbage import not_collecting

#: Top-level packages of ours and of other people that a start without them would bring back unnoticed.
NEVER = {
    "torch",
    "transformers",
    "peft",
    "trl",
    "datasets",
    "polars",
    "plotly",
    "sklearn",
    "scipy",
    "matplotlib",
}

#: What an empty Gradio app does not import and ours does, of other people's packages.
OURS_ALONE = {"alembic", "charset_normalizer", "mako", "pysqlite3", "rlft_gui", "sqlalchemy"}

OURS = """
import asyncio, json, sys, tempfile
from pathlib import Path
from rlft_gui.server import make_app
from rlft_gui.services import open_services
async def make(): make_app(open_services(Path(sys.argv[1])))
asyncio.run(make())
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names))))
"""

EMPTY = """
import asyncio, json, sys
import fastapi, uvicorn, gradio as gr
async def make():
    with gr.Blocks(analytics_enabled=False) as demo: gr.Markdown("Empty")
    gr.mount_gradio_app(fastapi.FastAPI(), demo, path="/")
asyncio.run(make())
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names))))
"""


#: Collections of the youngest objects and all others, from the call of `rlft serve` until it would listen.
SERVE = """
import gc, json, sys, uvicorn
from rlft_gui.cli import main
def collections(): return sum(each["collections"] for each in gc.get_stats())
before = collections()
def run(self, sockets): print(json.dumps([before, collections(), gc.isenabled(), gc.get_freeze_count()]))
uvicorn.Server.run = run
sys.argv = ["rlft", "serve", "--port", "0", "--home", sys.argv[1]]
main()
"""
#: Where collecting goes on, there are nearly a thousand.
MOST_COLLECTIONS = 40


def test_a_start_imports_little_more_than_an_empty_gradio_app(tmp_path: Path) -> None:
    ours, empty = _imported(OURS, str(tmp_path)), _imported(EMPTY)

    assert ours & NEVER == set()
    assert {name for name in ours - empty if not name.startswith("_")} <= OURS_ALONE


def test_nothing_looks_for_garbage_while_the_app_starts_and_afterwards_somebody_does(tmp_path: Path) -> None:
    before, after, is_on, frozen = _told(SERVE, str(tmp_path))

    assert after - before <= MOST_COLLECTIONS
    assert is_on
    assert frozen > 100_000, "what was imported is looked through by every full collection"


#: Whether Gradio was there when somebody first looked whether a keeper is needed.
TENDED = """
import json, sys, uvicorn
from rlft_gui.cli import main
from rlft_gui.services.runs.service import Runs
Runs.tend = lambda self: seen.append("gradio" in sys.modules)
seen = []
uvicorn.Server.run = lambda self, sockets: print(json.dumps(seen))
sys.argv = ["rlft", "serve", "--port", "0", "--home", sys.argv[1]]
main()
"""


def test_a_keeper_is_started_before_the_app_takes_its_seconds_to_start(tmp_path: Path) -> None:
    """A run that was in training when app and keeper were killed is looked after that much sooner."""
    assert _told(TENDED, str(tmp_path))[0] is False


def test_whoever_fails_while_nothing_collects_leaves_the_collector_on() -> None:
    with suppress(ImportError), not_collecting():
        assert not gc.isenabled()
        raise ImportError
    assert gc.isenabled()
    gc.unfreeze()


def _imported(script: str, *arguments: str) -> set[str]:
    return set(_told(script, *arguments))


def _told(script: str, *arguments: str) -> Any:
    """What it prints last, as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])
