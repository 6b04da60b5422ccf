"""The server's own business, over real sockets: who may ask, in which order, and when it leaves. No torch."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from rlft_gui.domain.comparison import Sampling
from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.inference import address as addresses
from rlft_gui.inference import client, preparing
from rlft_gui.inference.protocol import VERSION, BasedModel, GenerationRequest, Hello, Reply
from rlft_gui.inference.server import LazyEngine
from tests.inference.serving import serving

Tell = Callable[[Reply], None]
IsCancelled = Callable[[], bool]


def a_request(request_id: str) -> GenerationRequest:
    return GenerationRequest(
        id=request_id, panes=(BasedModel(base="lantern"),), conversations=(), asks=(), sampling=Sampling()
    )


def answers_at_once(request: GenerationRequest, tell: Tell, is_cancelled: IsCancelled) -> None:
    tell(Reply(event="started", device="test"))


def say(home: Home, hello: Hello) -> bytes:
    """What comes back after this first line; empty if the connection is closed on us."""
    address = addresses.read(home)
    assert address is not None
    with socket.create_connection((addresses.HOST, address.port), timeout=10) as connection:
        connection.sendall(hello.model_dump_json().encode() + b"\n")
        try:
            return connection.makefile("rb").readline()
        except ConnectionResetError:
            return b""


def events(conversation: client.Conversation) -> list[str]:
    try:
        return [reply.event for reply in conversation.replies()]
    finally:
        conversation.close()


def test_nobody_gets_in_without_the_token(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with serving(home, answers_at_once):
        address = addresses.read(home)
        assert address is not None
        assert say(home, Hello(token="")) == b""
        assert say(home, Hello(token=address.token + "x")) == b""
        assert b"welcome" in say(home, Hello(token=address.token))


def test_an_older_client_is_told_and_a_newer_one_is_met_with_silence(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with serving(home, answers_at_once):
        address = addresses.read(home)
        assert address is not None
        assert b"A newer version of rlft_gui" in say(home, Hello(token=address.token, version=VERSION - 1))
        assert say(home, Hello(token=address.token, version=VERSION + 1)) == b""
        assert say(home, Hello(token="guessed", version=VERSION - 1)) == b""


def test_it_prepares_before_it_is_asked_and_answers_after(tmp_path: Path) -> None:
    home, order, prepared = Home(tmp_path), list[str](), threading.Event()

    def prepare() -> None:
        order.append("prepared")
        prepared.set()

    def answer(request: GenerationRequest, tell: Tell, is_cancelled: IsCancelled) -> None:
        order.append("answered")

    with serving(home, answer, prepare=prepare):
        assert prepared.wait(10)
        conversation = client.ask(home, a_request("one"))
        assert events(conversation) == ["done"]
    assert order == ["prepared", "answered"]


def test_trouble_in_preparing_stops_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ImportError("No module named torch")

    monkeypatch.setattr(preparing, "prepare", broken)
    LazyEngine(Home(tmp_path)).prepare()
    (record,) = caplog.records
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "No module named torch"


def test_a_request_is_answered_under_its_own_id(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with serving(home, answers_at_once):
        conversation = client.ask(home, a_request("mine"))
        replies = list(conversation.replies())
        conversation.close()
    assert [(reply.id, reply.event) for reply in replies] == [("mine", "started"), ("mine", "done")]


def test_requests_wait_for_each_other_in_order(tmp_path: Path) -> None:
    home, order, may_go = Home(tmp_path), list[str](), threading.Event()

    def one_at_a_time(request: GenerationRequest, tell: Tell, is_cancelled: IsCancelled) -> None:
        order.append(f"{request.id} begins")
        may_go.wait(10)
        order.append(f"{request.id} ends")

    with serving(home, one_at_a_time):
        first = client.ask(home, a_request("first"))
        while not order:
            threading.Event().wait(0.01)
        second = client.ask(home, a_request("second"))
        may_go.set()
        assert events(first) == events(second) == ["done"]
    assert order == ["first begins", "first ends", "second begins", "second ends"]


@pytest.mark.parametrize("how", ["by asking", "by leaving"])
def test_a_client_cancels(tmp_path: Path, how: str) -> None:
    home, cancelled = Home(tmp_path), threading.Event()

    def until_cancelled(request: GenerationRequest, tell: Tell, is_cancelled: IsCancelled) -> None:
        tell(Reply(event="started"))
        while not is_cancelled():
            threading.Event().wait(0.01)
        cancelled.set()

    with serving(home, until_cancelled):
        conversation = client.ask(home, a_request("long"))
        assert next(conversation.replies()).event == "started"
        if how == "by asking":
            conversation.cancel()
            assert events(conversation) == ["done"]
        else:
            conversation.close()
        assert cancelled.wait(10)


def test_trouble_with_one_request_is_told_and_the_next_is_answered(tmp_path: Path) -> None:
    home = Home(tmp_path)

    def troubled(request: GenerationRequest, tell: Tell, is_cancelled: IsCancelled) -> None:
        if request.id == "foreseen":
            raise NotPossibleNow("The moon is in the way. Wait a little.")
        if request.id == "unforeseen":
            raise ZeroDivisionError("by nothing\nat all")

    def message(request_id: str) -> str:
        conversation = client.ask(home, a_request(request_id))
        *_, last = conversation.replies()
        conversation.close()
        return last.message

    with serving(home, troubled):
        assert message("foreseen") == "The moon is in the way. Wait a little."
        assert "ZeroDivisionError: by nothing Its log" in message("unforeseen")
        assert message("fine") == ""


def test_it_leaves_once_idle_and_takes_its_address_along(tmp_path: Path) -> None:
    home, may_go = Home(tmp_path), threading.Event()

    def slow(request: GenerationRequest, tell: Tell, is_cancelled: IsCancelled) -> None:
        may_go.wait(10)

    with serving(home, slow, idle_seconds=0.5) as server:
        conversation = client.ask(home, a_request("one"))
        server.join(0.8)
        assert server.is_alive(), "it left in the middle of an answer"
        may_go.set()
        assert events(conversation) == ["done"]
        server.join(10)
        assert not server.is_alive()
    assert addresses.read(home) is None
