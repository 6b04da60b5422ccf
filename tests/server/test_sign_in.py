"""Nobody gets further than the page for signing in; the token and passwords open the app, each where it may."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from rlft_gui.domain.accounts import Role
from rlft_gui.services import Services
from rlft_gui.services.accounts.throttle import FREE_TRIES
from rlft_gui.ui.assets import address
from tests.server.signing import A_PAGE, ELSEWHERE, HERE, PASSWORD, app_of, caller, opened, sign_in

Caller = Callable[..., TestClient]


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    found = opened(tmp_path_factory.mktemp("signing") / "home")
    yield found
    found.storage.close()


@pytest.fixture(scope="module")
def app(services: Services) -> FastAPI:
    return app_of(services)


@pytest.fixture
def owner(app: FastAPI, services: Services) -> TestClient:
    client = caller(app)
    client.get(f"/sign-in?token={services.signing_in.token()}")
    return client


def is_in(client: TestClient) -> bool:
    return client.get("/config").status_code == 200


@pytest.mark.parametrize("path", ["/", "/runs", "/run?run=x", "/nonsense"])
def test_a_page_is_answered_by_the_page_for_signing_in(app: FastAPI, path: str) -> None:
    answer = caller(app).get(path, headers=A_PAGE)
    assert answer.status_code == 401
    assert "Sign in to rlft_gui" in answer.text
    assert "rlft token" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/config"),
        ("GET", "/logs/sft-1"),
        ("GET", "/gradio_api/info"),
        ("GET", "/gradio_api/startup-events"),
        ("GET", "/gradio_api/queue/data?session_hash=s"),
        ("POST", "/gradio_api/queue/join"),
        ("POST", "/gradio_api/component_server"),
        ("POST", "/gradio_api/upload"),
        ("GET", "/"),
        ("POST", "/"),
        ("POST", "/sign-out"),
        ("GET", "//config"),
        ("GET", "/rl/../config"),
        ("GET", "/healthz/../config"),
    ],
)
def test_a_program_gets_a_sentence_and_nothing_else(app: FastAPI, method: str, path: str) -> None:
    answer = caller(app).request(method, path, headers={"accept": "*/*"})
    assert answer.status_code == 401
    assert "Nobody is signed in" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path", ["/healthz", "/favicon.ico", address("rlft_gui/ui/components/theme.js"), "/sign-in"]
)
def test_what_holds_nothing_private_is_open(app: FastAPI, path: str) -> None:
    assert caller(app).get(path).status_code == 200


def test_the_link_signs_a_browser_in_and_the_token_leaves_the_address(
    app: FastAPI, services: Services
) -> None:
    client, token = caller(app), services.signing_in.token()
    first = client.get(f"/run?token={token}&run=sft-1", headers=A_PAGE)
    second = client.get(first.headers["location"])
    assert (first.status_code, second.status_code) == (303, 303)
    assert second.headers["location"] == "/run?run=sft-1"
    cookie = second.headers["set-cookie"]
    assert cookie.startswith("rlft_session_7860=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert token not in cookie
    assert is_in(client)


def test_over_https_the_cookie_stays_there(app: FastAPI) -> None:
    answer = sign_in(caller(app, ELSEWHERE.replace("http", "https"), "10.0.0.9"), "mia")
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/\\evil.example", "/\t/evil.example", "https://evil.example"]
)
def test_nobody_is_led_to_another_site(app: FastAPI, path: str) -> None:
    answer = caller(app).post("/sign-in", data={"name": "mia", "password": PASSWORD, "next": path})
    where = answer.headers["location"]
    assert where.startswith("/")
    assert not where.startswith(("//", "/\\"))


def test_a_link_with_two_slashes_leads_to_no_other_site(app: FastAPI, services: Services) -> None:
    client = caller(app)
    first = client.get(f"{HERE}//evil.example/?token={services.signing_in.token()}", headers=A_PAGE)
    assert client.get(first.headers["location"]).headers["location"] == "/evil.example/"


@pytest.mark.parametrize(
    ("base", "peer", "headers"),
    [
        (HERE, "10.0.0.9", {}),
        (ELSEWHERE, "127.0.0.1", {}),
        (HERE, "127.0.0.1", {"x-forwarded-for": "127.0.0.1"}),
        (HERE, "127.0.0.1", {"forwarded": "for=10.0.0.9"}),
        (HERE, "127.0.0.1", {"x-real-ip": "127.0.0.1"}),
    ],
)
def test_the_token_and_its_sessions_open_nothing_from_elsewhere(
    app: FastAPI, services: Services, owner: TestClient, base: str, peer: str, headers: dict[str, str]
) -> None:
    token = services.signing_in.token()
    client = caller(app, base, peer, headers=headers)
    assert client.get("/config", headers={"authorization": f"Bearer {token}"}).status_code == 401
    assert client.post("/sign-in", data={"token": token}).status_code == 401
    session = owner.cookies["rlft_session_7860"]
    assert client.get("/config", headers={"cookie": f"rlft_session_7860={session}"}).status_code == 401


def test_a_script_sends_the_token(app: FastAPI, services: Services) -> None:
    client = caller(app)
    right = {"authorization": f"Bearer {services.signing_in.token()}"}
    assert client.get("/config", headers=right).status_code == 200
    assert client.get("/config", headers={"authorization": "Bearer nonsense"}).status_code == 401
    assert client.get("/config", headers={"authorization": "Bearer "}).status_code == 401
    assert client.get("/config", headers={"authorization": "Basic bG9jYWw6"}).status_code == 401
    assert client.get("/config").status_code == 401, "a script gets no session"


def test_a_new_token_ends_what_the_old_one_opened(
    app: FastAPI, services: Services, owner: TestClient
) -> None:
    old = services.signing_in.token()
    assert is_in(owner)
    services.signing_in.renew_token(user="local")
    assert not is_in(owner)
    assert caller(app).get("/config", headers={"authorization": f"Bearer {old}"}).status_code == 401
    assert caller(app).get(f"/sign-in?token={old}").status_code == 401


def test_a_token_that_another_process_renewed_is_noticed_at_once(
    services: Services, owner: TestClient
) -> None:
    services.home.token.write_text("x" * 43)
    assert not is_in(owner)


def test_an_account_signs_in_by_name_and_password_from_anywhere(app: FastAPI) -> None:
    client = caller(app, ELSEWHERE, "10.0.0.9")
    assert "password" in client.get("/", headers=A_PAGE).text
    answer = sign_in(client, "MIA")
    assert (answer.status_code, answer.headers["location"]) == (303, "/runs")
    assert is_in(client)


def test_a_password_in_an_address_signs_nobody_in(app: FastAPI) -> None:
    client = caller(app)
    client.get(f"/sign-in?name=mia&password={PASSWORD}")
    assert not is_in(client)


def test_a_page_of_another_site_cannot_sign_anybody_in(app: FastAPI) -> None:
    client = caller(app, headers={"origin": "http://evil.example"})
    assert sign_in(client, "mia").status_code == 403


def test_wrong_passwords_have_to_wait_and_the_sentence_says_how_long(
    app: FastAPI, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.signing_in._throttle, "_clock", lambda: 0.0)
    client = caller(app, peer="127.0.0.7")
    for _ in range(FREE_TRIES):
        wrong = sign_in(client, "guessed", "not it at all")
        assert wrong.status_code == 401
        assert "no account with this name and password" in wrong.text
    later = sign_in(client, "guessed", "not it at all")
    assert later.status_code == 429
    assert "Wait 2 seconds" in later.text
    assert sign_in(client, "mia").status_code == 429, "the address waits, whatever the name"
    elsewhere = caller(app, peer="127.0.0.8")
    assert sign_in(elsewhere, "guessed", "not it at all").status_code == 429, "the name waits, wherever from"
    assert sign_in(elsewhere, "mia").status_code == 303


def test_what_was_typed_is_no_markup(app: FastAPI) -> None:
    attack = '"><script>alert(1)</script>'
    answer = caller(app, peer="127.0.0.9").post("/sign-in", data={"token": attack, "next": attack})
    assert answer.status_code == 401
    assert "<script>alert" not in answer.text


def test_a_form_is_short(app: FastAPI) -> None:
    assert caller(app).post("/sign-in", content=b"name=" + b"x" * 20_000).status_code == 413


def test_signing_out_ends_the_session_and_not_only_the_cookie(app: FastAPI) -> None:
    client, other = caller(app), caller(app)
    sign_in(client, "mia")
    sign_in(other, "mia")
    session = client.cookies["rlft_session_7860"]
    assert client.post("/sign-out").headers["location"] == "/sign-in"
    assert "rlft_session_7860" not in client.cookies
    assert caller(app, cookies={"rlft_session_7860": session}).get("/config").status_code == 401
    assert is_in(other)


def test_signing_out_everywhere_ends_all_of_ones_own_sessions(app: FastAPI) -> None:
    first, second, others = caller(app), caller(app), caller(app)
    for client, name in ((first, "mia"), (second, "mia"), (others, "max")):
        sign_in(client, name)
    first.post("/sign-out-everywhere")
    assert [is_in(first), is_in(second), is_in(others)] == [False, False, True]


@pytest.mark.parametrize(
    "change",
    [
        lambda services: services.accounts.remove("eva", user="local"),
        lambda services: services.accounts.set_password("eva", "another good one", user="local"),
    ],
    ids=["removed", "another password"],
)
def test_who_is_removed_or_has_another_password_is_out_at_once(
    app: FastAPI, services: Services, change: Callable[[Services], None]
) -> None:
    services.accounts.add("eva", Role.MEMBER, PASSWORD, user="local")
    client = caller(app)
    sign_in(client, "eva")
    assert is_in(client)
    change(services)
    assert not is_in(client)
    if services.accounts.is_taken("eva"):
        services.accounts.remove("eva", user="local")


def test_a_name_that_is_given_again_opens_no_session_of_who_had_it(app: FastAPI, services: Services) -> None:
    services.accounts.add("eva", Role.MEMBER, PASSWORD, user="local")
    client = caller(app)
    sign_in(client, "eva")
    session = client.cookies["rlft_session_7860"]
    services.accounts.remove("eva", user="local")
    services.accounts.add("eva", Role.ADMIN, PASSWORD, user="local")
    assert caller(app, cookies={"rlft_session_7860": session}).get("/config").status_code == 401
    services.accounts.remove("eva", user="local")


def test_who_signed_in_and_who_failed_is_told_with_the_address(app: FastAPI, services: Services) -> None:
    client = caller(app, peer="127.0.0.11")
    sign_in(client, "mia", "not it at all")
    sign_in(client, "mia")
    told = services.accounts.audit_log(2, user="local")
    assert [(one.user, one.action, one.address) for one in told] == [
        ("mia", "signed in", "127.0.0.11"),
        ("mia", "was refused", "127.0.0.11"),
    ]
