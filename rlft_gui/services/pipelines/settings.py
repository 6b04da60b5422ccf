"""What is wrong with a stage's settings, one sentence per field, in the words that the wizard and the terminal share.

Whether a dataset or a model exists is not judged here; `Launching.check` adds that.
"""

import difflib
import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from rlft_gui.domain.commas import with_a_point
from rlft_gui.domain.errors import Problem

_TOLD = 100  #: characters of what was found, in a sentence
FAR = 10  #: a value this many times beyond its bound is "far" outside: most likely a slip of the pen


def settings_problems(
    model: type[BaseModel],
    values: Mapping[str, Any],
    *,
    path: str,
    title: str,
    proposed: Mapping[str, Any] | None = None,
    source: str = "",
) -> tuple[Problem, ...]:
    """Every field of `values` that `model` refuses.

    Args:
        path: where the settings stand in the YAML, e.g. "stages.dpo".
        title: what they are for, as it stands within a sentence, e.g. "DPO on Lantern" or "a batch".
        proposed: values that a preset has for the same purpose; they are offered instead of the default.
        source: where `proposed` comes from, e.g. "the preset".
    """
    try:
        model.model_validate(dict(values))
    except ValidationError as error:
        return tuple(_problem(model, e, path, title, proposed or {}, source) for e in error.errors())
    return ()


def bounds(info: FieldInfo) -> tuple[float | None, float | None]:
    """Lowest and highest value of a number, whether the ends are allowed or not."""
    low = high = None
    for rule in info.metadata:
        low = next((getattr(rule, key) for key in ("ge", "gt") if hasattr(rule, key)), low)
        high = next((getattr(rule, key) for key in ("le", "lt") if hasattr(rule, key)), high)
    return low, high


def bounds_text(info: FieldInfo) -> str:
    """The range as words, e.g. "1e-7 to 0.01"; empty if there is none."""
    low, high = bounds(info)
    if low is not None and high is not None:
        return f"{number(low)} to {number(high)}"
    if low is not None:
        return f"{number(low)} or more"
    return f"{number(high)} or less" if high is not None else ""


def choices(info: FieldInfo) -> tuple[Any, ...]:
    """The values of a `Literal` field; empty for every other kind."""
    options = (info.annotation, *get_args(info.annotation))
    return next((get_args(option) for option in options if get_origin(option) is Literal), ())


def number(value: Any) -> str:
    """A value as a person writes it: 6e-5 and 10,000, not 6e-05 and 10000."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, int) or (value.is_integer() and 1 <= abs(value) < 1e6):
        return f"{int(value):,}"
    text = f"{value:g}"
    mantissa, exponent_mark, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent_mark else text


def _problem(
    model: type[BaseModel], error: Any, path: str, title: str, proposed: Mapping[str, Any], source: str
) -> Problem:
    name = str(error["loc"][0]) if error["loc"] else ""
    field = f"{path}.{name}" if name else path
    if error["type"] == "extra_forbidden" and len(error["loc"]) == 1:
        return Problem(field, _unknown(model, name, title))
    if name not in model.model_fields:  # a rule over several fields, written as a sentence by the stage
        return Problem(field, str(error.get("ctx", {}).get("error", error["msg"])))
    info = model.model_fields[name]
    if len(error["loc"]) > 1:
        return Problem(field, _inside(info.title or name, error))
    hint = _hint(info, name, title, proposed, source)
    return Problem(field, f"{_what_is_wrong(info, info.title or name, error)}{hint}")


def _inside(label: str, error: Any) -> str:
    """What is wrong with a part of a setting, such as a principle of a constitution or one reward's weight."""
    kind, found, part = str(error["type"]), error["input"], _place(error["loc"][1:])
    if kind == "too_short":
        return f"{label} has no {part}. Add at least one."
    if kind == "missing":
        return f'{label} has no "{part}". Add it.'
    if kind == "extra_forbidden":
        return f'{label} has no place for "{part}". Take it out.'
    if found is None or found == "":
        return f'{label}: "{part}" is empty.'
    if kind.startswith(("float_", "finite_number", "int_")):
        return f'{label}: "{part}" takes a number, found {found!r}.'
    own_words = error.get("ctx", {}).get("error")
    return str(own_words) if own_words else f'{label}: "{part}" does not fit: {error["msg"]}.'


