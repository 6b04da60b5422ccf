"""A row that a run made as the browser shows it: the texts beside each other, figures below the text they are about.

What a stage tells of how a row came about is its column "made" ({title: text or number}); titles say what is what:
drafts, critiques, revisions, answers and rationales are texts to read, "score of answer 2" is a figure of answer 2, and
all else is a note on the row.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from rlft_gui.data.generated import EDITABLE, GeneratedRow
from rlft_gui.ui.pages.run.payloads import Figure, RowText, RowView

_TEXTS = re.compile(r"(draft|critique|revision|answer|rationale)\b")
_FIGURE_OF = re.compile(r"(.+) of (answer \d+)")
_VERSIONS = ("draft", "revision")  #: each but the first is compared with the one before
_NOTES = ("preference", "margin", "source", "answer", "label")
_LONG_NOTE = 120  #: characters beyond which a note is a text of its own


def row_view(made: GeneratedRow) -> RowView:
    row = made.row
    return RowView(
        number=made.number,
        prompt=_prompt(row["prompt"]),
        texts=_compared(_texts(row)),
        notes=tuple(_figure(title, value) for title, value in _notes(row).items()),
        edited=made.is_edited,
        dropped=made.is_dropped,
    )


def _figure(name: str, value: object) -> Figure:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return Figure(name=name, value=value if is_number else str(value))


def _prompt(messages: Sequence[Mapping[str, str]]) -> str:
    """A single question as it is; a conversation with who said what."""
    if len(messages) == 1:
        return messages[0]["content"]
    return "\n".join(f"{message['role'].capitalize()}: {message['content']}" for message in messages)


def _texts(row: Mapping[str, Any]) -> list[RowText]:
    account = {title: text for title, text in row.get("made", {}).items() if _is_text(title, text)}
    figures = _figures(row.get("made", {}))
    answers = {name: row[name][-1]["content"] for name in EDITABLE if name in row}
    answers |= {
        f"answer {place}": candidate[-1]["content"]
        for place, candidate in enumerate(row.get("candidates", ()), start=1)
    }
    told: list[RowText] = []
    for column, text in answers.items():
        known = [title for title, said in account.items() if said == text]
        title = known[-1] if column == "completion" and known else column
        about = tuple(figure for each in known for figure in figures.get(each, ()))
        editable = column if column in EDITABLE else None
        told.append(RowText(title=title, text=text, figures=about, column=editable))
        # What an answer is made of stays beside it; the answers among which a pair was chosen need not come twice.
        for each in known if "completion" not in row else [title]:
            account.pop(each, None)
    others = [
        RowText(title=title, text=text, figures=tuple(figures.get(title, ())))
        for title, text in account.items()
    ]
    return others + told if "completion" in row else told + others


def _compared(texts: list[RowText]) -> tuple[RowText, ...]:
    """Each version against the one before it, and what was chosen against what was rejected."""
    places = {text.column: place for place, text in enumerate(texts)}
    versions = [
        place
        for place, text in enumerate(texts)
        if text.title.startswith(_VERSIONS) or text.column == "completion"
    ]
    against = dict(zip(versions[1:], versions, strict=False))
    if "chosen" in places:
        against[places["chosen"]] = places["rejected"]
    return tuple(text.model_copy(update={"against": against.get(place)}) for place, text in enumerate(texts))


def _is_text(title: str, value: object) -> bool:
    is_text = isinstance(value, str) and bool(_TEXTS.match(title) or len(value) > _LONG_NOTE)
    return is_text and not _FIGURE_OF.fullmatch(title)


def _figures(account: Mapping[str, Any]) -> dict[str, list[Figure]]:
    """Figures by the answer that they are about."""
    found: dict[str, list[Figure]] = {}
    for title, value in account.items():
        if match := _FIGURE_OF.fullmatch(title):
            found.setdefault(match[2], []).append(_figure(match[1], value))
    return found


def _notes(row: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: row[name] for name in _NOTES if name in row} | dict(row.get("scores", {}))
    account = {
        title: value
        for title, value in row.get("made", {}).items()
        if not _is_text(title, value) and not _FIGURE_OF.fullmatch(title)
    }
    return own | account
