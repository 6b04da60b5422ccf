"""What workers wrote becomes rows exactly once, whatever is torn, repeated, interleaved or not a number."""

import math
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from rlft_gui.domain.answers import BatchAnswer
from rlft_gui.domain.dataset import RowAccount
from rlft_gui.domain.run import Point, Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.keeper.ingest import CHUNK, Ingester
from rlft_gui.services.runs.service import Runs
from rlft_gui.stages.batch import answered_before
from rlft_gui.storage import Storage, open_storage
from rlft_gui.training.run.reporter import EventReporter
from tests.fakes.homes import fresh_home
from tests.fakes.pipelines import pipeline


class Case:
    """A claimed run, and the two ends that meet in its folder."""

    def __init__(self, path: Path) -> None:
        self.home = fresh_home(path)
        self.storage: Storage = open_storage(self.home)
        self.runs = Runs(self.home, self.storage)
        self.ingester = Ingester(self.home, self.storage)
        self.run = self._claim()
        self.folder = self.home.run(self.run.id)
        self.folder.path.mkdir(parents=True)

    def _claim(self) -> Run:
        made = pipeline("sft")
        self.storage.transitions.add(made, launch_id=made.id)
        claimed = self.storage.transitions.claim_next(("cpu",), "local")
        assert claimed is not None
        return claimed[0]

    def reporter(self, attempt: int = 1) -> EventReporter:
        return EventReporter(self.folder, attempt)

    def ingest(self) -> None:
        self.ingester.ingest(self.run.id)

    def points(self, name: str = "loss") -> list[Point]:
        return self.runs.metrics(self.run.id).get(name, [])

    def steps(self, name: str = "loss") -> list[int]:
        return [point.step for point in self.points(name)]


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = Case(tmp_path)
    yield made
    made.storage.close()


def test_a_line_that_is_still_being_written_waits_until_it_is_whole(case: Case) -> None:
    reporter = case.reporter()
    reporter.metrics(0, {"loss": 1.0})
    reporter.metrics(1, {"loss": 0.5})
    whole = case.folder.events.read_bytes()
    case.folder.events.write_bytes(whole[:-10])
    case.ingest()
    assert case.steps() == [0]
    case.folder.events.write_bytes(whole)
    case.ingest()
    assert case.points() == [Point(step=0, value=1.0), Point(step=1, value=0.5)]


def test_a_resumed_attempt_cuts_a_torn_line_and_goes_on_exactly(case: Case) -> None:
    first = case.reporter()
    for step in range(6):
        first.metrics(step, {"loss": float(step)})
    with case.folder.events.open("ab") as file:
        file.write(b'{"attempt":1,"seq":7,"ti')
    case.ingest()
    second = case.reporter(attempt=2)
    second.resumed(3)
    second.metrics(4, {"loss": 40.0})
    case.ingest()
    assert [(point.step, point.value) for point in case.points()] == [(0, 0), (1, 1), (2, 2), (3, 3), (4, 40)]
    assert case.runs.alarms(case.run.id) == ()


def test_resuming_drops_everything_reported_above_the_checkpoint(case: Case) -> None:
    reporter = case.reporter()
    for step in (0, 5, 10):
        reporter.metrics(step, {"loss": 1.0, f"only/{step}": 1.0})
        reporter.sample(step, "k1", "known", "2 + 2?", "4", {"gold": 1.0})
        reporter.checkpoint(step, case.folder.path)
        reporter.alarm(step, "loss-up", "The loss rises.")
    case.ingest()
    reporter.resumed(5)
    case.ingest()
    run_id = case.run.id
    assert case.steps() == [0, 5]
    assert set(case.runs.metrics(run_id)) == {"loss", "only/0", "only/5"}
    assert [sample.step for sample in case.runs.samples(run_id)] == [0, 5]
    assert [checkpoint.step for checkpoint in case.storage.reports.checkpoints(run_id)] == [0, 5]
    assert [alarm.step for alarm in case.runs.alarms(run_id)] == [0, 5]
    assert case.runs.get(run_id).step == 5


def test_a_checkpoint_that_is_gone_has_no_row_unless_it_was_made_again(case: Case) -> None:
    reporter = case.reporter()
    for step in (5, 10, 15):
        reporter.checkpoint(step, case.folder.path)
    reporter.removed((5, 10))
    reporter.checkpoint(10, case.folder.path)
    case.ingest()
    assert [checkpoint.step for checkpoint in case.storage.reports.checkpoints(case.run.id)] == [10, 15]


