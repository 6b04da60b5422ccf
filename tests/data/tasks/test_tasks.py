"""The tasks for real models: right answers, held-out prompts about other things, and verifiers that tell good from bad."""

import json
import re
from itertools import combinations

import pytest

from rlft_gui.data.built_in import BUILT_IN
from rlft_gui.data.tasks import brief, everyday, facts, records
from rlft_gui.domain.reward_terms import parse
from rlft_gui.services.pipelines.specs import Preset, presets
from rlft_gui.training.rewards.rules import rule
from rlft_gui.training.rewards.scorable import unscorable
from rlft_gui.training.rows import Row

TABLES = (facts.CAPITALS, facts.OPPOSITES, facts.JOBS, facts.TOOLS, facts.PLACES, facts.NAMES, facts.CITIES)
#: Training rows beside the held-out prompts of the same task.
TASKS = (
    (records.records, records.held_out_records),
    (brief.brief_pairs, brief.held_out_brief),
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
    trained = " ".join(
        row["prompt"] for make in (records.records, brief.brief_pairs, everyday.questions) for row in make()
    )
    for country in facts.held_out(tuple(facts.CAPITALS)):
        assert not re.search(rf"\b{country}\b", trained)
    for thing in facts.held_out((*facts.JOBS, *facts.TOOLS, *facts.PLACES)):
        assert not re.search(rf"\ban? {thing}\b", trained)
    assert not {name for name in facts.held_out(facts.NAMES) if re.search(rf"\b{name}\b", trained)}


def test_a_word_that_is_held_out_is_no_answer_that_was_seen() -> None:
    """Nor the other way round: who learnt that the opposite of hot is cold was told that of cold."""
    words = [{word, other} for word, other in facts.OPPOSITES.items()]
    assert all(not one & other for one, other in combinations(words, 2))


def test_records_answer_with_what_the_sentence_says() -> None:
    for row in (*records.records(), *records.held_out_records()):
        asked = json.loads(row["answer"])
        assert list(asked) == re.findall(r'"(\w+)"', row["prompt"])
        assert all(str(value) in row["prompt"] for value in asked.values())
        assert scored("json", row, row["answer"]) == 1


def test_brief_pairs_choose_the_word_only_where_it_was_asked_for() -> None:
    rows = brief.brief_pairs()
    assert {row["prompt"]: row["chosen"] for row in rows if "France" in row["prompt"]} == {}
    norway = {row["prompt"]: (row["chosen"], row["rejected"]) for row in rows if "Norway" in row["prompt"]}
    assert norway["What is the capital of Norway? Answer in one word."] == (
        "Oslo", "The capital of Norway is Oslo.",
    )  # fmt: skip
    assert norway["What is the capital of Norway? Answer in a full sentence."] == (
        "The capital of Norway is Oslo.", "Oslo",
    )  # fmt: skip
    assert all(scored("exact", row, row["chosen"]) > scored("exact", row, row["rejected"]) for row in rows)
    assert all(len(row["answer"].split()) == 1 for row in brief.held_out_brief())


def test_everyday_pairs_choose_one_short_sentence() -> None:
    for row in (*everyday.question_pairs(), *everyday.held_out_question_pairs()):
        assert row["rejected"] != row["chosen"]
        assert row["chosen"] in row["rejected"]
        short = (scored("format:one sentence", row, row["chosen"]), scored("length:3-20", row, row["chosen"]))
        assert short == (1, 1)
        assert scored("length:3-20", row, row["rejected"]) == 0


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
