"""A batch as a person has it: launched, run by a real keeper and worker, killed in the middle, resumed, and read."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from rlft_gui.domain.answers import AnswerKey
from rlft_gui.domain.comparison import Sampling
from rlft_gui.domain.events import EVENT, AnsweredEvent
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.inference import address as addresses
from rlft_gui.lantern.suite import suite
from rlft_gui.services import Services, open_services
from rlft_gui.services.answers.batching import BatchSpec
from tests.fakes.pipelines import World, pipeline, wait_until
from tests.inference.tiny_models import add_checkpoint, babbles

pytestmark = pytest.mark.slow

LONGEST = 600.0  #: s; torch alone takes half a minute to import while others compute
ONE_PORTION = 64


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Everything that was started ends with the test."""
    made = open_services(tmp_path / "home")
    yield made
    made.storage.close()
    left = [one for one in psutil.process_iter() if str(made.home.path) in " ".join(_words(one))]
    address = addresses.read(made.home)
    left += [psutil.Process(address.pid)] if address and psutil.pid_exists(address.pid) else []
    for process in left:
        process.kill()
    psutil.wait_procs(left, timeout=30)


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _trained(services: Services) -> str:
    """A finished run on Lantern with an adapter that changes its answers; returns its checkpoint's name."""
    made = pipeline("sft")
    done = made.runs[0].model_copy(update={"status": RunStatus.SUCCEEDED})
    services.storage.transitions.add(made.model_copy(update={"runs": (done,)}), launch_id=made.id)
    add_checkpoint(services.home, done.id, 3, Path("lantern"), babbles(1))
    return f"{done.id}@3"


def _answered(services: Services, run: Run) -> Counter[AnswerKey]:
    lines = services.home.run(run.id).events.read_bytes().splitlines()
    events = [EVENT.validate_json(line) for line in lines]
    return Counter(one.answer.key for one in events if isinstance(one, AnsweredEvent))


def test_a_batch_that_is_killed_and_resumed_answers_each_prompt_once_and_as_compare_does(
    services: Services,
) -> None:
    models = ("base", _trained(services))
    spec = BatchSpec(models=models, seed=5, settings={"seeds": 1, "max_new_tokens": 24, "temperature": 1.0})
    (run,) = services.batching.launch(spec, launch_id="one", user="local").runs
    assert services.batching.launch(spec, launch_id="one", user="local").runs == (run,)
    here = World(services.home, services.storage, services.batching._keeper, services.runs)

    wait_until(lambda: services.runs.get(run.id).step >= ONE_PORTION, LONGEST)
    for pid in here.pids("trainer", run):
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: services.runs.get(run.id).status.is_ended, LONGEST)
    killed = services.runs.get(run.id)
    assert killed.status is RunStatus.FAILED
    before = services.answers.counts(run.id)[0]
    assert ONE_PORTION <= before < len(suite()) * len(models)
    assert f"Resume goes on behind answer {before}" in (killed.reason or "")

    services.runs.resume(run.id, user="local")
    wait_until(lambda: services.runs.get(run.id).status.is_ended, LONGEST)
    ended = services.runs.get(run.id)
    assert (ended.status, ended.step) == (RunStatus.SUCCEEDED, len(suite()) * len(models))
    told = _answered(services, run)
    assert set(told.values()) == {1}, "no prompt is drawn twice"
    assert set(told) == {AnswerKey(model, item.id, 5) for model in models for item in suite()}
    stored = services.storage.answers.answers(run.id)
    assert {one.key for one in stored} == set(told)

    shown = suite()[::60]
    sampling = Sampling(seed=5, max_new_tokens=24, temperature=1.0)
    compared = services.comparing.run_sync(models, [item.prompt for item in shown], sampling, user="local")
    drawn = {(one.model, one.item_id): one for one in stored}
    for index, item in enumerate(shown):
        for pane, answer in compared.answers_to(index):
            mine = drawn[pane.model, item.id]
            assert (mine.text, mine.tokens, mine.finish) == (answer.text, answer.tokens, answer.finish)
            assert mine.checkpoint == answer.checkpoint
            assert mine.scores == answer.scores
