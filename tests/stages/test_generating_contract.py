"""What every stage promises that makes rows. A new one is tested by being in STAGES and having a case here.

What holds for all stages (valid defaults, fields that explain themselves, no torch on import) is in test_contract.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

import pytest

from rlft_gui.data.generated import generated_rows, training_rows
from rlft_gui.data.rows import load_rows
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.home import Home
from rlft_gui.stages import STAGES, Stage, stage
from tests.stages.attempts import attempt, attempt_in_fresh_process, comparable, joined, recipe, small_dataset

#: Settings of two attempts that differ in one field; where it only has an effect with others, those stand in both.
Change = tuple[Mapping[str, Any], Mapping[str, Any]]


@dataclass(frozen=True)
class Case:
    """How one stage is tried out: what a tiny attempt needs, and two values for each of its own fields."""

    stage: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[str, Change] = field(default_factory=dict)


TINY = {"prompts": 10, "batch_size": 4, "max_new_tokens": 24}
SHARED: Mapping[str, Change] = {
    "data": ({}, {"data": "lantern:cards"}),
    "prompts": ({}, {"prompts": 3}),
    "batch_size": ({}, {"batch_size": 2}),
    "temperature": ({}, {"temperature": 0.1}),
    "max_new_tokens": ({}, {"max_new_tokens": 40}),
}
JUDGING: Mapping[str, Change] = {
    "judge": ({}, {"judge": "biased"}),
    "judge_url": ({}, {"judge_url": "http://127.0.0.1:1/v1"}),
    "judge_patience": ({}, {"judge_patience": 1}),
    "rubric": ({}, {"rubric": "lantern"}),
}
LENGTH: Mapping[str, Any] = {"rewards": {"length:3-9": 1.0, "random": 0.1}}
VETO: Mapping[str, Any] = {"veto": "random", "veto_below": 0.9}

CASES = (
    Case("sample", changes={**SHARED, "samples_per_prompt": ({}, {"samples_per_prompt": 2})}),
    Case(
        "best_of_n",
        settings={**LENGTH, "samples_per_prompt": 3},
        changes={
            **SHARED,
            **JUDGING,
            "samples_per_prompt": ({}, {"samples_per_prompt": 2}),
            "lowest_reward": ({}, {"lowest_reward": 1.0}),
            "rewards": ({}, {"rewards": {"random": 1.0}}),
            "reward_model": ({}, {"reward_model": "some-run"}),
            "veto": ({"veto_below": 0.9}, VETO),
            "veto_below": (VETO, {**VETO, "veto_below": 0.2}),
            "veto_penalty": (VETO, {**VETO, "veto_penalty": -7.0}),
        },
    ),
    Case(
        "critique_revision",
        settings={"constitution": "lantern"},
        changes={
            **SHARED,
            "constitution": ({}, {"constitution": "honesty"}),
            "revisions": ({}, {"revisions": 2}),
        },
    ),
    Case(
        "ai_feedback",
        settings={"judge": "biased"},
        changes={
            **SHARED,
            **JUDGING,
            "judge": ({}, {"judge": "biased:position=0"}),
            "candidates": ({}, {"candidates": 2}),
            "by": ({}, {"by": "constitution"}),
            "constitution": ({"by": "constitution"}, {"by": "constitution", "constitution": "honesty"}),
            "pairs": ({}, {"pairs": "all"}),
            "least_preference": ({}, {"least_preference": 0.99}),
        },
    ),
)
GENERATING = tuple(kind for kind in STAGES if kind.generates_rows)
every_generating = pytest.mark.parametrize("tested", GENERATING, ids=lambda kind: kind.name)
every_generating_field = pytest.mark.parametrize(
    ("tested", "name"),
    [(kind, name) for kind in GENERATING for name in kind.settings.model_fields],
    ids=lambda value: value.name if isinstance(value, Stage) else value,
)


@pytest.fixture(scope="module", autouse=True)
def loaded_once() -> Iterator[None]:
    """Nothing here trains, so all attempts may share one base in memory."""
    from rlft_gui.training.models import loading

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "load_base", cache(loading.load_base))
        yield


@pytest.fixture(scope="module")
def plain(home: Home) -> Mapping[str, Any]:
    """What comes of each stage's tiny attempt, worked out when first asked for."""
    return _Plain(home)


