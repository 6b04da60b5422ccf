"""`rlft votes simulate`: raters that are programs, on Lantern."""

import json
from typing import Annotated

import typer

from rlft_gui.commands.shared import DEFAULT_HOME, USER, HomeOption, JsonOption, open_home, told


@told
def simulate_votes(
    n: Annotated[int, typer.Option("--n", help="How many votes.", min=1, max=5_000)],
    annotator: Annotated[
        str,
        typer.Option(
            help="unbiased, careful, careless, position-biased, length-biased, or shuffled, who tosses a coin."
        ),
    ] = "unbiased",
    votes: Annotated[
        str, typer.Option(help="The set to vote in; made where there is none. Left out, a new one.")
    ] = "",
    runs: Annotated[
        str,
        typer.Option(help="On answers of these runs only, separated by commas. Left out, of all on Lantern."),
    ] = "",
    pool: Annotated[
        bool,
        typer.Option(
            "--pool", help="Only on answers that come with Lantern, to prompts that no run is probed with."
        ),
    ] = False,
    kind: Annotated[str, typer.Option(help="pair, thumb or rating.")] = "pair",
    seed: Annotated[
        int | None, typer.Option(help="Which answers are shown. Left out, others than this rater had.")
    ] = None,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Let a simulated rater of Lantern vote: on stored answers of its runs, or else on sampled ones that come with it."""
    from rlft_gui.domain.errors import InvalidInput
    from rlft_gui.domain.votes import VoteKind

    if kind not in list(VoteKind):
        raise InvalidInput(
            f'There is no kind of vote "{kind}". Simulated raters give pair, thumb and rating.'
        )
    wanted = tuple(name.strip() for name in runs.split(",") if name.strip())
    done = open_home(home).simulating.simulate(
        n, annotator=annotator, votes=votes, runs=wanted, pool=pool, kind=VoteKind(kind), seed=seed, user=USER
    )
    cast, sampled = len(done.numbers), len(done.numbers) - done.stored
    if as_json:
        told_so = {"set": done.votes.name, "votes": cast, "rater": done.rater.name, "kind": kind}
        typer.echo(json.dumps({**told_so, "on_runs": done.stored, "sampled": sampled}))
        return
    typer.echo(
        f"{done.rater.name} cast {cast:,} votes in {done.votes.name}: {done.stored:,} on answers of runs, "
        f"{sampled:,} on answers that come with Lantern."
    )
    if cast < n:
        typer.echo(f"There were no more than {cast:,} different pairs of {n:,}.")
