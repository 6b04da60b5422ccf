"""Which column of an unknown file may be what, from names and from what stands in them. A person corrects it."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from rlft_gui.data.shapes.asking import SYSTEM
from rlft_gui.data.shapes.faults import RowFault
from rlft_gui.data.shapes.messages import is_answer
from rlft_gui.data.shapes.verdicts import points, verdict
from rlft_gui.domain.dataset import DataType

Row = Mapping[str, Any]

_WORD = re.compile(r"[A-ZÀ-Þ]?[a-zß-ÿ]+|[A-ZÀ-Þ]+|[0-9]+")
#: Words that columns of a kind are called by, the surest first.
_CALLED = {
    "messages": "messages conversations conversation dialogue dialog turns chat",
    "system": "system",
    "chosen": "chosen preferred winner winning better accepted positive best",
    "rejected": "rejected dispreferred loser losing worse negative worst declined",
    "prompt": "prompt question instruction query input request user human ask task problem frage pregunta domanda vraag pergunta",
    "completion": "completion response answer output reply assistant solution target generation result bot gpt antwort réponse "
    "reponse respuesta risposta antwoord resposta",
    "label": "label thumbs thumb verdict feedback liked good accepted correct",
    "rating": "rating score stars points quality grade reward",
    "answer": "answer truth gold expected reference solution result",
    "text": "text document body content passage article",
}
#: What each type of data needs, and in which order types are tried where none is wanted.
NEEDS = {
    DataType.PREFERENCES: ("prompt", "chosen", "rejected"),
    DataType.RATINGS: ("prompt", "completion", "rating"),
    DataType.THUMBS: ("prompt", "completion", "label"),
    DataType.DEMONSTRATIONS: ("prompt", "completion"),
    DataType.PROMPTS: ("prompt",),
    DataType.TEXT: ("text",),
}
_NO_WORD = 99
_END = re.compile(r"[.!?。！？…][\"'”»)]*$")
_LONGEST_NAME = 80


def propose(rows: Sequence[Row], types: Collection[DataType] = tuple(NEEDS)) -> dict[str, str]:
    """Target → column, as far as something suggests itself; {} where nothing does.

    Args:
        rows: the first rows of a file.
        types: of data that are wanted.
    """
    if first_row_is_data(rows):
        return {}
    kinds = _kinds(rows)
    if DataType.DEMONSTRATIONS in types and "turns" in kinds.values():
        whole = _best("messages", kinds, ())
        if whole is not None:
            return {"messages": whole}
    for kind, needs in NEEDS.items():
        if kind in types and (found := _filled(needs, kinds)):
            return found
    texts = [column for column, kind in kinds.items() if kind == "text"]
    if DataType.DEMONSTRATIONS in types and len(texts) == 2:
        return {"prompt": texts[0], "completion": texts[1]}
    return {}


def plainly_asked(rows: Sequence[Row]) -> dict[str, str]:
    """What is asked, as target → column, where columns are called just so: turns that wait for an answer, or else a prompt,
    and a system turn; {} where none is.
    """
    kinds = _kinds(rows)
    called = [
        column for column, kind in kinds.items() if kind in ("text", "turns") and _is_called("prompt", column)
    ]
    asked = waiting(rows) or sorted(called, key=lambda column: _place("prompt", column))
    if not asked:
        return {}
    system = [column for column, kind in kinds.items() if kind == "text" and column.lower() in SYSTEM]
    return {"prompt": asked[0], **({"system": system[0]} if system else {})}


def waiting(rows: Sequence[Row]) -> list[str]:
    """The columns of conversations in which nobody has answered yet what was said last."""
    return [column for column in _kinds(rows) if _is_called("messages", column) and _waits(rows, column)]


def answers_called_so(rows: Sequence[Row]) -> list[str]:
    """The columns that beside a prompt are plainly an answer, the surest first."""
    told = [
        column
        for column, kind in _kinds(rows).items()
        if kind not in ("nothing", "other") and (_is_called("completion", column) or column.lower() == "text")
    ]
    return sorted(told, key=lambda column: _place("completion", column))


def first_row_is_data(rows: Sequence[Row]) -> bool:
    """Whether a table's columns seem to be called by what its first row says, for it has no line with their names.

    A survey's columns are called by its questions; so a question is a row's only where the column holds questions too.
    """
    bodies = [row for row in rows if any(value not in (name, None, "") for name, value in row.items())]
    columns = dict.fromkeys(column for row in bodies for column in row)
    return any(_is_of_its_kind(column, [row.get(column) for row in bodies]) for column in columns)


def _is_of_its_kind(name: str, values: Sequence[Any]) -> bool:
    """Whether what a column is called is such as stands in it: one of its values, or a sentence as most of them are."""
    texts = [value.strip() for value in values if isinstance(value, str) and value.strip()]
    if not texts or not name.strip():
        return False
    mark = _END.search(name.strip())
    if name.strip() in texts or (len(name) > _LONGEST_NAME and not (mark and mark[0][0] in "?？")):
        return True
    alike = [text for text in texts if mark and (end := _END.search(text)) and end[0][0] == mark[0][0]]
    return 2 * len(alike) > len(texts)


def _filled(needs: Sequence[str], kinds: Mapping[str, str]) -> dict[str, str]:
    """A column for each need, and for a system turn where there is one; {} if one is missing."""
    found: dict[str, str] = {}
    for target in needs:
        column = _best(target, kinds, found.values())
        if column is None:
            return {}
        found[target] = column
    system = _best("system", kinds, found.values())
    return found if system is None or "prompt" not in found else {**found, "system": system}


def _best(target: str, kinds: Mapping[str, str], taken: Collection[str]) -> str | None:
    """The column whose name speaks most for it and whose values suit it."""
    named = [
        (_place(target, column), column)
        for column, kind in kinds.items()
        if column not in taken and _suits(target, kind)
    ]
    place, column = min(named, default=(_NO_WORD, ""), key=lambda one: one[0])
    return column if place < _NO_WORD else None


def _place(target: str, column: str) -> int:
    """How far down the words for the target the name has one; whole names go before parts."""
    words = [word.lower() for word in _WORD.findall(column)]
    for place, word in enumerate(_CALLED[target].split()):
        if words == [word]:
            return place
        if word in words:
            return place + len(_CALLED[target])
    return _NO_WORD * 2


def _is_called(target: str, column: str) -> bool:
    """Whether its whole name is one of the target's."""
    return _place(target, column) < len(_CALLED[target].split())


