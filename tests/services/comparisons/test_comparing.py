"""Comparisons from start to end: what is refused, how rows grow, and what happens when either side dies."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from rlft_gui.cli import app
from rlft_gui.domain.comparison import GenerationStatus, Sampling
from rlft_gui.domain.errors import InvalidInput, NotAllowed, NotFound, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.inference import address as addresses
from rlft_gui.inference import client
from rlft_gui.inference.protocol import GenerationRequest
from rlft_gui.lantern.suite import suite
from rlft_gui.services.comparisons.service import Comparing, to_json
from rlft_gui.storage import Storage
from tests.fakes.people import member
from tests.inference.serving import serving
from tests.inference.tiny_models import add_checkpoint, babbles, make_base, says
from tests.services.comparisons.comparing_home import (
    SHORT,
    IsCancelled,
    Listener,
    Tell,
    add_empty_checkpoint,
    add_run,
    comparing_in,
    echoes,
    finished,
    until,
    writes_until_cancelled,
)

#: A program that compares for as long as it is let.
COMPARES = """
import sys
from pathlib import Path
from rlft_gui.domain.comparison import Sampling
from rlft_gui.domain.home import Home
from rlft_gui.services.comparisons.service import Comparing
from rlft_gui.services.models.service import Models
from rlft_gui.services.rights import Rights
from rlft_gui.services.runs.service import Runs
from rlft_gui.services.scoring.service import Scoring
from rlft_gui.storage import open_storage
home = Home(Path(sys.argv[1]))
storage = open_storage(home)
runs, models = Runs(home, storage), Models(home)
comparing = Comparing(home, storage, runs, models, Scoring(home, runs, models, Rights(storage)))
comparing.run_sync(["base"], ["go on"], Sampling(), user="local")
"""


def test_a_comparison_is_stored_before_anybody_answers(
    home: Home, storage: Storage, comparing: Comparing
) -> None:
    add_run(storage, "r1", stage="sft", method="dpo")
    add_empty_checkpoint(home, "r1", 20)
    may_go = threading.Event()

    def waits(request: GenerationRequest, tell: Tell, is_cancelled: IsCancelled) -> None:
        may_go.wait(10)
        echoes(request, tell, is_cancelled)

    with serving(home, waits):
        started = comparing.start(["base", "r1"], ["one", "two"], SHORT, user="local")
        assert comparing.get(started.id) == started
        assert [(one.pane, one.prompt_index) for one in started.generations] == [
            (0, 0),
            (1, 0),
            (0, 1),
            (1, 1),
        ]
        assert [(pane.model, pane.title, pane.palette) for pane in started.panes] == [
            ("base", "Lantern", "base"),
            ("r1", "Try r1 · SFT", "sft"),
        ]
        assert (started.owner, started.base, started.version) == ("local", "lantern", 1)
        assert started.status is GenerationStatus.WAITING
        may_go.set()
        done = finished(comparing, started.id)
    assert done.status is GenerationStatus.DONE
    assert (done.device, done.note) == ("test bench", "Just a test.")
    assert [one.text for one in done.generations] == ["one", "one", "two", "two"]
    assert [one.checkpoint for one in done.generations] == ["x@0", "x@1", "x@0", "x@1"]


def test_polling_tells_only_what_is_new(home: Home, comparing: Comparing) -> None:
    with serving(home, writes_until_cancelled):
        started = comparing.start(["base"], ["go on"], SHORT, user="local")
        growing = until(comparing, started.id, lambda now: len(now.generations[0].text) > 30)
        comparing.stop(started.id, user="local")
        done = finished(comparing, started.id)
        assert comparing.poll(started.id, growing.version) == done
        assert comparing.poll(started.id, done.version) is None
        with pytest.raises(NotFound, match='no comparison "c0"'):
            comparing.poll("c0", 1)
    assert done.generations[0].finish == "stopped"
    assert done.generations[0].text.startswith(growing.generations[0].text)
    assert done.status is GenerationStatus.DONE


def test_only_whoever_started_a_comparison_may_stop_it(
    home: Home, storage: Storage, comparing: Comparing
) -> None:
    elsewhere = comparing_in(home, storage)  # as another program would have it
    with serving(home, writes_until_cancelled):
        started = comparing.start(["base"], ["go on"], SHORT, user="local")
        with pytest.raises(NotAllowed, match="belongs to local"):
            comparing.stop(started.id, user=member(storage, "bob"))
        with pytest.raises(NotPossibleNow, match="another program"):
            elsewhere.stop(started.id, user="local")
        assert not elsewhere.get(started.id).status.is_ended
        comparing.stop(started.id, user="local")
        finished(comparing, started.id)
        comparing.stop(started.id, user="local")  # stopping what has ended changes nothing


def test_prompts_of_the_suite_are_scored_and_typed_ones_are_not(home: Home, comparing: Comparing) -> None:
    item, other = suite()[0], suite()[1]
    with serving(home, echoes):
        known = comparing.run_sync(["base"], [item.prompt, "typed by hand"], SHORT, user="local")
        edited = comparing.run_sync(
            ["base"], [item.prompt + "?", item.prompt], SHORT, user="local", item_ids=[item.id, other.id]
        )
    assert known.item_ids == (item.id, None)
    assert "gold" in known.generations[0].scores
    assert known.generations[1].scores == {}
    assert edited.item_ids == (None, None)
    assert all(one.scores == {} for one in edited.generations)


def test_what_cannot_be_compared_is_refused_in_a_sentence(
    home: Home, storage: Storage, comparing: Comparing
) -> None:
    add_run(storage, "r1")
    add_run(storage, "empty")
    add_run(storage, "other", base="/models/other")
    add_empty_checkpoint(home, "r1", 20)
    add_empty_checkpoint(home, "other", 20)

    def refused(models: list[str], *prompts: str) -> str:
        with pytest.raises((InvalidInput, NotFound)) as refusal:
            comparing.start(models, prompts, SHORT, user="local")
        return str(refusal.value)

    assert '"base" could mean several models' in refused(["base", "r1", "other"], "hello")
    assert "no complete checkpoint" in refused(["empty"], "hello")
    assert "has no checkpoint at step 7. It has: 20" in refused(["r1@7"], "hello")
    assert 'no run "r2"' in refused(["r2"], "hello")
    assert "step number" in refused(["r1@last"], "hello")
    assert '"r1" is named twice' in refused(["r1", "r1"], "hello")
    assert "takes 1 to 8 models; found 0" in refused([], "hello")
    assert "Prompt 2 is empty" in refused(["r1"], "hello", "  ")
    assert "takes 1 to 20 prompts; found 0" in refused(["r1"])
    assert "20,000 are the most" in refused(["r1"], "x" * 20_001)
    assert comparing.list() == ()


def test_runs_of_two_bases_can_be_compared_without_the_base(
    home: Home, storage: Storage, comparing: Comparing
) -> None:
    for run_id, base in (("r1", "lantern"), ("r2", "/models/other")):
        add_run(storage, run_id, base=base)
        add_empty_checkpoint(home, run_id, 1)
    with serving(home, echoes):
        done = comparing.run_sync(["r1", "r2"], [suite()[0].prompt], SHORT, user="local")
    assert done.base == "/models/other + lantern"
    assert done.status is GenerationStatus.DONE


def test_choices_are_the_runs_with_a_complete_checkpoint(
    home: Home, storage: Storage, comparing: Comparing
) -> None:
    for run_id in ("r1", "r2", "r3"):
        add_run(storage, run_id)
    add_empty_checkpoint(home, "r1", 5)
    add_empty_checkpoint(home, "r3", 5)
    home.run("r2").checkpoint(5).mkdir(parents=True)  # torn: no marker
    assert [run.id for run in comparing.choices()] == ["r3", "r1"]


def test_what_is_prepared_is_found_by_the_first_comparison(home: Home, comparing: Comparing) -> None:
    comparing.prepare()
    while (prepared := addresses.read(home)) is None:
        threading.Event().wait(0.05)
    client.ensure_running(home).close()
    assert addresses.read(home) == prepared
    for thread in threading.enumerate():
        if thread.name == "prepare-comparing":
            thread.join()  # or it complains, in the next test's log, that its process was ended


def test_what_cannot_be_prepared_is_said_once_in_the_log_and_to_whoever_asks(
    home: Home, comparing: Comparing, caplog: pytest.LogCaptureFixture
) -> None:
    addresses.make_folder(home)
    addresses.lock_path(home).mkdir()
    for _page_opened in range(2):
        comparing._prepare()
    (record,) = caplog.records
    assert record.getMessage().startswith("Answers are not prepared: The inference process could not start.")
    [answer] = comparing.run_sync(["base"], ["hello"], SHORT, user="local").generations
    assert str(answer.error).startswith("The inference process could not start.")


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        ("sample", "made rows and trained no model"),
        ("reward_model", "trained a reward model, which scores answers"),
    ],
)
def test_what_is_no_policy_is_neither_offered_nor_compared(
    home: Home, storage: Storage, comparing: Comparing, stage: str, told: str
) -> None:
    add_run(storage, "r1", stage=stage)
    add_empty_checkpoint(home, "r1", 4)
    assert comparing.choices() == ()
    with pytest.raises(InvalidInput, match=f'"Try r1 · .*" {told}'):
        comparing.start(["base", "r1"], ["Hello"], SHORT, user="local")


@pytest.mark.parametrize("by", ["its next reader", "the app"])
def test_a_comparison_whose_program_died_is_ended(
    home: Home, comparing: Comparing, storage: Storage, by: str
) -> None:
    with (
        serving(home, writes_until_cancelled),
        subprocess.Popen([sys.executable, "-c", COMPARES, home.path]) as other,
    ):
        while not (stored := comparing.list()):
            assert other.poll() is None
            time.sleep(0.05)
        comparison_id = stored[0].id
        growing = until(comparing, comparison_id, lambda now: now.generations[0].text != "")
        assert not growing.status.is_ended
        comparing.settle()
        assert not comparing.get(comparison_id).status.is_ended, "its program lives"
        other.kill()
        other.wait()
    if by == "the app":
        comparing.settle()
    else:
        finished(comparing, comparison_id)
    dead = storage.comparisons.get(comparison_id)
    assert dead is not None
    assert dead.status is GenerationStatus.FAILED
    assert "ended before the answers did" in str(dead.generations[0].error)
    assert dead.generations[0].text.startswith(growing.generations[0].text)
    assert comparing.poll(comparison_id, dead.version) is None
    assert list((home.inference / "recording").iterdir()) == []


@pytest.mark.slow
def test_ctrl_c_stops_the_answers_before_the_program_ends(
    home: Home, comparing: Comparing, storage: Storage
) -> None:
    with (
        serving(home, writes_until_cancelled),
        # Programs in the background may have been started without an ear for it.
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"import signal\nsignal.signal(2, signal.default_int_handler){COMPARES}",
                home.path,
            ],
            stderr=subprocess.DEVNULL,
        ) as other,
    ):
        while not (stored := comparing.list()):
            assert other.poll() is None
            time.sleep(0.05)
        until(comparing, stored[0].id, lambda now: now.generations[0].text != "")
        other.send_signal(signal.SIGINT)
        other.wait()
        left = storage.comparisons.get(stored[0].id)
    assert left is not None
    assert left.status is GenerationStatus.DONE, "nobody else had to end it"
    assert left.generations[0].finish == "stopped"


def test_losing_the_inference_process_is_told_and_the_next_comparison_works(
    home: Home, storage: Storage, comparing: Comparing, tmp_path: Path
) -> None:
    base = make_base(tmp_path / "base")
    for run_id, recipe in (("ones", says("one")), ("babble", babbles(3))):
        add_run(storage, run_id, base=str(base))
        add_checkpoint(home, run_id, 4, base, recipe)
    long = Sampling(max_new_tokens=200, temperature=1.0)
    started = comparing.start(["base", "ones", "babble"], ["hello"] * 20, long, user="local")
    until(comparing, started.id, lambda now: now.generations[0].text != "")
    address = addresses.read(home)
    assert address is not None
    psutil.Process(address.pid).kill()
    lost = finished(comparing, started.id)
    assert lost.status is GenerationStatus.FAILED
    assert "ended in the middle of an answer" in str(lost.generations[-1].error)

    again = comparing.run_sync(["ones", "base", "babble@4"], ["hello", "you"], SHORT, user="local")
    assert [one.checkpoint for one in again.generations] == ["ones@4", "base", "babble@4"] * 2
    assert [one.text for one in again.generations[::3]] == ["one one one one one"] * 2
    printed = to_json(again)
    assert [one["prompt"] for one in printed["prompts"]] == ["hello", "you"]
    assert printed["prompts"][1]["answers"][0] | {"seconds": 0} == {
        "model": "ones",
        "checkpoint": "ones@4",
        "seed": 0,
        "text": "one one one one one",
        "tokens": 5,
        "seconds": 0,
        "finish": "cut at the limit",
        "error": None,
        "scores": {},
    }


def asked_of(request: GenerationRequest) -> list[tuple[int, int, int, int, list[str]]]:
    """Pane, prompt, draw, seed, and what is said before the answer."""
    return [
        (
            ask.pane,
            ask.prompt_index,
            ask.draw,
            ask.seed,
            [f"{m['role']}: {m['content']}" for m in request.conversations[ask.conversation]],
        )
        for ask in request.asks
    ]


def test_every_pane_is_asked_with_the_same_seeds_and_told_the_system_prompt(
    home: Home, comparing: Comparing
) -> None:
    listener = Listener()
    with serving(home, listener):
        done = comparing.run_sync(
            ["base", "base:lantern"],
            ["one"],
            Sampling(seed=2**31 - 2),
            user="local",
            system=" Be brief. ",
            draws=3,
        )
    said = ["system: Be brief.", "user: one"]
    seeds = [2**31 - 2, 2**31 - 1, 0]
    assert asked_of(listener.requests[0]) == [
        (pane, 0, draw, seeds[draw], said) for draw in range(3) for pane in range(2)
    ]
    assert (done.draws, done.system, done.chat) == (3, "Be brief.", False)
    assert [one.seed for one in done.draws_of(0, 1)] == seeds


def test_a_following_prompt_goes_on_from_each_panes_own_answers(home: Home, comparing: Comparing) -> None:
    listener = Listener()
    with serving(home, listener):
        first = comparing.run_sync(["base", "base:lantern"], ["one"], Sampling(seed=5), user="local", draws=2)
        listener.failing = {1}
        comparing.follow(first.id, "two", user="local")
        second = finished(comparing, first.id)
        listener.failing = set()
        third = comparing.follow(first.id, "three", user="local")
        done = finished(comparing, first.id)
    assert (second.id, third.prompts, third.chat) == (first.id, ("one", "two", "three"), True)
    assert third.version > second.version > first.version
    asked = asked_of(listener.requests[2])
    assert [one[:4] for one in asked] == [(0, 2, 0, 5), (1, 2, 0, 5), (0, 2, 1, 6), (1, 2, 1, 6)]
    assert asked[0][4] == [
        "user: one",
        "assistant: said by 0 in 0 with 5",
        "user: two",
        "assistant: said by 0 in 1 with 5",
        "user: three",
    ]
    assert asked[3][4] == ["user: one", "assistant: said by 1 in 0 with 6", "user: three"], (
        "a lost turn is left out"
    )
    assert done.status is GenerationStatus.FAILED, "an earlier answer failed"
    assert len(done.generations) == 12


def test_one_pane_or_all_are_drawn_again_with_the_next_seed_and_go_on_from_there(
    home: Home, comparing: Comparing
) -> None:
    listener = Listener()
    with serving(home, listener):
        first = comparing.run_sync(["base", "base:lantern"], ["one"], Sampling(seed=5), user="local")
        comparing.again(first.id, user="local", pane=1)
        finished(comparing, first.id)
        comparing.again(first.id, user="local")
        again = finished(comparing, first.id)
        assert [[one.seed for one in again.draws_of(0, pane)] for pane in (0, 1)] == [[5, 6], [5, 6, 7]]
        comparing.follow(first.id, "two", user="local")
        finished(comparing, first.id)
        asked = asked_of(listener.requests[-1])
        assert [one[4][1] for one in asked] == [
            "assistant: said by 0 in 0 with 6",
            "assistant: said by 1 in 0 with 7",
        ]
        with pytest.raises(InvalidInput, match="Only the last turn"):
            comparing.again(first.id, user="local", prompt_index=0)
        with pytest.raises(InvalidInput, match="no pane 3"):
            comparing.again(first.id, user="local", pane=2)


def test_what_cannot_go_on_is_refused_in_a_sentence(
    home: Home, storage: Storage, comparing: Comparing
) -> None:
    with serving(home, echoes):
        several = comparing.run_sync(["base"], ["one", "two"], SHORT, user="local")
        with pytest.raises(InvalidInput, match="Several prompts were asked at once"):
            comparing.follow(several.id, "three", user="local")
        with pytest.raises(NotAllowed, match="belongs to local"):
            comparing.again(several.id, user=member(storage, "bob"))
        with pytest.raises(InvalidInput, match="1 to 5 seeds; found 6"):
            comparing.start(["base"], ["one"], SHORT, user="local", draws=6)
        with pytest.raises(InvalidInput, match="takes 1 to 20 prompts; found 100"):
            comparing.start(["base"], ["one"] * 100, SHORT, user="local")
    with serving(home, writes_until_cancelled):
        started = comparing.start(["base"], ["go on"], SHORT, user="local")
        with pytest.raises(NotPossibleNow, match="still being answered"):
            comparing.follow(started.id, "two", user="local")
        comparing.stop(started.id, user="local")
        finished(comparing, started.id)


def test_two_who_go_on_at_once_are_one_turn(home: Home, comparing: Comparing) -> None:
    with serving(home, echoes):
        first = comparing.run_sync(["base"], ["one"], SHORT, user="local")
        told: list[str] = []

        def follow(prompt: str) -> None:
            try:
                comparing.follow(first.id, prompt, user="local")
            except NotPossibleNow as error:
                told.append(str(error))

        threads = [threading.Thread(target=follow, args=(prompt,)) for prompt in ("two", "three")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        done = finished(comparing, first.id)
    # One may also have come after the other had been answered.
    assert len(done.prompts) + len(told) == 3
    assert len(done.generations) == len(done.prompts)


def test_what_was_deleted_can_be_brought_back(home: Home, comparing: Comparing, storage: Storage) -> None:
    with serving(home, writes_until_cancelled):
        started = comparing.start(["base"], ["go on"], SHORT, user="local")
        with pytest.raises(NotAllowed, match="belongs to local"):
            comparing.delete(started.id, user=member(storage, "bob"))
        until(comparing, started.id, lambda now: now.generations[0].text != "")
        comparing.delete(started.id, user="local")
        assert comparing.list() == ()
        with pytest.raises(NotFound, match="was deleted"):
            comparing.get(started.id)
        with pytest.raises(NotFound, match="was deleted"):
            comparing.poll(started.id, 0)
        comparing.restore(started.id, user="local")
        done = finished(comparing, started.id)
    assert done.generations[0].finish == "stopped"
    comparing.delete(done.id, user="local")
    storage.comparisons.mark_deleted(done.id, 1.0)
    with serving(home, echoes):
        other = comparing.run_sync(["base"], ["one"], SHORT, user="local")
    comparing.delete(other.id, user="local")
    with pytest.raises(NotFound, match="deleted for good"):
        comparing.restore(done.id, user="local")


def test_the_command_line_names_the_seed_of_each_of_several_answers(home: Home) -> None:
    words = ["compare", "--models", "base", "--prompt", "Hello", "--max-new-tokens", "2"]
    done = CliRunner().invoke(app, [*words, "--seed", "7", "--seeds", "3", "--home", str(home.path)])
    assert done.exit_code == 0, done.output
    heads = [line.split(":")[0] for line in done.stdout.splitlines() if line.startswith("  base")]
    assert heads == ["  base, seed 7", "  base, seed 8", "  base, seed 9"]
    one = CliRunner().invoke(app, [*words, "--home", str(home.path)])
    assert "\n  base: " in one.stdout
