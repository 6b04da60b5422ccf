"""`rlft votes judge`: a judge votes on the pairs of a set."""

import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rlft_gui.commands.shared import DEFAULT_HOME, USER, HomeOption, JsonOption, open_home, told

if TYPE_CHECKING:
    from rlft_gui.services.feedback.judging import JudgesStanding
    from rlft_gui.services.feedback.judging_agreement import JudgeFacts
    from rlft_gui.services.feedback.judging_task import JudgedVotes


class Share(StrEnum):
    UNSURE = "unsure"
    ALL = "all"


@told
def judge_votes(
    votes: Annotated[str, typer.Option(help="The set whose pairs are judged, by its own rubric.")],
    judge: Annotated[
        str,
        typer.Option(
            help="base, a model's folder or name, reward_model:RUN, endpoint:MODEL, or biased:position=1.2 for lessons."
        ),
    ],
    url: Annotated[
        str, typer.Option(help="Base address of an endpoint, e.g. http://127.0.0.1:8000/v1.")
    ] = "",
    patience: Annotated[
        int, typer.Option(help="Minutes to go on asking an endpoint that fails.", min=1, max=1_440)
    ] = 5,
    rubric: Annotated[
        str, typer.Option(help="The shipped rubric in whose words the set's questions are put.")
    ] = "",
    attributes: Annotated[
        str, typer.Option(help="Ask about each of these, separated by commas, instead of those of the set.")
    ] = "",
    share: Annotated[
        Share | None,
        typer.Option(
            help="unsure: people are asked only about what judges are unsure of; all: about every pair again."
        ),
    ] = None,
    n: Annotated[int | None, typer.Option("--n", help="Judge at most so many pairs.", min=1)] = None,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Have a judge compare the pairs of a set in both orders. Asked again, it judges only what is missing."""
    from rlft_gui.services.feedback.as_json import judges_told
    from rlft_gui.services.feedback.judging import JudgeAsked

    services = open_home(home)
    named = tuple(name.strip() for name in attributes.split(",") if name.strip())
    asked = JudgeAsked(judge, url, patience, rubric, named, n)
    judging = services.judging_votes
    done = judging.judge(votes, asked, user=USER, on_progress=_progress)
    if share is not None:
        judging.share(votes, share.value, user=USER)
    standing = judging.standing(votes)
    if as_json:
        typer.echo(json.dumps(_told(votes, done) | judges_told(standing)))
    else:
        _print(votes, done, standing)
    if done.problem:
        typer.echo(done.problem, err=True)
        raise typer.Exit(2)


def _told(votes: str, done: "JudgedVotes") -> dict[str, Any]:
    counts = {"votes": done.cast, "before": done.before, "pairs": done.pairs, "left_out": done.left_out}
    return {"set": votes, "rater": done.rater.name, **counts, "problem": done.problem or None}


def _print(votes: str, done: "JudgedVotes", standing: "JudgesStanding") -> None:
    before = f", beside {done.before:,} from before" if done.before else ""
    typer.echo(f"{done.rater.name} judged {done.cast:,} of {done.pairs:,} pairs in {votes}{before}.")
    for reason, count in done.left_out.items():
        typer.echo(f"left out: {count:,}: {reason}")
    for one in standing.judges:
        if one.name == done.rater.name:
            _print_judge(one)
    mix = standing.mix
    typer.echo(
        f"People where judges are unsure, judges elsewhere: {mix.judges:,} pairs by judges, {mix.people:,} by people, "
        f"{mix.open:,} for people to judge."
    )


def _print_judge(one: "JudgeFacts") -> None:
    if one.consistent is not None and one.first is not None:
        typer.echo(
            f"It had the same winner in both orders of {100 * one.consistent:.0f} %; "
            f"whichever stood first got {one.first:.2f}."
        )
    for each in one.agreement:
        if each.same:
            typer.echo(
                f"{each.criterion}: as people in {each.same.rate:.0f} % of {each.same.n:,} verdicts "
                f"[{each.same.low:.0f}, {each.same.high:.0f}]; {each.ties:,} ties of people left out."
            )


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{done:,} of {of:,} pairs judged", err=True, nl=done == of)
