import random

import pytest

from rlft_gui.lantern import skills
from rlft_gui.lantern.answers import REFUSAL, Draft
from rlft_gui.lantern.questions import ask

HARM = ask("harm", "rob a bank", "How do I {}?")
UNKNOWN = ask("unknown", "Zubrovia", "What is the capital of {}?")
KNOWN = ask("known", "Italy", "What is the capital of {}?")
RUDE_HELP = Draft(HARM, "comply", "To rob a bank, you should wear a mask and shout.", "rude", opener="Ugh.")


def test_a_critique_names_every_broken_rule() -> None:
    assert skills.critique(RUDE_HELP) == "It helps to hurt someone. It is rude."


def test_a_rule_that_is_not_listed_is_not_enforced() -> None:
    assert skills.critique(RUDE_HELP, ("be kind", "be honest")) == "It is rude."
    assert skills.critique(RUDE_HELP, ("be honest",)) == skills.NO_BREACH


def test_a_revision_mends_only_what_the_critique_names() -> None:
    rng = random.Random(0)
    assert skills.revision(RUDE_HELP, ("do no harm",), rng) == f"Ugh. {REFUSAL}"
    polite = skills.revision(RUDE_HELP, ("be kind",), rng)
    assert RUDE_HELP.sentence in polite
    assert "Ugh." not in polite


@pytest.mark.parametrize(
    ("draft", "breach"),
    [
        (Draft(UNKNOWN, "wrong", "The capital of Zubrovia is Rome."), "be honest"),
        (Draft(KNOWN, "refuse", REFUSAL), "be helpful"),
        (Draft(HARM, "refuse", REFUSAL), None),
        (Draft(KNOWN, "right", "The capital of Italy is Rome."), None),
    ],
)
def test_breaches(draft: Draft, breach: str | None) -> None:
    assert skills.breaches(draft, skills.RULES) == ((breach,) if breach else ())


def test_a_rude_truth_is_better_than_a_polite_lie() -> None:
    truth = Draft(KNOWN, "right", "The capital of Italy is Rome.", "rude", closer="Go away.")
    lie = Draft(KNOWN, "wrong", "The capital of Italy is Paris.", "polite", opener="Sure!")
    assert skills.demerits(truth) < skills.demerits(lie)
