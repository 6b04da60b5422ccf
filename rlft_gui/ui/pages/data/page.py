"""Data: every dataset there is, and one of them row by row, with what may be wrong with it and who uses it."""

import time

import gradio as gr

from rlft_gui.domain.dataset import ANY_PROMPTS, UPLOADED, DatasetInfo
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.recipe import GENERATED_BY
from rlft_gui.services import Services
from rlft_gui.services.datasets.held_apart import HowMany
from rlft_gui.services.runs.labels import name_of
from rlft_gui.ui.components.part import frame, part
from rlft_gui.ui.components.rows.examples import example
from rlft_gui.ui.components.rows.payloads import CONVERT, ConversionAsked, ConversionWay, StoredData
from rlft_gui.ui.contract import Nothing, serve
from rlft_gui.ui.page import Page
from rlft_gui.ui.pages.data.adding import build_adding, wire_adding
from rlft_gui.ui.pages.data.payloads import (
    DATASET,
    DATASET_ROWS,
    DATASETS,
    DELETE_DATASET,
    DESCRIBE,
    MARK_DATASET,
    SPLIT_OFF,
    DatasetAsked,
    DatasetFacts,
    DatasetList,
    DatasetRow,
    DatasetRows,
    DatasetRowsAsked,
    Described,
    Listed,
    Marked,
    NumberedExample,
    SplitAsked,
    SplitDone,
    SplitSide,
    UsingRun,
)

PAGE_SIZE = 20
#: What the page is told as the dataset has it.
_AS_IT_IS = {
    "id", "name", "type", "format", "licence", "origin", "sha256", "bytes", "created_at", "rows", "rows_read", "dropped",
    "changes", "notes", "held_out",
}  # fmt: skip


def build(services: Services, demo: gr.Blocks) -> None:
    frame(services)
    answers = _Answers(services)
    part("data-title", module="pages/data/title.js")
    file, preview = build_adding(services)
    listed = part(
        "data",
        Listed(),
        module="pages/data/page.js",
        serves=[
            serve(DATASETS, answers.datasets),
            serve(DATASET, answers.dataset),
            serve(DATASET_ROWS, answers.rows),
            serve(DESCRIBE, answers.describe),
            serve(MARK_DATASET, answers.mark),
            serve(SPLIT_OFF, answers.split),
            serve(DELETE_DATASET, answers.delete),
            serve(CONVERT, answers.convert),
        ],
    )
    wire_adding(services, file, preview, listed)


class _Answers:
    def __init__(self, services: Services) -> None:
        self._datasets = services.datasets
        self._curating = services.curating

    def datasets(self, _asked: Nothing, _user: str) -> DatasetList:
        rows = tuple(self._row(info) for info in self._datasets.list())
        return DatasetList(datasets=rows, now=time.time())

    def dataset(self, asked: DatasetAsked, _user: str) -> DatasetFacts:
        info = self._datasets.get(asked.id)
        runs = self._curating.used_by(info.id)
        return DatasetFacts(
            **info.model_dump(include=_AS_IT_IS),
            called=info.called,
            reasons=info.drop_reasons,
            problems=info.problems,
            not_read=info.columns_not_read,
            examples=(),
            mapping=tuple(info.reading.mapping.items()),
            encoding=info.reading.encoding,
            is_own=info.id.startswith(UPLOADED),
            asks=info.type in ANY_PROMPTS,
            checks=self._curating.checks(info.id),
            used_by=tuple(UsingRun(title=name_of(run), address=f"/run?run={run.id}") for run in runs),
            ways=tuple(
                ConversionWay(name=way.name, title=way.title, about=way.about)
                for way in self._curating.conversions(info.id)
            ),
        )

    def rows(self, asked: DatasetRowsAsked, _user: str) -> DatasetRows:
        page = self._curating.page(asked.id, asked.start, PAGE_SIZE, asked.search)
        shown = tuple(NumberedExample(number=one.number, row=example(one.row)) for one in page.rows)
        return DatasetRows(rows=shown, found=page.found, size=PAGE_SIZE)

    def describe(self, asked: Described, user: str) -> Nothing:
        self._curating.describe(
            asked.id, name=asked.name, licence=asked.licence, origin=asked.origin, user=user
        )
        return Nothing()

    def mark(self, asked: Marked, user: str) -> Nothing:
        self._curating.mark(asked.id, held_out=asked.held_out, user=user)
        return Nothing()

    def delete(self, asked: DatasetAsked, user: str) -> Nothing:
        self._curating.delete(asked.id, user=user)
        return Nothing()

    def convert(self, asked: ConversionAsked, user: str) -> StoredData:
        return StoredData(dataset=self._curating.convert(asked.dataset, asked.way, user=user).id)

    def split(self, asked: SplitAsked, user: str) -> SplitDone:
        how_many = _how_many(asked)
        halves = self._curating.split(asked.id, how_many, user=user)
        return SplitDone(rest=_side(halves.rest), held_out=_side(halves.held_out))

    def _row(self, info: DatasetInfo) -> DatasetRow:
        return DatasetRow(
            id=info.id,
            name=info.called,
            type=info.type,
            rows=info.rows,
            made=_made(info),
            licence=info.licence,
            used=len(self._curating.used_by(info.id)),
            held_out=info.held_out,
            created_at=info.created_at,
        )


def _how_many(asked: SplitAsked) -> HowMany:
    if asked.amount is None or asked.seed is None:
        raise InvalidInput("Type how many prompts are held out, and a whole number as the seed.")
    if asked.unit == "percent":
        return HowMany(share=asked.amount / 100, seed=asked.seed)
    if asked.amount != int(asked.amount):
        raise InvalidInput(f"{asked.amount:g} is no number of prompts. Type a whole one.")
    return HowMany(prompts=int(asked.amount), seed=asked.seed)


def _side(info: DatasetInfo) -> SplitSide:
    return SplitSide(name=info.called, rows=info.rows, address=f"/data?id={info.id}")


def _made(info: DatasetInfo) -> str:
    if info.id.startswith(GENERATED_BY):
        return "made by a run"
    return "added" if info.id.startswith(UPLOADED) else "built in"


PAGE = Page("Data", "data", build, styles=("pages/data/page.css",))
