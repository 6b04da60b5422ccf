"""What the page of a run that makes rows asks: a page of them, and to change one. Read while they are being made."""

from typing import Any

from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.services import Services
from rlft_gui.services.runs.reviewing import Which
from rlft_gui.ui.components.part import Serve
from rlft_gui.ui.pages.run.generated_view import row_view

PAGE_ROWS = 20


class RowsAsked(Frozen):
    """A page of a run's rows, and the version of it that the browser has."""

    run: str
    which: Which = "all"
    offset: int = Field(0, ge=0)
    seen: str = ""


class EditAsked(Frozen):
    """Texts to rewrite by column, or whether to drop the row."""

    run: str
    number: int = Field(ge=1)
    columns: dict[str, str] = Field(default_factory=dict)
    drop: bool | None = None


def serve_rows(services: Services) -> Serve:
    """`call(server.run_rows, {run, which, offset, seen})`."""

    def answer(asked: RowsAsked, _user: str) -> dict[str, Any]:
        version = f"{services.reviewing.version(asked.run)} {asked.which} {asked.offset}"
        if version == asked.seen:
            return {"version": version}
        page = services.reviewing.rows(asked.run, which=asked.which, offset=asked.offset, limit=PAGE_ROWS)
        return {
            "version": version,
            "rows": [row_view(row) for row in page.rows],
            "counts": page.counts,
            "left_out": page.left_out,
            "size": PAGE_ROWS,
        }

    return Serve("run_rows", RowsAsked, answer)


def serve_edits(services: Services) -> Serve:
    """`call(server.run_edit_row, {run, number, columns, drop})`; tells the row as it then stands."""

    def answer(asked: EditAsked, user: str) -> dict[str, Any]:
        edited = services.reviewing.edit_row(
            asked.run, asked.number, columns=asked.columns, drop=asked.drop, user=user
        )
        return row_view(edited)

    return Serve("run_edit_row", EditAsked, answer)
