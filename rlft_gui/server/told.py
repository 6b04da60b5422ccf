"""Errors as sentences: no answer of this app is a bare "Internal Server Error" or a list of what a library expected."""

import json
import logging
from typing import Any

from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rlft_gui.domain.errors import RlftError, StorageTrouble
from rlft_gui.domain.trouble import told_of_disk

logger = logging.getLogger(__name__)

OURS = "The app failed at this, and its log says where. Reload the page and try again."
API = "/gradio_api"


class Told:
    """Puts a sentence where an error has none, and ends errors here, inside the guard, which gives each its headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = _Answer(scope["path"], send)
        try:
            await self.app(scope, receive, answer)
        except Exception as error:
            if not answer.has_begun:
                answer.held = None
                await _response(error)(scope, receive, send)
            elif answer.held is None:
                raise
            _log(error, scope)
        if answer.held is not None:
            await _mended(answer.status, bytes(answer.body))(scope, receive, send)


class _Answer:
    """Passes on what is well, and holds what needs a sentence."""

    def __init__(self, path: str, send: Send) -> None:
        self._path = path
        self._send = send
        self.has_begun = False
        self.held: Message | None = None
        self.status = 200
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            self.status = message["status"]
            if self.status == 500 or (self.status == 422 and self._path.startswith(API)):
                self.held = message
        if self.held is None:
            await self._send(message)
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


def _mended(status: int, body: bytes) -> JSONResponse:
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    if isinstance(told, dict) and isinstance(told.get("error"), str):
        return JSONResponse(
            {**told, "detail": told["error"]}, 422
        )  # what an event tells its user is no failure
    if status == 422:
        return JSONResponse({"detail": _expected(told)}, 422)
    return JSONResponse({"detail": OURS, "error": OURS}, 500)


def _expected(told: Any) -> str:
    """The first of what FastAPI found wrong, which repeats all that it was sent."""
    detail = told.get("detail") if isinstance(told, dict) else None
    if isinstance(detail, list) and detail and isinstance(detail[0], dict):
        where = ".".join(str(step) for step in detail[0].get("loc", ()))[:80]
        return f"This address cannot read {where}: {detail[0].get('msg')}."
    return detail if isinstance(detail, str) else "This address cannot read what it was sent."


def _response(error: Exception) -> JSONResponse:
    sentence = told_of_disk(error) if isinstance(error, OSError) else None
    if isinstance(error, RlftError):
        sentence = str(error)
    if sentence is None:
        return JSONResponse({"detail": OURS}, 500)
    return JSONResponse({"detail": sentence}, 503 if isinstance(error, StorageTrouble | OSError) else 400)


def _log(error: Exception, scope: Scope) -> None:
    logger.error("%s %s failed", scope["method"], scope["path"], exc_info=error)
