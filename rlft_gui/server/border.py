"""What may cross from a request into Gradio.

A value that names a file is copied into the folder of uploads, and fetched first if it is an address. Gradio refuses other
files by itself once an app `has_launched`, but only on the way in, not for what a handler hands back, and it never
refuses addresses. So what names a file is looked for here, in every body and in JSON that is written inside a text,
and routes that no page of ours uses do not exist.
"""

import json
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import HTTPException
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rlft_gui.server.calls import Calls, checked_session
from rlft_gui.server.rates import COSTLY, COSTLY_CALLS, Rates, too_often
from rlft_gui.server.sessions import Sessions
from rlft_gui.server.spool import Spool
from rlft_gui.server.uploading import Uploading
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


MOST_DEPTH = 100  #: of lists and objects in each other
BIG_BODY = 200_000  #: bytes; a larger one is read beside other requests


class Border:
    """Lets through to Gradio only the routes our pages use, by their own sessions, and only calls that they could make."""

    def __init__(self, app: ASGIApp, calls: Calls, sessions: Sessions, spool: Spool) -> None:
        self.app = app
        self.calls = calls
        self.sessions = sessions
        self.uploading = Uploading(app, spool)
        self.costs = Rates(COSTLY)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/gradio_api"):
            await self.app(scope, receive, send)
            return
        try:
            app, receive = await self._through(scope, receive)
        except HTTPException as refused:
            app = JSONResponse({"detail": refused.detail}, refused.status_code, refused.headers)
        await app(scope, receive, send)

    async def _through(self, scope: Scope, receive: Receive) -> tuple[ASGIApp, Receive]:
        """What answers this request, and from where it reads.

        Raises:
            HTTPException: it may not pass.
        """
        route = tuple(filter(None, scope["path"].removeprefix(PREFIX).split("/")))
        if not route or route[0] not in ROUTES:
            raise HTTPException(404, "There is no such address.")
        self._claim(scope, _sessions_named(route, Request(scope).query_params))
        if route[0] == UPLOAD and scope["method"] == "POST":
            return self.uploading, receive
        if scope["method"] in ("GET", "HEAD"):
            return self.app, receive
        return self.app, _again(await self._read(scope, route, receive), receive)

    async def _read(self, scope: Scope, route: tuple[str, ...], receive: Receive) -> bytes:
        body = await _whole(receive)
        if body is None:
            raise HTTPException(413, f"A request may have {LARGEST_BODY:,} bytes at most.")
        read = partial(read_body, body, uploads())
        asked = await run_in_threadpool(read) if len(body) > BIG_BODY else read()
        called = self.calls.check(route, asked)
        if session := asked.get("session_hash"):
            self._claim(scope, [session])
        if called in COSTLY_CALLS and (wait := self.costs.wait(_user(scope))):
            raise too_often("You start work on this machine too often.", wait)
        return body

    def _claim(self, scope: Scope, sessions: Iterable[str]) -> None:
        for session in sessions:
            if not self.sessions.claim(checked_session(session), _user(scope)):
                raise HTTPException(
                    403, "This session is somebody else's. Reload the page to begin one of your own."
                )


def read_body(body: bytes, allowed: Path) -> dict[str, Any]:
    """What a request asks, as JSON.

    Raises:
        HTTPException: it is no JSON object, holds a number that JSON has not, nests too deep, or names a file outside
            the folder `allowed`.
    """
    try:
        asked = json.loads(body or b"{}", parse_constant=_no_number)
        for path in _named_files(asked):
            if not _lies_in(path, allowed):
                raise HTTPException(403, f"Only files that were uploaded can be read, found {path[:200]!r}.")
    except (ValueError, RecursionError):
        raise HTTPException(
            403, "This address reads JSON, and the request holds none that can be read."
        ) from None
    if not isinstance(asked, dict):
        raise HTTPException(400, f"This address reads a JSON object, found {type(asked).__name__}.")
    return asked


def _no_number(name: str) -> Any:
    """NaN and infinity, which Python reads and no other program writes."""
    raise ValueError(name)


def _sessions_named(route: tuple[str, ...], query: QueryParams) -> Iterator[str]:
    if route[0] == "heartbeat":
        yield from route[1:2]
    if route == ("queue", "data"):
        yield query.get("session_hash", "")
    if route[0] in (UPLOAD, "upload_progress") and "upload_id" in query:
        yield query["upload_id"]


def _user(scope: Scope) -> str:
    return str(scope["state"].get("user"))


def _named_files(value: Any) -> Iterator[str]:
    """The paths of whatever Gradio would take for a file, however deep it lies.

    Raises:
        RecursionError: it lies deeper than anything that is asked here.
    """
    todo = [(value, 0)]
    while todo:
        found, depth = todo.pop()
        if depth > MOST_DEPTH:
            raise RecursionError
        if isinstance(found, dict):
            if "meta" in found and isinstance(path := found.get("path"), str):
                yield path
            todo.extend((each, depth + 1) for each in found.values())
        elif isinstance(found, list):
            todo.extend((each, depth + 1) for each in found)
        elif isinstance(found, str) and found.lstrip()[:1] in ("{", "["):
            todo.append((_as_json(found), depth + 1))


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
