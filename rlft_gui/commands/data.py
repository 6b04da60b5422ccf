"""`rlft data`: files of rows, before and after they are stored."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rlft_gui.commands.shared import DEFAULT_HOME, USER, HomeOption, JsonOption, open_home, told

if TYPE_CHECKING:
    from rlft_gui.domain.dataset import Checked, DatasetInfo, Reading
    from rlft_gui.services.datasets.file_check import FileCheck

data_app = typer.Typer(help="Data files.", no_args_is_help=True)


MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="WHAT=COLUMN",
        help="Which column is what, where it is not told by its name: prompt=question.",
    ),
]
EncodingOption = Annotated[
    str,
    typer.Option(
        "--encoding", help="What the text is written in, where that is found out wrongly: gbk, utf-16."
    ),
]


DatasetArgument = Annotated[str, typer.Argument(help="Its id, or its name if only one is called so.")]


@data_app.command("check")
@told
def check_data(
    file: Annotated[
        Path, typer.Argument(help="JSON, JSONL, CSV, TSV or Parquet, plain, in gzip or in a zip archive.")
    ],
    maps: MapOption = None,
    encoding: EncodingOption = "",
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Say what a data file holds and what is wrong with it, before any run. Exits with 0 only if it can be used."""
    from rlft_gui.services.datasets.file_check import check_file

    found = check_file(file, reading_of(maps, encoding))
    if as_json:
        typer.echo(found.model_dump_json())
    else:
        _print_check(found)
    if found.refused:
        raise typer.Exit(2)


