"""Streams end when the app does. Gradio's go on until their reader leaves, which kept the app for 20 seconds after Ctrl+C."""

import asyncio
import contextlib
import socket

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STREAMS = ("/gradio_api/heartbeat/", "/gradio_api/queue/data", "/gradio_api/upload_progress")
#: Seconds that other answers get to be finished once the app ends.
GRACE = 1


class Closing:
    """Told once, by whoever ends the app; streams wait for it."""

    def __init__(self) -> None:
        self._told = asyncio.Event()

    def tell(self) -> None:
        self._told.set()

    async def wait(self) -> None:
        await self._told.wait()


class Streams:
    """Ends a stream in good order when the app ends, or its reader leaves."""

    def __init__(self, app: ASGIApp, closing: Closing) -> None:
        self.app = app
        self.closing = closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(STREAMS):
            await self.app(scope, receive, send)
            return
        has_begun = has_ended = False

        async def note(message: Message) -> None:
            nonlocal has_begun, has_ended
            has_begun = True
            has_ended = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        stream = asyncio.ensure_future(self.app(scope, receive, note))
        end = asyncio.ensure_future(self.closing.wait())
        try:
            await asyncio.wait({stream, end}, return_when=asyncio.FIRST_COMPLETED)
            if stream.done():
                stream.result()
                return
        finally:
            for task in (stream, end):
                task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await stream
        if not has_begun:
            await send({"type": "http.response.start", "status": 503, "headers": []})
        if not has_ended:  # Gradio's own end in good order when they are cancelled
            await send({"type": "http.response.body", "body": b"", "more_body": False})


class Server(uvicorn.Server):
    """Uvicorn's, which closes streams before it waits for what is under way."""

    def __init__(self, config: uvicorn.Config, closing: Closing) -> None:
        super().__init__(config)
        self._closing = closing

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._closing.tell()
        await super().shutdown(sockets)
