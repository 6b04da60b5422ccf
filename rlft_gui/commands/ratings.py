"""`rlft ratings`: which model is better, by the votes."""

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from rlft_gui.commands.shared import DEFAULT_HOME, HomeOption, JsonOption, open_home, told
from rlft_gui.domain.votes import RaterKind

if TYPE_CHECKING:
    from rlft_gui.services.feedback.rating_facts import Counted, ModelRating


_WHO = {
    RaterKind.PERSON: "people",
    RaterKind.JUDGE: "judges",
    RaterKind.SIMULATED: "simulated raters",
    "all": "all raters",
}


class Raters(StrEnum):
    PERSON = "person"
    JUDGE = "judge"
    SIMULATED = "simulated"
    ALL = "all"


@told
def ratings(
    votes: Annotated[
        str | None, typer.Option(metavar="SET", help="A set of votes; left out, all votes of this home.")
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="The model the others are held against; it has rating 0."),
    ] = None,
    raters: Annotated[
        Raters | None,
        typer.Option(help="Whose votes count; left out, each kind of rater has a table of its own."),
    ] = None,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Win rates in percent against the baseline, and Bradley-Terry ratings, with 95 % intervals.

    Votes of people, judges and simulated raters are rated apart; `--raters all` counts them together. In JSON, `se` is the standard error of `win_rate`, `win_low` and `win_high` its interval; `low` and `high` are the interval
    of `bt`.
    """
    from rlft_gui.services.feedback.as_json import rating_tables, ratings_told

    counted: Counted | None = "all" if raters is Raters.ALL else RaterKind(raters) if raters else None
    found = rating_tables(open_home(home).rating, votes, baseline, counted)
    if as_json:
        typer.echo(json.dumps(ratings_told(votes, found)))
        return
    for table in found:
        if len(found) > 1:
            typer.echo(f"By votes of {_WHO[table.counted]}:")
        typer.echo(table.headline)
        typer.echo(table.account)
        for one in table.models:
            typer.echo(_line(one, table.titles))
        for warning in table.warnings:
            typer.echo(warning, err=True)


def _line(one: "ModelRating", titles: dict[str, str]) -> str:
    if one.name == one.baseline:
        return f"{one.title:32} baseline, in {one.votes:,} {'pair' if one.votes == 1 else 'pairs'}"
    is_told = one.low is not None and one.high is not None
    between = f" [{one.low:+.0f}, {one.high:+.0f}]" if is_told else " [–]"
    strength = f"rating {one.bt:+.0f}{between}"
    if one.win is None:
        return f"{one.title:32} never met {titles.get(one.baseline, one.baseline)}; {strength}"
    error = f" ± {one.win.se:.1f}" if one.win.se is not None else " ± –"
    controlled = f", at equal length {one.lc_win_rate:.1f} %" if one.lc_win_rate is not None else ""
    return (
        f"{one.title:32} {one.win.rate:.1f}{error} % of {one.win.n:,} [{one.win.low:.1f}, {one.win.high:.1f}]{controlled}; "
        f"{strength}"
    )
