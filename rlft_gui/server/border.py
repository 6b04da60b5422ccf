"""What may cross from a request into Gradio.

A value that names a file is copied into the folder of uploads, and fetched first if it is an address. Gradio refuses other
files by itself once an app `has_launched`, but only on the way in, not for what a handler hands back, and it never
refuses addresses. So what names a file is looked for here, in every body and in JSON that is written inside a text,
and routes that no page of ours uses do not exist.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rlft_gui.ui.uploads import uploads

PREFIX = "/gradio_api/"
UPLOAD = "upload"
#: The routes that our pages call. Left out are those that read a file or an address, draw from a stream, or keep the
#: state of a session on the disk.
ROUTES = frozenset(
    [
        "app_id",
        "cancel",
        "component_server",
        "heartbeat",
        "info",
        "queue",
        "reset",
        "run",
        "startup-events",
        "theme.css",
        "upload_progress",
    ]
) | {UPLOAD}
LARGEST_BODY = 16 * 1024 * 1024  #: bytes; a draft with every document written out takes some 100 kB


class Border:
    """Lets through to Gradio only the routes our pages use, and only bodies that name no file but an upload."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/gradio_api"):
            await self.app(scope, receive, send)
            return
        route = scope["path"].removeprefix(PREFIX).split("/")[0]
        if route not in ROUTES:
            await _answer(404, "There is no such address.")(scope, receive, send)
        elif scope["method"] in ("GET", "HEAD") or route == UPLOAD:
            await self.app(scope, receive, send)
        else:
            await self._pass_body(scope, receive, send)

    async def _pass_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _whole(receive)
        if body is None:
            await _answer(413, f"A request may have {LARGEST_BODY:,} bytes at most.")(scope, receive, send)
        elif problem := refuse_body(body, uploads()):
            await _answer(403, problem)(scope, receive, send)
        else:
            await self.app(scope, _again(body, receive), send)


def refuse_body(body: bytes, allowed: Path) -> str | None:
    """Why Gradio must not read this body, if so: it is no JSON, or names a file outside the folder `allowed`."""
    if not body:
        return None
    try:
        for path in _named_files(json.loads(body)):
            if not _lies_in(path, allowed):
                return f"Only files that were uploaded can be read, found {path[:200]!r}."
    except (ValueError, RecursionError):
        return "This address reads JSON, and the request holds none that can be read."
    return None


def _named_files(value: Any) -> Iterator[str]:
    """The paths of whatever Gradio would take for a file, however deep it lies."""
    todo = [value]
    while todo:
        found = todo.pop()
        if isinstance(found, dict):
            if "meta" in found and isinstance(path := found.get("path"), str):
                yield path
            todo.extend(found.values())
        elif isinstance(found, list):
            todo.extend(found)
        elif isinstance(found, str) and found.lstrip()[:1] in ("{", "["):
            todo.append(_as_json(found))


def _as_json(text: str) -> Any:
    """What a text holds that may be JSON, since handlers read such texts; None if it is not."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _lies_in(path: str, folder: Path) -> bool:
    try:
        return Path(path).resolve().is_relative_to(folder)
    except (OSError, ValueError, RuntimeError):  # too long, with a NUL, or links in a ring
        return False


async def _whole(receive: Receive) -> bytes | None:
    """The body of a request, or None if it is too long."""
    chunks: list[bytes] = []
    more = True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
        if sum(map(len, chunks)) > LARGEST_BODY:
            return None
    return b"".join(chunks)


def _again(body: bytes, receive: Receive) -> Receive:
    """Hands out a body that was read already, then whatever comes after it."""
    read: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return read.pop() if read else await receive()

    return receive_again


def _answer(status: int, detail: str) -> JSONResponse:
    return JSONResponse({"detail": detail}, status_code=status)
