"""`rlft fix`: why a run failed, what to do about it, and on request doing it."""

import json
from typing import Annotated

import typer

from rlft_gui.commands.shared import DEFAULT_HOME, USER, HomeOption, JsonOption, open_home, told
from rlft_gui.services.runs.failing import Failure


@told
def fix(
    run: str,
    do: Annotated[bool, typer.Option("--do", help="Do what is advised.")] = False,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Show why a run failed and what to do about it; with --do, do it."""
    services = open_home(home)
    services.runs.tend()
    failure = services.mending.failure(run)
    goes_on = services.mending.mend(run, user=USER) if do else None
    if as_json:
        told = failure.model_dump(mode="json") if failure else None
        typer.echo(json.dumps({"run": run, "failure": told, "goes_on": goes_on}))
        return
    _print(run, failure)
    if goes_on is not None:
        typer.echo(f"{goes_on} is queued.", err=True)


def _print(run: str, failure: Failure | None) -> None:
    if failure is None:
        typer.echo(f"{run} has not failed.")
        return
    for line in failure.log:
        typer.echo(f"  {line}", err=True)
    typer.echo(f"{failure.brief}: {failure.sentence}")
    typer.echo(failure.advice)
    if failure.mend.act != "change":
        typer.echo(f"`rlft fix {run} --do` does it: {failure.mend.label}.", err=True)
