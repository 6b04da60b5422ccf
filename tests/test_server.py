"""Who gets an answer, with which headers, and that every door asks who is calling."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.server.guard import LOOPBACK, Guard
from rlft_gui.server.headers import HEADERS
from rlft_gui.server.listening import is_loopback, listen
from rlft_gui.ui.assets import PLOTLY, address, find, version
from rlft_gui.ui.build import PAGES
from tests.ui.fakes_new import NewWorld
from tests.ui.serving import app_over, blocks_over

HERE = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def world() -> NewWorld:
    return NewWorld()


@pytest.fixture(scope="module")
def app(world: NewWorld) -> FastAPI:
    return app_over(world)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=HERE) as client:
        yield client


@pytest.fixture(scope="module")
def demo() -> gr.Blocks:
    return blocks_over(NewWorld())


@pytest.mark.usefixtures("client")
def test_comparisons_of_dead_programs_are_ended_as_the_app_starts(world: NewWorld) -> None:
    assert world.comparing.settled.wait(60)


@pytest.mark.parametrize(
    "path",
    [
        "/healthz",
        "/",
        "/run",
        address("rlft_gui/ui/components/mount.js"),
        "/favicon.ico",
        "/config",
        "/no-such-page",
        "/rl/x/no-such-file",
    ],
)
def test_every_route_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    assert {name: headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_answers(client: TestClient, page: Any) -> None:
    assert client.get(f"/{page.path}").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "[", "localhost.evil.example:7860"]
)
def test_another_hosts_name_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/healthz", headers={"host": host})

    assert answer.status_code == 403
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:1", "[::1]:7860", "LOCALHOST"])
def test_a_loopback_name_is_welcome_with_any_port(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "http://evil.example",
        "http://127.0.0.1:7861",
        "http://127.0.0.1",
        "https://localhost:7860",
        "file://",
    ],
)
def test_another_sites_page_is_refused(client: TestClient, origin: str) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        answer = client.request(method, "/gradio_api/queue/join", headers={"origin": origin})
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


def test_the_apps_own_page_may_call(client: TestClient) -> None:
    assert client.get("/config", headers={"origin": HERE}).status_code == 200


def test_a_request_of_another_site_without_an_origin_is_refused_unless_it_opens_the_page(
    client: TestClient,
) -> None:
    foreign = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}

    assert client.get("/config", headers=foreign).status_code == 403
    assert client.get("/", headers=foreign | {"sec-fetch-mode": "navigate"}).status_code == 200


class _Doorman:
    """Knows a caller by a header."""

    def identify(self, request: HTTPConnection) -> str | Response:
        return request.headers.get("name") or PlainTextResponse("Who are you?", status_code=401)


async def _told_name(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(scope["state"]["user"])(scope, receive, send)


def test_who_is_calling_is_told_by_access_and_whoever_is_not_known_gets_its_answer() -> None:
    guarded = TestClient(Guard(_told_name, frozenset(LOOPBACK), _Doorman()), base_url=HERE)

    assert guarded.get("/", headers={"name": "ada"}).text == "ada"
    refused = guarded.get("/")
    assert (refused.status_code, refused.text) == (401, "Who are you?")
    assert {name: refused.headers.get(name) for name in HEADERS} == HEADERS


PAGE_WANTED = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/nonsense", "/runs/42", "/%3Cscript%3Ealert(1)%3C/script%3E"])
def test_an_address_that_leads_nowhere_is_a_page_with_a_way_home(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=PAGE_WANTED)

    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert '<a class="rl-btn primary" href="/">Go to Home</a>' in answer.text
    assert "alert" not in answer.text
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("path", ["/nonsense", "/gradio_api/nonsense", "/rl/nonsense", "/logs/nobody"])
def test_a_program_that_asks_for_what_is_not_there_gets_json(client: TestClient, path: str) -> None:
    wanted = {"accept": "*/*"} if path == "/nonsense" else PAGE_WANTED
    answer = client.get(path, headers=wanted)

    assert answer.status_code == 404
    assert answer.json()["detail"]


def test_the_pages_themselves_are_no_strays(client: TestClient) -> None:
    assert client.get("/runs", headers=PAGE_WANTED).status_code == 200


def test_the_whole_log_of_a_run_is_a_download(client: TestClient, world: NewWorld, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    log.write_bytes(b"one\n" + b"x" * 5000 + b"\nno end")
    world.runs.logs["cards"] = log

    answer = client.get("/logs/cards")

    assert answer.content == log.read_bytes()
    assert answer.headers["content-disposition"] == 'attachment; filename="cards.log"'
    assert answer.headers["content-type"].startswith("text/plain")


def test_own_files_are_kept_for_ever_by_their_hash_and_not_without_it(client: TestClient) -> None:
    module = "rlft_gui/ui/components/mount.js"
    assert "immutable" in client.get(address(module)).headers["cache-control"]
    assert client.get(f"/rl/another/{module}").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("accepted", "coded"), [("gzip, br", "br"), ("gzip", "gzip"), ("", None), ("sabre", None)]
)
def test_scripts_are_sent_compressed_to_those_who_take_it(
    client: TestClient, accepted: str, coded: str | None
) -> None:
    file = find(PLOTLY)
    assert file is not None

    answer = client.get(address(PLOTLY), headers={"Accept-Encoding": accepted})

    assert answer.headers.get("content-encoding") == coded
    assert answer.content == file.read_bytes()
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert coded is None or int(answer.headers["content-length"]) < 500_000


def test_pages_are_sent_compressed(client: TestClient) -> None:
    answer = client.get("/runs", headers={**PAGE_WANTED, "Accept-Encoding": "gzip"})

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.num_bytes_downloaded < len(answer.content) / 3


@pytest.mark.parametrize(
    "name",
    [
        "../pyproject.toml",
        "..%2fpyproject.toml",
        "assets/lantern/config.json",
        "rlft_gui/ui/build.py",
        "",
        "/etc/passwd",
    ],
)
def test_nothing_but_own_files_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/rl/{version()}/{name}").status_code == 404
    assert find(name) is None


def server_functions(demo: gr.Blocks) -> list[tuple[int, str]]:
    return [
        (number, function.__name__)
        for number, block in demo.blocks.items()
        for function in getattr(block, "server_fns", [])
        if isinstance(block, gr.HTML)
    ]


def test_a_server_function_answers_the_local_owner(client: TestClient, app: FastAPI) -> None:
    config = client.get("/config").json()
    top = next(one for one in config["components"] if "rl-top" in str(one["props"].get("html_template")))

    answer = client.post(
        "/gradio_api/component_server",
        json={"component_id": top["id"], "fn_name": "live_pill", "data": {}, "session_hash": "s"},
    )

    assert answer.json()["ok"]["run_id"] == "beta-sweep"


def test_every_server_function_refuses_a_caller_without_a_name(demo: gr.Blocks) -> None:
    asked = server_functions(demo)

    for number, name in asked:
        answer = getattr(demo.blocks[number], name)({}, _Nobody())
        assert "names no user" in answer["problem"], name
    assert len(asked) >= 10


def test_a_server_function_tells_what_it_cannot_read(demo: gr.Blocks) -> None:
    number = next(number for number, name in server_functions(demo) if name == "run_action")

    answer = getattr(demo.blocks[number], "run_action")({"run": "x", "action": "explode"}, _Somebody())  # noqa: B009

    assert answer["problem"].startswith("run_action cannot read action")


def test_no_state_no_plot_and_no_stream(demo: gr.Blocks) -> None:
    config = demo.get_config_file()

    assert not {one["type"] for one in config["components"]} & {"state", "plot", "timer", "linechart"}
    events = {target[1] for dependency in config["dependencies"] for target in dependency["targets"]}
    assert not events & {"unload", "stream", "tick"}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "my-machine", "8.8.8.8"])
def test_a_host_that_others_can_reach_is_refused_with_a_way_out(host: str) -> None:
    with pytest.raises(InvalidInput, match=r"no sign-in yet.*tunnel"):
        listen(host, 0)


@pytest.mark.parametrize("host", [*LOOPBACK, "127.0.0.2"])
def test_loopback_is_loopback(host: str) -> None:
    assert is_loopback(host)


def test_a_taken_port_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(InvalidInput, match="--port"):
        listen("127.0.0.1", taken.getsockname()[1])


class _Nobody:
    """A request that passed no middleware."""

    class state:  # noqa: N801
        user = None


class _Somebody:
    class state:  # noqa: N801
        user = "local"


def test_no_answer_waits_for_its_first_half_to_be_confirmed() -> None:
    listener = listen("127.0.0.1", 0)
    with socket.create_connection(listener.getsockname()):
        connection, _ = listener.accept()
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        connection.close()
    listener.close()
