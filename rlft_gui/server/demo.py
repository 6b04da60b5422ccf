"""A demo on the net: the app of `make_app`, for visitors."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import fastapi

from rlft_gui.demo.door import Demo
from rlft_gui.server.app import make_app
from rlft_gui.server.guard import LOOPBACK
from rlft_gui.server.listening import address_here, check_named, listen, serve_on
from rlft_gui.server.visitors import GivesCookies, Visitors

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 10


def serve_visitors(
    demo: Demo, host: str, port: int, open_browser: bool, allow_hosts: tuple[str, ...]
) -> None:
    """Serve until interrupted, to whoever comes.

    Raises:
        InvalidInput: the port is taken, or the demo would be called by no name.
    """
    check_named(host, allow_hosts)
    listener = listen(host, port)
    serve_on(
        listener,
        host,
        lambda hosts: make_demo_app(demo, hosts),
        allow_hosts,
        told="(a demo; Ctrl+C ends it)",
        opened=address_here(listener, host) if open_browser else None,
    )


def make_demo_app(
    demo: Demo, hosts: tuple[str, ...] = LOOPBACK, *, is_framed: bool = False
) -> fastapi.FastAPI:
    """The application, whose every event and server function is answered for the visitor who asks."""
    app = make_app(demo.services(), hosts, Visitors(), lifespan=_looking_after(demo))
    app.add_middleware(GivesCookies, is_framed=is_framed)
    return app


def _looking_after(demo: Demo) -> Callable[[fastapi.FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: fastapi.FastAPI) -> AsyncIterator[None]:
        watch = asyncio.create_task(_look_after(demo))
        try:
            yield
        finally:
            watch.cancel()
            demo.sandboxes.close()

    return lifespan


async def _look_after(demo: Demo) -> None:
    while True:
        try:
            await asyncio.to_thread(demo.look_after)
        except Exception:  # whatever it was, a full disk say, the next look may do better
            logger.exception("Could not look after the sandboxes")
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
