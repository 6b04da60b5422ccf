"""Visitors of a demo: known by a random cookie, which the first page gives them."""

from http.cookies import SimpleCookie

from fastapi.responses import JSONResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rlft_gui.demo.names import STRANGER, new_secret, visitor_of

COOKIE = "rlft_visitor"
SECONDS = 24 * 3600
#: Routes of Gradio's that take files in: nobody brings any.
REFUSED = "/gradio_api/upload"


class Visitors:
    """Whoever shows the secret that his browser was given is one visitor; who shows none may look."""

    def identify(self, request: HTTPConnection) -> str | Response:
        if request.url.path.startswith(REFUSED):
            return JSONResponse({"detail": "The demo takes no files."}, status_code=403)
        return visitor_of(request.cookies.get(COOKIE))


class GivesCookies:
    """Hands a secret to browsers that open a page and have none. `is_framed`: pages of other sites may frame the demo."""

    def __init__(self, app: ASGIApp, is_framed: bool = False) -> None:
        self.app = app
        self.is_framed = is_framed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _opens_page(scope) or visitor_of(_shown(scope)) != STRANGER:
            await self.app(scope, receive, send)
            return
        cookie = cookie_for(new_secret(), is_framed=self.is_framed and _is_https(scope))

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def cookie_for(secret: str, *, is_framed: bool) -> str:
    """In a frame of another site browsers send a cookie only if it says so, over https, and keep it apart for that site."""
    rules = "SameSite=None; Secure; Partitioned" if is_framed else "SameSite=Lax"
    return f"{COOKIE}={secret}; Path=/; Max-Age={SECONDS}; HttpOnly; {rules}"


def _opens_page(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and "text/html" in Headers(scope=scope).get("accept", "")
    )


def _shown(scope: Scope) -> str | None:
    cookies = SimpleCookie(Headers(scope=scope).get("cookie", ""))
    return cookies[COOKIE].value if COOKIE in cookies else None


def _is_https(scope: Scope) -> bool:
    return scope.get("scheme") == "https"
