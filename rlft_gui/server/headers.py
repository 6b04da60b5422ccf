"""What every answer carries: what a browser may load, who may frame the app, and what may be kept."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

FOR_EVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
PRIVATE = "no-store"

#: Gradio's page has inline scripts and builds functions from strings, so those two exceptions stay. Everything
#: else comes from this address, and no form leaves it.
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' data: blob:; worker-src 'self' blob:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors "
)

#: Addresses that say the same to everybody; whatever else has no rule of its own is private.
SAME_FOR_ALL = ("/theme.css", "/gradio_api/theme.css", "/manifest.json", "/robots.txt", "/healthz")


def security_headers(frame_hosts: tuple[str, ...] = ()) -> dict[str, str]:
    """Of an app that pages of `frame_hosts` may frame; without any, nobody may."""
    framed_by = " ".join(f"https://{host}" for host in frame_hosts) or "'none'"
    # X-Frame-Options can name no host, and browsers that know frame-ancestors would obey both.
    deny = {} if frame_hosts else {"X-Frame-Options": "DENY"}
    return {
        "Content-Security-Policy": CONTENT_POLICY + framed_by,
        **deny,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }


HEADERS = security_headers()


def with_headers(send: Send, scope: Scope, fixed: Mapping[str, str]) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in fixed.items():
                headers[name] = value
            if "cache-control" not in headers and (kept := _kept(scope["path"], message["status"])):
                headers["Cache-Control"] = kept
        await send(message)

    return send_with_headers


def _kept(path: str, status: int) -> str | None:
    """How long a browser may keep an answer. Gradio hashes the names of its scripts, not those of its fonts."""
    if status != 200:
        return PRIVATE
    if path.startswith("/assets/"):
        return FOR_EVER
    if path.startswith("/static/"):
        return A_DAY
    return None if path in SAME_FOR_ALL else PRIVATE
