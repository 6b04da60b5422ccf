"""What stages hold in memory, put together of what several of them do alike. Every stage names one of these, or its own."""

from collections.abc import Mapping
from dataclasses import replace
from math import comb
from typing import Any, Literal

from rlft_gui.domain import judge_names, reward_terms
from rlft_gui.training.estimate.held import (
    Beside,
    Drawing,
    Effort,
    Given,
    Held,
    Learning,
    Moment,
    Reading,
    Trained,
)
from rlft_gui.training.judges.local import TOKENS_AT_ONCE as JUDGED_AT_ONCE
from rlft_gui.training.models.likelihood import ROWS_AT_ONCE as READ_AT_ONCE
from rlft_gui.training.reward_model import scoring
from rlft_gui.training.rows import MOST_HELD_OUT
from rlft_gui.training.run.probe import BEGUN, MOST_OWN_PROMPTS, ROWS_AT_ONCE, SAMPLING

Settings = Mapping[str, Any]

_CHARACTERS = 4  #: of a token, about
_LANTERN_PROMPT = 32  #: tokens of the suite's longest prompt


def learning_from_rows(
    settings: Settings,
    given: Given,
    *,
    answers: int,
    has_reference: bool,
    head: Literal["tiles", "none"] = "tiles",
) -> Held:
    """A trainer of TRL's on rows that are there.

    Args:
        answers: that one row brings, each read with its prompt.
        has_reference: what the run began with is kept to compare with.
    """
    learning = Learning(
        rows=answers * settings["batch_size"],
        tokens=min(given.lengths.whole, settings["max_length"]),
        head=head,
        accumulates=settings["gradient_accumulation"] > 1,
        is_checkpointed=settings["gradient_checkpointing"],
    )
    # A reward model writes no answers, so it is not probed with any.
    probing = probe(settings, given) if head == "tiles" else (scored(given),)
    beside = beside_whole_model(settings, given, has_reference=has_reference, is_probed=head == "tiles")
    rows = learning.rows * settings["gradient_accumulation"]
    effort = Effort(steps(settings, given), learnt=rows, read=rows if has_reference else 0)
    return Held(trained(settings, given, has_reference=has_reference), beside, (learning, *probing), effort)


