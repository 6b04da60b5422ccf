"""An upload on its way into Gradio: counted as it comes, refused once it is too much, and cleared away if it fails."""

import json
from pathlib import Path

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rlft_gui.domain.trouble import told_of_disk
from rlft_gui.server.rates import UPLOADS, Rates, too_often
from rlft_gui.server.spool import Spool

CANCELLED = 499  # nobody reads it; figures do


class Uploading:
    """Answers in plain sentences, which is what Gradio's client shows of a failed upload."""

    def __init__(self, app: ASGIApp, spool: Spool) -> None:
        self.app = app
        self.spool = spool
        self.rates = Rates(UPLOADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        user, headers = str(scope["state"].get("user")), Headers(scope=scope)
        told = _length(headers)
        if wait := self.rates.wait(user):
            late = too_often("You upload too often.", wait)
            answer: Response = PlainTextResponse(late.detail, late.status_code, late.headers)
        elif refused := self.spool.refusal(user, told):
            answer = PlainTextResponse(refused[1], refused[0])
        else:
            answer = await self._take(_plain(scope), _Counted(receive, self.spool, user, told))
        await answer(scope, receive, send)

    async def _take(self, scope: Scope, body: "_Counted") -> Response:
        answer = _Answer()
        self.spool.begin()
        try:
            await self.app(scope, body, answer)
        except OSError as error:
            return PlainTextResponse(told_of_disk(error) or "The upload could not be written.", 507)
        finally:
            self.spool.coming(body.user, -body.reserved)
            refused = body.refused or self._arrived(body.user, answer)
            self.spool.end()
        if refused:
            return PlainTextResponse(refused[1], refused[0])
        return Response(bytes(answer.body), answer.status, dict(answer.headers))

    def _arrived(self, user: str, answer: "_Answer") -> tuple[int, str] | None:
        if answer.status != 200:
            return None
        return self.spool.arrived(user, map(Path, json.loads(bytes(answer.body))))


class _Counted:
    """A body that ends in an error where it is cut off or too much; Gradio's parser then removes what it wrote."""

    def __init__(self, receive: Receive, spool: Spool, user: str, told: int) -> None:
        self._receive = receive
        self._spool = spool
        self.user = user
        self.reserved = told  #: bytes that count as under way
        self._read = 0
        self.refused: tuple[int, str] | None = None
        spool.coming(user, told)

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self.refused = (CANCELLED, "The upload was cancelled.")
        else:
            self._read += len(message.get("body", b""))
            if (more := self._read - self.reserved) > 0:
                self.refused = self._spool.refusal(self.user, more)
                self._spool.coming(self.user, more)
                self.reserved += more
        if self.refused:
            raise MultiPartException(self.refused[1])
        return message


class _Answer:
    """What Gradio answers, kept until its files are counted; it is short."""

    def __init__(self) -> None:
        self.status = 500
        self.headers = Headers()
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = Headers(raw=message["headers"])
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


def _length(headers: Headers) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isdecimal() else 0


def _plain(scope: Scope) -> Scope:
    """The request without what it says of compressed answers, since the answer is read."""
    return {**scope, "headers": [each for each in scope["headers"] if each[0] != b"accept-encoding"]}
