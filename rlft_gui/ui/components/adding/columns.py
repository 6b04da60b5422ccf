"""What a person says of a file that does not say what it holds: which column is what, or that other rows be made of it."""

from collections.abc import Mapping

from rlft_gui.data.files.encodings import ENCODINGS
from rlft_gui.domain.dataset import DataType, Reading
from rlft_gui.domain.errors import InvalidInput, RlftError
from rlft_gui.services import Services
from rlft_gui.services.datasets.curating import wanted_by
from rlft_gui.services.datasets.fitting import asked_of
from rlft_gui.ui.components.adding.payloads import (
    ColumnChoice,
    ColumnsAsked,
    ColumnsTried,
    FileColumns,
    RowKind,
    TriedRows,
    WantedColumn,
)
from rlft_gui.ui.components.rows.examples import example
from rlft_gui.ui.components.rows.nouns import NOUNS
from rlft_gui.ui.components.rows.payloads import ConversionAsked, ConversionWay, StoredData

_EXAMPLES = 3


def columns_of(
    services: Services, types: tuple[DataType, ...], upload: str, encoding: str = ""
) -> FileColumns | None:
    """What may be said of a kept file's columns where rows of these types are wanted; None where it has no columns, or cannot
    be read at all."""
    try:
        offer = services.fitting.offer(upload, types, encoding)
    except InvalidInput:
        return None
    if not offer.columns or not offer.proposed:
        return None
    kinds = [_row_kind(data_type, offer.proposed[data_type]) for data_type in offer.proposed]
    return FileColumns(
        upload=upload,
        file=offer.file,
        columns=tuple(ColumnChoice(path=column.path, sample=column.sample) for column in offer.columns),
        kinds=tuple(sorted(kinds, key=lambda one: not any(wanted.column for wanted in one.wanted))),
        encodings=tuple({words: name for name, words in ENCODINGS.items()}.items()),
        encoding=encoding,
    )


def ways_of(types: tuple[DataType, ...], there_are: DataType) -> tuple[ConversionWay, ...]:
    """How rows of another type become such as are wanted."""
    return tuple(
        ConversionWay(name=way.name, title=way.title, about=way.about) for way in wanted_by(types, there_are)
    )


class ColumnAnswers:
    """Answers the browser while columns are tried, and when they are taken."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def try_columns(self, asked: ColumnsAsked, _user: str) -> ColumnsTried:
        """What the first rows become; a sentence where they cannot be used so."""
        try:
            found = self._services.fitting.tried(asked.upload, _reading(asked))
        except RlftError as refusal:
            return ColumnsTried(refused=str(refusal))
        return ColumnsTried(
            rows=TriedRows(
                type=NOUNS[found.type][0],
                is_wanted=found.type in asked.types,
                rows=len(found.rows),
                rows_read=found.rows_read,
                dropped=found.dropped,
                reasons=found.drop_reasons,
                problems=found.problems,
                changes=found.changes,
                not_read=found.columns_not_read,
                notes=found.notes,
                examples=tuple(example(row) for row in found.rows.first(_EXAMPLES)),
            )
        )

    def use_columns(self, asked: ColumnsAsked, user: str) -> StoredData:
        info = self._services.fitting.store(asked.upload, _reading(asked), user=user)
        return StoredData(dataset=info.id)

    def convert(self, asked: ConversionAsked, user: str) -> StoredData:
        source = asked.dataset
        if asked.upload:
            source = self._services.fitting.store(asked.upload, Reading(), user=user).id
        return StoredData(dataset=self._services.curating.convert(source, asked.way, user=user).id)


def _reading(asked: ColumnsAsked) -> Reading:
    chosen = {target: column for target, column in asked.mapping.items() if column}
    if not chosen:
        raise InvalidInput(
            "No column is chosen. Say at least which one is asked and which one answers, or which is the text."
        )
    return Reading(encoding=asked.encoding, mapping=chosen)


def _row_kind(data_type: DataType, proposed: Mapping[str, str]) -> RowKind:
    return RowKind(
        type=data_type,
        title=NOUNS[data_type][0],
        about=NOUNS[data_type][1],
        wanted=tuple(
            WantedColumn(
                name=target.name,
                title=target.title,
                about=target.about,
                needed=needed,
                column=proposed.get(target.name, ""),
            )
            for target, needed in asked_of(data_type)
        ),
    )
