"""How a function becomes a public endpoint: its caller named, its arguments checked, its answer nothing but JSON.

What a stranger sends is read by the function's own type hints, and what does not fit is a sentence. What it answers must
hold nothing that Gradio would take for a file: it copies such files, whoever wrote their path into a row.
"""

import inspect
from collections.abc import Callable, Iterator
from typing import Any, get_type_hints

import gradio as gr
from pydantic import ConfigDict, ValidationError, validate_call
from pydantic_core import PydanticSerializationError, to_json

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.ui.identity import current_user
from rlft_gui.ui.pages.api.refusals import check_truth, refused

#: All endpoints together: pages have the rest of Gradio's workers.
AT_ONCE = 2
LARGEST_ANSWER = 16 * 2**20  #: bytes

Answer = dict[str, Any]


def publish(function: Callable[..., Answer]) -> None:
    """Make a function an endpoint of its own name; called where a page is laid out.

    Its parameters have hints; `user` is who asks, and no part of the request. Its docstring is told to who
    asks for the endpoints.
    """
    gr.api(
        _asked(function),
        api_name=function.__name__,
        api_description=inspect.getdoc(function),
        concurrency_limit=AT_ONCE,
        concurrency_id="api",
    )


def _asked(function: Callable[..., Answer]) -> Callable[..., Answer]:
    name, signature = function.__name__, inspect.signature(function)
    hints, annotated = get_type_hints(function), get_type_hints(function, include_extras=True)
    checked = validate_call(config=ConfigDict(arbitrary_types_allowed=True))(function)
    names = [each for each in signature.parameters if each != "user"]

    def call(*given: Any) -> Answer:
        *values, request = given
        user = current_user(request)
        check_text(name, values)
        asked = dict(zip(names, values, strict=True))
        check_truth(name, asked, hints)
        try:
            answer = checked(**asked, user=user)
        except ValidationError as error:
            raise InvalidInput(refused(name, error, annotated)) from None
        return plain(name, answer)

    # Gradio reads what is asked from the signature, and hands the request to whatever is annotated with its type.
    request = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=gr.Request)
    own = [
        signature.parameters[each].replace(
            annotation=hints[each], kind=inspect.Parameter.POSITIONAL_OR_KEYWORD
        )
        for each in names
    ]
    # Last, so that it needs a default where others have one; Gradio always gives it.
    parameters = [*own, request.replace(default=None)]
    call.__signature__ = signature.replace(parameters=parameters, return_annotation=Answer)  # type: ignore[attr-defined]
    call.__annotations__ = {one.name: one.annotation for one in parameters} | {"return": Answer}
    call.__name__, call.__doc__ = name, function.__doc__
    return call


def check_text(name: str, values: Any) -> None:
    """Raises InvalidInput: half a character, which JSON can spell and no text can hold."""
    try:
        to_json(values)
    except PydanticSerializationError:
        raise InvalidInput(
            f"{name} was sent half a character (a lone surrogate). Write the text anew."
        ) from None


def plain(name: str, answer: Answer) -> Answer:
    """The answer, once nothing in it passes for a file and it is not too long.

    Raises:
        InvalidInput: it is one or the other.
    """
    if any(_is_file(one) for one in _objects(answer)):
        raise InvalidInput(
            f"{name} would answer with a row that reads like a file of this machine, which is not sent. Use the command "
            "line for it."
        )
    if len(to_json(answer, inf_nan_mode="null")) > LARGEST_ANSWER:
        raise InvalidInput(
            f"What {name} would answer has more than {LARGEST_ANSWER:,} bytes. Ask for fewer rows at a time."
        )
    return answer


def _is_file(value: dict[str, Any]) -> bool:
    return "meta" in value and isinstance(value.get("path"), str)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    todo = [value]
    while todo:
        found = todo.pop()
        if isinstance(found, dict):
            yield found
            todo.extend(found.values())
        elif isinstance(found, list | tuple):
            todo.extend(found)
