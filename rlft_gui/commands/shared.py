"""What every command has: where the home is, how errors are told, how results are asked for as JSON."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec

import platformdirs
import typer

from rlft_gui.domain.errors import InvalidPipeline, RlftError
from rlft_gui.domain.trouble import told_of_disk
from rlft_gui.garbage import not_collecting

if TYPE_CHECKING:
    from rlft_gui.services import Services

USER = "local"

P = ParamSpec("P")
HomeOption = Annotated[
    Path,
    typer.Option("--home", envvar="RLFT_HOME", help="Folder where runs, data and settings live."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
DEFAULT_HOME = Path(platformdirs.user_data_dir("rlft_gui", appauthor=False))


def told(command: Callable[P, None]) -> Callable[P, None]:
    """Turn an error that is meant for the user into its sentence and exit code 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except InvalidPipeline as error:
            for problem in error.problems:
                typer.echo(f"{problem.field}: {problem.message}", err=True)
            raise typer.Exit(2) from None
        except RlftError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(2) from None
        except OSError as error:
            if (sentence := told_of_disk(error)) is None:
                raise
            typer.echo(sentence, err=True)
            raise typer.Exit(2) from None

    return run


def open_home(home: Path) -> "Services":
    with not_collecting():
        from rlft_gui.services import open_services  # so that `rlft --help` answers at once

        return open_services(home)
