"""`rlft batch`: a suite's prompts through several models, as a run."""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rlft_gui.commands import numbers
from rlft_gui.commands.shared import DEFAULT_HOME, USER, HomeOption, JsonOption, open_home, told

if TYPE_CHECKING:
    from rlft_gui.domain.run import Pipeline
    from rlft_gui.services import Services

#: Waits for a pipeline and prints it: rlft_gui/cli.py gives it, for `rlft train` does the same.
Follow = Callable[["Services", "Pipeline", bool, bool], None]


def batch_command(follow: Follow) -> Callable[..., None]:
    """The command, which ends as `rlft train` does."""

    @told
    def batch(
        models: Annotated[str, typer.Option(help="base, RUN or RUN@step, separated by commas.")],
        suite: Annotated[
            str, typer.Option(help="lantern, or a dataset that is marked as held out, by id or name.")
        ] = "lantern",
        seeds: Annotated[int, typer.Option(help="Answers of each model to each prompt.", min=1)] = 1,
        seed: Annotated[int, typer.Option(help="The first seed.", min=0)] = 0,
        temperature: Annotated[
            float,
            typer.Option(
                help="From 0 to 2; 0 always takes the likeliest token.",
                parser=numbers.temperature,
                metavar="NUMBER",
            ),
        ] = 0.7,
        top_p: Annotated[
            float,
            typer.Option(
                help="Only the likeliest tokens of this share, above 0 and at most 1.",
                parser=numbers.top_p,
                metavar="NUMBER",
            ),
        ] = 1.0,
        max_new_tokens: Annotated[int, typer.Option(help="Longest answer, in tokens.", min=1)] = 128,
        system: Annotated[str, typer.Option(help="What every model is told first.")] = "",
        rewards: Annotated[
            list[str] | None,
            typer.Option(
                "--reward", metavar="TERM", help="Score answers by a term, e.g. length:1-20; several times."
            ),
        ] = None,
        reward_model: Annotated[str, typer.Option(help="For the term reward_model: RUN or RUN@step.")] = "",
        base: Annotated[str, typer.Option(help='What "base" is; left out, that of the runs.')] = "",
        detach: Annotated[bool, typer.Option("--detach", help="Return at once; it goes on.")] = False,
        as_json: JsonOption = False,
        home: HomeOption = DEFAULT_HOME,
    ) -> None:
        """Have a suite of prompts answered by several models, and wait for it. Exits with 0 only if it succeeded."""
        from rlft_gui.services.answers.batching import BatchSpec

        measure: dict[str, Any] = {"rewards": dict.fromkeys(rewards or (), 1.0)} if rewards else {}
        if reward_model:
            measure["reward_model"] = reward_model
        spec = BatchSpec(
            models=tuple(name.strip() for name in models.split(",") if name.strip()),
            suite=suite,
            base=base,
            seed=seed,
            settings={
                "seeds": seeds,
                "temperature": temperature,
                "top_p": top_p,
                "max_new_tokens": max_new_tokens,
                "system": system,
            },
            measure=measure,
        )
        services = open_home(home)
        launched = services.batching.launch(spec, launch_id=uuid.uuid4().hex, user=USER)
        follow(services, launched, detach, as_json)

    return batch


def told_table(services: "Services", run_id: str) -> str:
    """Where the answers are."""
    count, failed = services.answers.counts(run_id)
    lost = f", {failed} of them failed" if failed else ""
    return f"{count} answers{lost}. They stand on the page /answers?batch={run_id}."