def test_a_probe_that_is_made_again_doubles_neither_points_nor_samples_nor_alarms(case: Case) -> None:
    """A checkpoint comes before the probe of its step, so whoever goes on from it makes that probe again."""

    def probe(reporter: EventReporter) -> None:
        reporter.metrics(4, {"probe/length": 9.0})
        reporter.sample(4, "k1", "known", "2 + 2?", "4", {"gold": 1.0})
        reporter.alarm(4, "length_bias", "Rewards go with length.")

    first = case.reporter()
    probe(first)
    second = case.reporter(attempt=2)
    second.resumed(4)
    probe(second)
    case.ingest()
    assert case.steps("probe/length") == [4]
    assert len(case.runs.samples(case.run.id)) == 1
    assert len(case.runs.alarms(case.run.id)) == 1


def test_a_later_attempt_that_starts_over_without_saying_so_leaves_no_old_points(case: Case) -> None:
    first = case.reporter()
    first.metrics(0, {"loss": 9.0})
    first.metrics(1, {"loss": 9.0, "gone": 1.0})
    second = case.reporter(attempt=2)
    second.metrics(0, {"loss": 1.0})
    case.ingest()
    assert case.runs.metrics(case.run.id) == {"loss": [Point(step=0, value=1.0)]}


def test_numbers_that_are_none_stay_what_they_are_and_never_become_zero(case: Case) -> None:
    reporter = case.reporter()
    reporter.metrics(0, {"a": math.nan, "b": math.inf, "c": -math.inf, "d": 0.0})
    reporter.sample(0, "k1", "known", "?", "!", {"gold": math.nan})
    case.ingest()
    assert case.runs.metrics(case.run.id) == {
        "a": [Point(step=0, value=None, nonfinite="nan")],
        "b": [Point(step=0, value=None, nonfinite="inf")],
        "c": [Point(step=0, value=None, nonfinite="-inf")],
        "d": [Point(step=0, value=0.0)],
    }
    (sample,) = case.runs.samples(case.run.id)
    assert math.isnan(sample.scores["gold"])


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b"",
        b'{"attempt":1,"seq":2,"time":1.0,"kind":"metrics","step":1}',
        b'{"attempt":1,"seq":2,"time":1.0,"kind":"dance"}',
        b'{"attempt":1,"seq":2,"time":1.0,"kind":"metrics","step":1e30,"values":{"loss":1}}',
        b"\xff\xfe\x00",
        b"[" * 5000,
    ],
    ids=["words", "nothing", "no values", "unknown kind", "a step too large", "no text", "deep"],
)
def test_a_line_that_is_no_event_becomes_an_alarm_and_the_rest_is_taken(case: Case, line: bytes) -> None:
    reporter = case.reporter()
    reporter.metrics(0, {"loss": 1.0})
    with case.folder.events.open("ab") as file:
        file.write(line + b"\n")
    reporter.metrics(1, {"loss": 2.0})
    case.ingest()
    assert case.steps() == [0, 1]
    (alarm,) = case.runs.alarms(case.run.id)
    assert alarm.name == "unreadable-line"
    assert "could not be read and was skipped" in alarm.message


def test_a_line_seen_before_is_not_taken_twice(case: Case) -> None:
    reporter = case.reporter()
    reporter.alarm(0, "loss-up", "The loss rises.")
    lines = case.folder.events.read_bytes()
    case.folder.events.write_bytes(lines + lines)
    case.ingest()
    assert len(case.runs.alarms(case.run.id)) == 1


def test_a_file_that_lost_its_end_in_a_power_cut_is_read_on_from_there(case: Case) -> None:
    reporter = case.reporter()
    reporter.metrics(0, {"loss": 1.0})
    kept = case.folder.events.read_bytes()
    reporter.metrics(1, {"loss": 2.0})
    case.ingest()
    case.folder.events.write_bytes(kept)
    case.ingest()
    second = case.reporter(attempt=2)
    second.resumed(0)
    second.metrics(1, {"loss": 3.0})
    case.ingest()
    assert [(point.step, point.value) for point in case.points()] == [(0, 1.0), (1, 3.0)]


def test_ingesters_that_read_at_the_same_time_store_every_line_once(case: Case) -> None:
    reporter = case.reporter()
    writing = threading.Event()
    writing.set()

    def ingest() -> None:
        own = open_storage(case.home)
        ingester = Ingester(case.home, own)
        while writing.is_set():
            ingester.ingest(case.run.id)
        own.close()

    threads = [threading.Thread(target=ingest) for _ in range(3)]
    for thread in threads:
        thread.start()
    for step in range(400):
        reporter.metrics(step, {"loss": float(step)})
        reporter.alarm(step, "count", str(step))
    writing.clear()
    for thread in threads:
        thread.join()
    case.ingest()
    assert case.steps() == list(range(400))
    assert [alarm.message for alarm in case.runs.alarms(case.run.id)] == [str(step) for step in range(400)]


