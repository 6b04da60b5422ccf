"""What every answer carries: what a browser may load, who may frame the app, and what may be kept."""

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

FOR_EVER = "public, max-age=31536000, immutable"
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


def with_headers(send: Send, scope: Scope) -> Send:
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
