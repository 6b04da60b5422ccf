"""`rlft votes import`: verdicts that other tools wrote."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from rlft_gui.commands.data import EncodingOption
from rlft_gui.commands.shared import DEFAULT_HOME, USER, HomeOption, JsonOption, open_home, told


@told
def import_votes(
    file: Annotated[
        Path,
        typer.Argument(
            help="Annotations of AlpacaEval, results of promptfoo or pairs from Label Studio; plain, in gzip or in a zip "
            "archive."
        ),
    ],
    encoding: EncodingOption = "",
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Make votes of the verdicts in a file, in a set of their own. A file that was imported before is not counted twice."""
    from rlft_gui.services.feedback.as_json import imported_told

    name = file.name or str(file.resolve())  # "." has none
    found = open_home(home).importing.import_file(
        file, name, user=USER, encoding=encoding, on_progress=_progress
    )
    _progress("")
    if as_json:
        typer.echo(json.dumps(imported_told(found)))
        return
    begin = "" if found.is_new else "This file was imported before; nothing was added. "
    typer.echo(f'{begin}{found.votes:,} votes in "{found.set}", read as {found.format}.')
    typer.echo(f"models: {', '.join(found.models)}")
    for one in found.raters:
        typer.echo(
            f"rater: {one.rater.name} ({one.rater.kind}), {one.votes:,} {'vote' if one.votes == 1 else 'votes'}"
        )
    for reason, count in found.dropped.items():
        typer.echo(f"left out: {count:,}: {reason}")
    for note in found.notes:
        typer.echo(note)


def _progress(how_far: str) -> None:
    """On one line of the terminal, each over the one before; "" takes the last away."""
    if sys.stderr.isatty():
        typer.echo(f"\r\x1b[K{how_far}", err=True, nl=False)