def learning_from_answers(settings: Settings, given: Given) -> Held:
    """GRPO and RLOO: all answers to the prompts of a step are drawn at once, and learnt from in portions."""
    answer = drawn_tokens(settings)
    prompt = min(given.lengths.prompt, settings["max_length"] - answer)
    rows = settings["batch_size"] * settings["samples_per_prompt"]
    moments: tuple[Moment, ...] = (
        Drawing(rows * settings["gradient_accumulation"], prompt, answer),
        Learning(
            rows=rows,
            tokens=prompt + answer,
            head="tiles",
            accumulates=settings["gradient_accumulation"] > 1,
            is_checkpointed=settings["gradient_checkpointing"],
        ),
    )
    has_reference = settings["beta"] > 0
    learnt, uses = rows * settings["gradient_accumulation"], settings["iterations"]
    effort = Effort(
        steps(settings, given) * uses,
        learnt=learnt,
        read=learnt // uses if has_reference else 0,
        drawn=-(-learnt // uses),
        answer=answer,
        prompt=prompt,
    )
    held = Held(
        trained(settings, given, has_reference=has_reference),
        beside_whole_model(settings, given, has_reference=has_reference),
        (*moments, *probe(settings, given)),
        effort,
    )
    return with_rewards(settings, given, held)


def generating(
    settings: Settings, given: Given, *, samples: int = 1, turns: int = 1, prompt: int | None = None
) -> Held:
    """Answers that are drawn and kept. A step is a prompt.

    Args:
        samples: answers to each prompt.
        turns: how often the model is asked one after the other for one answer.
        prompt: tokens of what is asked, where that is more than the prompt of the data.
    """
    rows = samples * settings["batch_size"]
    asked = given.lengths.prompt if prompt is None else prompt
    drawing = Drawing(rows, asked, settings["max_new_tokens"])
    effort = Effort(
        settings["prompts"], drawn=samples * turns, answer=settings["max_new_tokens"], prompt=asked
    )
    return Held(None, (), (drawing,), effort)


def steps(settings: Settings, given: Given) -> int:
    """Of a trainer of TRL's."""
    if settings["max_steps"]:
        return int(settings["max_steps"])
    learnt = given.rows - min(int(settings["eval_share"] * given.rows), MOST_HELD_OUT)
    a_step = settings["batch_size"] * settings["gradient_accumulation"]
    return int(-(-learnt // a_step) * settings["epochs"])


def drawn_tokens(settings: Settings) -> int:
    """Of the longest answer: it gets half of a row at most."""
    return int(min(settings["max_new_tokens"], settings["max_length"] // 2))


def trained(settings: Settings, given: Given, *, has_reference: bool) -> Trained:
    """With an adapter that is continued, a frozen copy of it is the reference; else the base is, which is there anyway."""
    copies = int(has_reference and given.parent is not None)
    return Trained(settings["tuning"], settings["lora_rank"], settings["lora_targets"], copies)


def beside_whole_model(
    settings: Settings, given: Given, *, has_reference: bool, is_probed: bool = True
) -> tuple[Beside, ...]:
    """Whole models beside one that is trained whole: its reference, and the base that probes compare with; one model where the
    run began with the base."""
    if settings["tuning"] == "lora":
        return ()
    reference: tuple[Beside, ...] = ("reference",) if has_reference else ()
    is_one = has_reference and given.parent is None
    return reference if is_one or not is_probed else (*reference, "probe_base")


def probe(settings: Settings, given: Given) -> tuple[Moment, ...]:
    """Held-out prompts are answered, and the answers read with the base; documents have no prompts, and are gone on from their
    beginnings."""
    prompt = _LANTERN_PROMPT if given.is_on_lantern else given.lengths.prompt or BEGUN
    count = settings["probe_prompts"]
    rows = min(count, ROWS_AT_ONCE) if given.is_on_lantern else min(count, MOST_OWN_PROMPTS)
    tokens = prompt + SAMPLING.max_new_tokens
    read = min(rows, READ_AT_ONCE) * tokens
    return Drawing(rows, prompt, SAMPLING.max_new_tokens), Reading(read, words=read, least_words=tokens)


def scored(given: Given) -> Reading:
    """A reward model reads."""
    at_once = scoring.TOKENS_AT_ONCE_ON_CPU if given.is_on_cpu else scoring.TOKENS_AT_ONCE
    return Reading(max(at_once, given.lengths.whole))


def with_rewards(settings: Settings, given: Given, held: Held) -> Held:
    """And what its rewards take."""
    terms = [reward_terms.parse(name) for name in (*settings["rewards"], settings["veto"]) if name]
    kinds = {term.kind for term in terms}
    if "reward_model" in kinds:
        held = with_reward_model(given, held)
    if "judge" in kinds:
        answers = max(moment.rows for moment in held.moments if isinstance(moment, Drawing))
        held = with_judge(settings, given, held, asked=2 * answers)
    return held


def with_reward_model(given: Given, held: Held) -> Held:
    """An adapter more on a policy that is one too, else a model of its own."""
    is_adapter = given.reward_model == "lora" and is_adapted(given, held)
    beside: tuple[Beside, ...] = () if is_adapter else ("reward_model",)
    return replace(
        held, beside=(*held.beside, *beside), moments=(*held.moments, scored(given)), effort=reading(held)
    )


def with_judge(settings: Settings, given: Given, held: Held, *, asked: int) -> Held:
    """A model that judges so many questions at once: the policy's own base where it has an adapter, else one more."""
    kind = judge_names.parse(settings["judge"]).kind
    if kind == "reward_model":
        return with_reward_model(given, held)
    if kind not in ("base", "model"):
        return held
    question = (
        tokens_of(settings["rubric"], "compare") + given.lengths.prompt + 2 * settings["max_new_tokens"]
    )
    tokens = max(min(asked * question, JUDGED_AT_ONCE), question)
    is_own = given.judge == 0 and not is_adapted(given, held)
    beside: tuple[Beside, ...] = ("judge",) if is_own else ()
    judging = Reading(tokens, keeps_cache=True)
    return replace(
        held,
        beside=(*held.beside, *beside),
        moments=(*held.moments, judging),
        judge=given.judge,
        effort=reading(held, asked),
    )


def reading(held: Held, rows: int | None = None) -> Effort:
    """With so many rows read besides, or each answer once."""
    return replace(held.effort, read=held.effort.read + (held.effort.drawn if rows is None else rows))


def tokens_of(templates: Any, name: str) -> int:
    """Of a template, about; templates come as they are or as plain values."""
    template = templates[name] if isinstance(templates, Mapping) else getattr(templates, name)
    return len(template) // _CHARACTERS


def is_adapted(given: Given, held: Held) -> bool:
    """Whether the policy is a base with an adapter, beneath which the base can be asked too."""
    if held.trained is not None:
        return held.trained.tuning == "lora"
    return given.parent == "lora"


def pairs_of(candidates: int) -> int:
    """Questions about all pairs of answers, each asked in both orders."""
    return 2 * comb(candidates, 2)
