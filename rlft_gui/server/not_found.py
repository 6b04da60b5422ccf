"""The page for an address that leads nowhere, in the look of the others; programs still get JSON.

Gradio answers every unknown address with JSON. Who opens a page in a browser asks for HTML, and gets a way on.
"""

from fastapi.responses import HTMLResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rlft_gui.ui.assets import FAVICON, address, style_tags
from rlft_gui.ui.build import PAGES, STYLES

THEME = "rlft_gui/ui/components/theme.js"  # light or dark, as on the other pages

#: First parts of addresses that programs ask, and pages for their files.
PROGRAMS = frozenset(["assets", "config", "gradio_api", "healthz", "info", "logs", "rl", "static"])


class NotFoundPage:
    """Replaces the answer "not found" by a page where a page was asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not asks_for_page(scope):
            await self.app(scope, receive, send)
            return
        is_lost = False

        async def send_what_is_found(message: Message) -> None:
            nonlocal is_lost
            is_lost = is_lost or message.get("status") == 404
            if not is_lost:
                await send(message)

        await self.app(scope, receive, send_what_is_found)
        if is_lost:
            await HTMLResponse(_page(), status_code=404)(scope, receive, send)


def asks_for_page(scope: Scope) -> bool:
    """Whether somebody opens a page in a browser, and no program or page asks for data."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    first = scope["path"].split("/")[1]
    return first not in PROGRAMS and "text/html" in Headers(scope=scope).get("accept", "")


def _page() -> str:
    links = "".join(f'<a href="/{page.path}">{page.name}</a>' for page in PAGES if page.in_navbar)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>No such page · rlft_gui</title>
<link rel="icon" href="{address(FAVICON)}">{style_tags((*STYLES, "rlft_gui/ui/not_found.css"))}
</head>
<body class="gradio-container">
<div class="nav-holder"><nav class="fillable" aria-label="Pages">{links}</nav></div>
<main class="main fillable app"><div class="rl-part">
<h1>There is no such page</h1>
<p>The address may be mistyped, or from another version of the app.</p>
<p><a class="rl-btn primary" href="/">Go to Home</a></p>
</div></main>
<script type="module" src="{address(THEME)}"></script>
</body>
</html>
"""
