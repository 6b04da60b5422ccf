"""The parts that every page is made of: a piece of the page drawn in the browser, and the frame around it.

A part is a `gr.HTML` with a fixed template. Its data is one JSON string and its script writes nodes with
`textContent`, so no text of a user or a model is ever markup. What is live asks Python through `serves`, by
cursor, while it is visible; no `gr.State`, no stream, no timer.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import gradio as gr
from fastapi import Response
from gradio.context import LocalContext
from pydantic import ValidationError
from pydantic_core import PydanticSerializationError, to_json

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput, RlftError
from rlft_gui.domain.trouble import told_of_disk
from rlft_gui.services import Services
from rlft_gui.services.calling import calling
from rlft_gui.services.shared import Shared
from rlft_gui.ui.assets import address, preload_tags
from rlft_gui.ui.components.payloads import LIVE_PILL, LivePill, PageHead, PageLink
from rlft_gui.ui.contract import Served, Written, serve, wrapped
from rlft_gui.ui.identity import current_user

#: Starts every part: imports the part's own module and hands it what Gradio gives.
MOUNT = "rlft_gui/ui/components/mount.js"


def part(
    name: str,
    value: object = None,
    *,
    module: str,
    serves: Sequence[Served] = (),
    elem_id: str | None = None,
    elem_classes: str | None = None,
    **props: object,
) -> gr.HTML:
    """A piece of the page. `module`, a path below rlft_gui/ui/, exports the function that starts it as its default.

    `value` and every further keyword reach the script as JSON strings: `props.value`, `props.options`.
    """
    return gr.HTML(
        json_of(value),
        html_template=f'<div class="rl-part rl-{name}"></div>',
        js_on_load=_start(module),
        head=preload_tags(MOUNT) + preload_tags(_path(module)),
        server_functions=[_server_function(serve) for serve in serves] or None,
        apply_default_css=False,
        elem_id=elem_id,
        elem_classes=elem_classes,
        **{key: json_of(extra) for key, extra in props.items()},
    )


def _path(module: str) -> str:
    return f"rlft_gui/ui/{module}"


def _start(module: str) -> str:
    # The events are named here because Gradio reads this string to learn what a part can trigger.
    return (
        f"import('{address(MOUNT)}').then(({{mount}}) => mount('{address(_path(module))}', "
        "{element, trigger, props, server, upload, watch})); // 'change' 'click'"
    )


def json_of(value: object) -> str:
    """A value as a part's module reads it; a string is JSON already."""
    return value if isinstance(value, str) else to_json(value, inf_nan_mode="strings").decode()


def frame(services: Services) -> None:
    """The bar on top: pages, live pill, light and dark; in a demo what is shared. First thing on every page."""
    pill = Shared[LivePill](1)

    def look() -> LivePill:
        return LivePill.model_validate(services.runs.pill())

    gr.Navbar(main_page_name="Home")
    live = serve(LIVE_PILL, lambda _asked, _user: pill.get(services.runs.changes(), look))
    part("top", module="components/top.js", serves=[live], elem_classes="rl-top-holder")
    if services.notice is not None:
        part("notice-holder", services.notice, module="components/notice.js")


def head(title: str, text: str, *links: tuple[str, str, str]) -> None:
    """The page head: one title, one sentence of state, and links as (words, address, "primary" or "")."""
    shown = [PageLink(words=words, href=href, kind=kind) for words, href, kind in links]
    part("head", PageHead(title=title, text=text, links=tuple(shown)), module="components/head.js")


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
            with calling(_who_triggered()):
                return function(*args, **kwargs)
        except (RlftError, OSError) as error:
            told = _sentence(error)
            raise gr.Error(told, duration=None, title="That did not work", print_exception=False) from None

    return tell


def _who_triggered() -> str:
    """The caller of the event that is under way. Events are run in tasks of their queue, which know nothing of the request's."""
    request = LocalContext.request.get(None)
    return current_user(request) if request is not None else ""


def _sentence(error: RlftError | OSError) -> str:
    """What the user is told. An OSError that no user can mend is a fault of ours, and is raised again."""
    told = str(error) if isinstance(error, RlftError) else told_of_disk(error)
    if told is None:
        raise error
    return told


def _server_function(serve: Served) -> Callable[..., Response | dict[str, str]]:
    function = serve.function

    def ask(asked: Any, request: gr.Request) -> Response | dict[str, str]:
        try:
            user = current_user(request)
            with calling(user):
                answer = serve.answer(_read(function.name, function.asked, asked), user)
            return _response(answer, request)
        except (RlftError, OSError) as error:
            return {"problem": _sentence(error)}

    ask.__name__ = function.name
    return ask


def _response(answer: Frozen | Written, request: gr.Request) -> Response:
    """Written here: FastAPI would look at every number of a curve in Python before it writes it."""
    if not isinstance(answer, Written):
        return Response(wrapped(answer.model_dump_json().encode()), media_type="application/json")
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(answer.body, media_type="application/json")
    coded = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(answer.packed, media_type="application/json", headers=coded)


def _read(name: str, model: type[Frozen], asked: Any) -> Frozen:
    try:
        to_json(asked)  # half a character, which JSON can spell and no text can hold
    except PydanticSerializationError:
        raise InvalidInput(
            f"{name} was sent half a character (a lone surrogate). Type the text anew."
        ) from None
    try:
        return model.model_validate(asked)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "request"
        raise InvalidInput(f"{name} cannot read {where}: {first['msg']}.") from None
