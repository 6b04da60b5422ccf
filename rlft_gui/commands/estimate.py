"""`rlft estimate`: what a pipeline will need of memory, time and disk, before it is launched."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from rlft_gui.commands.data import EncodingOption, MapOption, reading_of
from rlft_gui.commands.shared import DEFAULT_HOME, USER, HomeOption, JsonOption, open_home, told
from rlft_gui.domain.errors import InvalidPipeline

if TYPE_CHECKING:
    from rlft_gui.services.pipelines.estimating import PipelineEstimate, StageEstimate

_GIGABYTE, _MEGABYTE = 1e9, 1e6
_UNITS = ((3600.0, "h"), (60.0, "min"), (1.0, "s"))


@told
def estimate(
    pipeline: Annotated[str, typer.Argument(help="A preset's name or a YAML file.")],
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change a value, as for rlft train."),
    ] = None,
    maps: MapOption = None,
    encoding: EncodingOption = "",
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Say what each stage will need of memory, time and disk. Exits with 1 if one will not fit."""
    from rlft_gui.services.pipelines.specs import apply_sets, load_spec, store_files

    services = open_home(home)
    spec = store_files(
        apply_sets(load_spec(pipeline), sets or []),
        services.datasets,
        user=USER,
        reading=reading_of(maps, encoding),
    )
    if problems := services.launching.check(spec):
        raise InvalidPipeline(problems)
    found = services.estimating.estimate(spec, measures=True)
    room = services.launching.room(spec)
    if as_json:
        typer.echo(json.dumps({**found.model_dump(mode="json"), "disk": room and room.model_dump()}))
    else:
        _print(found)
        if room:
            typer.echo(room.words())
    if any(one.verdict == "will not fit" for one in found.stages):
        raise typer.Exit(1)


def _print(found: "PipelineEstimate") -> None:
    typer.echo(f"{found.device}: {_size(found.total)}, of which {_size(found.free)} are free now")
    if found.unknown:
        typer.echo(found.unknown)
    for one in found.stages:
        _print_stage(one)


def _print_stage(one: "StageEstimate") -> None:
    parts = sorted(one.parts.items(), key=lambda part: -part[1])
    typer.echo(f"{one.stage:18} {_size(one.bytes):>9}  {one.verdict:12}  {_time(one)}")
    typer.echo(f"{'':18} " + ", ".join(f"{name.replace('_', ' ')} {_size(size)}" for name, size in parts))
    for way in one.ways:
        typer.echo(f"{'':18} {_size(way.bytes):>9}  {way.verdict:12}  {way.words}. {way.costs}")


def _time(one: "StageEstimate") -> str:
    if one.time is None:
        return "how long it takes is not known yet"
    low, high, name = one.time.low, one.time.high, {"earlier runs": "by earlier runs"}
    source = name.get(one.time.source, "by a measurement of this machine, without loading and probes")
    unit, word = next(((size, word) for size, word in _UNITS if high >= 2 * size), _UNITS[-1])
    return f"{low / unit:.0f} to {max(1.0, high / unit):.0f} {word}, {source}"


def _size(size: float) -> str:
    return f"{size / _GIGABYTE:.1f} GB" if size >= _GIGABYTE else f"{size / _MEGABYTE:.0f} MB"
