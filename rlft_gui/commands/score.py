"""`rlft score`: what a reward model that was trained here gives any text."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from rlft_gui.commands.data import EncodingOption, MapOption, reading_of
from rlft_gui.commands.shared import DEFAULT_HOME, USER, HomeOption, JsonOption, open_home, told
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.votes import prompt_of


@told
def score(
    run: Annotated[str, typer.Argument(help="A reward model: RUN, for its last checkpoint, or RUN@step.")],
    text: Annotated[str | None, typer.Option(help="The answer to score.")] = None,
    prompt: Annotated[str, typer.Option(help="What it answers; left out, it stands alone.")] = "",
    file: Annotated[
        Path | None,
        typer.Option(help="A data file of any shape with answers: each answer of a row is scored."),
    ] = None,
    terms: Annotated[
        list[str] | None,
        typer.Option(
            "--reward", metavar="TERM", help="A rule that scores too: length:5-60; on Lantern gold."
        ),
    ] = None,
    judge: Annotated[
        str, typer.Option(help="A judge that scores too, from 0 to 1: base, a model, endpoint:MODEL.")
    ] = "",
    judge_url: Annotated[str, typer.Option(help="Base address of an endpoint judge's server.")] = "",
    rubric: Annotated[
        str, typer.Option(help="What the judge goes by: the name of a shipped rubric.")
    ] = "default",
    maps: MapOption = None,
    encoding: EncodingOption = "",
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Score text with a reward model: 0 is an average answer of its own data, 1 is one deviation better."""
    from rlft_gui.services.scoring.files import answers_of
    from rlft_gui.services.scoring.judging import JudgeAsked
    from rlft_gui.services.scoring.rules import unscored
    from rlft_gui.services.scoring.scores import REWARD_IS, ToScore
    from rlft_gui.services.scoring.scores import as_json as rows_of

    if (text is None) == (file is None):
        raise InvalidInput(
            "Give what to score: --text TEXT, with --prompt PROMPT if it answers one, or --file FILE."
        )
    if file is not None and prompt:
        raise InvalidInput("A file brings its own prompts. Leave --prompt out, or give --text.")
    if text is not None and not text.strip():
        raise InvalidInput("There is no text to score: --text is empty.")
    services = open_home(home)
    services.scoring.check(run)
    if file is None:
        items: tuple[ToScore, ...] = (ToScore(prompt_of(prompt).messages if prompt else (), text or ""),)
    else:
        found = answers_of(file, file.name, reading_of(maps, encoding))
        items = found.items
        for note in found.notes:
            typer.echo(note, err=True)
    services.scoring.known_answers(
        run, user=USER
    )  # scored first where there are none yet, so that each score has its place
    scores = services.scoring.score(
        run,
        items,
        terms=terms or (),
        judge=JudgeAsked(judge, rubric, judge_url) if judge else None,
        on_progress=_progress(len(items)),
        user=USER,
    )
    for sentence in unscored(terms or (), items, [one.terms for one in scores.answers]):
        typer.echo(sentence, err=True)
    rows = rows_of(items, scores)
    if as_json:
        typer.echo(json.dumps({"scores": rows, "checkpoint": scores.checkpoint, "reward_is": REWARD_IS}))
        return
    for row in rows:
        typer.echo(_line(row))


def _progress(total: int) -> Any:
    def tell(done: int) -> None:
        if total > 1 and sys.stderr.isatty():
            typer.echo(f"\r{done:,} of {total:,} scored", err=True, nl=done == total)

    return tell


def _line(row: dict[str, Any]) -> str:
    """The score, its place and the beginning of the answer."""
    from rlft_gui.services.comparisons.scoring import is_share

    said = " ".join(row["text"].split())
    shown = said if len(said) <= 80 else said[:79] + "…"
    number = f"{row['row']:>6}  " if "row" in row else ""
    if row["reward"] is None:
        return f"{number}     –  {shown}  ({row['error']})"
    parts = [f"{name} {value:+.2f}" for name, value in row["attributes"].items()]
    parts += [
        f"{name} {value:{'' if is_share(name) else '+'}.2f}" for name, value in row.get("terms", {}).items()
    ]
    parts += [_place(row["place"])] if row["place"] else []
    parts += [row["note"]] if "note" in row else []
    return f"{number}{row['reward']:+6.2f}  {shown}" + (f"  ({'; '.join(parts)})" if parts else "")


def _place(place: dict[str, float]) -> str:
    sides = [f"{100 * place[side]:.0f} % of known {side}" for side in ("chosen", "rejected") if side in place]
    return "above " + (" and ".join(sides) or f"{100 * place['known']:.0f} % of known answers")