class _Plain(dict[str, Any]):
    def __init__(self, home: Home) -> None:
        super().__init__()
        self._home = home

    def __missing__(self, name: str) -> Any:
        self[name] = outcome(self._home, stage(name), {})
        return self[name]


def test_every_stage_that_makes_rows_has_a_case_with_all_its_fields() -> None:
    assert {case.stage for case in CASES} == {kind.name for kind in GENERATING}
    for case in CASES:
        assert set(case.changes) == set(stage(case.stage).settings.model_fields)


@pytest.mark.slow
@every_generating_field
def test_every_field_changes_the_rows_or_what_is_asked(
    tested: Stage, name: str, home: Home, plain: Mapping[str, Any]
) -> None:
    without, changed = case_of(tested).changes[name]
    differing = {key for key in {**without, **changed} if without.get(key) != changed.get(key)}
    assert differing == {name}
    before = outcome(home, tested, without) if without else plain[tested.name]
    assert outcome(home, tested, changed) != before


@pytest.mark.slow
@every_generating
def test_an_attempt_reports_everything_promised_and_leaves_rows_to_learn_from(
    tested: Stage, home: Home
) -> None:
    run_id = f"{tested.name}-whole"
    told = attempt(home, generated_by(home, tested, run_id))
    assert set(tested.metrics) <= set(told.curves)
    assert set(told.curves["made/rows"]) == {4, 8, 10}
    assert told.total_steps == told.step == 10
    assert told.account is not None
    assert told.account.given == told.account.trained + sum(told.account.dropped.values())
    assert not told.alarms
    phases = [phase for phase, _ in told.phases]
    assert phases[0] == "loading"
    assert phases[-1] == "saving"
    assert "sampling" in phases
    rows = load_rows(home, f"run:{run_id}")
    assert rows == training_rows(home.run(run_id))
    assert len(rows) == told.curves["made/rows"][10] > 0
    assert all({"prompt", *COLUMNS[tested.produces]} <= set(row) for row in rows)


@pytest.mark.slow
@every_generating
def test_a_stopped_run_ends_with_a_whole_batch_and_goes_on_as_if_never_stopped(
    tested: Stage, home: Home
) -> None:
    straight = attempt(home, generated_by(home, tested, f"{tested.name}-straight"))
    broken = generated_by(home, tested, f"{tested.name}-broken")
    stopped = attempt(home, broken, stop_after=4)
    assert stopped.step == 4
    with pytest.raises(NotFound, match="not all of them yet"):
        load_rows(home, f"run:{broken.run_id}")
    again = attempt_in_fresh_process if tested is GENERATING[0] else partial(attempt, number=2)
    resumed = again(home, broken)
    assert resumed.said[0] == "resumed"
    assert resumed.resumed_from == 4
    assert content(home, broken.run_id) == content(home, f"{tested.name}-straight")
    assert joined(stopped, resumed) == comparable(straight)


