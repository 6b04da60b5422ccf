"""`rlft model`: bring base models, look at them, remove them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rlft_gui.commands.shared import DEFAULT_HOME, USER, HomeOption, JsonOption, open_home, told

if TYPE_CHECKING:
    from rlft_gui.services.models.adding import ListedModel
    from rlft_gui.services.models.checking import ModelCheck

model_app = typer.Typer(help="Base models.", no_args_is_help=True)
ModelArgument = Annotated[
    str, typer.Argument(metavar="PATH_OR_NAME", help="A folder, a GGUF file, a Hub name, or a short name.")
]


@model_app.command("add")
@told
def add(
    model: Annotated[
        str, typer.Argument(metavar="PATH_OR_NAME", help='A folder, a GGUF file, a Hub name, or "smollm2".')
    ],
    name: Annotated[
        str | None, typer.Option(help="What to call it in base:, instead of the name of its file.")
    ] = None,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Check a model, fetch or convert it where needed, and give it a short name. A folder stays where it is."""
    services = open_home(home)
    added = services.adding.add(model, name=name, user=USER, say=lambda line: typer.echo(line, err=True))
    if as_json:
        typer.echo(added.model_dump_json())
        return
    stays = {
        "folder": f"It stays in {added.base}.",
        "made": f"It lies in {added.base}.",
        "hub": "It lies in the Hub's cache.",
    }
    typer.echo(f'"{added.name}" can be used as base: {added.name}. {stays[added.kind]}')


@model_app.command("list")
@told
def list_models(as_json: JsonOption = False, home: HomeOption = DEFAULT_HOME) -> None:
    """List the models that were added, and what uses them."""
    found = open_home(home).adding.list()
    if as_json:
        typer.echo(json.dumps([one.model_dump() for one in found]))
        return
    if not found:
        typer.echo("No model was added yet. Try: rlft model add smollm2", err=True)
    for one in found:
        _print_listed(one)


@model_app.command("check")
@told
def check(model: ModelArgument, as_json: JsonOption = False, home: HomeOption = DEFAULT_HOME) -> None:
    """Say all that a model's files tell, and what is wrong with it. Exits with 1 if it cannot be used."""
    from rlft_gui.services.models.checking import check_model

    found = check_model(open_home(home).models, model)
    if as_json:
        typer.echo(found.model_dump_json())
    else:
        _print_check(found)
    if found.problem:
        raise typer.Exit(1)


@model_app.command("remove")
@told
def remove(name: str, home: HomeOption = DEFAULT_HOME) -> None:
    """Forget a model's name; one that was made below the home is deleted. Refused while runs need it."""
    typer.echo(open_home(home).adding.remove(name, user=USER), err=True)


def _print_listed(one: "ListedModel") -> None:
    size = f"{one.parameters / 1e6:,.0f} M" if one.parameters else ""
    runs = f"{len(one.used_by)} run{'s' * (len(one.used_by) > 1)}" if one.used_by else ""
    typer.echo(
        f"{one.name or Path(one.base).name:28} {one.kind:7} {size:>9} {one.licence or '':12} {runs:8} {one.base}"
    )
    if one.problem:
        typer.echo(f"{'':28} {one.problem}")


def _print_check(found: "ModelCheck") -> None:
    facts = found.facts.model_dump() if found.facts else {}
    shown = {"model": found.title, "kind": found.kind, "folder": found.folder} | facts
    for name, value in shown.items():
        if value is not None:
            typer.echo(f"{name.replace('_', ' '):18} {_said(value)}")
    if found.note:
        typer.echo(found.note)
    if found.problem:
        typer.echo(found.problem, err=True)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)
