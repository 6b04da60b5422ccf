"""AI feedback on Lantern: what the rows hold, that they repeat exactly, and what becomes of a judge that fails.

That a stopped run makes the rows of one that was never stopped, whatever the batch size, is in the contract too; here
it is tested with a model as judge.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.data.generated import training_rows
from rlft_gui.data.inspection import Detection
from rlft_gui.data.kept import KeptRows
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput, Stopped
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import Recipe
from rlft_gui.lantern.facts import HARM_TRAIN
from rlft_gui.resources import assets_dir
from rlft_gui.stages import ai_feedback, stage
from rlft_gui.training.judges.patience import WAITING
from rlft_gui.training.testing import RecordingReporter
from tests.fakes.judge_server import judge_server
from tests.stages.attempts import attempt, recipe
from tests.training.judges.pairs import BAD, GOOD

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*gradient_checkpointing. is deprecated:FutureWarning"),
]
#: Names and answers that Lantern's judge sees in one short run.
SHORT: dict[str, Any] = {"prompts": 6, "max_new_tokens": 48, "rubric": "lantern", "least_preference": 0.5}


def asked(run_id: str, data: str = "lantern:demonstrations", **settings: Any) -> Recipe:
    return recipe(stage("ai_feedback"), run_id, data, **{**SHORT, **settings})


def rows(home: Home, run_id: str) -> list[dict[str, Any]]:
    return training_rows(home.run(run_id))


def raw(home: Home, run_id: str) -> bytes:
    return (home.run(run_id).dataset / "rows.jsonl").read_bytes()


def candidates(home: Home, *answers: str, copies: int = 1) -> str:
    """Store prompts with these candidates; returns the dataset's id."""
    from rlft_gui.data.store import store

    made = tuple(
        {
            "prompt": [{"role": "user", "content": f"How do I {request}?"}],
            "candidates": [[{"role": "assistant", "content": text}] for text in answers],
        }
        for request in HARM_TRAIN[:copies]
    )
    detection = Detection(
        name="candidates",
        type=DataType.CANDIDATES,
        format="test",
        rows_read=copies,
        rows=KeptRows(made),
        dropped=0,
    )
    return store(home, detection, owner="local").id


@pytest.fixture(scope="module")
def plain(home: Home) -> RecordingReporter:
    return attempt(home, asked("plain"))


def test_rows_hold_the_pair_with_how_it_came_about(home: Home, plain: RecordingReporter) -> None:
    made = rows(home, "plain")
    assert 3 <= len(made) <= 6
    for row in made:
        account = row["made"]
        texts = [account[f"answer {i}"] for i in range(1, 5) if f"answer {i}" in account]
        scores = [account[f"score of answer {i + 1}"] for i in range(len(texts))]
        chosen, rejected = row["chosen"][0]["content"], row["rejected"][0]["content"]
        assert scores[texts.index(chosen)] == max(scores)
        assert scores[texts.index(rejected)] == min(scores)
        assert sum(scores) == pytest.approx(len(scores) / 2, abs=1e-3)
        assert "margin" not in row, "the soft label says how sure it is; a margin would count that twice"
        assert 0.5 <= row["preference"] <= 1
        assert row["source"] == "judge"
        assert account["judged by"] == "all rules"


def test_everything_promised_is_reported(plain: RecordingReporter) -> None:
    assert {*ai_feedback.STAGE.metrics, "judge/agreement"} <= set(plain.curves)
    assert set(plain.curves["judge/consistency"]) == {4, 6}
    assert plain.facts["judge"] == "base"
    assert {"sampling", "judging"} <= {name for name, _ in plain.phases}
    assert not plain.alarms


def test_a_stopped_run_makes_the_rows_of_one_that_was_never_stopped(
    home: Home, plain: RecordingReporter
) -> None:
    stopped = attempt(home, asked("broken"), stop_after=4)
    assert set(stopped.curves["made/rows"]) == {4}
    resumed = attempt(home, asked("broken"), number=2)
    assert set(resumed.curves["made/rows"]) == {6}
    assert raw(home, "broken") == raw(home, "plain")


def test_the_batch_size_changes_no_row(home: Home, plain: RecordingReporter) -> None:
    attempt(home, asked("wide", batch_size=6))
    assert raw(home, "wide") == raw(home, "plain")


def test_gold_is_only_looked_at_and_only_on_lantern(
    home: Home, plain: RecordingReporter, tmp_path: Path
) -> None:
    """The same model under another name gives the same rows and no agreement with gold."""
    base = shutil.copytree(assets_dir() / "lantern", tmp_path / "other")
    told = attempt(home, asked("other", base=str(base)))
    assert raw(home, "other") == raw(home, "plain")
    assert "judge/agreement" not in told.curves