@pytest.mark.slow
@every_generating
def test_what_a_kill_tore_is_made_again(tested: Stage, home: Home) -> None:
    """Killed in the middle of a write: half of a batch, and half of its last line, are on the disk."""
    attempt(home, generated_by(home, tested, f"{tested.name}-unharmed"))
    whole = content(home, f"{tested.name}-unharmed")
    torn = generated_by(home, tested, f"{tested.name}-torn")
    attempt(home, torn, stop_after=4)
    rows = home.run(torn.run_id).dataset / "rows.jsonl"
    there = len(rows.read_bytes())
    rows.write_bytes(whole[: there + (len(whole) - there) // 2])
    told = attempt(home, torn, number=2)
    assert told.resumed_from == 4
    assert content(home, torn.run_id) == whole


@pytest.mark.slow
@every_generating
def test_rows_do_not_depend_on_the_batch_size(tested: Stage, home: Home) -> None:
    for size in (1, 3, 10):
        attempt(home, generated_by(home, tested, f"{tested.name}-by-{size}", batch_size=size))
    assert content(home, f"{tested.name}-by-1") == content(home, f"{tested.name}-by-3")
    assert content(home, f"{tested.name}-by-1") == content(home, f"{tested.name}-by-10")


@pytest.mark.slow
@every_generating
def test_another_seed_gives_other_rows(tested: Stage, home: Home) -> None:
    one = generated_by(home, tested, f"{tested.name}-seed")
    other = one.model_copy(update={"run_id": f"{tested.name}-seed-8", "seed": 8})
    attempt(home, one)
    attempt(home, other)
    assert content(home, one.run_id) != content(home, other.run_id)


COLUMNS: Mapping[Any, Sequence[str]] = {
    DataType.DEMONSTRATIONS: ("completion", "made"),
    DataType.PREFERENCES: ("chosen", "rejected", "made"),
    DataType.CANDIDATES: ("candidates",),
}


def case_of(tested: Stage) -> Case:
    return next(case for case in CASES if case.stage == tested.name)


def generated_by(home: Home, tested: Stage, run_id: str, **settings: Any) -> Any:
    data = settings.pop("data", None) or small_dataset(home, DataType.DEMONSTRATIONS)
    return recipe(tested, run_id, data, **{**TINY, **case_of(tested).settings, **settings})


def content(home: Home, run_id: str) -> bytes:
    return (home.run(run_id).dataset / "rows.jsonl").read_bytes()


def outcome(home: Home, tested: Stage, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The rows that come of these settings, what the model was asked on the way, and what reward or judge was wanted."""
    outcome.count += 1  # type: ignore[attr-defined]
    run_id = f"{tested.name}-{outcome.count}"  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        asked, wanted = watched(patch)
        attempt(home, generated_by(home, tested, run_id, **settings))
    rows = [made.row for made in generated_rows(home.run(run_id))]
    return {"rows": rows, "asked": asked, "wanted": wanted}


outcome.count = 0  # type: ignore[attr-defined]


def watched(patch: pytest.MonkeyPatch) -> tuple[list[Any], dict[str, Any]]:
    """Note what is asked of the model, and which judge and reward model are wanted.

    Those are not called: what becomes of their settings is for their own tests. Rules and the scripted judge stand in.
    """
    from rlft_gui.stages import best_of_n
    from rlft_gui.stages._shared import generating
    from rlft_gui.stages._shared.settings import RewardSettings
    from rlft_gui.training import judges

    asked: list[Any] = []
    wanted: dict[str, Any] = {}
    # As they are imported there.
    sample: Any = getattr(generating, "sample")  # noqa: B009
    build_judge, build_reward = judges.build, getattr(best_of_n, "build")  # noqa: B009

    def sample_and_note(model: Any, tokenizer: Any, prompts: Any, sampling: Any, seeds: Any) -> Any:
        asked.append((prompts, sampling, seeds))
        return sample(model, tokenizer, prompts, sampling, seeds=seeds)

    def judge_and_note(settings: Any, rubric: Any, *rest: Any, **named: Any) -> Any:
        wanted.update(
            judge=settings.judge, url=settings.judge_url, patience=settings.judge_patience, rubric=rubric
        )
        return build_judge(settings.model_copy(update={"judge_url": ""}), rubric, *rest, **named)

    def reward_and_note(settings: Any, context: Any) -> Any:
        names = set(RewardSettings.model_fields) - {"rewards", "veto", "veto_below", "veto_penalty"}
        wanted.update({name: getattr(settings, name) for name in names})
        return build_reward(settings, context)

    patch.setattr(generating, "sample", sample_and_note)
    patch.setattr(judges, "build", judge_and_note)
    patch.setattr(best_of_n, "build", reward_and_note)
    return asked, wanted
