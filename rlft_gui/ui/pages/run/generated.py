"""What the page of a run that makes rows asks: a page of them, and to change one. Read while they are being made."""

from rlft_gui.services import Services
from rlft_gui.ui.contract import Served, serve
from rlft_gui.ui.pages.run.generated_rows import row_view
from rlft_gui.ui.pages.run.payloads import (
    RUN_EDIT_ROW,
    RUN_ROWS,
    EditAsked,
    GeneratedRows,
    RowCounts,
    RowsAsked,
    RowsShown,
    RowView,
)

PAGE_ROWS = 20


def serve_rows(services: Services) -> Served:
    def answer(asked: RowsAsked, _user: str) -> GeneratedRows:
        version = f"{services.reviewing.version(asked.run)} {asked.which} {asked.offset}"
        return GeneratedRows(version=version, page=None if version == asked.seen else _shown(services, asked))

    return serve(RUN_ROWS, answer)


def _shown(services: Services, asked: RowsAsked) -> RowsShown:
    page = services.reviewing.rows(asked.run, which=asked.which, offset=asked.offset, limit=PAGE_ROWS)
    return RowsShown(
        rows=tuple(row_view(row) for row in page.rows),
        counts=RowCounts(**page.counts),
        left_out=page.left_out,
        size=PAGE_ROWS,
    )


def serve_edits(services: Services) -> Served:
    """Tells the row as it then stands."""

    def answer(asked: EditAsked, user: str) -> RowView:
        edited = services.reviewing.edit_row(
            asked.run, asked.number, columns=asked.columns, drop=asked.drop, user=user
        )
        return row_view(edited)

    return serve(RUN_EDIT_ROW, answer)
