"""The page for signing in, in the look of the others, which it stands before."""

from html import escape

from fastapi.responses import HTMLResponse

from rlft_gui.server.not_found import THEME
from rlft_gui.ui.assets import FAVICON, address, style_tags
from rlft_gui.ui.build import STYLES

_STYLE = "rlft_gui/ui/sign_in.css"
_WHERE = (
    "The app prints a link when it starts, which signs you in; <code>rlft token</code> prints it again. "
    "Open it, or paste its token here."
)
_ELSEWHERE = (
    "The link that the app prints works on its own machine alone. From elsewhere you need an account."
)
_NO_ACCOUNT = " Whoever runs the app makes one: <code>rlft user add NAME</code>."


def sign_in_page(
    following: str, *, is_here: bool, has_accounts: bool, problem: str = "", status: int = 401
) -> HTMLResponse:
    """The page.

    Args:
        following: the address to go on to.
        is_here: whether the caller sits at this machine, where its token opens the app.
        problem: why it was not opened, as a sentence.
    """
    told = f'<p class="rl-sign-problem" role="alert">{escape(problem)}</p>' if problem else ""
    forms = (_by_password(following) if has_accounts else "") + (
        _by_token(following, has_accounts)
        if is_here
        else f"<p>{_ELSEWHERE}{'' if has_accounts else _NO_ACCOUNT}</p>"
    )
    return HTMLResponse(_page(told + forms), status_code=status, headers={"Cache-Control": "no-store"})


def _by_password(following: str) -> str:
    return f"""<form method="post" action="/sign-in">
<input type="hidden" name="next" value="{escape(following)}">
<label for="name">Name</label>
<input class="rl-inp" id="name" name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus>
<label for="password">Password</label>
<input class="rl-inp" id="password" name="password" type="password" autocomplete="current-password" required>
<button class="rl-btn primary">Sign in</button>
</form>"""


def _by_token(following: str, is_second: bool) -> str:
    focus, kind = ("", "") if is_second else (" autofocus", " primary")
    return f"""<form method="post" action="/sign-in">
<input type="hidden" name="next" value="{escape(following)}">
<p>{_WHERE}</p>
<label for="token">Token of this machine</label>
<input class="rl-inp" id="token" name="token" type="password" autocomplete="off" required{focus}>
<button class="rl-btn{kind}">Open the app</button>
</form>"""


def _page(content: str) -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · rlft_gui</title>
<link rel="icon" href="{address(FAVICON)}">{style_tags((*STYLES, "rlft_gui/ui/not_found.css", _STYLE))}
</head>
<body class="gradio-container">
<main class="main fillable app"><div class="rl-part rl-sign">
<h1>Sign in to rlft_gui</h1>
{content}
</div></main>
<script type="module" src="{address(THEME)}"></script>
</body>
</html>
"""
