"""What ratings and votes are told as in JSON, the same on the command line and to programs that ask the API."""

from collections.abc import Sequence
from typing import Any

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.votes import RaterKind
from rlft_gui.services.feedback.importing import Imported
from rlft_gui.services.feedback.judging import JudgesStanding
from rlft_gui.services.feedback.rating import Rating
from rlft_gui.services.feedback.rating_facts import Counted, ModelRating, Ratings
from rlft_gui.services.feedback.simulating import Simulated
from rlft_gui.services.feedback.views import View
from rlft_gui.services.feedback.votes import Votes


def sets_told(votes: Votes) -> dict[str, Any]:
    """The sets of a home, newest first."""
    sets = [
        {
            "name": one.name,
            "votes": votes.count(one.name),
            "account": votes.account(one.name).told(),
            "sources": list(one.sources),
        }
        for one in votes.list()
    ]
    return {"sets": sets}


def rating_tables(
    rating: Rating, votes: str | None, baseline: str | None, raters: Counted | None
) -> list[Ratings]:
    """The ratings by one kind of rater, or with None by each kind that there is."""
    if raters is not None:
        return [rating.rate(votes, baseline=baseline, raters=raters)]
    kinds = [RaterKind(kind) for kind in rating.rate(votes).kinds_of_raters]
    if len(kinds) < 2:
        return [rating.rate(votes, baseline=baseline)]
    found, told = [], None
    for kind in kinds:
        try:
            found.append(rating.rate(votes, baseline=baseline, raters=kind))
        except InvalidInput as error:  # not all kinds of raters need have met the baseline
            told = error
    if told and not found:
        raise told
    return found


def ratings_told(votes: str | None, found: Sequence[Ratings]) -> dict[str, Any]:
    """Every model of every table, and what a reader should know of each table."""
    models = [_model(one, table.counted) for table in found for one in table.models]
    return {"models": models, "votes": votes, "tables": [_table(one) for one in found]}


def _table(found: Ratings) -> dict[str, Any]:
    return {
        "raters": found.counted,
        "pairs": found.pairs,
        "headline": found.headline,
        "account": found.account,
        "islands": [list(names) for names in found.islands],
        "left": None if found.left is None else found.left.model_dump(),
        "agreement": [one.model_dump(mode="json") for one in found.agreement],
        "ceiling": found.ceiling,
        "warnings": list(found.warnings),
    }


def _model(one: ModelRating, raters: Counted) -> dict[str, Any]:
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


def imported_told(found: Imported) -> dict[str, Any]:
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


def view_told(view: View) -> dict[str, Any]:
    """What data that votes give is made of, without its rows."""
    return {
        "votes": view.origin.votes,
        "as": str(view.kind),
        "read": view.read,
        "rows": len(view.rows),
        "dropped": view.dropped,
        "account": view.account.model_dump(),
        "changes": view.changes,
        "report": view.report.model_dump(mode="json"),
        "notes": list(view.notes),
        "origin": view.origin.model_dump(mode="json"),
    }


def simulated_told(done: Simulated, kind: str) -> dict[str, Any]:
    """What a simulated rater did."""
    cast = len(done.numbers)
    return {
        "set": done.votes.name,
        "votes": cast,
        "rater": done.rater.name,
        "kind": kind,
        "on_runs": done.stored,
        "sampled": cast - done.stored,
    }


def judges_told(found: JudgesStanding) -> dict[str, Any]:
    """Each judge, and the shares of people and judges in a mix of both."""
    return found.model_dump(mode="json")
