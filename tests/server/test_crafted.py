"""Requests that no page makes: each is refused in a sentence, and nobody reads or costs what is not his."""

import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from rlft_gui.server.calls import Calls
from rlft_gui.server.rates import COSTLY_CALLS, PAGES, Rate, Rates, by_address
from rlft_gui.server.sessions import Sessions
from tests.server.bare import ByHeader, asking, bare_app, guarded_app, inner

JOIN, RUN, ASK = "/gradio_api/queue/join", "/gradio_api/run/predict", "/gradio_api/component_server"


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with asking(bare_app(tmp_path_factory.mktemp("gradio"))) as client:
        yield client


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return guarded_app(access=ByHeader())


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with asking(app) as asked:
        yield asked


def pill(app: FastAPI) -> dict[str, Any]:
    """A call of the live pill that is as it should be."""
    blocks = inner(app).get_blocks().blocks
    number = next(
        n
        for n, b in blocks.items()
        if any(f.__name__ == "live_pill" for f in getattr(b, "server_fns", None) or [])
    )
    return {"component_id": number, "fn_name": "live_pill", "data": {}, "session_hash": "s"}


DEEP: Any = 1
for _ in range(500):
    DEEP = [DEEP]

CRAFTED: dict[str, tuple[str, Any]] = {
    "no such event": (JOIN, {"fn_index": 999_999, "data": [], "session_hash": "s"}),
    "an event by a word": (JOIN, {"fn_index": "launch", "data": [], "session_hash": "s"}),
    "an event by a truth": (JOIN, {"fn_index": True, "data": [None], "session_hash": "s"}),
    "a direct call of no event": (RUN, {"fn_index": 999_999, "data": []}),
    "a direct call by no name": ("/gradio_api/run/nothing", {"data": []}),
    "no session": (JOIN, {"fn_index": 0, "data": [None]}),
    "a session that is a list": (JOIN, {"fn_index": 0, "data": [None], "session_hash": []}),
    "a session that is a path": (JOIN, {"fn_index": 0, "data": [None], "session_hash": "../../etc"}),
    "a long session": (JOIN, {"fn_index": 0, "data": [None], "session_hash": "s" * 5000}),
    "data that is no list": (JOIN, {"fn_index": 0, "data": "x", "session_hash": "s"}),
    "too many values": (JOIN, {"fn_index": 0, "data": [0] * 100_000, "session_hash": "s"}),
    "no values": (RUN, {"fn_index": 0, "data": []}),
    "no part": (ASK, {"component_id": 999_999, "fn_name": "live_pill", "data": {}, "session_hash": "s"}),
    "a part by a list": (ASK, {"component_id": [], "fn_name": "live_pill", "data": {}, "session_hash": "s"}),
    "no function": (ASK, {"component_id": 1, "fn_name": "__class__", "data": {}, "session_hash": "s"}),
    "a function by a number": (ASK, {"component_id": 1, "fn_name": 7, "data": {}, "session_hash": "s"}),
    "a list": (ASK, [1, 2]),
    "a number": (JOIN, 5),
    "a depth of 500": (JOIN, {"fn_index": 0, "data": [DEEP], "session_hash": "s"}),
    "a trigger that is no number": (JOIN, {"fn_index": 0, "data": [None], "session_hash": "s", "trigger_id": {}}),
}  # fmt: skip


def test_gradio_by_itself_fails_at_wrong_numbers(bare: TestClient) -> None:
    for case in ("no such event", "a direct call of no event", "no part"):
        address, body = CRAFTED[case]
        answer = bare.post(address, json=body)
        assert (answer.status_code, answer.text) == (500, "Internal Server Error"), case


@pytest.mark.parametrize(("address", "body"), CRAFTED.values(), ids=CRAFTED)
def test_a_call_that_no_page_makes_is_refused_in_a_sentence(
    client: TestClient, address: str, body: Any
) -> None:
    answer = client.post(address, content=json.dumps(body), headers={"content-type": "application/json"})

    assert 400 <= answer.status_code < 500, answer.text
    detail = answer.json()["detail"]
    assert isinstance(detail, str)
    assert detail.endswith(".")
    assert len(detail) < 300


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_has_not_are_refused(client: TestClient, app: FastAPI, number: str) -> None:
    body = json.dumps(pill(app)).replace("{}", f'{{"a": {number}}}')

    assert client.post(ASK, content=body).status_code == 403


WRONG = (None, 7, -1.5, "x", [], [[1]], {"a": {}}, [None] * 1000)


def test_no_event_ends_in_a_bare_error_whatever_it_is_given(client: TestClient, app: FastAPI) -> None:
    seen = set()
    for number, event in inner(app).get_blocks().fns.items():
        for value in WRONG:
            body = {"fn_index": number, "data": [value] * len(event.inputs)}
            answer = client.post(RUN, json=body, headers={"x-user": f"u{number}"})
            assert answer.status_code == 200 or isinstance(answer.json()["detail"], str), (number, value)
            assert answer.text != "Internal Server Error"
            seen.add(answer.status_code)
    assert 200 in seen