def _waits(rows: Sequence[Row], column: str) -> bool:
    """Whether it holds turns, and nowhere the answer to them."""
    written = [row[column] for row in rows if row.get(column)]
    return _kind(written) == "turns" and not any(is_answer(turns[-1]) for turns in written)


def _suits(target: str, kind: str) -> bool:
    if target == "messages":
        return kind == "turns"
    if target == "label":
        return kind == "verdict"
    if target == "rating":
        return kind in ("number", "verdict")
    if target in ("text", "system", "answer"):
        return kind in ("text", "number", "verdict") if target == "answer" else kind == "text"
    return kind in ("text", "turns")


def _kinds(rows: Sequence[Row]) -> dict[str, str]:
    columns = dict.fromkeys(column for row in rows for column in row)
    return {column: _kind([row.get(column) for row in rows]) for column in columns}


def _kind(values: Sequence[Any]) -> str:
    """What the values of a column are: turns, verdicts, numbers, text, or nothing of these."""
    known = [value for value in values if value not in (None, "")]
    if not known:
        return "nothing"
    if all(isinstance(value, list) and value and isinstance(value[0], dict) for value in known):
        return "turns"
    if all(_is_verdict(value) for value in known):
        return "verdict"
    if all(points(value) is not None for value in known):
        return "number"
    return "text" if all(isinstance(value, str) for value in known) else "other"


def _is_verdict(value: Any) -> bool:
    try:
        verdict({"label": value}, "label")
    except RowFault:
        return False
    return True
