"""What does not fit in a request, in a sentence: the field, what it takes, what was found, and an example where it has one."""

import json
from collections.abc import Mapping
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from rlft_gui.domain.commas import with_a_point
from rlft_gui.domain.errors import InvalidInput

_TOLD = 100  #: characters of what was found
_TAKES = {
    "list": "a list",
    "dict": "an object",
    "string": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
}


def check_truth(name: str, values: Mapping[str, Any], hints: Mapping[str, Any]) -> None:
    """Raises InvalidInput: true or false stands where a number belongs; pydantic would take it for 1 or 0."""
    for field, value in values.items():
        kinds = set(get_args(hints[field])) - {NoneType} or {hints[field]}
        if isinstance(value, bool) and kinds <= {int, float}:
            takes = _TAKES["int" if int in kinds else "float"]
            raise InvalidInput(f"{name} cannot read {field}: it takes {takes}, found {_shown(value)}.")


def refused(name: str, error: ValidationError, hints: Mapping[str, Any]) -> str:
    """The first thing that does not fit.

    Args:
        hints: of the parameters, with what is annotated to them.
    """
    first = error.errors()[0]
    if first["type"] in ("missing_argument", "missing"):
        return f"{name} needs {first['loc'][0]}.{_example(hints, first['loc'][0])}"
    where = ".".join(str(step) for step in first["loc"]) or "request"
    found = first["input"]
    size = f"one of {len(found):,}" if first["type"] == "string_too_long" else _shown(found)
    advice = _example(hints, first["loc"][0]) if first["loc"] else ""
    return f"{name} cannot read {where}: it takes {_takes(first)}, found {size}.{with_a_point(found)}{advice}"


def _takes(error: Any) -> str:
    kind, rules = str(error["type"]), error.get("ctx", {})
    if kind == "greater_than_equal":
        return f"a number, {rules['ge']} or more"
    if kind == "less_than_equal":
        return f"a number, {rules['le']} or less"
    if kind == "string_too_long":
        return f"a text of at most {rules['max_length']:,} characters"
    if kind in ("literal_error", "enum"):
        return str(rules["expected"])
    return _TAKES.get(kind.partition("_")[0]) or f"something else ({error['msg']})"


def _example(hints: Mapping[str, Any], field: Any) -> str:
    hint = hints.get(field)
    facts = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    examples = [fact.examples for fact in facts if isinstance(fact, FieldInfo) and fact.examples]
    return f" Send for example {json.dumps(examples[0][0])}." if examples else ""


def _shown(found: Any) -> str:
    """As JSON, as it was sent, and as much of it as a sentence has room for."""
    text = json.dumps(found, default=str)
    return text if len(text) <= _TOLD else f"{text[:_TOLD]}…"
