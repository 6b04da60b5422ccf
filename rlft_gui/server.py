"""FastAPI around the Gradio app: who is calling, who may call, what a browser may load, and static files.

There is no sign-in yet, so the app listens on loopback names only and says so to anyone who asks for more. The
guard is here rather than in Gradio because Gradio echoes any Origin unless the Host is a loopback name.
"""

import asyncio
import contextlib
import ipaddress
import itertools
import logging
import os
import re
import socket
import sys
import threading
import warnings
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import fastapi
import gradio as gr
import uvicorn
from fastapi.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rlft_gui.border import Border, uploads
from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.garbage import not_collecting
from rlft_gui.not_found import NotFoundPage
from rlft_gui.services import Services
from rlft_gui.ui.assets import FAVICON, KINDS, compressed, find, version
from rlft_gui.ui.build import build, head_tags
from rlft_gui.ui.identity import current_user
from rlft_gui.ui.theme import make_theme

logger = logging.getLogger(__name__)

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LOCAL_OWNER = "local"
LARGEST_UPLOAD = "100mb"
#: A keeper that was killed is missed for no longer; the look costs a millisecond.
SECONDS_BETWEEN_KEEPER_CHECKS = 1
#: Of these looks one in so many is at comparisons too.
LOOKS_BETWEEN_SETTLING = 10
#: Longer than any page waits between two questions: who asks over a connection that is being closed gets no answer.
IDLE_CONNECTION_SECONDS = 75

FOR_EVER = "public, max-age=31536000, immutable"
#: How our files may go over the wire, best first. Browsers ask for brotli on https and on this machine only.
CODINGS: tuple[Literal["br", "gzip"], ...] = ("br", "gzip")
A_DAY = "public, max-age=86400"
#: Gradio's page has inline scripts and builds functions from strings, so those two exceptions stay. Everything
#: else comes from this address; nothing may frame the app, and no form leaves it.
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' data: blob:; worker-src 'self' blob:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


class Guard:
    """Refuses strangers, names the caller, and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refusal = refuse(Headers(scope=scope), self.hosts)
        if refusal and scope["type"] == "http":
            await JSONResponse({"detail": refusal}, status_code=403)(
                scope, receive, _with_headers(send, scope)
            )
        elif not refusal:
            scope.setdefault("state", {})["user"] = LOCAL_OWNER  # mounted applications share this dict
            await self.app(scope, receive, _with_headers(send, scope))


def refuse(headers: Headers, hosts: frozenset[str]) -> str | None:
    """Why this request must not be answered, if so: another host's name, or another site's page.

    A page of another site can send requests here with the user's browser; its Origin gives it away. A name that
    was re-pointed to this machine (DNS rebinding) shows in Host.
    """
    host = headers.get("host", "")
    if _hostname(host) not in hosts:
        return f'This app answers to {", ".join(sorted(hosts))} only, found Host "{host}".'
    origin = headers.get("origin")
    if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
        return f'Requests from other sites are refused, found Origin "{origin}".'
    if (
        origin is None
        and headers.get("sec-fetch-site") == "cross-site"
        and headers.get("sec-fetch-mode") != "navigate"
    ):
        return "Requests from other sites are refused."
    return None


def _hostname(host: str) -> str | None:
    """The name without its port, in small letters; None if the header is no host at all."""
    if "@" in host:
        return None  # a name in front of the host, which urlsplit would pass over
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _with_headers(send: Send, scope: Scope) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            if message["status"] == 200 and "cache-control" not in headers and (kept := _kept(scope["path"])):
                headers["Cache-Control"] = kept
        await send(message)

    return send_with_headers


def _kept(path: str) -> str | None:
    """How long a browser may keep Gradio's own files: it hashes the names of scripts, not those of fonts."""
    if path.startswith("/assets/"):
        return FOR_EVER
    return A_DAY if path.startswith("/static/") else None


