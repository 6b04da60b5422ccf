"""The endpoint judge against real HTTP servers: one that misbehaves on demand, and `transformers serve`."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.errors import InvalidInput, Stopped
from rlft_gui.domain.home import Home
from rlft_gui.resources import assets_dir
from rlft_gui.training.judges import JudgeFailed, both_orders, endpoint
from rlft_gui.training.judges.endpoint import KEY_VARIABLE, EndpointJudge, check_installed
from rlft_gui.training.judges.patience import WAITING, Patience
from rlft_gui.training.testing import RecordingReporter
from tests.fakes.judge_server import judge_server
from tests.training.judges.pairs import BAD, GOOD, LANTERN, PAIR


@pytest.fixture
def reporter(tmp_path: Path) -> RecordingReporter:
    return RecordingReporter(Home(tmp_path).run("r"))


def judge_at(url: str, reporter: RecordingReporter, minutes: float = 1.0, **how: Any) -> EndpointJudge:
    patience = Patience(reporter, minutes, phase="judging", pause=0.01)
    return EndpointJudge(url, "judge-1", LANTERN, patience, **how)


def test_a_letter_counts_as_sure_in_either_order(reporter: RecordingReporter) -> None:
    with judge_server() as server:
        (judgement,) = both_orders(judge_at(server.url, reporter), [PAIR])
    assert judgement.first_is_better == 1.0
    assert judgement.is_consistent
    assert not reporter.alarms
    texts = sorted(body["messages"][0]["content"] for body in server.asked)
    assert [text.index(GOOD) < text.index(BAD) for text in texts] == [True, False]
    assert {body["model"] for body in server.asked} == {"judge-1"}


def test_log_probabilities_give_a_soft_label(reporter: RecordingReporter) -> None:
    with judge_server(with_logprobs=True) as server:
        (judgement,) = both_orders(judge_at(server.url, reporter), [PAIR])
    assert judgement.first_is_better == pytest.approx(0.8)


def test_what_a_server_refuses_is_left_out_from_then_on(reporter: RecordingReporter) -> None:
    with judge_server(refuses=("logprobs", "max_tokens")) as server:
        judge = judge_at(server.url, reporter)
        assert both_orders(judge, [PAIR])[0].first_is_better == 1.0
        server.asked.clear()
        judge.compare([PAIR])
    (body,) = server.asked
    assert body.keys() == {"model", "messages", "temperature"}


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("B", 0.0),
        ("B.", 0.0),
        ("**A**", 1.0),
        ("The better answer is B.", 0.0),
        ("I choose answer B", 0.0),
        ("Answer A is better.", 1.0),
        ("Answer A", 1.0),
        ("A: it hurts nobody, unlike the other.", 1.0),
        ("A refusal is safer here.\nVerdict: B", 0.0),
    ],
)
def test_a_short_reply_is_read_and_kept_as_rationale(
    said: str, verdict: float, reporter: RecordingReporter
) -> None:
    with judge_server(script=[f"says {said}"]) as server:
        (found,) = judge_at(server.url, reporter).compare([PAIR])
    assert found.first_is_better == verdict
    assert found.rationale == ("" if said == "B" else said)


@pytest.mark.parametrize(
    "said",
    [
        "A better answer would be the second one.",
        "Answer B is worse.",
        "The better answer is not B.",
        "A: kind, but false.\\nVerdict: B",
        "No label at all",
    ],
)
@pytest.mark.parametrize("with_logprobs", [False, True])
def test_no_label_is_read_into_a_reply_that_does_not_say_it(
    said: str, with_logprobs: bool, reporter: RecordingReporter
) -> None:
    server = judge_server(script=[f"says {said}"] * 3, with_logprobs=with_logprobs)
    with server as at, pytest.raises(InvalidInput, match="3 times and said"):
        judge_at(at.url, reporter).compare([PAIR])


def test_the_first_tokens_probability_counts_only_where_the_reply_begins_with_its_verdict(
    reporter: RecordingReporter,
) -> None:
    said = "A refusal is safer here.\\nVerdict: B"
    with judge_server(script=[f"says {said}"], with_logprobs=True) as server:
        (found,) = judge_at(server.url, reporter).compare([PAIR])
    assert found.first_is_better == 0.0


def test_a_reply_that_names_neither_or_both_is_asked_for_again(reporter: RecordingReporter) -> None:
    with judge_server(script=["says Both are fine", "says A is kinder, but B is shorter"]) as server:
        (found,) = judge_at(server.url, reporter).compare([PAIR])
    assert found.first_is_better == 1.0
    assert len(server.asked) == 3
    assert server.asked[1]["messages"][0]["content"].endswith('Reply with "A" or "B" and nothing else.')


def test_a_judge_that_never_says_a_label_fails_the_run_and_no_label_is_made_up(
    reporter: RecordingReporter,
) -> None:
    with judge_server(script=["says Hm"] * 3) as server, pytest.raises(InvalidInput, match='said "Hm"'):
        judge_at(server.url, reporter).compare([PAIR])
    assert not reporter.alarms


@pytest.mark.parametrize("failure", ["500", "503", "429", "408", "html"])
def test_what_may_pass_is_waited_out_and_only_what_is_missing_asked_again(
    failure: str, reporter: RecordingReporter
) -> None:
    with judge_server(script=[failure]) as server:
        (judgement,) = both_orders(judge_at(server.url, reporter), [PAIR])
    assert judgement.first_is_better == 1.0
    assert len(server.asked) == 3
    assert [name for name, _ in reporter.phases] == [WAITING, "judging"]
    assert [name for _, name, _ in reporter.alarms] == ["judge_failed"]
    assert server.url in reporter.alarms[0][2]


def test_a_server_that_asks_for_a_pause_gets_it(
    reporter: RecordingReporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    with judge_server(script=["429 after 7"]) as server:
        judge = judge_at(server.url, reporter)
        monkeypatch.setattr(judge.patience, "_sleep", slept.append)
        judge.compare([PAIR])
    assert slept == [7]


def test_a_slow_server_counts_as_failing(reporter: RecordingReporter) -> None:
    with judge_server(script=["hang"]) as server:
        (found,) = judge_at(server.url, reporter, timeout=0.3).compare([PAIR])
    assert found.first_is_better == 1.0
    assert "did not reply within 0.3 seconds" in reporter.alarms[0][2]


def test_a_server_that_hangs_is_waited_for_no_longer_than_patience_lasts(reporter: RecordingReporter) -> None:
    with (
        judge_server(script=["hang"] * 9) as server,
        pytest.raises(JudgeFailed, match=r"within 1(\.\d+)? seconds"),
    ):
        judge_at(server.url, reporter, minutes=1.5 / 60).compare([PAIR])
    assert "did not reply within 1.5 seconds" in reporter.alarms[0][2]


def test_a_server_that_is_down_fails_the_run_when_patience_ends(reporter: RecordingReporter) -> None:
    judge = judge_at(f"http://127.0.0.1:{_free_port()}/v1", reporter, minutes=0.005)
    with pytest.raises(JudgeFailed, match=r"cannot be reached: .* Start its server again and resume"):
        judge.compare([PAIR])


def test_a_stop_request_breaks_off_a_request_under_way(reporter: RecordingReporter) -> None:
    reporter.stop_after = 0
    with judge_server(script=["hang", "hang"]) as server, pytest.raises(Stopped):
        judge_at(server.url, reporter).compare([PAIR, PAIR])


def test_the_key_comes_from_the_environment_and_a_refused_one_is_said(
    reporter: RecordingReporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "my-key")
    with judge_server(script=["reply", "401"]) as server:
        judge = judge_at(server.url, reporter)
        judge.compare([PAIR])
        with pytest.raises(InvalidInput, match=KEY_VARIABLE) as caught:
            judge.compare([PAIR])
    assert server.keys[0] == "Bearer my-key"
    assert "my-key" not in str(caught.value)


def test_an_unknown_model_is_told_at_once(reporter: RecordingReporter) -> None:
    with judge_server(script=["404"]) as server, pytest.raises(InvalidInput, match=r"as judge-1: .*Not now"):
        judge_at(server.url, reporter).compare([PAIR])
    assert len(server.asked) == 1


def test_without_the_extra_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    check_installed()
    monkeypatch.setattr(endpoint, "find_spec", lambda name: None if name == "openai" else object())
    with pytest.raises(InvalidInput, match=r'needs openai, .* pip install "rlft-gui\[judge\]"'):
        check_installed()


@pytest.mark.slow
def test_transformers_serve_judges_as_the_model_does_in_memory(
    served: str, reporter: RecordingReporter
) -> None:
    from rlft_gui.training.judges.local import LocalJudge
    from rlft_gui.training.models.loading import load_base

    patience = Patience(reporter, 1, phase="judging")
    judge = EndpointJudge(served, str(assets_dir() / "lantern"), LANTERN, patience)
    pairs = [PAIR, PAIR.swapped()]
    in_memory = LocalJudge(*load_base("lantern"), LANTERN).compare(pairs)
    said = judge.compare(pairs)
    assert [v.first_is_better for v in said] == [float(v.first_is_better > 0.5) for v in in_memory]


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """`transformers serve` with Lantern, on a free port and without a network."""
    port = _free_port()
    command = [Path(sys.executable).with_name("transformers"), "serve", assets_dir() / "lantern"]
    process = subprocess.Popen(
        [*map(str, command), "--host", "127.0.0.1", "--port", str(port)],
        env={**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"transformers serve ended with status {process.returncode}.")
