"""`rlft demo …`: make what `rlft serve --demo` shows."""

import os
from pathlib import Path
from typing import Annotated

import platformdirs
import typer

from rlft_gui.commands.shared import told

demo_app = typer.Typer(help="The demo for visitors.", no_args_is_help=True)

#: Where a demo is unpacked and its visitors' sandboxes lie: apart from every home.
SERVED = Path(platformdirs.user_cache_dir("rlft_gui", appauthor=False)) / "demo"


@demo_app.command("build")
@told
def build(
    is_quick: Annotated[
        bool, typer.Option("--quick", help="Few steps of everything: some minutes instead of an hour or so.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="File to write. Left out, the product's own, or demo.tar.xz here.")
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option("--home", help="Folder to train in; named again, a build that was cut off goes on."),
    ] = None,
) -> None:
    """Train every method on Lantern, compare and vote, and pack it as one file. What was trained stays trained."""
    from rlft_gui.demo.packing import pack
    from rlft_gui.demo.seeding import best_steps, seed_home

    folder = work or SERVED.with_name("demo-build-quick" if is_quick else "demo-build")
    target = out or Path("demo.tar.xz")
    services = seed_home(folder, is_quick, lambda sentence: typer.echo(sentence, err=True))
    size = pack(services.home, best_steps(services), target)
    typer.echo(f"{target} has {size / 2**20:.1f} MB. Serve it: rlft serve --demo {target}")


def serve_demo(file: Path | None, folder: Path, host: str, port: int, open_browser: bool) -> None:
    """Serve until interrupted, to whoever comes; nothing of a person's own home is opened."""
    from rlft_gui.demo.opening import open_demo, shipped
    from rlft_gui.server.demo import make_demo_app
    from rlft_gui.server.listening import serve_app

    os.environ["HF_HUB_OFFLINE"] = "1"  # no visitor has anything fetched
    demo = open_demo(folder, file or shipped())
    serve_app(lambda hosts: make_demo_app(demo, hosts), host, port, open_browser)
