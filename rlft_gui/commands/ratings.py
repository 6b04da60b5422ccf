"""`rlft ratings`: which model is better, by the votes."""

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from rlft_gui.commands.shared import DEFAULT_HOME, HomeOption, JsonOption, open_home, told
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.votes import RaterKind

if TYPE_CHECKING:
    from rlft_gui.services import Services
    from rlft_gui.services.feedback.rating_facts import Counted, ModelRating, Ratings


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
    found = _tables(open_home(home), votes, baseline, raters)
    if as_json:
        models = [_model(one, table.counted) for table in found for one in table.models]
        typer.echo(json.dumps({"models": models, "votes": votes, "tables": [_told(one) for one in found]}))
        return
    for table in found:
        if len(found) > 1:
            typer.echo(f"By votes of {_WHO[table.counted]}:")
        typer.echo(table.headline)
        for one in table.models:
            typer.echo(_line(one))
        for warning in table.warnings:
            typer.echo(warning, err=True)


def _tables(
    services: "Services", votes: str | None, baseline: str | None, raters: Raters | None
) -> list["Ratings"]:
    if raters is not None:
        counted: Counted = "all" if raters is Raters.ALL else RaterKind(raters)
        return [services.rating.rate(votes, baseline=baseline, raters=counted)]
    kinds = [RaterKind(kind) for kind in services.rating.rate(votes).kinds_of_raters]
    if len(kinds) < 2:
        return [services.rating.rate(votes, baseline=baseline)]
    found, told = [], None
    for kind in kinds:
        try:
            found.append(services.rating.rate(votes, baseline=baseline, raters=kind))
        except InvalidInput as error:  # not all kinds of raters need have met the baseline
            told = error
    if told and not found:
        raise told
    return found


def _told(found: "Ratings") -> dict[str, object]:
    return {
        "raters": found.counted,
        "pairs": found.pairs,
        "headline": found.headline,
        "islands": [list(names) for names in found.islands],
        "left": None if found.left is None else found.left.model_dump(),
        "agreement": [one.model_dump(mode="json") for one in found.agreement],
        "ceiling": found.ceiling,
        "warnings": list(found.warnings),
    }


def _model(one: "ModelRating", raters: "Counted") -> dict[str, object]:
    """The baseline wins half against itself, and nothing is uncertain about that."""
    win, is_baseline = one.win, one.name == one.baseline
    return {
        "name": one.name,
        "win_rate": win.rate if win else 50.0 if is_baseline else None,
        "se": win.se if win else 0.0 if is_baseline else None,
        "win_low": win.low if win else 50.0 if is_baseline else None,
        "win_high": win.high if win else 50.0 if is_baseline else None,
        "lc_win_rate": 50.0 if is_baseline else one.lc_win_rate,
        "bt": one.bt,
        "low": one.low,
        "high": one.high,
        "n": one.votes if is_baseline else win.n if win else 0,
        "baseline": one.baseline,
        "wins": one.wins,
        "losses": one.losses,
        "draws": one.draws,
        "votes": one.votes,
        "island": one.island,
        "raters": raters,
    }


def _line(one: "ModelRating") -> str:
    if one.name == one.baseline:
        return f"{one.title:32} baseline, in {one.votes:,} pairs"
    between = f" [{one.low:+.0f}, {one.high:+.0f}]" if one.low is not None and one.high is not None else ""
    strength = f"rating {one.bt:+.0f}{between}"
    if one.win is None:
        return f"{one.title:32} never met {one.baseline}; {strength}"
    error = f" ± {one.win.se:.4f}" if one.win.se is not None else ""
    controlled = f", at equal length {one.lc_win_rate:.1f} %" if one.lc_win_rate is not None else ""
    return (
        f"{one.title:32} {one.win.rate:.4f}{error} % of {one.win.n:,} [{one.win.low:.1f}, {one.win.high:.1f}]{controlled}; "
        f"{strength}"
    )
