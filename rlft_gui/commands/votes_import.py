"""`rlft votes import`: verdicts that other tools wrote."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rlft_gui.commands.data import EncodingOption
from rlft_gui.commands.shared import DEFAULT_HOME, USER, HomeOption, JsonOption, open_home, told

if TYPE_CHECKING:
    from rlft_gui.services.feedback.importing import Imported


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
    found = open_home(home).importing.import_file(file, file.name, user=USER, encoding=encoding)
    if as_json:
        typer.echo(json.dumps(_told(found)))
        return
    begin = "" if found.is_new else "This file was imported before; nothing was added. "
    typer.echo(f'{begin}{found.votes:,} votes in "{found.set}", read as {found.format}.')
    typer.echo(f"models: {', '.join(found.models)}")
    for one in found.raters:
        typer.echo(f"rater: {one.rater.name} ({one.rater.kind}), {one.votes:,} votes")
    for reason, count in found.dropped.items():
        typer.echo(f"left out: {count:,}: {reason}")
    for note in found.notes:
        typer.echo(note)


def _told(found: "Imported") -> dict[str, object]:
    """`rater` is who gave the most votes; all are in `raters`."""
    raters = [{"name": one.rater.name, "kind": one.rater.kind, "votes": one.votes} for one in found.raters]
    return {
        "votes": found.votes,
        "models": list(found.models),
        "rater": raters[0]["name"],
        "set": found.set,
        "added": found.votes if found.is_new else 0,
        "raters": raters,
        "format": found.format,
        "dropped": found.dropped,
    }
