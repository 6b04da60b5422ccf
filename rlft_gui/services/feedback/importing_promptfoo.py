"""Results of promptfoo: each output was judged by itself, by assertions and perhaps by a person.

So it becomes a thumb up or down for the answer, not a preference: two answers that pass are not said to be equally good. Only
`select-best` and `max-score` look at several answers at once, and what they say becomes pairs of the winner with each other
answer to the same prompt. Assertions vote as a machine; a person who graded an output votes as a person, apart from them.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from rlft_gui.data.shapes.exports import exported_by
from rlft_gui.data.shapes.faults import RowFault, shortened
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.votes import Answer, Choice, Rater, RaterKind, Verdict, Vote, VoteKind
from rlft_gui.services.feedback.importing_reading import (
    Format,
    Judged,
    Row,
    answer_of,
    asked,
    chosen,
    pair,
    rater_of,
    words_of,
)

_ASSERTIONS = Rater(name="promptfoo assertions", kind=RaterKind.JUDGE)
_PERSON = Rater(name="promptfoo reviewer", kind=RaterKind.PERSON)
_COMPARING = ("select-best", "max-score")


def _is_it(row: Row) -> bool:
    is_failed = "provider" in row and "success" in row and isinstance(row.get("prompt"), dict)
    return is_failed or exported_by(dict(row)) == "promptfoo"


def _read(row: Row) -> list[Judged]:
    answer = _answer(row)
    said = [(_ASSERTIONS, _passed(row)), (_PERSON, _by_person(row))]
    found = [_thumb(row, answer, rater, is_good) for rater, is_good in said if is_good is not None]
    if not found and not any(_type(part) in _COMPARING for part in _parts(row)):
        raise RowFault("no assertion and no person judged it", fix="Grade it in promptfoo, or leave it out.")
    return found


def _thumb(row: Row, answer: Answer, rater: Rater, is_good: bool) -> Judged:
    vote = Vote(
        votes="", rater=rater, kind=VoteKind.THUMB, prompt_id=answer.prompt_id, a=answer.id,
        verdict=Verdict(is_good=is_good, text=_remark(row) if rater is _PERSON else ""),
    )  # fmt: skip
    return Judged(asked(row["prompt"].get("raw")), (answer,), vote)


def _answer(row: Row) -> Answer:
    if not isinstance(row.get("prompt"), dict):
        raise InvalidInput('"prompt" is not written as promptfoo writes it, with "raw"')
    prompt = asked(row["prompt"].get("raw"))
    response = row.get("response")
    output = response.get("output") if isinstance(response, dict) else None
    if output is None or output == "":
        raise RowFault(
            "there is no answer to judge", shortened(str(row.get("error") or "")), "Ask again in promptfoo."
        )
    text = output if isinstance(output, str) else json.dumps(output, ensure_ascii=False)
    model = _model(row.get("provider"))
    return answer_of(prompt, model, text)


def _model(provider: Any) -> str:
    found = (
        words_of(provider, "label", "id") if isinstance(provider, dict) else words_of({"id": provider}, "id")
    )
    if not found:
        raise InvalidInput('there is no "provider", which says who answered')
    return found


def _parts(row: Row) -> list[dict[str, Any]]:
    grading = row.get("gradingResult")
    parts = grading.get("componentResults") if isinstance(grading, dict) else None
    return [part for part in parts or () if isinstance(part, dict) and isinstance(part.get("pass"), bool)]


def _type(part: dict[str, Any]) -> str:
    assertion = part.get("assertion")
    return str(assertion.get("type", "")) if isinstance(assertion, dict) else ""


def _passed(row: Row) -> bool | None:
    """Whether all assertions passed; None where there was none. An output without assertions counts as passed there."""
    own = [part["pass"] for part in _parts(row) if _type(part) not in ("human", *_COMPARING)]
    if own:
        return all(own)
    grading = row.get("gradingResult")
    if _parts(row) or not isinstance(grading, dict) or grading.get("reason") == "No assertions":
        return None
    passed = grading.get("pass")
    return passed if isinstance(passed, bool) else None


def _by_person(row: Row) -> bool | None:
    said = [part["pass"] for part in _parts(row) if _type(part) == "human"]
    return said[-1] if said else None


def _remark(row: Row) -> str:
    return str(row["gradingResult"].get("comment") or "")


def _together(rows: list[Row]) -> Iterator[Judged]:
    """The winner of each comparison against each other answer to the same prompt."""
    asked_alike: dict[tuple[str, Any, str], list[tuple[Answer, bool, Row]]] = defaultdict(list)
    for row in rows:
        for part in _parts(row):
            if _type(part) in _COMPARING:
                answer = _answer(row)
                key = (answer.prompt_id, row.get("testIdx"), _type(part))
                asked_alike[key].append((answer, part["pass"], row))
    for (_, _, kind), answers in asked_alike.items():
        rater = rater_of(f"promptfoo {kind}", RaterKind.JUDGE)
        for winner, is_best, row in answers:
            for other, is_best_too, _ in answers if is_best else ():
                if not is_best_too and other.model != winner.model:
                    models, texts = (winner.model, other.model), (winner.text, other.text)
                    yield pair(asked(row["prompt"].get("raw")), models, texts, rater, chosen(Choice.A))


PROMPTFOO = Format(
    name="promptfoo",
    is_it=_is_it,
    read=_read,
    expected="results of promptfoo (promptfoo eval -o FILE.json)",
    together=_together,
)
