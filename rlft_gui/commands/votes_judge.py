"""`rlft votes judge`: a judge votes on the pairs of a set."""

import json
import sys
from typing import Annotated

import typer

from rlft_gui.commands.shared import DEFAULT_HOME, USER, HomeOption, JsonOption, open_home, told


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
    n: Annotated[int | None, typer.Option("--n", help="Judge at most so many pairs.", min=1)] = None,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Have a judge compare the pairs of a set in both orders. Asked again, it judges only what is missing."""
    from rlft_gui.services.feedback.judging import JudgeAsked

    services = open_home(home)
    named = tuple(name.strip() for name in attributes.split(",") if name.strip())
    asked = JudgeAsked(judge, url, patience, rubric, named, n)
    done = services.judging_votes.judge(votes, asked, user=USER, on_progress=_progress)
    if as_json:
        typer.echo(json.dumps({"set": votes, "rater": done.rater.name, "votes": done.cast, "before": done.before,
                               "pairs": done.pairs, "left_out": done.left_out, "problem": done.problem or None}))  # fmt: skip
    else:
        before = f", beside {done.before:,} from before" if done.before else ""
        typer.echo(f"{done.rater.name} judged {done.cast:,} of {done.pairs:,} pairs in {votes}{before}.")
        for reason, count in done.left_out.items():
            typer.echo(f"left out: {count:,}: {reason}")
    if done.problem:
        typer.echo(done.problem, err=True)
        raise typer.Exit(2)


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{done:,} of {of:,} pairs judged", err=True, nl=done == of)
