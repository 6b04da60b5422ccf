"""`rlft votes`: what was said about answers."""

import json

import typer

from rlft_gui.commands.shared import DEFAULT_HOME, HomeOption, JsonOption, open_home, told
from rlft_gui.commands.votes_export import export_votes
from rlft_gui.commands.votes_import import import_votes
from rlft_gui.commands.votes_judge import judge_votes
from rlft_gui.commands.votes_simulate import simulate_votes

votes_app = typer.Typer(help="Votes on answers.", no_args_is_help=True)
votes_app.command("export")(export_votes)
votes_app.command("simulate")(simulate_votes)
votes_app.command("import")(import_votes)
votes_app.command("judge")(judge_votes)


@votes_app.command("list")
@told
def list_votes(as_json: JsonOption = False, home: HomeOption = DEFAULT_HOME) -> None:
    """The sets of votes of this home, newest first, with how many votes stand in each."""
    from rlft_gui.services.feedback.as_json import sets_told

    found = sets_told(open_home(home).votes)
    if as_json:
        typer.echo(json.dumps(found))
        return
    sets = found["sets"]
    for one in sets:
        typer.echo(f"{one['name']}: {one['account']}")
    if not sets:
        typer.echo("There are no votes yet.")
