"""`rlft disk`: what takes space in a home, how much it may take, and removing old checkpoints."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from rlft_gui.commands.shared import DEFAULT_HOME, USER, HomeOption, JsonOption, open_home, told
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.keeping import Keep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rlft_gui.services.disk.cleaning import Going
    from rlft_gui.services.disk.service import DiskUse

_SHOWN = 20  #: runs, those that take most

disk_app = typer.Typer(help="What takes space, and what can go.", invoke_without_command=True)


@disk_app.callback()
@told
def disk(context: typer.Context, as_json: JsonOption = False, home: HomeOption = DEFAULT_HOME) -> None:
    """What takes space: runs with their checkpoints, datasets, models, the database."""
    if context.invoked_subcommand:
        return
    services = open_home(home)
    found = services.disk.look(user=USER)
    going = services.disk.preview(user=USER)
    if as_json:
        typer.echo(json.dumps({**found.model_dump(), "can_go": sum(one.bytes for one in going)}))
        return
    typer.echo("\n".join(_lines(found, sum(one.bytes for one in going))))


@disk_app.command()
@told
def clean(
    keep: Annotated[
        str, typer.Option(help="What stays of each run that has ended: best, last or both.", metavar="WORDS")
    ] = "best,last",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Remove old checkpoints of runs that have ended. What others continue or name, and what a resume needs, stays."""
    rule, services = _rule(keep), open_home(home)
    acts = services.disk.preview if dry_run else services.disk.clean
    gone = acts(rule, user=USER)
    if as_json:
        typer.echo(json.dumps([one.model_dump() for one in gone]))
    else:
        typer.echo("\n".join(_told(gone, dry_run)))


@disk_app.command()
@told
def budget(
    size: Annotated[str, typer.Argument(help="How much the home may take, e.g. 20GB; none for no limit.")],
    cleans: Annotated[
        bool,
        typer.Option(
            "--clean/--no-clean",
            help="Whether old checkpoints of your ended runs go by themselves once it is passed; the best and the last stay.",
        ),
    ] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Set how much of the disk the home may take. Once it is passed nothing more is launched."""
    from rlft_gui.services.disk.budget import size_in, size_words

    now = open_home(home).disk.set_budget(size_in(size), cleans=cleans, user=USER)
    if now.limit is None:
        typer.echo("The home has no budget: it may take what the disk has.", err=True)
        return
    beyond = "old checkpoints of your ended runs go" if cleans else "nothing more is launched"
    typer.echo(f"The home may take {size_words(now.limit)}. Once that is passed, {beyond}.", err=True)


def _rule(words: str) -> Keep:
    found = {word.strip() for word in words.split(",") if word.strip()}
    if not found or found - {"best", "last"}:
        raise InvalidInput(f'"{words}" does not say what stays. Write best, last, or best,last.')
    return Keep(newest=int("last" in found), best="best" in found)


def _lines(found: "DiskUse", going: int) -> list[str]:
    from rlft_gui.services.disk.budget import size_words

    limit = "no budget" if found.limit is None else f"a budget of {size_words(found.limit)}"
    usage = found.usage
    named = (
        ("datasets", usage.datasets),
        ("models", usage.models),
        ("database", usage.database),
        ("other", usage.rest),
    )
    lines = [f"{size_words(found.used)} used, {limit}, {size_words(found.free)} free on the disk"]
    lines += [f"{size_words(size):>10}  {name}" for name, size in named]
    for run in usage.runs[:_SHOWN]:
        steps = (
            f"{len(run.steps)} checkpoints {size_words(run.checkpoints)}"
            if run.checkpoints
            else "no checkpoints"
        )
        lines.append(
            f"{size_words(run.checkpoints + run.rest):>10}  {run.run}  {run.status}, {steps}  {run.title}"
        )
    if len(usage.runs) > _SHOWN:
        lines.append(f"{'':>10}  and {len(usage.runs) - _SHOWN} more runs")
    if going:
        lines.append(f"`rlft disk clean` removes old checkpoints of ended runs: {size_words(going)}.")
    return lines


def _told(gone: "Sequence[Going]", dry_run: bool) -> list[str]:
    from rlft_gui.services.disk.budget import size_words

    lines = [
        f"{size_words(one.bytes):>10}  {one.run}  steps {', '.join(map(str, one.steps)) or 'unfinished ones'}; "
        f"{', '.join(map(str, one.stay)) or 'none'} stay  {one.title}"
        for one in gone
    ]
    total = size_words(sum(one.bytes for one in gone))
    return [*lines, f"{total} {'would go' if dry_run else 'went'}." if gone else "Nothing to remove."]
