"""Score: what reward models that were trained here give any text, typed or from a file.

Nothing is stored: the browser holds the answers and asks for their scores piece by piece, so that the first are there
while others are read, and leaving the page ends it.
"""

import base64
import binascii
import tempfile
from collections.abc import Callable
from pathlib import Path

import gradio as gr

from rlft_gui.domain.errors import InvalidInput, RlftError
from rlft_gui.services import Services
from rlft_gui.services.scoring.files import FoundAnswers, answers_of
from rlft_gui.services.scoring.scores import ToScore
from rlft_gui.ui.components.part import frame, part
from rlft_gui.ui.components.scorers.offered import judge_asked, serve_score_choices
from rlft_gui.ui.contract import serve
from rlft_gui.ui.page import Page
from rlft_gui.ui.pages.score.payloads import (
    SCORE,
    SCORE_FILE,
    SCORE_KNOWN,
    AnswerToScore,
    FileAnswers,
    FileToRead,
    KnownAsked,
    KnownView,
    ScoreAsked,
    ScoredTurn,
    ScoreTold,
)

LARGEST_FILE = 8 * 1024 * 1024  #: bytes; as base64 it must fit what a request may have
MOST_ANSWERS = 5_000  #: that one page holds; more are for the command line


def build(services: Services, demo: gr.Blocks) -> None:
    frame(services)
    answers = _Answers(services)
    part(
        "score",
        module="pages/score/page.js",
        serves=[
            serve_score_choices(services),
            serve(SCORE_FILE, answers.file),
            serve(SCORE_KNOWN, answers.known),
            serve(SCORE, answers.score),
        ],
        elem_id="score",
    )


class _Answers:
    def __init__(self, services: Services) -> None:
        self._services = services

    def file(self, asked: FileToRead, _user: str) -> FileAnswers:
        try:
            found = answers_of_upload(asked, self._services.scoring.of_file)
        except RlftError as refusal:
            return FileAnswers(problem=str(refusal))
        return found

    def known(self, asked: KnownAsked, _user: str) -> KnownView:
        found = self._services.scoring.known_answers(asked.model)
        if found is None:
            return KnownView(by_side={}, is_held_out=True)
        return KnownView(by_side=found.by_side, is_held_out=found.is_held_out)

    def score(self, asked: ScoreAsked, _user: str) -> ScoreTold:
        items = [_item(answer) for answer in asked.answers]
        judge = judge_asked(asked.judge) if asked.judge else None
        scores = self._services.scoring.score(asked.model, items, terms=asked.terms, judge=judge)
        return ScoreTold(checkpoint=scores.checkpoint, answers=scores.answers)


def answers_of_upload(
    asked: FileToRead, read: Callable[[Path, str], FoundAnswers] = answers_of
) -> FileAnswers:
    """`read` gets a path and what the file is called.

    Raises InvalidInput: it is too large, or cannot be used."""
    name = Path(asked.name).name or "The file"
    if len(asked.content) * 3 // 4 > LARGEST_FILE:
        raise InvalidInput(
            f"{name} has more than {LARGEST_FILE >> 20} MB. Score it on the command line: rlft score RUN --file FILE."
        )
    try:
        content = base64.b64decode(asked.content, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput(f"{name} did not arrive whole. Choose it again.") from None
    with tempfile.TemporaryDirectory() as folder:
        # The name says what a file is written in.
        path = Path(folder) / f"file{''.join(Path(name).suffixes[-2:])}"
        path.write_bytes(content)
        found = read(path, name)
    if len(found.items) > MOST_ANSWERS:
        raise InvalidInput(
            f"{name} holds {len(found.items):,} answers; this page takes {MOST_ANSWERS:,}. Score it on the command line: "
            "rlft score RUN --file FILE."
        )
    return FileAnswers(answers=tuple(_told(item) for item in found.items), notes=found.notes)


def _told(item: ToScore) -> AnswerToScore:
    turns = tuple(ScoredTurn.model_validate(turn) for turn in item.prompt)
    return AnswerToScore(prompt=turns, text=item.text, right=item.right, row=item.row)


def _item(answer: AnswerToScore) -> ToScore:
    turns = [turn.model_dump(exclude_none=True) for turn in answer.prompt]
    return ToScore(turns, answer.text, answer.right, answer.row)


PAGE = Page("Score", "score", build, styles=("pages/score/page.css",), in_navbar=False)
