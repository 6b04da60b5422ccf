"""`rlft backup` and `rlft restore`: a home as one file, and back."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rlft_gui.commands.shared import DEFAULT_HOME, HomeOption, open_home, told
from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.home import Home

if TYPE_CHECKING:
    from rlft_gui.services.backups.manifest import Manifest


@told
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write, for example rlft.tar.zst.")],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Write the home into one file, while app and training go on."""
    from rlft_gui.services.backups import back_up

    if not Home(home.expanduser()).database.is_file():
        raise NotFound(f"{home} is no home of rlft_gui: it has no database. Name one with --home.")
    services = open_home(home)
    manifest = back_up(services.home, services.storage, file)
    typer.echo(f"{file}: {_told(manifest)}, {file.expanduser().stat().st_size / 1e6:.1f} MB.")


@told
def restore(
    file: Annotated[Path, typer.Argument(help="What `rlft backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Move a home that is there aside, and say where.")
    ] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Make a home of a backup, after all of it was checked."""
    from rlft_gui.services.backups import restore as restore_home

    done = restore_home(file, Home(home.expanduser().resolve()), replace=replace)
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(done.manifest.created_at))
    typer.echo(f"{home}: {_told(done.manifest)}, as of {when}.")
    if done.aside:
        typer.echo(f"What was there before is now {done.aside}.")


def _told(manifest: "Manifest") -> str:
    counts = manifest.counts
    return f"{counts.runs} runs with {counts.checkpoints} checkpoints, {counts.datasets} datasets, {counts.models} models"
