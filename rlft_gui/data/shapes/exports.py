"""Rows as other tools export them, with what was asked and what people said of it in layers: made flat, before their shape
is looked at.

Label Studio (tasks with annotations, and its small JSON), Argilla (records with fields and responses), promptfoo (results of
an evaluation).
"""

import json
from collections import Counter
from typing import Any

from rlft_gui.data.shapes.faults import RowFault

Row = dict[str, Any]

_PAIRS = (
    ("answer1", "answer2"), ("answer_1", "answer_2"), ("answer_a", "answer_b"), ("response1", "response2"),
    ("response_1", "response_2"), ("response-1", "response-2"), ("response_a", "response_b"),
    ("completion1", "completion2"), ("completion_a", "completion_b"), ("output_1", "output_2"),
)  # fmt: skip


def exported_by(row: Row) -> str:
    """The tool that wrote such rows; "" where they are no export."""
    if not any(type(value) is dict for value in row.values()):
        return ""
    if isinstance(row.get("data"), dict) and isinstance(row.get("annotations"), list):
        return "Label Studio"
    if isinstance(row.get("fields"), dict) and isinstance(row.get("responses"), dict | list):
        return "Argilla"
    if (
        isinstance(row.get("response"), dict)
        and isinstance(row.get("prompt"), dict)
        and "raw" in row["prompt"]
    ):
        return "promptfoo"
    return "Label Studio" if sides_chosen(row) and pair_in(row) else ""


def flat(row: Row) -> Row:
    """The row with one column for each thing; itself where it is no export.

    Raises:
        RowFault: nobody judged it, or people judged it differently.
    """
    tool = exported_by(row)
    if not tool:
        return row
    try:
        return _flat(row, tool)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise RowFault(f"the row is not written as {tool} writes them") from None


def _flat(row: Row, tool: str) -> Row:
    if tool == "Argilla":
        return _argilla(row)
    if tool == "promptfoo":
        return _promptfoo(row)
    if "annotations" in row:
        return _label_studio(row)
    (column,), pair = sides_chosen(row), pair_in(row)
    assert pair is not None
    rest = {name: value for name, value in row.items() if name != column}
    return _chosen(rest, pair, row[column]["selected"])


def sides_chosen(row: Row) -> list[str]:
    """The column that says which of two sides a person took; there must be one such."""
    found = [
        name
        for name, value in row.items()
        if isinstance(value, dict) and value.get("selected") in ("left", "right")
    ]
    return found if len(found) == 1 else []


def pair_in(row: Row) -> tuple[str, str] | None:
    return next((pair for pair in _PAIRS if pair[0] in row and pair[1] in row), None)


def _chosen(row: Row, pair: tuple[str, str], side: str) -> Row:
    better, worse = pair if side == "left" else pair[::-1]
    rest = {name: value for name, value in row.items() if name not in pair}
    return {**rest, "chosen": row[better], "rejected": row[worse]}


def _label_studio(row: Row) -> Row:
    said: dict[str, list[Any]] = {}
    asked_by: dict[str, str] = {}  #: the name of the question, which says what yes means
    for annotation in row["annotations"]:
        if isinstance(annotation, dict) and not annotation.get("was_cancelled"):
            for result in annotation.get("result") or ():
                for kind, value in (result.get("value") or {}).items() if isinstance(result, dict) else ():
                    said.setdefault(kind, []).append(value)
                    asked_by[kind] = str(result.get("from_name") or "label")
    asked, pair = dict(row["data"]), pair_in(row["data"])
    if pair:
        return _chosen(asked, pair, _one_of(said.get("selected", [])))
    if "rating" in said:
        return {**asked, "rating": _mean(said["rating"])}
    if "choices" in said:
        words = [choices[0] for choices in said["choices"] if isinstance(choices, list) and choices]
        return {**asked, asked_by["choices"]: _one_of(words)}
    if "text" in said:
        texts = ["\n".join(text) if isinstance(text, list) else text for text in said["text"]]
        return {**asked, "completion": texts[-1]}
    raise RowFault("nobody has judged the row", fix="Judge it in the tool it comes from, or leave it out.")


def _argilla(row: Row) -> Row:
    found = dict(row["fields"])
    values = _argilla_values(row["responses"])
    for question, given in values.items():
        value = _one_of(given) if len(given) > 1 else given[0]
        pair = pair_in(found)
        if pair and isinstance(value, list):  # a ranking
            ranks = {one.get("value"): one.get("rank", 0) for one in value if isinstance(one, dict)}
            first, second = (ranks.get(name, 0) for name in pair)
            if first == second:
                raise RowFault("no answer is ranked above another")
            found = _chosen(found, pair, "left" if first < second else "right")
        elif pair and value in pair:
            found = _chosen(found, pair, "left" if value == pair[0] else "right")
        elif question not in found:
            found[question] = value
    if not values:
        raise RowFault(
            "nobody has judged the row", fix="Judge it in the tool it comes from, or leave it out."
        )
    return found


def _argilla_values(responses: Any) -> dict[str, list[Any]]:
    """Question → what was answered, from either way of writing it: by question, or by person."""
    found: dict[str, list[Any]] = {}
    if isinstance(responses, dict):
        for question, answers in responses.items():
            for answer in answers if isinstance(answers, list) else ():
                is_meant = isinstance(answer, dict) and answer.get("status", "submitted") == "submitted"
                if is_meant and answer.get("value") is not None:
                    found.setdefault(question, []).append(answer["value"])
        return found
    for person in responses:
        if isinstance(person, dict) and person.get("status", "submitted") == "submitted":
            for question, answer in (person.get("values") or {}).items():
                found.setdefault(question, []).append(
                    answer.get("value") if isinstance(answer, dict) else answer
                )
    return found


def _promptfoo(row: Row) -> Row:
    """People's verdicts go before those of assertions."""
    asked, grading = row["prompt"]["raw"], row.get("gradingResult") or {}
    parts = grading.get("componentResults") or ()
    people = [
        one["pass"]
        for one in parts
        if isinstance(one, dict) and (one.get("assertion") or {}).get("type") == "human" and "pass" in one
    ]
    return {
        "prompt": _turns(asked),
        "completion": row["response"].get("output"),
        "label": people[-1] if people else grading.get("pass", row.get("success")),
    }


def _turns(text: Any) -> Any:
    """A prompt for a chat is kept as the text of its turns."""
    if isinstance(text, str) and text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _one_of(given: list[Any]) -> Any:
    """What most said.

    Raises:
        RowFault: nobody said anything, or as many said something else.
    """
    counted = Counter(json.dumps(one, sort_keys=True) for one in given).most_common(2)
    if not counted:
        raise RowFault(
            "nobody has judged the row", fix="Judge it in the tool it comes from, or leave it out."
        )
    if len(counted) > 1 and counted[0][1] == counted[1][1]:
        raise RowFault("people judged the row differently", fix="Decide it, or leave it out.")
    return json.loads(counted[0][0])


def _mean(given: list[Any]) -> float:
    numbers = [one for one in given if isinstance(one, int | float)]
    if not numbers:
        raise RowFault(
            "nobody has judged the row", fix="Judge it in the tool it comes from, or leave it out."
        )
    return sum(numbers) / len(numbers)
