"""`rlft delete RUN` and `rlft bin`: deleted runs, and how they come back or go for good."""

import json
import time
from typing import Annotated

import typer

from rlft_gui.commands.shared import DEFAULT_HOME, USER, HomeOption, JsonOption, open_home, told

bin_app = typer.Typer(help="Deleted runs, kept for thirty days.", no_args_is_help=True)


@told
def delete(run: str, home: HomeOption = DEFAULT_HOME) -> None:
    """Put a run into the bin, from where it can be restored for thirty days."""
    open_home(home).runs.delete(run, user=USER)
    typer.echo(f"{run} is in the bin for 30 days. `rlft bin restore {run}` brings it back.", err=True)


@bin_app.command("list")
@told
def list_bin(as_json: JsonOption = False, home: HomeOption = DEFAULT_HOME) -> None:
    """What is in the bin, the last deleted first: until when, and how much disk it takes."""
    binned = open_home(home).runs.bin.list()
    if as_json:
        facts = ("deleted_at", "expires_at", "bytes")
        typer.echo(json.dumps([{"id": one.run.id, **one.model_dump(include=set(facts))} for one in binned]))
        return
    for one in binned:
        until = time.strftime("%Y-%m-%d", time.localtime(one.expires_at))
        typer.echo(
            f"{one.run.id:24} {one.run.stage:17} until {until} {one.bytes / 1e6:9.1f} MB  {one.run.title}"
        )


@bin_app.command()
@told
def restore(run: str, home: HomeOption = DEFAULT_HOME) -> None:
    """Bring a deleted run back as it was."""
    open_home(home).runs.bin.restore(run, user=USER)
    typer.echo(f"{run} is back.", err=True)


@bin_app.command()
@told
def empty(
    run: Annotated[str | None, typer.Argument(help="Only this run.")] = None, home: HomeOption = DEFAULT_HOME
) -> None:
    """Delete what is in the bin for good."""
    binned = open_home(home).runs.bin
    if run is None:
        gone = binned.empty(user=USER)
    else:
        binned.purge(run, user=USER)
        gone = 1
    typer.echo(f"{gone} {'run is' if gone == 1 else 'runs are'} gone for good.", err=True)