def make_app(services: Services, hosts: tuple[str, ...] = LOOPBACK) -> fastapi.FastAPI:
    """The application: guard, own files, health, and the pages at "/"."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["GRADIO_TEMP_DIR"] = str(uploads())  # read whenever a component is made
    os.environ["GRADIO_DEFAULT_CONCURRENCY_LIMIT"] = (
        "8"  # `queue(…)` would make Gradio's application once more
    )
    app = fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan(services))
    app.add_middleware(NotFoundPage)
    app.add_middleware(Border)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Guard, hosts=frozenset(hosts))  # the last one added is asked first
    app.add_api_route("/healthz", _healthz)
    app.add_api_route("/favicon.ico", _favicon)
    app.add_api_route("/rl/{wanted}/{name:path}", _asset)
    app.add_api_route("/logs/{run_id}", _log_route(services))
    demo = build(services)
    demo.has_launched = True  # mounting never says so, and until then Gradio lets a request name any file
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


def serve(services: Services, host: str = "127.0.0.1", port: int = 7860, open_browser: bool = False) -> None:
    """Serve until interrupted; prints the address once connections are accepted.

    Raises:
        InvalidInput: the host is not loopback, or the port is taken.
    """
    listener = listen(host, port)
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listener.getsockname()[1]}/"
    with not_collecting():
        app = make_app(services, hosts=(*LOOPBACK, host))
    sys.stdout.write(f"rlft_gui is at {address}  (Ctrl+C ends the app; training goes on)\n")
    sys.stdout.flush()
    if open_browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    config = uvicorn.Config(app, log_level="warning", timeout_keep_alive=IDLE_CONNECTION_SECONDS)
    uvicorn.Server(config).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; taken before the slow start, so that a wrong address is told at once."""
    if not is_loopback(host):
        raise InvalidInput(
            f"rlft_gui has no sign-in yet, so it listens on this machine only; found host {host}. "
            "Use 127.0.0.1, and from elsewhere a tunnel: ssh -L 7860:127.0.0.1:7860 THIS_MACHINE."
        )
    try:
        listener = socket.create_server((host, port), family=_family(host), backlog=128)
    except OSError as error:
        raise InvalidInput(
            f"Port {port} on {host} cannot be used: {error.strerror}. Choose another with --port, or 0 for any."
        ) from None
    # Connections inherit it. asyncio sets it only on sockets that name their protocol, which these do not; without it
    # the second half of an answer waits 40 ms for the browser to confirm the first.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _lifespan(
    services: Services,
) -> Callable[[fastapi.FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_app: fastapi.FastAPI) -> AsyncIterator[None]:
        watch = asyncio.create_task(_look_after_home(services))
        try:
            yield
        finally:
            watch.cancel()

    return lifespan


async def _look_after_home(services: Services) -> None:
    """See to it that work that was launched has a keeper, also while no page is open and after one was killed, and
    that no comparison of a dead program seems to go on."""
    told = ""
    for look in itertools.count():
        try:
            await asyncio.to_thread(services.runs.tend)
            if look % LOOKS_BETWEEN_SETTLING == 0:
                await asyncio.to_thread(services.comparing.settle)
            told = ""
        except Exception as error:  # whatever it was, a busy database say, the next look may do better
            if str(error) != told:  # looks are many, and one trouble is told once
                logger.exception("Could not look after the home")
            told = str(error)
        await asyncio.sleep(SECONDS_BETWEEN_KEEPER_CHECKS)


async def _healthz() -> dict[str, str]:
    return {"status": "ok"}


async def _favicon() -> FileResponse:
    file = find(FAVICON)
    assert file is not None
    return FileResponse(file, media_type=KINDS[file.suffix], headers={"Cache-Control": A_DAY})


def _log_route(services: Services) -> Callable[[str], StreamingResponse]:
    def log(run_id: str) -> StreamingResponse:
        try:
            file = services.runs.log_file(run_id)
        except NotFound as error:
            raise fastapi.HTTPException(404, str(error)) from None
        # Streamed and without a length, because the run may write on meanwhile.
        kept = {"Content-Disposition": f'attachment; filename="{run_id}.log"', "Cache-Control": "no-store"}
        return StreamingResponse(_lines(file), media_type="text/plain; charset=utf-8", headers=kept)

    return log


def _lines(file: Path) -> Iterator[bytes]:
    with file.open("rb") as log:
        yield from log


def _asset(request: fastapi.Request, wanted: str, name: str) -> Response:
    """Not a coroutine, for the first to ask for a file has it compressed."""
    file = find(name)
    if file is None:
        raise fastapi.HTTPException(404, f"There is no file {name}.")
    # An address with another hash is from a page that was loaded before an upgrade.
    kept = {"Cache-Control": FOR_EVER if wanted == version() else "no-cache", "Vary": "Accept-Encoding"}
    kind = KINDS[file.suffix]
    accepted = re.findall(r"\w+", request.headers.get("accept-encoding", ""))
    for coding in CODINGS:
        if coding in accepted:
            headers = {**kept, "Content-Encoding": coding}
            return Response(compressed(name, coding), media_type=kind, headers=headers)
    return FileResponse(file, media_type=kind, headers=kept)


__all__ = ["current_user", "make_app", "serve"]
