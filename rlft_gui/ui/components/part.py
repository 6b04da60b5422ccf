"""The parts that every page is made of: a piece of the page drawn in the browser, and the frame around it.

A part is a `gr.HTML` with a fixed template. Its data is one JSON string and its script writes nodes with
`textContent`, so no text of a user or a model is ever markup. What is live asks Python through `serves`, by
cursor, while it is visible; no `gr.State`, no stream, no timer.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

import gradio as gr
from pydantic import ValidationError

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput, RlftError
from rlft_gui.domain.trouble import told_of_disk
from rlft_gui.services import Services
from rlft_gui.ui.assets import address, preload_tags
from rlft_gui.ui.identity import current_user

#: Starts every part: imports the part's own module and hands it what Gradio gives.
MOUNT = "rlft_gui/ui/components/mount.js"


class Nothing(Frozen):
    """What a server function is asked when it takes no argument."""


@dataclass(frozen=True)
class Serve:
    """A Python function that a part's script may call as `call(server.name, {…})`.

    Attributes:
        name: as the script knows it; not the name of a Gradio event.
        asked: frozen model that the browser's object must fit.
        answer: gets that object and the caller's name; returns JSON. An RlftError reaches the script as a sentence.
    """

    name: str
    asked: type[Frozen]
    answer: Callable[[Any, str], dict[str, Any]]


def part(
    name: str,
    value: object = None,
    *,
    module: str,
    head: str = "",
    serves: Sequence[Serve] = (),
    elem_id: str | None = None,
    elem_classes: str | None = None,
    **props: object,
) -> gr.HTML:
    """A piece of the page. `module`, a path below rlft_gui/ui/, exports the function that starts it as its default.

    `head` is put into the document's head before that. `value` and every further keyword reach the script as JSON strings: `props.value`, `props.options`.
    """
    return gr.HTML(
        value if isinstance(value, str) else json.dumps(value),
        html_template=f'<div class="rl-part rl-{name}"></div>',
        js_on_load=_start(module),
        head=head + preload_tags(MOUNT) + preload_tags(_path(module)),
        server_functions=[_server_function(serve) for serve in serves] or None,
        apply_default_css=False,
        elem_id=elem_id,
        elem_classes=elem_classes,
        **{key: extra if isinstance(extra, str) else json.dumps(extra) for key, extra in props.items()},
    )


def _path(module: str) -> str:
    return f"rlft_gui/ui/{module}"


def _start(module: str) -> str:
    # The events are named here because Gradio reads this string to learn what a part can trigger.
    return (
        f"import('{address(MOUNT)}').then(({{mount}}) => mount('{address(_path(module))}', "
        "{element, trigger, props, server, upload, watch})); // 'change' 'click'"
    )


def frame(services: Services) -> None:
    """The bar on top: pages, live pill, light and dark. First thing on every page."""
    gr.Navbar(main_page_name="Home")
    live = Serve("live_pill", Nothing, lambda _asked, _user: services.runs.pill())
    part("top", module="components/top.js", serves=[live], elem_classes="rl-top-holder")


def head(title: str, text: str, *links: tuple[str, str, str]) -> None:
    """The page head: one title, one sentence of state, and links as (words, address, "primary" or "")."""
    part("head", {"title": title, "text": text, "links": links}, module="components/head.js")


def tell_problems(demo: gr.Blocks) -> None:
    """Let every event of the app tell an error that is meant for the user in its words, which stay until closed."""
    for event in demo.fns.values():
        event.fn, event.validator = _telling(event.fn), _telling(event.validator)


def _telling(function: Callable[..., Any] | None) -> Callable[..., Any] | None:
    if function is None:
        return None

    @wraps(function)
    def tell(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except (RlftError, OSError) as error:
            told = _sentence(error)
            raise gr.Error(told, duration=None, title="That did not work", print_exception=False) from None

    return tell


def _sentence(error: RlftError | OSError) -> str:
    """What the user is told. An OSError that no user can mend is a fault of ours, and is raised again."""
    told = str(error) if isinstance(error, RlftError) else told_of_disk(error)
    if told is None:
        raise error
    return told


def _server_function(serve: Serve) -> Callable[..., dict[str, Any]]:
    def answer(asked: Any, request: gr.Request) -> dict[str, Any]:
        try:
            user = current_user(request)
            return {"ok": serve.answer(_read(serve, asked), user)}
        except (RlftError, OSError) as error:
            return {"problem": _sentence(error)}

    answer.__name__ = serve.name
    return answer


def _read(serve: Serve, asked: Any) -> Frozen:
    try:
        return serve.asked.model_validate(asked)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "request"
        raise InvalidInput(f"{serve.name} cannot read {where}: {first['msg']}.") from None
