"""`rlft votes export`: what votes give as data, into a file or into the store of datasets."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rlft_gui.commands.shared import DEFAULT_HOME, USER, HomeOption, JsonOption, open_home, told

if TYPE_CHECKING:
    from rlft_gui.services.feedback.views import View


@told
def export_votes(
    out: Annotated[
        Path | None, typer.Argument(help="The JSONL file to write. May be left out with --keep.")
    ] = None,
    kind: Annotated[
        str, typer.Option("--as", help="pairs, kto, ratings, attributes, critiques or edits.")
    ] = "pairs",
    votes: Annotated[str, typer.Option(help="The set of votes. Left out, the newest.")] = "",
    keep: Annotated[bool, typer.Option("--keep", help="Store the rows as a dataset to train on.")] = False,
    raters: Annotated[
        str, typer.Option(help="Only votes of these: person, judge, simulated; separated by commas.")
    ] = "",
    mixed: Annotated[
        bool, typer.Option("--mixed", help="People where judges are unsure, judges elsewhere.")
    ] = False,
    balanced: Annotated[
        bool,
        typer.Option("--balanced", help="As many pairs whose chosen answer is the longer one as others."),
    ] = False,
    z_scored: Annotated[
        bool, typer.Option("--z-scored", help="Points as deviations from each rater's own mean.")
    ] = False,
    attributes: Annotated[
        str, typer.Option(help="With --as attributes: only these, separated by commas.")
    ] = "",
    without_suite: Annotated[
        bool, typer.Option("--without-suite", help="Leave out prompts that runs on Lantern are probed with.")
    ] = False,
    held_out: Annotated[
        float,
        typer.Option(
            "--held-out",
            help="Share of the prompts whose rows go into OUT-held-out.jsonl beside.",
            min=0,
            max=0.9,
        ),
    ] = 0.0,
    start: Annotated[
        str, typer.Option(help="The model to train: base, RUN or RUN@step; says what others wrote.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there already.")] = False,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Write what the votes of a set give as data, a row a line, with an account of what was left out and why."""
    from rlft_gui.domain.errors import InvalidInput
    from rlft_gui.domain.votes import RaterKind
    from rlft_gui.services.feedback.as_json import view_told
    from rlft_gui.services.feedback.exporting import write_view
    from rlft_gui.services.feedback.views import ViewChoices, ViewKind

    if out is None and not keep:
        raise InvalidInput("Say where to write the rows, or give --keep to store them as a dataset.")
    services = open_home(home)
    name = votes or services.votes.newest().name
    choices = ViewChoices(
        raters=tuple(RaterKind(_known(one, list(RaterKind), "kind of rater")) for one in _named(raters)),
        mixed=mixed,
        balanced=balanced,
        z_scored=z_scored,
        attributes=tuple(_named(attributes)),
        suite=not without_suite,
        start=start,
    )
    wanted = ViewKind(_known(kind, list(ViewKind), "data that votes give"))
    view = services.vote_views.view(name, wanted, choices)
    files = write_view(view, out, held_out, over_existing=force) if out else ()
    stored = services.vote_views.keep(name, wanted, choices, user=USER) if keep else None
    shown = view_told(view) | {"files": {str(one.file): one.rows for one in files}}
    if as_json:
        typer.echo(json.dumps(shown | {"dataset": stored.id if stored else None}))
        return
    for one in files:
        typer.echo(f"{one.rows:,} rows in {one.file}")
    if stored:
        typer.echo(f"{stored.id}  {stored.called}  {stored.type}, {stored.rows:,} rows")
    _print_account(view)


def _print_account(view: "View") -> None:
    typer.echo(view.account.told())
    for reason, count in view.dropped.items():
        typer.echo(f"{count:,} left out: {reason}")
    for change, count in view.changes.items():
        typer.echo(f"{count:,}: {change}")
    for note in view.notes:
        typer.echo(note)
    typer.echo(view.origin.told)


def _named(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _known(name: str, known: list[Any], what: str) -> str:
    from rlft_gui.domain.errors import InvalidInput

    if name not in known:
        raise InvalidInput(f'There is no {what} called "{name}". There are: {", ".join(known)}.')
    return name
