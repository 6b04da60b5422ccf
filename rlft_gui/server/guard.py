"""Who may call: refuses other hosts' names and other sites' pages, and names the caller.

The guard is here rather than in Gradio because Gradio echoes any Origin unless the Host is a loopback name.
"""

from urllib.parse import urlsplit

from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rlft_gui.server.access import Access
from rlft_gui.server.headers import security_headers, with_headers
from rlft_gui.server.rates import PAGES, Rates, by_address, too_often

LOOPBACK = ("127.0.0.1", "localhost", "::1")

#: Asked by programs that watch over the app, before anybody signs in; each says itself what a stranger learns.
WATCHED = frozenset(["/healthz", "/readyz", "/metrics"])
WATCHER = "watcher"

#: Files that are alike for all: a page loads some eighty of them, and a browser keeps most.
UNCOUNTED = ("/rl/", "/assets/", "/static/", "/favicon.ico", "/theme.css")


class Guard:
    """Refuses strangers, names the caller, and puts the security headers on every answer."""

    def __init__(
        self, app: ASGIApp, hosts: frozenset[str], access: Access, frame_hosts: tuple[str, ...] = ()
    ) -> None:
        self.app = app
        self.hosts = hosts
        self.access = access
        self.headers = security_headers(frame_hosts)
        self.rates = Rates(PAGES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        send = with_headers(send, scope, self.headers)
        caller = self._caller(HTTPConnection(scope))
        if isinstance(caller, str):
            scope.setdefault("state", {})["user"] = caller  # mounted applications share this dict
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await caller(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": ""})

    def _caller(self, request: HTTPConnection) -> str | Response:
        if refusal := refuse(request.headers, self.hosts, _page_scheme(request.scope["scheme"])):
            return JSONResponse({"detail": refusal}, status_code=403)
        path = request.scope["path"]
        caller = WATCHER if path in WATCHED else self.access.identify(request)
        if not path.startswith(UNCOUNTED) and (wait := self.rates.wait(_bucket(caller, request))):
            late = too_often("You ask too often.", wait)
            return JSONResponse({"detail": late.detail}, late.status_code, late.headers)
        return caller


def _bucket(caller: str | Response, request: HTTPConnection) -> str:
    """By name; those who have none, by the address that they are believed to call from."""
    if isinstance(caller, str) and caller not in ("", WATCHER):
        return f"user {caller}"
    return by_address(request.client.host if request.client else "")


def refuse(headers: Headers, hosts: frozenset[str], scheme: str = "http") -> str | None:
    """Why this request must not be answered, if so: another host's name, or another site's page.

    A page of another site can send requests here with the user's browser; its Origin gives it away. A name that
    was re-pointed to this machine (DNS rebinding) shows in Host.
    """
    host = headers.get("host", "")
    if _hostname(host) not in hosts:
        return f'This app answers to {", ".join(sorted(hosts))} only, found Host "{host}".'
    origin = headers.get("origin")
    if origin is not None and origin.lower() != f"{scheme}://{host.lower()}":
        return f'Requests from other sites are refused, found Origin "{origin}".' + _behind(origin, host)
    if (
        origin is None
        and headers.get("sec-fetch-site")
        in ("cross-site", "same-site")  # a port is no other site to a browser
        and headers.get("sec-fetch-mode") != "navigate"
    ):
        return "Requests from other sites are refused."
    return None


def _behind(origin: str, host: str) -> str:
    """The way out where TLS ends at a proxy that nobody named."""
    if origin.lower() != f"https://{host.lower()}":
        return ""
    return " If a proxy takes https to this app, start it with --trust-proxy ADDRESS."


def _page_scheme(scheme: str) -> str:
    """Of the page that opens such a connection."""
    return "https" if scheme in ("https", "wss") else "http"


def _hostname(host: str) -> str | None:
    """The name without its port, in small letters; None if the header is no host at all."""
    if "@" in host:
        return None  # a name in front of the host, which urlsplit would pass over
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