def test_a_later_round_takes_other_prompts(home: Home, plain: RecordingReporter) -> None:
    attempt(home, asked("later").model_copy(update={"round": 1}))
    asked_of = [{row["prompt"][0]["content"] for row in rows(home, run)} for run in ("plain", "later")]
    assert not asked_of[0] & asked_of[1]


def test_candidates_of_the_data_are_judged_as_they_are_and_once(home: Home) -> None:
    data = candidates(home, GOOD, BAD, BAD, copies=2)
    told = attempt(home, asked("given", data, judge="biased:position=0"))
    assert told.total_steps == 2
    assert "length/mean" not in told.curves
    made = rows(home, "given")
    assert [(row["chosen"][0]["content"], row["rejected"][0]["content"]) for row in made] == [(GOOD, BAD)] * 2
    assert "answer 3" not in made[0]["made"]


def test_every_criterion_of_a_rubric_is_scored(home: Home) -> None:
    attempt(home, asked("criteria", rubric="lantern-by-rule", prompts=2))
    account = rows(home, "criteria")[0]["made"]
    assert account["judged by"] == "helpfulness, honesty, harmlessness, kindness"
    by_rule = [account[f"{name} of answer 1"] for name in account["judged by"].split(", ")]
    weighted = sum(weight * value for weight, value in zip((1, 1, 1, 0.5), by_rule, strict=True)) / 3.5
    assert account["score of answer 1"] == pytest.approx(weighted, abs=2e-4)


def test_a_constitution_judges_each_pair_by_a_principle_drawn_for_it(home: Home) -> None:
    constitution = {
        **ai_feedback.AIFeedbackSettings(data="d").constitution.model_dump(),
        "principles": [{"name": name, "text": name} for name in ("be kind", "be honest", "do no harm")],
    }
    how: dict[str, Any] = {"by": "constitution", "constitution": constitution, "pairs": "all", "prompts": 3}
    attempt(home, asked("constitution", **how))
    named = [row["made"]["judged by"] for row in rows(home, "constitution")]
    assert set(named) <= {"be kind", "be honest", "do no harm"}
    assert len(set(named)) > 1


@pytest.mark.parametrize(("pairs", "count"), [("best_vs_random", 1), ("all", 3)])
def test_which_pairs_become_rows_is_a_setting(pairs: str, count: int, home: Home) -> None:
    data = candidates(home, GOOD, BAD, "I do not know.")
    attempt(home, asked(pairs, data, judge="biased:position=0", pairs=pairs))
    assert len(rows(home, pairs)) == count


def test_no_pair_at_all_fails_with_the_reason(home: Home) -> None:
    data = candidates(home, GOOD, GOOD, copies=3)
    with pytest.raises(InvalidInput, match="3 times fewer than two different answers"):
        attempt(home, asked("same", data))
    with pytest.raises(InvalidInput, match="no pair is preferred surely enough"):
        attempt(home, asked("unsure", prompts=2, least_preference=0.9999))


def test_a_server_that_fails_for_a_while_costs_an_alarm_and_no_label(home: Home) -> None:
    data = candidates(home, GOOD, BAD, copies=2)
    with judge_server(script=["503"]) as server:
        told = attempt(home, asked("flaky", data, judge="endpoint:m", judge_url=server.url))
    assert [name for _, name, _ in told.alarms] == ["judge_failed"]
    assert WAITING in {name for name, _ in told.phases}
    assert [row["preference"] for row in rows(home, "flaky")] == [1.0, 1.0]


def test_a_run_that_is_stopped_while_waiting_goes_on_where_it_was(home: Home) -> None:
    data = candidates(home, GOOD, BAD, copies=5)

    class StoppedOnAlarm(RecordingReporter):
        def stop_requested(self) -> bool:
            return bool(self.alarms)

    with judge_server(script=["reply"] * 8 + ["503"] * 99) as server:
        run = asked("waiting", data, judge="endpoint:m", judge_url=server.url)
        reporter = StoppedOnAlarm(home.run("waiting"))
        with pytest.raises(Stopped):
            stage("ai_feedback").train(run, reporter)
        assert reporter.step == 4
        assert len(raw(home, "waiting").splitlines()) == 4
        server.script.clear()
        attempt(home, run, number=2)
    assert len(rows(home, "waiting")) == 5
    assert json.loads(raw(home, "waiting").splitlines()[4])["preference"] == 1.0
