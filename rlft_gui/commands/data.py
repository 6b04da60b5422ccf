"""`rlft data`: files of rows, before and after they are stored."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rlft_gui.commands.shared import DEFAULT_HOME, HomeOption, JsonOption, told

if TYPE_CHECKING:
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
    from rlft_gui.data.mapping import read_mapping
    from rlft_gui.domain.dataset import Reading
    from rlft_gui.services.datasets.file_check import check_file

    found = check_file(file, Reading(encoding=encoding, mapping=read_mapping(maps or [])))
    if as_json:
        typer.echo(found.model_dump_json())
    else:
        _print_check(found)
    if found.refused:
        raise typer.Exit(2)


def _print_check(found: "FileCheck") -> None:
    if found.refused:
        typer.echo(found.refused, err=True)
    else:
        typer.echo(
            f"{found.type}, shape {found.shape}: {found.rows} rows can be used, {found.dropped} are dropped"
        )
    for note in found.notes:
        typer.echo(note)
    for change, rows in found.changes.items():
        typer.echo(f"{rows} rows: {change}")
    if found.columns_not_read:
        typer.echo(f"columns not read: {', '.join(found.columns_not_read)}")
    for problem in found.problems if not found.refused else ():
        typer.echo(f"row {problem.row}: {problem.problem}. {problem.fix}")