def _place(path: Sequence[Any]) -> str:
    """Where something stands in a text, counted as people do: "principles 2, text"."""
    words = [f" {step + 1}" if isinstance(step, int) else f", {step}" for step in path]
    return "".join(words).removeprefix(", ").strip()


def _what_is_wrong(info: FieldInfo, label: str, error: Any) -> str:
    kind, found = str(error["type"]), error["input"]
    if kind in ("missing", "too_short", "string_too_short") or found is None or found == "":
        return f"{label} is empty."
    if kind.startswith(("greater_than", "less_than")):
        return _out_of_bounds(info, label, found)
    if kind.endswith("too_long") and (lengths := error.get("ctx")):
        return _too_long(label, kind, found, lengths["max_length"])
    if kind.startswith(("tuple_", "list_")):
        return f'{label} takes a list, such as ["a", "b"], found {_shown(found)}.'
    if kind.startswith("int_"):
        return f"{label} takes a whole number, found {number(found)}."
    if kind.startswith(("float_", "finite_number", "decimal")):
        return f"{label} takes a number, found {_shown(found)}.{with_a_point(found)}"
    if kind == "literal_error":
        return f'{label} is one of {", ".join(map(str, choices(info)))}; found "{found}".'
    if kind.startswith("bool_"):
        return f"{label} is true or false, found {found!r}."
    own_words = error.get("ctx", {}).get("error")
    return str(own_words) if own_words else f"{label} {_shown(found)} does not fit: {error['msg']}."


def _too_long(label: str, kind: str, found: Any, most: int) -> str:
    if kind.startswith("string_"):
        return f"{label} has {len(found):,} characters, and {most:,} fit. Shorten it."
    return f"{label} has {len(found):,} entries, and {most:,} fit. Leave some out."


def _shown(found: Any) -> str:
    """As much of it as a sentence has room for."""
    text = repr(found)
    return text if len(text) <= _TOLD else f"{text[:_TOLD]}…"


def _out_of_bounds(info: FieldInfo, label: str, found: Any) -> str:
    low, high = bounds(info)
    if isinstance(found, float | str) and math.isnan(float(found)):
        return f"{label} takes a number{_between(low, high)}, found NaN."
    if low is None or high is None:
        return f"{label} must be {bounds_text(info)}, found {number(found)}."
    size = (
        float(found) if isinstance(found, str) else found
    )  # a text spells one, or it would not be out of bounds
    if size in (low, high):
        return f"{label} must be {_open_range(info, low, high)}, found {number(found)}."
    far = "far " if size > high * FAR > 0 or 0 < size < low / FAR else ""
    return f"{label} {number(found)} is {far}outside {bounds_text(info)}."


def _open_range(info: FieldInfo, low: float, high: float) -> str:
    """A range of which an end is no part of it."""
    above = any(hasattr(rule, "gt") for rule in info.metadata)
    below = any(hasattr(rule, "lt") for rule in info.metadata)
    first = f"above {number(low)}" if above else f"{number(low)} or more"
    return f"{first} and {'below' if below else 'at most'} {number(high)}"


def _between(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f" from {number(low)} to {number(high)}"


def _hint(info: FieldInfo, name: str, title: str, proposed: Mapping[str, Any], source: str) -> str:
    if isinstance(proposed.get(name), int | float | str):
        return f" For {title} take {number(proposed[name])}; {source or 'the preset'} has it."
    if info.is_required() or not isinstance(info.default, int | float | str) or info.default == "":
        return ""
    return f" For {title} take {number(info.default)}, the default."


def _unknown(model: type[BaseModel], name: str, title: str) -> str:
    known = list(model.model_fields)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    advice = f'Did you mean "{near[0]}"?' if near else f"Known: {', '.join(known)}."
    return f'{title[:1].upper()}{title[1:]} has no setting "{name}". {advice}'
