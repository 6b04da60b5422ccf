"""What a stage that trains a policy looks at: the probe, held-out rows, and by what they are judged."""

import json
from typing import Any

from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.stages._shared.measure import MeasureSettings
from rlft_gui.stages._shared.settings import RhythmSettings
from rlft_gui.stages._shared.starting import TrainingStart
from rlft_gui.training.chat import chat
from rlft_gui.training.rewards import Context, Summed, build
from rlft_gui.training.rows import MOST_HELD_OUT
from rlft_gui.training.run.held_reading import HeldReading, held_reading
from rlft_gui.training.run.held_scoring import HeldScoring, judged_by
from rlft_gui.training.run.look import Evaluate, Look
from rlft_gui.training.run.probe import Probe, is_judged_on_own, prompts_beside, prompts_for

#: Settings that say what a reward is, for the identity of a probe that is scored by it.
_OF_REWARD = ("rewards", "reward_model", "judge", "judge_url", "rubric")


def look_of(
    model: Any,
    base: Any,
    recipe: Recipe,
    reporter: Reporter,
    settings: RhythmSettings,
    start: TrainingStart,
    evaluate: Evaluate | None = None,
    training_rows: int = 0,
    *,
    reward: Summed | None = None,
) -> Look:
    """What a stage that trains a policy looks at.

    Args:
        base: the pipeline's base; None if `model` is a PeftModel over it.
        evaluate: measures held-out rows; None where a stage has no held-out loss.
        training_rows: that all steps together go through; 0 if that is not known.
        reward: what the stage learns from, if it does; it scores held-out prompts where the pipeline names nothing else.
    """
    prompts = prompts_for(recipe.base, start.rows, settings.probe_prompts, start.tokenizer)
    is_own = is_judged_on_own(recipe, start.rows, reporter.folder.home)
    reading = _reading(model, base, start) if is_own else None
    scoring = _scoring(model, recipe, reporter, start, reward) if is_own else None
    probe = Probe(
        model,
        start.tokenizer,
        prompts,
        reporter,
        base,
        prompts_beside(recipe, start.rows, settings.probe_prompts, start.tokenizer) if is_own else (),
        base_hash=start.marker.base_hash,
        parent=start.marker.parent,
        scoring=scoring,
    )
    return Look(
        model,
        probe,
        reporter,
        len(prompts),
        min(len(start.rows.held_out), MOST_HELD_OUT),
        evaluate,
        reading=reading,
        told={} if scoring is None or reading is None else judged_by(scoring, reading),
        training_rows=training_rows,
        share=settings.probe_share,
    )


def _reading(model: Any, base: Any, start: TrainingStart) -> HeldReading:
    longest = start.rows.longest + start.answer_room
    return held_reading(model, base, start.rows.judged_on, chat(start.tokenizer), longest)


def _scoring(
    model: Any, recipe: Recipe, reporter: Reporter, start: TrainingStart, reward: Summed | None
) -> HeldScoring:
    measure = MeasureSettings.model_validate(recipe.measure)
    if measure.rewards:
        context = Context(
            recipe=recipe,
            reporter=reporter,
            base_hash=start.marker.base_hash,
            tokenizer=start.tokenizer,
            policy=lambda: model,
        )
        return HeldScoring(reporter, build(measure, context).terms, by=measure.model_dump_json())
    # Gold knows Lantern's own prompts only.
    terms = {name: term for name, term in reward.terms.items() if name != "gold"} if reward else {}
    told = {name: recipe.settings[name] for name in _OF_REWARD if name in recipe.settings} if terms else {}
    return HeldScoring(reporter, terms, by=json.dumps(told, sort_keys=True))
