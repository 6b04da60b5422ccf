"""A pane behind an address, asked over real HTTP: what is sent, how it grows, and what it says when it goes wrong."""

import threading
from pathlib import Path

import pytest

from rlft_gui.domain.comparison import Generation, GenerationStatus, ModelRef, Sampling
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.inference.protocol import Reply
from rlft_gui.services.comparisons import endpoint
from rlft_gui.services.comparisons.endpoint import Endpoint
from rlft_gui.storage import open_storage
from tests.fakes.chat_server import MODEL, ChatServer, answer_to, chat_server
from tests.fakes.homes import fresh_home
from tests.inference.serving import serving
from tests.services.comparisons.comparing_home import comparing_in, echoes, finished, until

SAMPLING = Sampling(temperature=0.5, top_p=0.9, max_new_tokens=64, seed=7)
PROMPT = "one two three four"


def asked(server: ChatServer, prompts: int = 1) -> tuple[Endpoint, list[Generation]]:
    """An endpoint, and what will be told of it."""
    wanted = [
        (
            Generation(pane=2, prompt_index=index, seed=7 + index),
            ({"role": "system", "content": "Be brief."}, {"role": "user", "content": PROMPT}),
        )
        for index in range(prompts)
    ]
    return Endpoint(ModelRef(endpoint="any", url=server.url), wanted, SAMPLING), []


def run(source: Endpoint, told: list[Generation]) -> list[Generation]:
    """The last word on each answer, by prompt."""

    def take(reply: Reply) -> None:
        told.extend(reply.answers)

    source.run(take)
    last = {one.prompt_index: one for one in told}
    return [last[index] for index in sorted(last)]


def test_an_answer_grows_and_names_the_model_that_really_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "TELL_SECONDS", 0)
    monkeypatch.setenv("RLFT_JUDGE_API_KEY", "secret")
    with chat_server() as server:
        source, told = asked(server)
        [answer] = run(source, told)
    assert [one.text for one in told][:3] == ["four", "four three", "four three two"]
    assert (answer.text, answer.status, answer.finish) == (
        answer_to(PROMPT),
        GenerationStatus.DONE,
        "ended by itself",
    )
    assert (answer.checkpoint, answer.tokens, answer.pane) == (MODEL, 42, 2)
    assert server.keys == ["Bearer secret"]
    [sent] = server.asked
    assert sent["messages"][0] == {"role": "system", "content": "Be brief."}
    assert {name: sent[name] for name in ("model", "temperature", "top_p", "max_tokens", "seed")} == {
        "model": "any",
        "temperature": 0.5,
        "top_p": 0.9,
        "max_tokens": 64,
        "seed": 7,
    }


def test_what_a_server_does_not_take_is_left_out_and_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "_AT_ONCE", 1)
    with chat_server(refuses=("seed", "stream_options")) as server:
        source, told = asked(server, prompts=2)
        answers = run(source, told)
    assert [one.text for one in answers] == [answer_to(PROMPT)] * 2
    assert len(server.asked) == 4, "twice refused, then two answers"


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        ("500", "refused to answer as any: "),
        ("401", "refused the key: "),
        ("429", "is asked too often: "),
        ("html", "sent no answer. It must stream chat completions"),
        ("hang", "said nothing for 0.3 seconds"),
        ("hang after 2", "said nothing for 0.3 seconds"),
    ],
)
def test_what_goes_wrong_is_a_sentence(monkeypatch: pytest.MonkeyPatch, act: str, sentence: str) -> None:
    monkeypatch.setattr(endpoint, "SILENCE", 0.3)
    with chat_server(script=[act]) as server:
        source, told = asked(server)
        [answer] = run(source, told)
    assert answer.status is GenerationStatus.FAILED
    assert sentence in str(answer.error)
    assert answer.text == ("four three" if "after" in act else "")


