"""For programs that watch over the app: whether it lives, whether it is ready, its figures, and a line a request."""

import hmac
import logging
import os
import time
from collections.abc import Callable

import fastapi
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rlft_gui.server.figures import Figures
from rlft_gui.server.readiness import not_ready
from rlft_gui.services import Services

logger = logging.getLogger(__name__)

TOKEN = "RLFT_METRICS_TOKEN"  # noqa: S105 - the variable's name
LOOPBACK_PEERS = ("127.0.0.1", "::1")


class Watching:
    """Counts every request, refused ones included, and logs it: without its query, which may hold a token."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self.app = app
        self.figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, began = 499, time.perf_counter()

        async def note(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self.app(scope, receive, note)
        finally:
            seconds = time.perf_counter() - began
            self.figures.count(scope["path"], status, seconds)
            logger.info("%s %s %d %.3f s", scope["method"], scope["path"], status, seconds)


def add_watched_routes(app: fastapi.FastAPI, services: Services, figures: Figures) -> None:
    app.add_api_route("/readyz", _ready_route(services))
    app.add_api_route("/metrics", _figures_route(figures))


def _ready_route(services: Services) -> Callable[[], Response]:
    def ready() -> Response:
        reasons = not_ready(services)
        told = {"status": "not ready", "reasons": reasons} if reasons else {"status": "ready"}
        return JSONResponse(told, 503 if reasons else 200)

    return ready


def _figures_route(figures: Figures) -> Callable[[fastapi.Request], Response]:
    def metrics(request: fastapi.Request) -> Response:
        if not _may_see(request):
            raise fastapi.HTTPException(
                403, f"Figures are for this machine, or for who sends the token that {TOKEN} holds."
            )
        return PlainTextResponse(figures.text(), media_type=CONTENT_TYPE_LATEST)

    return metrics


def _may_see(request: fastapi.Request) -> bool:
    wanted = os.environ.get(TOKEN, "")
    given = request.headers.get("authorization", "")
    if wanted and hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode()):
        return True
    # A proxy on this machine calls from loopback too, for whomever; what it said of him shows that it is one.
    was_forwarded = getattr(request.state, "was_forwarded", False)
    return not was_forwarded and request.client is not None and request.client.host in LOOPBACK_PEERS
