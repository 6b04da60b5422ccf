"""FastAPI around the Gradio app: what every request passes, our own addresses, and the pages at "/"."""

import asyncio
import contextlib
import itertools
import logging
import os
import warnings
from collections.abc import AsyncIterator, Callable

import fastapi
import gradio as gr
from starlette.middleware.gzip import GZipMiddleware

from rlft_gui.server.access import Access, LocalOwner
from rlft_gui.server.border import Border
from rlft_gui.server.calls import Calls
from rlft_gui.server.figures import Figures
from rlft_gui.server.forwarded import Forwarded, Network
from rlft_gui.server.guard import LOOPBACK, Guard
from rlft_gui.server.not_found import NotFoundPage
from rlft_gui.server.routes import add_routes
from rlft_gui.server.sessions import Sessions
from rlft_gui.server.sign_in import SignIn
from rlft_gui.server.sign_in_routes import add_sign_in_routes
from rlft_gui.server.spool import Spool
from rlft_gui.server.streams import Closing, Streams
from rlft_gui.server.told import Told
from rlft_gui.server.watching import Watching, add_watched_routes
from rlft_gui.services import Services
from rlft_gui.ui.build import build, head_tags
from rlft_gui.ui.theme import make_theme
from rlft_gui.ui.uploads import uploads

logger = logging.getLogger(__name__)

LARGEST_UPLOAD = "100mb"
#: A keeper that was killed is missed for no longer; the look costs a millisecond.
SECONDS_BETWEEN_KEEPER_CHECKS = 1
#: Of these looks one in so many is at comparisons too.
LOOKS_BETWEEN_SETTLING = 10

Lifespan = Callable[[fastapi.FastAPI], contextlib.AbstractAsyncContextManager[None]]


def make_app(
    services: Services,
    hosts: tuple[str, ...] = LOOPBACK,
    access: Access | None = None,
    lifespan: Lifespan | None = None,
    proxies: tuple[Network, ...] = (),
    frame_hosts: tuple[str, ...] = (),
) -> fastapi.FastAPI:
    """The application: guard, own files, health, and the pages at "/".

    Args:
        services: what pages show and change.
        hosts: names by which a request may call this app.
        access: tells who is calling; left out, everybody who gets this far is the owner.
        lifespan: what goes on beside the app; left out, the home is looked after.
        proxies: whose word on client and scheme is believed.
        frame_hosts: whose pages may frame the app.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["GRADIO_TEMP_DIR"] = str(uploads())  # read whenever a component is made
    os.environ["GRADIO_DEFAULT_CONCURRENCY_LIMIT"] = (
        "8"  # `queue(…)` would make Gradio's application once more
    )
    demo = build(services)
    demo.has_launched = True  # mounting never says so, and until then Gradio lets a request name any file
    calls, spool = Calls(demo), Spool(uploads())
    app = fastapi.FastAPI(
        docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan or _lifespan(services, spool)
    )
    app.add_middleware(NotFoundPage)
    app.add_middleware(Border, calls=calls, sessions=Sessions(calls.forget), spool=spool)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Told)
    app.state.closing = Closing()
    app.add_middleware(Streams, closing=app.state.closing)
    # The last one added is asked first.
    app.add_middleware(Guard, hosts=frozenset(hosts), access=access or LocalOwner(), frame_hosts=frame_hosts)
    figures = Figures(services, spool)
    app.add_middleware(Watching, figures=figures)
    app.add_middleware(Forwarded, proxies=proxies)
    add_watched_routes(app, services, figures)
    add_routes(app, services)
    if isinstance(access, SignIn):
        add_sign_in_routes(app, services)
    with warnings.catch_warnings():
        # Said about every app of several pages, although server-side rendering was not asked for.
        warnings.filterwarnings("ignore", "SSR mode is not supported", UserWarning)
        return gr.mount_gradio_app(
            app,
            demo,
            path="/",
            theme=make_theme(),
            head=head_tags(),
            footer_links=[],
            run_history=False,
            show_error=False,
            max_file_size=LARGEST_UPLOAD,
            enable_monitoring=False,
        )


def _lifespan(services: Services, spool: Spool) -> Lifespan:
    @contextlib.asynccontextmanager
    async def lifespan(_app: fastapi.FastAPI) -> AsyncIterator[None]:
        watch = asyncio.create_task(_look_after_home(services, spool))
        try:
            yield
        finally:
            watch.cancel()

    return lifespan


async def _look_after_home(services: Services, spool: Spool) -> None:
    """See to it that work that was launched has a keeper, also while no page is open and after one was killed, that
    no comparison of a dead program seems to go on, and that no upload waits for ever."""
    told = ""
    for look in itertools.count():
        try:
            await asyncio.to_thread(services.runs.tend)
            if look % LOOKS_BETWEEN_SETTLING == 0:
                spool.sweep()
                await asyncio.to_thread(services.comparing.settle)
            told = ""
        except Exception as error:  # whatever it was, a busy database say, the next look may do better
            if str(error) != told:  # looks are many, and one trouble is told once
                logger.exception("Could not look after the home")
            told = str(error)
        await asyncio.sleep(SECONDS_BETWEEN_KEEPER_CHECKS)