@pytest.mark.parametrize(
    ("act", "text", "sentence"),
    [
        ("break after 2", "four three", "Broken off: the server at "),
        ("mute", "", "answered with nothing."),
        ("endless line", "", "sent far more than an answer of 64 tokens can have"),
        ("rubbish", "", "sent what cannot be read: "),
    ],
)
def test_what_is_no_whole_answer_never_counts_as_one(
    act: str, text: str, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    with chat_server(script=[act]) as server:
        source, told = asked(server)
        [answer] = run(source, told)
    assert (answer.status, answer.text) == (GenerationStatus.FAILED, text)
    assert sentence in str(answer.error)
    assert not [one for one in caplog.records if one.exc_info], "a traceback is for whoever looks for it"


def test_a_server_that_never_stops_is_cut_near_the_longest_answer() -> None:
    with chat_server(script=["endless"]) as server:
        wanted = [(Generation(pane=0, prompt_index=0), ({"role": "user", "content": PROMPT},))]
        short = SAMPLING.model_copy(update={"max_new_tokens": 8})
        [answer] = run(Endpoint(ModelRef(endpoint="any", url=server.url), wanted, short), [])
    assert (answer.status, answer.finish) == (
        GenerationStatus.DONE,
        "cut here: the server went on past 8 tokens",
    )
    most = 8 * endpoint.CHARACTERS_A_TOKEN + endpoint.SPARE_CHARACTERS
    assert most - 10 <= len(answer.text) <= most


def test_pieces_are_no_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "TELL_SECONDS", 0)
    with chat_server(script=["lump", "reply"]) as server:
        source, told = asked(server)
        [lump] = run(source, told)
        [counted] = run(*asked(server))
    assert (lump.text, {one.tokens for one in told}) == (answer_to(PROMPT), {0})
    assert counted.tokens == 42, "as the server says"


def test_a_server_that_refuses_to_count_without_a_name_for_it_is_asked_again() -> None:
    with chat_server(refuses=("stream_options",), names=False) as server:
        [answer] = run(*asked(server))
    assert answer.text == answer_to(PROMPT)
    assert ["stream_options" in one for one in server.asked] == [True, False]


def test_halves_of_characters_are_joined_or_replaced() -> None:
    with chat_server(script=["halves"]) as server:
        [answer] = run(*asked(server))
    assert answer.text == "a\N{GRINNING FACE} \N{REPLACEMENT CHARACTER}!"


def test_an_answer_is_whole_though_the_server_leaves_the_line_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "SILENCE", 0.3)
    with chat_server(script=["open"]) as server:
        [answer] = run(*asked(server))
    assert (answer.text, answer.status) == ("All said.", GenerationStatus.DONE)


def test_a_server_that_is_not_there_is_asked_once_for_all_prompts() -> None:
    with chat_server() as server:
        pass
    source, told = asked(server, prompts=20)
    answers = run(source, told)
    assert len(answers) == 20
    assert all("cannot be reached" in str(one.error) for one in answers)


def test_a_stopped_answer_keeps_its_words() -> None:
    with chat_server(pause=0.05) as server:
        source, told = asked(server)

        def take(reply: Reply) -> None:
            told.extend(reply.answers)
            source.cancel()

        thread = threading.Thread(target=source.run, args=(take,))
        thread.start()
        thread.join(10)
    assert (told[-1].status, told[-1].finish) == (GenerationStatus.DONE, "stopped")
    assert answer_to(PROMPT).startswith(told[-1].text)


def test_a_server_that_hangs_ends_in_its_pane_while_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "SILENCE", 0.5)
    home = fresh_home(tmp_path)
    storage = open_storage(home)
    comparing = comparing_in(home, storage)
    with serving(home, echoes), chat_server(script=["hang"]) as server:
        name = f"endpoint:any@{server.url}"
        started = comparing.start(["base", name], [PROMPT], SAMPLING, user="local")
        waiting = until(comparing, started.id, lambda now: now.generations[0].text == PROMPT)
        assert not waiting.generations[1].status.is_ended
        done = finished(comparing, started.id)
        assert "said nothing" in str(done.generations[1].error)
        assert done.generations[0].error is None
        assert done.panes[1].title == f"any at {server.url[7:-3]}"

        again = comparing.again(started.id, user="local", pane=1)
        assert again.generations[1].seed == started.generations[1].seed, "a lost answer is asked for again"
        whole = finished(comparing, started.id)
    storage.close()
    assert [one.text for one in whole.generations] == [PROMPT, answer_to(PROMPT)]
    assert whole.status is GenerationStatus.DONE


@pytest.mark.parametrize(
    "name",
    ["endpoint:", "endpoint:m", "endpoint:m@ftp://x", "endpoint:m@http://a,b", "endpoint:m@http://u:p@x/v1"],
)
def test_an_address_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="endpoint:MODEL@ADDRESS"):
        ModelRef.parse(name)


def test_names_are_read_as_they_are_written() -> None:
    for name in ("base", "base:org/model", "r1", "r1@7", "endpoint:a@b@http://h:1/v1"):
        assert str(ModelRef.parse(name)) == name