def test_more_than_one_chunk_is_taken_at_once(case: Case) -> None:
    reporter = case.reporter()
    text = "x" * (CHUNK // 3)
    for step in range(10):
        reporter.sample(step, "k1", "known", "?", text, {})
    reporter.sample(10, "k1", "known", "?", "y" * (3 * CHUNK), {})
    case.ingest()
    assert [len(sample.completion) for sample in case.runs.samples(case.run.id)] == [len(text)] * 10 + [
        3 * CHUNK
    ]


def test_the_first_word_moves_the_run_and_the_last_is_only_noted(case: Case) -> None:
    reporter = case.reporter()
    reporter.state("running")
    reporter.phase("loading")
    reporter.plan(100, {"rows": 7})
    case.ingest()
    run = case.runs.get(case.run.id)
    assert (run.status, run.phase, run.total_steps) == (RunStatus.RUNNING, "loading", 100)
    assert run.started_at is not None
    reporter.state("failed", "Row 3 has no answer.")
    case.ingest()
    assert case.runs.get(case.run.id).status is RunStatus.RUNNING
    assert case.storage.runs.told_ending(run) == (RunStatus.FAILED, "Row 3 has no answer.")


def test_an_answer_stays_as_first_told_and_one_that_failed_is_told_anew(case: Case) -> None:
    lost = BatchAnswer(model="base", item_id="a", seed=0, error="It is gone.")
    for text in ("first", "second"):
        told = lost.model_copy(update={"text": text, "error": None, "tokens": 2})
        reporter = case.reporter(attempt=1 if text == "first" else 2)
        reporter.answered(lost)
        case.ingest()
        assert case.storage.answers.counts(case.run.id) == (1, 1 if text == "first" else 0)
        assert set(answered_before(case.folder)) == (set() if text == "first" else {told.key})
        reporter.answered(told)
        case.ingest()
        (kept,) = case.storage.answers.answers(case.run.id)
        assert (kept.text, kept.error, kept.tokens) == ("first", None, 2)


def test_what_became_of_the_rows_is_kept_though_the_run_fails_for_lack_of_them(case: Case) -> None:
    reporter = case.reporter()
    assert case.runs.get(case.run.id).row_account is None
    account = RowAccount(given=3, trained=0, held_out=1, dropped={"the prompt is long": 2})
    reporter.state("running")
    reporter.data(account)
    reporter.state("failed", "No row is left to train on.")
    case.ingest()
    assert case.runs.get(case.run.id).row_account == account


def test_a_run_asked_to_stop_stays_stopping_when_its_worker_says_that_it_runs(case: Case) -> None:
    case.storage.transitions.set_stopping(case.run, ask=lambda: None)
    case.reporter().state("running")
    case.ingest()
    assert case.runs.get(case.run.id).status is RunStatus.STOPPING


def test_points_are_upserted(case: Case) -> None:
    reporter = case.reporter()
    reporter.metrics(0, {"loss": 1.0})
    reporter.metrics(0, {"loss": 2.0, "eval/loss": 3.0})
    case.ingest()
    assert case.runs.metrics(case.run.id) == {
        "eval/loss": [Point(step=0, value=3.0)],
        "loss": [Point(step=0, value=2.0)],
    }
    with case.storage.read() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM metric")) == 2


def test_phases_are_kept_with_the_steps_that_were_made_in_them_whatever_the_batches(case: Case) -> None:
    reporter = case.reporter()
    reporter.phase("loading")
    reporter.phase("training")
    reporter.metrics(1, {"loss": 1.0})
    case.ingest()
    reporter.metrics(2, {"loss": 1.0})
    reporter.phase("probing")
    reporter.metrics(2, {"probe/length": 3.0})
    case.ingest()
    again = case.reporter(2)
    again.resumed(1)
    again.phase("loading")
    case.ingest()

    found = case.storage.reports.spans(case.run.id)

    assert [(one.attempt, one.name, one.began_step, one.step) for one in found] == [
        (1, "loading", 0, 0),
        (1, "training", 0, 2),
        (1, "probing", 2, 2),
        (2, "loading", 1, 1),
    ]
    assert [one.stepped_at is None for one in found] == [True, False, True, True]
