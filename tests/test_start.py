"""What starting the app imports: every module costs each start, and these are needed later or by other processes."""

import json
import subprocess
import sys
from pathlib import Path

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


def test_a_start_imports_little_more_than_an_empty_gradio_app(tmp_path: Path) -> None:
    ours, empty = _imported(OURS, str(tmp_path)), _imported(EMPTY)

    assert ours & NEVER == set()
    assert {name for name in ours - empty if not name.startswith("_")} <= OURS_ALONE


def _imported(script: str, *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))
