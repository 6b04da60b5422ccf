"""A demo on the net: the app of `make_app`, for visitors."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import fastapi
from starlette.middleware import Middleware

from rlft_gui.demo.door import Demo
from rlft_gui.server.app import make_app
from rlft_gui.server.forwarded import Network, proxies
from rlft_gui.server.guard import LOOPBACK
from rlft_gui.server.listening import address_here, called, host_names, listen, serve_on
from rlft_gui.server.visitors import GivesCookies, Visitors

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 10


def serve_visitors(
    demo: Demo,
    host: str,
    port: int,
    open_browser: bool,
    allow_hosts: tuple[str, ...] = (),
    trust_proxy: tuple[str, ...] = (),
    frame_hosts: tuple[str, ...] = (),
) -> None:
    """Serve until interrupted, to whoever comes. Options are those of `serve`.

    Raises:
        InvalidInput: the port is taken, a name or an address is none, or others could reach the host and by no name.
    """
    names = called(host, allow_hosts)
    framing, believed = host_names("--frame-host", frame_hosts), proxies(trust_proxy)
    listener = listen(host, port)
    serve_on(
        listener,
        host,
        lambda: make_demo_app(demo, names, believed, frame_hosts=framing),
        told="(a demo; Ctrl+C ends it)",
        opened=address_here(listener, host) if open_browser else None,
    )


def make_demo_app(
    demo: Demo,
    hosts: tuple[str, ...] = LOOPBACK,
    believed: tuple[Network, ...] = (),
    frame_hosts: tuple[str, ...] = (),
) -> fastapi.FastAPI:
    """The application, whose every event and server function is answered for the visitor who asks."""
    app = make_app(
        demo.services(),
        hosts,
        Visitors(),
        lifespan=_looking_after(demo),
        proxies=believed,
        frame_hosts=frame_hosts,
    )
    # Within `Forwarded`, the outermost, which says whether the page came by https.
    app.user_middleware.insert(1, Middleware(GivesCookies, is_framed=bool(frame_hosts)))
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