@data_app.command("add")
@told
def add_data(
    file: Annotated[Path, typer.Argument(help="A data file, as for check.")],
    maps: MapOption = None,
    encoding: EncodingOption = "",
    licence: Annotated[str, typer.Option(help="Under which the data may be used.")] = "",
    origin: Annotated[
        str, typer.Option("--from", help="Where the data is from, in words or an address.")
    ] = "",
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Store the rows of a file that can be used. The same rows are the same dataset, whatever their file is called."""
    from rlft_gui.data.shapes.faults import shortened
    from rlft_gui.services.datasets.service import NAME_LENGTH

    services = open_home(home)
    info = services.datasets.store(file, file.name, user=USER, reading=reading_of(maps, encoding))
    if licence or origin:
        info = services.curating.describe(info.id, name=info.name, licence=licence, origin=origin, user=USER)
    if as_json:
        typer.echo(info.model_dump_json())
        return
    if info.name != shortened(file.name, NAME_LENGTH):
        typer.echo(f"These rows are here already, as {info.called}.")
    typer.echo(_line(info))
    _print_account(info)


@data_app.command("list")
@told
def list_data(as_json: JsonOption = False, home: HomeOption = DEFAULT_HOME) -> None:
    """All datasets: built in, added, and made by runs."""
    found = open_home(home).datasets.list()
    if as_json:
        typer.echo(json.dumps([info.model_dump(mode="json") for info in found]))
        return
    for info in found:
        typer.echo(_line(info))


@data_app.command("show")
@told
def show_data(
    dataset: DatasetArgument,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """What a dataset holds, what may be wrong with it, and which runs use it."""
    services = open_home(home)
    info = services.datasets.meant(dataset)
    checked, users = services.curating.checks(info.id), services.curating.used_by(info.id)
    if as_json:
        said = {"dataset": info.model_dump(mode="json"), "checks": checked.model_dump(mode="json")}
        typer.echo(json.dumps(said | {"used_by": [run.id for run in users]}))
        return
    typer.echo(_line(info))
    for name, value in (("licence", info.licence), ("from", info.origin)):
        if value:
            typer.echo(f"{name}: {value}")
    _print_account(info)
    _print_findings(checked)
    typer.echo(f"used by: {', '.join(run.id for run in users) or 'no run'}")


@data_app.command("rename")
@told
def rename_data(
    dataset: DatasetArgument,
    name: Annotated[str, typer.Argument(help="What it is called from now on.")],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Give a dataset another name. Its id and its rows stay."""
    services = open_home(home)
    info = services.datasets.meant(dataset)
    told = {"licence": info.licence, "origin": info.origin}
    typer.echo(_line(services.curating.describe(info.id, name=name, user=USER, **told)))


@data_app.command("mark")
@told
def mark_data(
    dataset: DatasetArgument,
    held_out: Annotated[
        bool,
        typer.Option(
            "--held-out/--not-held-out", help="Kept to judge runs by; nothing is trained on it then."
        ),
    ] = True,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Keep a dataset as held-out prompts, by which runs are judged, or take that mark off."""
    services = open_home(home)
    known = services.datasets.meant(dataset)
    typer.echo(_line(services.curating.mark(known.id, held_out=held_out, user=USER)))


@data_app.command("delete")
@told
def delete_data(dataset: DatasetArgument, home: HomeOption = DEFAULT_HOME) -> None:
    """Remove a dataset that no run uses."""
    services = open_home(home)
    info = services.datasets.meant(dataset)
    services.curating.delete(info.id, user=USER)
    typer.echo(f"{info.called} ({info.id}) is gone.")


@data_app.command("convert")
@told
def convert_data(
    dataset: DatasetArgument,
    name: Annotated[str, typer.Argument(help="chosen, good, marked, best-and-worst or balanced.")],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Make other rows of a dataset: demonstrations of preferences, pairs balanced by length, and so on."""
    services = open_home(home)
    known = services.datasets.meant(dataset)
    typer.echo(_line(services.curating.convert(known.id, name, user=USER)))


@data_app.command("split")
@told
def split_data(
    dataset: DatasetArgument,
    share: Annotated[
        float | None, typer.Option(help="How many of its prompts are held out: 0.1 is a tenth.")
    ] = None,
    prompts: Annotated[int | None, typer.Option(help="The same as a number of prompts.")] = None,
    seed: Annotated[int, typer.Option(help="Which prompts: the same seed draws the same.")] = 0,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Split off held-out prompts, by which runs are judged. No prompt is on both sides; the dataset itself stays."""
    from rlft_gui.services.datasets.held_apart import HowMany

    services = open_home(home)
    how_many = HowMany(share=share, prompts=prompts, seed=seed)
    halves = services.curating.split(services.datasets.meant(dataset).id, how_many, user=USER)
    if as_json:
        typer.echo(halves.model_dump_json())
        return
    typer.echo(_line(halves.rest))
    typer.echo(_line(halves.held_out))


def reading_of(maps: list[str] | None, encoding: str) -> "Reading":
    """How a file is to be read, from the options of a command."""
    from rlft_gui.data.mapping import read_mapping
    from rlft_gui.domain.dataset import Reading

    return Reading(encoding=encoding, mapping=read_mapping(maps or []))


def _line(info: "DatasetInfo") -> str:
    mark = ", held-out prompts" if info.held_out else ""
    return f"{info.id}  {info.called}  {info.type}, {_rows(info.rows)}{mark}"


def _print_account(info: "DatasetInfo") -> None:
    """How a file was read, and what became of rows that are not there or are not as they were."""
    for note in info.notes:
        typer.echo(note)
    for reason, count in info.drop_reasons.items():
        typer.echo(f"{_rows(count)} dropped: {reason}")
    for change, count in info.changes.items():
        typer.echo(f"{_rows(count)}: {change}")
    if info.columns_not_read:
        typer.echo(f"columns not read: {', '.join(info.columns_not_read)}")


def _rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"


def _print_findings(checked: "Checked") -> None:
    for finding in checked.findings:
        typer.echo(f"{_rows(finding.rows)}: {finding.what}. {finding.fix}")
        for one in finding.shown:
            typer.echo(f"  row {one.row}: {one.text}")


def _print_check(found: "FileCheck") -> None:
    if found.refused:
        typer.echo(found.refused, err=True)
    else:
        typer.echo(
            f"{found.type}, shape {found.shape}: {_rows(found.rows)} can be used, {found.dropped:,} dropped"
        )
    for note in found.notes:
        typer.echo(note)
    for change, rows in found.changes.items():
        typer.echo(f"{_rows(rows)}: {change}")
    if found.columns_not_read:
        typer.echo(f"columns not read: {', '.join(found.columns_not_read)}")
    for reason, rows in found.drop_reasons.items():
        typer.echo(f"{_rows(rows)} dropped: {reason}")
    for problem in found.problems if not found.refused else ():
        typer.echo(f"row {problem.row}: {problem.problem}. {problem.fix}")
    _print_findings(found.checks)
