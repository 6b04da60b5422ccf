"""The tasks for real models: right answers, held-out prompts about other things, and verifiers that tell good from bad."""

import json
import re

import pytest

from rlft_gui.data.built_in import BUILT_IN
from rlft_gui.data.tasks import everyday, facts, records
from rlft_gui.domain.reward_terms import parse
from rlft_gui.services.pipelines.specs import Preset, presets
from rlft_gui.training.rewards.rules import rule
from rlft_gui.training.rewards.scorable import unscorable
from rlft_gui.training.rows import Row

TABLES = (facts.JOBS, facts.TOOLS, facts.PLACES, facts.NAMES, facts.CITIES)
#: Training rows beside the held-out prompts of the same task.
TASKS = (
    (records.records, records.held_out_records),
    (records.record_pairs, records.held_out_records),
    (everyday.questions, everyday.held_out_questions),
    (everyday.wished_questions, everyday.held_out_question_pairs),
    (everyday.question_pairs, everyday.held_out_question_pairs),
)


def scored(term: str, row: dict[str, str], text: str) -> float:
    asked: Row = {**row, "prompt": [{"role": "user", "content": row["prompt"]}]}
    return rule(parse(term))([asked], [text])[0]


@pytest.mark.parametrize("table", TABLES)
def test_every_entry_is_seen_or_held_out_and_never_both(table: dict[str, str] | tuple[str, ...]) -> None:
    entries = tuple(table)
    assert len(set(entries)) == len(entries)
    assert sorted((*facts.seen(entries), *facts.held_out(entries))) == sorted(entries)
    assert len(facts.held_out(entries)) >= 6


@pytest.mark.parametrize(("train", "held"), TASKS)
def test_no_held_out_prompt_is_trained_on(train: object, held: object) -> None:
    trained, asked = ({row["prompt"] for row in make()} for make in (train, held))  # type: ignore[operator]
    assert not trained & asked
    assert len(asked) >= 32


def test_held_out_prompts_are_about_what_no_training_row_names() -> None:
    trained = " ".join(row["prompt"] for make in (records.records, everyday.questions) for row in make())
    for thing in facts.held_out((*facts.JOBS, *facts.TOOLS, *facts.PLACES)):
        assert not re.search(rf"\ban? {thing}\b", trained)
    assert not {name for name in facts.held_out(facts.NAMES) if re.search(rf"\b{name}\b", trained)}


def test_records_answer_with_what_the_sentence_says() -> None:
    for row in (*records.records(), *records.held_out_records()):
        asked = json.loads(row["answer"])
        assert list(asked) == re.findall(r'"(\w+)"', row["prompt"])
        assert all(str(value) in row["prompt"] for value in asked.values())
        assert scored("json", row, row["answer"]) == 1


def test_record_pairs_reject_what_the_verifier_rejects() -> None:
    rows = records.record_pairs()
    assert {
        (scored("json", row, row["chosen"]), scored("json", row, row["rejected"]) < 1) for row in rows
    } == {(1.0, True)}
    plain = [row for row in rows if scored("format:json", row, row["rejected"])]
    assert 40 < len(plain) < 120, "a quarter is JSON with a wrong value"
    assert all(0.5 <= scored("json", row, row["rejected"]) < 0.7 for row in plain)


def test_everyday_pairs_choose_one_short_sentence() -> None:
    for row in (*everyday.question_pairs(), *everyday.held_out_question_pairs()):
        assert row["rejected"] != row["chosen"]
        assert row["chosen"] in row["rejected"]
        short = (scored("format:one sentence", row, row["chosen"]), scored("length:3-20", row, row["chosen"]))
        assert short == (1, 1)
        assert scored("length:3-20", row, row["rejected"]) == 0


def test_candidates_stand_in_either_order_and_are_messages() -> None:
    rows = everyday.question_candidates()
    pairs = {row["prompt"]: row for row in everyday.question_pairs()}
    firsts = [row["candidates"][0] == pairs[row["prompt"]]["chosen"] for row in rows]
    assert 0.35 < sum(firsts) / len(rows) < 0.65
    stored = next(one for one in BUILT_IN if one.id == "tasks:short-candidates").rows()[0]
    assert [[turn["role"] for turn in answer] for answer in stored["candidates"]] == [["assistant"]] * 2


@pytest.mark.parametrize("make", [make for pair in TASKS for make in pair])
def test_rows_are_the_same_at_every_call_and_different_from_each_other(make: object) -> None:
    rows = make()  # type: ignore[operator]
    assert rows == make()  # type: ignore[operator]
    assert len({row["prompt"] for row in rows}) == len(rows)


@pytest.mark.parametrize(
    "preset", [one for one in presets() if one.spec.base == "smollm2"], ids=lambda preset: preset.name
)
def test_a_preset_for_smollm2_learns_from_and_is_judged_by_what_is_shipped(preset: Preset) -> None:
    ours = {one.id: one for one in BUILT_IN if one.id.startswith("tasks:")}
    measure, stages = preset.spec.measure, preset.spec.stages.values()
    judged = ours[measure["held_out"]]
    learnt = [ours[settings["data"]] for settings in stages if "data" in settings]
    assert judged.held_out
    assert learnt
    assert not any(data.held_out for data in learnt)
    assert not [
        term for term in measure["rewards"] for row in judged.rows() if unscorable(term, row.get("answer"))
    ]
    for settings in stages:
        rows = ours[settings["data"]].rows() if "data" in settings else []
        assert not [
            term
            for term in settings.get("rewards", {})
            for row in rows
            if unscorable(term, row.get("answer"))
        ]
