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
from rlft_gui.server.headers import with_headers

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Guard:
    """Refuses strangers, names the caller, and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], access: Access) -> None:
        self.app = app
        self.hosts = hosts
        self.access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        send = with_headers(send, scope)
        caller = self._caller(HTTPConnection(scope))
        if isinstance(caller, str):
            scope.setdefault("state", {})["user"] = caller  # mounted applications share this dict
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await caller(scope, receive, send)

    def _caller(self, request: HTTPConnection) -> str | Response:
        if refusal := refuse(request.headers, self.hosts):
            return JSONResponse({"detail": refusal}, status_code=403)
        return self.access.identify(request)


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
