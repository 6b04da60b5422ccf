"""Addresses where browsers sign in and out."""

from collections.abc import Callable, Coroutine
from urllib.parse import parse_qs

import fastapi
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from rlft_gui.domain.errors import NotAllowed, NotPossibleNow, RlftError
from rlft_gui.server.peer import address_of, is_from_here
from rlft_gui.server.sign_in import SIGN_IN, cookie_name, with_session, within
from rlft_gui.server.sign_in_page import sign_in_page
from rlft_gui.services import Services
from rlft_gui.services.audit import calling_from
from rlft_gui.ui.identity import current_user

LARGEST_FORM = 16 * 1024  #: bytes, from people who are not known yet

Form = dict[str, str]
Answerer = Callable[[Request], Coroutine[None, None, Response]]


def add_sign_in_routes(app: fastapi.FastAPI, services: Services) -> None:
    app.add_route(SIGN_IN, _sign_in(services), methods=["GET", "POST"])
    app.add_route("/sign-out", _sign_out(services, is_everywhere=False), methods=["POST"])
    app.add_route("/sign-out-everywhere", _sign_out(services, is_everywhere=True), methods=["POST"])


def _sign_in(services: Services) -> Answerer:
    async def sign_in(request: Request) -> Response:
        form = await _form(request) if request.method == "POST" else dict(request.query_params)
        if form is None:
            return JSONResponse({"detail": "That is no form of this app."}, status_code=413)
        return await run_in_threadpool(_answer, services, request, form)

    return sign_in


def _answer(services: Services, request: Request, form: Form) -> Response:
    following = within(form.get("next", "/"))
    calling_from.set(address_of(request))
    try:
        secret = _secret(services, request, form)
    except RlftError as error:
        return _page(services, request, following, str(error), _status(error))
    if secret is None:
        return _page(services, request, following, "", 200)
    return with_session(RedirectResponse(following, status_code=303), request, secret)


def _secret(services: Services, request: Request, form: Form) -> str | None:
    """Of a new session; None if the form holds nothing to sign in with."""
    if token := form.get("token", "").strip():
        if not is_from_here(request):
            raise NotAllowed(
                "The token opens the app on its own machine alone. From elsewhere sign in by name."
            )
        return services.signing_in.by_token(token)
    # Never from an address, which browsers and proxies keep.
    if request.method == "POST" and (name := form.get("name", "")):
        return services.signing_in.by_password(name, form.get("password", ""), address=address_of(request))
    return None


def _page(services: Services, request: Request, following: str, problem: str, status: int) -> Response:
    return sign_in_page(
        following,
        is_here=is_from_here(request),
        has_accounts=bool(services.accounts.list()),
        problem=problem,
        status=status,
    )


def _status(error: RlftError) -> int:
    if isinstance(error, NotAllowed):
        return 401
    return 429 if isinstance(error, NotPossibleNow) else 503


def _sign_out(services: Services, *, is_everywhere: bool) -> Answerer:
    def end(request: Request) -> None:
        user = current_user(request)
        if is_everywhere:
            services.signing_in.sign_out_everywhere(user=user)
        else:
            services.signing_in.sign_out(request.cookies.get(cookie_name(request), ""), user=user)

    async def sign_out(request: Request) -> Response:
        await run_in_threadpool(end, request)
        answer = RedirectResponse(SIGN_IN, status_code=303)
        answer.delete_cookie(cookie_name(request), httponly=True, samesite="lax")
        return answer

    return sign_out


async def _form(request: Request) -> Form | None:
    """The fields of a form, each once; None if it is too long to be one of ours."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            return None
    found = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    return {name: values[0] for name, values in found.items()}