def test_gradio_by_itself_gives_results_to_whoever_names_the_session(tmp_path: Any) -> None:
    """And takes anybody's event off the queue."""
    app = bare_app(tmp_path)
    with asking(app) as owner:
        event = next(n for n, e in inner(app).get_blocks().fns.items() if e.api_name == "votes_list")
        owner.post(JOIN, json={"fn_index": event, "data": [], "session_hash": "victim"})
        assert "process_" in owner.get("/gradio_api/queue/data?session_hash=victim").text


def test_a_session_is_of_who_used_it_first(client: TestClient, app: FastAPI) -> None:
    event = next(n for n, e in inner(app).get_blocks().fns.items() if e.api_name == "votes_list")
    body = {"fn_index": event, "data": [], "session_hash": "victim"}
    ana, eve = {"x-user": "ana"}, {"x-user": "eve"}
    event_id = client.post(JOIN, json=body, headers=ana).json()["event_id"]

    stream = "/gradio_api/queue/data?session_hash=victim"
    refused = client.get(stream, headers=eve)
    assert (refused.status_code, "somebody else's" in refused.json()["detail"]) == (403, True)
    assert client.get("/gradio_api/heartbeat/victim", headers=eve).status_code == 403
    assert client.post(JOIN, json=body, headers=eve).status_code == 403
    assert client.post(ASK, json=pill(app) | {"session_hash": "victim"}, headers=eve).status_code == 403
    mine = {"session_hash": "eves", "fn_index": event, "event_id": event_id}
    queue = inner(app).get_blocks()._queue
    if event_id in queue.event_ids_to_events:
        assert client.post("/gradio_api/cancel", json=mine, headers=eve).status_code == 403
    assert "process_completed" in client.get(stream, headers=ana).text


def test_sessions_that_nobody_used_for_long_are_forgotten() -> None:
    gone: list[str] = []
    sessions = Sessions(gone.append, most=4, most_of_one=3)

    assert all(sessions.claim(name, "ana") for name in ("a", "b", "c", "a", "d"))
    assert gone == ["b"], "the oldest of one caller"
    assert sessions.claim("x", "eve")
    assert not sessions.claim("a", "eve")
    assert sessions.claim("y", "eve")
    assert gone == ["b", "c"], "the oldest of all"
    assert len(sessions) == 4


def _cost(app: FastAPI, count: int) -> float:
    """Bytes a new session, held for good."""
    with asking(app) as client:
        body = pill(app)
        for warm in range(20):
            client.post(ASK, json=body | {"session_hash": f"warm{warm}"})
        tracemalloc.start()
        for number in range(count):
            assert client.post(ASK, json=body | {"session_hash": f"n{number}"}).status_code == 200
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
    return held / count


def test_a_new_session_costs_little(app: FastAPI, tmp_path: Any) -> None:
    plain = bare_app(tmp_path)

    async def owned(scope: Any, receive: Any, send: Any) -> None:
        scope["state"] = {**scope.get("state", {}), "user": "local"}
        await plain(scope, receive, send)

    owned.routes = plain.routes  # type: ignore[attr-defined]
    before, after = _cost(owned, 20), _cost(app, 200)  # type: ignore[arg-type]
    assert after < 20_000


def test_a_bucket_lets_a_burst_through_and_fills_again() -> None:
    now = [0.0]
    rates = Rates(Rate(burst=2, per_second=0.5), clock=lambda: now[0])

    assert [rates.wait("a"), rates.wait("a"), rates.wait("a")] == [0, 0, 2]
    assert rates.wait("b") == 0
    now[0] = 2.0
    assert rates.wait("a") == 0
    assert rates.wait("a") == 2


def test_polls_of_eight_tabs_are_never_too_often() -> None:
    """Each asks six things a second, more than any page does."""
    now = [0.0]
    rates = Rates(PAGES, clock=lambda: now[0])
    for second in range(600):
        now[0] = second
        assert all(rates.wait("ana") == 0 for _ in range(8 * 6))


def test_one_network_of_ipv6_is_one_caller() -> None:
    assert by_address("2001:db8::1") == by_address("2001:db8::ffff") != by_address("2001:db8:1::1")
    assert by_address("198.51.100.4") == "198.51.100.4"


def test_what_costs_is_refused_when_it_comes_too_often_and_by_nobody_elses_doing(
    client: TestClient, app: FastAPI
) -> None:
    launch = next(n for n, e in inner(app).get_blocks().fns.items() if e.api_name == "launch")
    body = {"fn_index": launch, "data": [{}]}
    for lie in range(60):
        headers = {"x-user": "greedy", "x-forwarded-for": f"203.0.113.{lie}"}
        answer = client.post(RUN, json=body, headers=headers)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert "too often" in answer.json()["detail"]
    assert client.post(RUN, json=body, headers={"x-user": "other"}).status_code != 429
    assert client.get("/", headers={"x-user": "greedy"}).status_code == 200


def test_whoever_asks_without_end_waits(app: FastAPI) -> None:
    with asking(app) as client:
        statuses = [client.get("/healthz", headers={"x-user": "flood"}).status_code for _ in range(900)]
        assert 429 in statuses
        assert client.get("/config", headers={"x-user": "calm"}).status_code == 200


def test_what_is_limited_exists(app: FastAPI) -> None:
    assert Calls(inner(app).get_blocks()).names() >= COSTLY_CALLS
