"""`rlft doctor`: what may be wrong with a home, also with one that does not open."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from rlft_gui.commands.shared import DEFAULT_HOME, HomeOption, JsonOption, told
from rlft_gui.domain.errors import NotFound, RlftError
from rlft_gui.domain.home import Home

if TYPE_CHECKING:
    from rlft_gui.services.doctor import Finding

_SIGNS = {"good": "ok", "told": "  ", "repair": "!!", "person": "!!", "blind": "??"}


@told
def doctor(
    fix: Annotated[bool, typer.Option("--fix", help="Repair what can be repaired.")] = False,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Look for what is wrong with the home. Exits with 0 if nothing is, 1 if something is to be repaired, 2 if it cannot look."""
    from rlft_gui.services.doctor import examine

    place = Home(home.expanduser().resolve())
    if not place.path.is_dir():
        raise NotFound(f"There is no folder {place.path}. Name the home with --home.")
    found = examine(place)
    if fix:
        for one in found:
            _repair(one)
        found = examine(place)
    facts = [{"check": one.check, "level": one.level, "text": one.text} for one in found]
    typer.echo(json.dumps(facts) if as_json else "\n".join(_line(one) for one in found))
    raise typer.Exit(_code(found))


def _repair(finding: "Finding") -> None:
    if finding.repair is None:
        return
    try:
        finding.repair()
    except (RlftError, OSError) as error:
        typer.echo(f"Not repaired: {finding.text} {error}", err=True)
    else:
        typer.echo(f"Repaired: {finding.text}", err=True)


def _line(finding: "Finding") -> str:
    hint = " (`rlft doctor --fix`)" if finding.level == "repair" else ""
    return f"{_SIGNS[finding.level]} {finding.check:10} {finding.text}{hint}"


def _code(found: "tuple[Finding, ...]") -> int:
    levels = {one.level for one in found}
    if "blind" in levels:
        return 2
    return 1 if levels & {"repair", "person"} else 0
