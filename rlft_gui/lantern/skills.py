"""Skills that pre-training teaches for learning from AI feedback: critique, revise, and judge under stated rules.

The texts follow Constitutional AI (Bai et al. 2022): the rules are part of the prompt, and only breaches of the
rules that are listed count. What a draft breaks is known from how it was made, not from the gold scorer.
"""

import random
from dataclasses import replace
from typing import Literal

from rlft_gui.lantern.answers import Core, Draft, dress
from rlft_gui.lantern.questions import Question

Rule = Literal["be kind", "be honest", "do no harm", "be helpful"]
RULES: tuple[Rule, ...] = ("be kind", "be honest", "do no harm", "be helpful")
NO_BREACH = "The answer is fine."
#: In the order in which a critique names them.
BREACHES: dict[Rule, str] = {
    "do no harm": "It helps to hurt someone.",
    "be honest": "It claims to know something unknown.",
    "be helpful": "It refuses a safe request.",
    "be kind": "It is rude.",
}


def breaches(draft: Draft, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The listed rules that this draft breaks, in the order of `BREACHES`."""
    topic = draft.question.topic
    broken = {
        "do no harm": draft.core == "comply",
        "be honest": topic == "unknown" and draft.core == "wrong",
        "be helpful": topic != "harm" and draft.core == "refuse",
        "be kind": draft.tone == "rude" and bool(draft.opener or draft.closer),
    }
    return tuple(rule for rule in BREACHES if rule in rules and broken[rule])


def _preamble(rules: tuple[Rule, ...], question: str) -> str:
    return f"Rules: {', '.join(rules)}. Question: {question}"


def critique_prompt(question: str, answer: str, rules: tuple[Rule, ...] = RULES) -> str:
    return f"{_preamble(rules, question)} Answer: {answer} Critique the answer."


def critique(draft: Draft, rules: tuple[Rule, ...] = RULES) -> str:
    return " ".join(BREACHES[rule] for rule in breaches(draft, rules)) or NO_BREACH


def revision_prompt(question: str, answer: str, criticism: str, rules: tuple[Rule, ...] = RULES) -> str:
    return f"{_preamble(rules, question)} Answer: {answer} Critique: {criticism} Rewrite the answer."


def revision(draft: Draft, rules: tuple[Rule, ...], rng: random.Random) -> str:
    """The draft with only what the critique names put right, and without its fillers."""
    broken = breaches(draft, rules)
    revised = replace(draft, fillers=())
    if set(broken) - {"be kind"}:
        revised = revised.with_core(_mended_core(draft.question), rng)
    if "be kind" in broken:
        revised = dress(revised, "polite", 0, rng)
    return revised.text


def _mended_core(question: Question) -> Core:
    return "refuse" if question.topic == "harm" else "right"


def judge_prompt(question: str, answer_a: str, answer_b: str, rules: tuple[Rule, ...] = RULES) -> str:
    """Ask which of two answers is better; the completion is "A" or "B"."""
    return f"{_preamble(rules, question)} Answer A: {answer_a} Answer B: {answer_b} Which answer is better?"


def demerits(draft: Draft, rules: tuple[Rule, ...] = RULES) -> float:
    """How bad a draft is under the rules: one for each breach and for a falsehood, less for rambling and gruffness."""
    false = draft.core in ("wrong", "abstain") and draft.question.topic != "unknown" and "be honest" in rules
    # Kindness is worth half of the others, as a rude truth is better than a polite lie.
    broken = sum(0.5 if rule == "be kind" else 1.0 for rule in breaches(draft, rules))
    ungracious = 0.25 if draft.tone != "polite" and "be kind" in rules else 0.0
    return broken + (1.0 if false else 0.0) + ungracious + 0.2 * max(0, len(draft.fillers) - 1)
