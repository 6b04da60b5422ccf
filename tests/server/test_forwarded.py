"""A proxy's word: on client, scheme and host, believed of the named one alone."""

import asyncio
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.server.forwarded import Forwarded, proxies
from rlft_gui.server.listening import host_names
from tests.server.bare import HERE, asking, bare_app, guarded_app

PROXY = "172.20.0.2"
LIES = {
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    "x-forwarded-for": "203.0.113.9",
    "forwarded": "for=203.0.113.9;host=evil.example;proto=https",
    "x-gradio-server": "https://evil.example",
}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with asking(bare_app(tmp_path_factory.mktemp("gradio"))) as client:
        yield client


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return guarded_app(hosts=("127.0.0.1", "lab.example.org"), proxies=proxies([PROXY]))


def root(client: TestClient, **headers: str) -> str:
    return str(client.get("/config", headers=headers).json()["root"])


@pytest.mark.parametrize(("name", "told"), [("x-forwarded-host", "evil.example"), ("x-gradio-server", "https://evil.example")])  # fmt: skip
def test_gradio_by_itself_gives_out_whatever_address_a_header_names(
    bare: TestClient, name: str, told: str
) -> None:
    assert "evil.example" in root(bare, **{name: told})


@pytest.mark.parametrize("client", ["127.0.0.1", "203.0.113.7", PROXY])
def test_no_header_moves_the_apps_address(app: FastAPI, client: str) -> None:
    with asking(app, client=client) as asked:
        for name, told in LIES.items():
            assert "evil.example" not in asked.get("/config", headers={name: told}).text
            assert "evil.example" not in asked.get("/", headers={name: told}).text


def test_https_at_the_named_proxy_is_https_in_the_addresses_that_are_given_out(app: FastAPI) -> None:
    behind = {"host": "lab.example.org", "x-forwarded-proto": "https"}
    with asking(app, client=PROXY) as asked:
        assert root(asked, **behind) == "https://lab.example.org"
        assert root(asked, **behind, origin="https://lab.example.org") == "https://lab.example.org"
        assert asked.get("/config", headers={**behind, "origin": "http://lab.example.org"}).status_code == 403
    with asking(app, client="172.20.0.3") as asked:
        assert root(asked, **behind) == "http://lab.example.org"
        refused = asked.get("/config", headers={**behind, "origin": "https://lab.example.org"})
        assert "--trust-proxy" in refused.json()["detail"]


def test_a_name_is_welcome_only_if_it_was_allowed(app: FastAPI) -> None:
    with asking(app) as asked:
        assert asked.get("/healthz", headers={"host": "lab.example.org"}).status_code == 200
        assert asked.get("/healthz", headers={"host": "labs.example.org"}).status_code == 403
        for header in ("x-forwarded-host", "forwarded"):
            lied = {"host": "evil.example", header: "lab.example.org"}
            assert asked.get("/healthz", headers=lied).status_code == 403


async def seen(peer: str, *headers: tuple[bytes, bytes], named: str = PROXY) -> tuple[str, str, list[bytes]]:
    """Client, scheme and names of headers as whatever stands behind sees them."""
    found: list[Request] = []

    async def behind(scope: Scope, receive: Receive, send: Send) -> None:
        found.append(Request(scope))

    scope = {"type": "http", "scheme": "http", "path": "/", "headers": list(headers), "client": (peer, 1)}
    await Forwarded(behind, proxies([named]))(scope, None, None)  # type: ignore[arg-type]
    [request] = found
    assert request.client
    return request.client.host, request.scope["scheme"], [name for name, _ in request.scope["headers"]]


@pytest.mark.parametrize(
    ("peer", "hops", "client"),
    [
        (PROXY, b"198.51.100.4", "198.51.100.4"),
        (PROXY, b"203.0.113.9, 198.51.100.4", "198.51.100.4"),
        (PROXY, b"203.0.113.9, 198.51.100.4, 172.20.0.2", "198.51.100.4"),
        (PROXY, b"198.51.100.4, nonsense", PROXY),
        (PROXY, b"172.20.0.2", PROXY),
        (PROXY, b"[2001:db8::1]", "2001:db8::1"),
        ("::ffff:172.20.0.2", b"198.51.100.4", "198.51.100.4"),
        ("198.51.100.7", b"203.0.113.9", "198.51.100.7"),
        ("127.0.0.1", b"203.0.113.9", "127.0.0.1"),
    ],
)
def test_the_client_is_the_last_address_that_no_proxy_of_ours_has(
    peer: str, hops: bytes, client: str
) -> None:
    assert asyncio.run(seen(peer, (b"x-forwarded-for", hops)))[0] == client


def test_what_proxies_say_goes_no_further() -> None:
    headers = [(name.title().encode(), value.encode()) for name, value in LIES.items()]
    for peer in (PROXY, "198.51.100.7"):
        _, scheme, names = asyncio.run(seen(peer, *headers, (b"accept", b"*/*")))
        assert names == [b"accept"]
        assert scheme == ("https" if peer == PROXY else "http")


def test_a_network_may_be_named() -> None:
    told = (b"x-forwarded-for", b"198.51.100.4")
    assert asyncio.run(seen("10.16.3.4", told, named="10.0.0.0/8"))[0] == "198.51.100.4"


@pytest.mark.parametrize("typed", ["caddy", "10.0.0.0/99", ""])
def test_a_proxy_that_is_no_address_is_told(typed: str) -> None:
    with pytest.raises(InvalidInput, match="--trust-proxy takes an address"):
        proxies([typed])


@pytest.mark.parametrize("typed", ["https://lab.example.org", "lab.example.org/x", "a;b", "*", "a b"])
def test_a_host_that_is_no_name_is_told(typed: str) -> None:
    with pytest.raises(InvalidInput, match="--allow-host takes a name"):
        host_names("--allow-host", (typed,))
    assert host_names("--allow-host", ("LAB.example.org", "")) == ("lab.example.org",)


def test_only_the_named_hosts_may_frame_the_app() -> None:
    with asking(guarded_app(frame_hosts=("huggingface.co",))) as asked:
        for path in ("/", "/healthz", "/nothing", "/gradio_api/nothing"):
            headers = asked.get(path).headers
            assert headers["content-security-policy"].endswith("frame-ancestors https://huggingface.co")
            assert "x-frame-options" not in headers
        assert asked.get("/", headers={"host": "evil.example"}).status_code == 403
    with asking(guarded_app()) as asked:
        assert asked.get("/", headers={"origin": HERE}).headers["x-frame-options"] == "DENY"
