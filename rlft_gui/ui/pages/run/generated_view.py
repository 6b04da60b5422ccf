"""A row that a run made as the browser shows it: the texts beside each other, figures below the text they are about.

What a stage tells of how a row came about is its column "made" ({title: text or number}); titles say what is what:
drafts, critiques, revisions, answers and rationales are texts to read, "score of answer 2" is a figure of answer 2, and
all else is a note on the row.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rlft_gui.data.generated import EDITABLE, GeneratedRow

_TEXTS = re.compile(r"(draft|critique|revision|answer|rationale)\b")
_FIGURE_OF = re.compile(r"(.+) of (answer \d+)")
_VERSIONS = ("draft", "revision")  #: each but the first is compared with the one before
_NOTES = ("preference", "margin", "source", "answer", "label")
_LONG_NOTE = 120  #: characters beyond which a note is a text of its own


def row_view(made: GeneratedRow) -> dict[str, Any]:
    """JSON of one row. A text's `against` is the place of the text that its words are compared with."""
    row = made.row
    texts = _texts(row)
    return {
        "number": made.number,
        "prompt": _prompt(row["prompt"]),
        "texts": texts,
        "notes": [[title, value] for title, value in _notes(row).items()],
        "edited": made.is_edited,
        "dropped": made.is_dropped,
    }


def _prompt(messages: Sequence[Mapping[str, str]]) -> str:
    """A single question as it is; a conversation with who said what."""
    if len(messages) == 1:
        return messages[0]["content"]
    return "\n".join(f"{message['role'].capitalize()}: {message['content']}" for message in messages)


def _texts(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    account = {title: text for title, text in row.get("made", {}).items() if _is_text(title, text)}
    figures = _figures(row.get("made", {}))
    answers = {name: row[name][-1]["content"] for name in EDITABLE if name in row}
    answers |= {
        f"answer {place}": candidate[-1]["content"]
        for place, candidate in enumerate(row.get("candidates", ()), start=1)
    }
    told: list[dict[str, Any]] = []
    for column, text in answers.items():
        known = [title for title, said in account.items() if said == text]
        title = known[-1] if column == "completion" and known else column
        about = [figure for one in known for figure in figures.get(one, [])]
        can_edit = {"column": column} if column in EDITABLE else {}
        told.append({"title": title, "text": text, "figures": about, **can_edit})
        # What an answer is made of stays beside it; the answers among which a pair was chosen need not come twice.
        for one in known if "completion" not in row else [title]:
            account.pop(one, None)
    others = [
        {"title": title, "text": text, "figures": figures.get(title, [])} for title, text in account.items()
    ]
    shown = others + told if "completion" in row else told + others
    return _compared(shown)


def _compared(texts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    places = {text.get("column"): place for place, text in enumerate(texts)}
    before: int | None = None
    for place, text in enumerate(texts):
        if text["title"].startswith(_VERSIONS) or text.get("column") == "completion":
            text["against"], before = before, place
    if "chosen" in places:
        texts[places["chosen"]]["against"] = places["rejected"]
    return texts


def _is_text(title: str, value: object) -> bool:
    is_text = isinstance(value, str) and bool(_TEXTS.match(title) or len(value) > _LONG_NOTE)
    return is_text and not _FIGURE_OF.fullmatch(title)


def _figures(account: Mapping[str, Any]) -> dict[str, list[list[Any]]]:
    """Figures by the answer that they are about."""
    found: dict[str, list[list[Any]]] = {}
    for title, value in account.items():
        if match := _FIGURE_OF.fullmatch(title):
            found.setdefault(match[2], []).append([match[1], value])
    return found


def _notes(row: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: row[name] for name in _NOTES if name in row} | dict(row.get("scores", {}))
    account = {
        title: value
        for title, value in row.get("made", {}).items()
        if not _is_text(title, value) and not _FIGURE_OF.fullmatch(title)
    }
    return own | account
