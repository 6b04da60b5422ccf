"""Access by signing in: a session's cookie in browsers, the machine's token in scripts.

The token opens the app from this machine alone, and so do sessions that were made with it: from elsewhere one needs an
account. What holds nothing private is open to everybody, or the page for signing in could not be drawn.
"""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, urlencode

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response

from rlft_gui.domain.accounts import LOCAL_OWNER
from rlft_gui.domain.errors import RlftError
from rlft_gui.server.access import NOBODY
from rlft_gui.server.not_found import asks_for_page
from rlft_gui.server.peer import is_from_here
from rlft_gui.server.sign_in_page import sign_in_page
from rlft_gui.services.accounts.service import Accounts
from rlft_gui.services.accounts.signing_in import LONGEST_SECONDS, SigningIn

SIGN_IN = "/sign-in"
OPEN = frozenset(["/healthz", "/favicon.ico", SIGN_IN])
#: Our files and Gradio's, the same for everybody.
OPEN_FOLDERS = ("/rl/", "/assets/", "/static/")

_BEARER = "bearer "
_NOT_SIGNED_IN = (
    "Nobody is signed in. Open the app's page and sign in; a script sends the token of this machine as "
    '"Authorization: Bearer TOKEN", and `rlft token` tells it.'
)
_IS_WRONG = "This token opens nothing here. `rlft token` on the app's machine tells the present one."


class SignIn:
    """Whoever has a session, or the token."""

    def __init__(self, signing_in: SigningIn, accounts: Accounts) -> None:
        self._signing_in = signing_in
        self._accounts = accounts
        # What is written waits for other writers, and requests must not wait with it.
        self._seeing = ThreadPoolExecutor(1, "sign-in")

    def identify(self, request: HTTPConnection) -> str | Response:
        path = request.scope["path"]
        if path in OPEN or path.startswith(OPEN_FOLDERS):
            return NOBODY
        if asks_for_page(request.scope) and "token" in request.query_params:
            return RedirectResponse(_to_sign_in(request), status_code=303)
        try:
            return self._caller(request) or self._refusal(request)
        except RlftError as error:
            return JSONResponse({"detail": str(error)}, status_code=503)

    def _caller(self, request: HTTPConnection) -> str | Response | None:
        given = request.headers.get("authorization", "")
        if given[: len(_BEARER)].lower() == _BEARER:
            is_right = is_from_here(request) and self._signing_in.is_token(given[len(_BEARER) :].strip())
            return LOCAL_OWNER if is_right else JSONResponse({"detail": _IS_WRONG}, status_code=401)
        secret = request.cookies.get(cookie_name(request), "")
        known = self._signing_in.known(secret) if secret else None
        if known is None or (known.user == LOCAL_OWNER and not is_from_here(request)):
            return None
        if known.is_to_be_seen:
            self._seeing.submit(self._signing_in.see, secret)
        return known.user

    def _refusal(self, request: HTTPConnection) -> Response:
        if not asks_for_page(request.scope):
            return JSONResponse({"detail": _NOT_SIGNED_IN}, status_code=401)
        is_here, has_accounts = is_from_here(request), bool(self._accounts.list())
        return sign_in_page(address_within(request), is_here=is_here, has_accounts=has_accounts)


def cookie_name(request: HTTPConnection) -> str:
    """By port, for browsers send the cookies of one app on this machine to all others there."""
    port = request.url.port or (443 if request.url.scheme == "https" else 80)
    return f"rlft_session_{port}"


def with_session(answer: Response, request: HTTPConnection, secret: str) -> Response:
    """The answer that also signs the browser in."""
    answer.set_cookie(
        cookie_name(request),
        secret,
        max_age=int(LONGEST_SECONDS),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


def address_within(request: HTTPConnection) -> str:
    """What was asked for, without the token, to go on to after signing in."""
    kept = [(name, value) for name, value in parse_qsl(request.url.query) if name != "token"]
    return within(request.scope["path"] + (f"?{urlencode(kept)}" if kept else ""))


def within(address: str) -> str:
    """An address of this app and of no other: browsers read two slashes, or one of each kind, as another site."""
    return "/" + "".join(one for one in address if one.isprintable()).lstrip("/\\")


def _to_sign_in(request: HTTPConnection) -> str:
    # There a session is written, which takes its time.
    asked = {"token": request.query_params["token"], "next": address_within(request)}
    return f"{SIGN_IN}?{urlencode(asked)}"
