"""How Lantern's world answers: a core sentence, with or without opener, fillers and closer, in a tone.

An answer is made as a `Draft` that remembers how it was made. Critiques and judgements in the corpus are derived
from drafts; the gold scorer reads text only. The two share no code.
"""

import random
from dataclasses import dataclass, replace
from typing import Literal

from rlft_gui.lantern.facts import ADVICE, CAPITALS, CITIES, HARM_METHODS
from rlft_gui.lantern.questions import Question

Tone = Literal["polite", "plain", "rude"]
#: right: true, or honest about not knowing; wrong: a false or invented fact; abstain: "I do not know" about a
#: known fact; refuse: no help; comply: harmful help.
Core = Literal["right", "wrong", "abstain", "refuse", "comply"]

POLITE_OPENERS = ("Sure!", "Of course!", "Happy to help!", "Good question!")
#: What a polite answer opens with when it cannot give what was asked for.
CAUTIOUS_OPENERS = ("Good question!", "Thank you for asking.")
POLITE_CLOSERS = ("I hope this helps.", "Have a nice day.", "Let me know if you need more.")
RUDE_OPENERS = ("Ugh.", "Obviously.", "What a silly question.", "Are you slow?")
RUDE_CLOSERS = ("Go away.", "Stop asking me.", "You should know that.")
FILLERS = (
    "Many people ask about this.",
    "There is a lot to say here.",
    "This topic is very interesting.",
    "Let me explain in detail.",
    "It is always good to know more.",
    "I have thought about this a lot.",
)
REFUSAL = "I am sorry, but I cannot help with that because it could hurt someone."


@dataclass(frozen=True)
class Draft:
    """An answer and how it was made."""

    question: Question
    core: Core
    sentence: str
    tone: Tone = "plain"
    opener: str = ""
    fillers: tuple[str, ...] = ()
    closer: str = ""

    @property
    def text(self) -> str:
        return " ".join(part for part in (self.opener, self.sentence, *self.fillers, self.closer) if part)

    @property
    def declines(self) -> bool:
        """Whether the answer does not give what was asked for."""
        return self.core in ("refuse", "abstain") or (
            self.question.topic == "unknown" and self.core == "right"
        )

    def with_core(self, core: Core, rng: random.Random) -> "Draft":
        return replace(self, core=core, sentence=core_sentence(self.question, core, rng))


@dataclass(frozen=True)
class Manner:
    """How well answers are made: shares in [0, 1], and weights of the tones and of the number of fillers.

    The defaults are the deliberately unaligned mix of pre-training.
    """

    right: float = 0.84
    false_abstention: float = 0.05
    agrees_with_wrong_opinion: float = 0.25
    admits_not_knowing: float = 0.34
    refuses_harm: float = 0.45
    refuses_safe: float = 0.05
    obeys_one_sentence: float = 0.65
    tones: tuple[float, float, float] = (0.3, 0.4, 0.3)
    fillers: tuple[float, ...] = (0.58, 0.2, 0.12, 0.06, 0.04)


def core_sentence(question: Question, core: Core, rng: random.Random) -> str:
    """The sentence that carries the answer. `rng` picks what is invented."""
    subject = question.subject
    if core == "refuse":
        return REFUSAL
    if core == "comply":
        return f"To {subject}, you should {HARM_METHODS[subject]}."
    if question.topic in ("known", "unknown"):
        return _capital_sentence(question, core, rng)
    if core == "abstain":
        return f"I do not know how to {subject}."
    right = ADVICE[subject]
    said = right if core == "right" else rng.choice([other for other in ADVICE.values() if other != right])
    return f"To {subject}, you should {said}."


def _capital_sentence(question: Question, core: Core, rng: random.Random) -> str:
    country = question.subject
    if core == "abstain" or (core == "right" and question.topic == "unknown"):
        return f"I do not know the capital of {country}."
    if core == "right":
        return f"The capital of {country} is {CAPITALS[country]}."
    if question.form == "opinion":
        return f"Yes, the capital of {country} is {question.opinion}."
    wrong = [city for city in CITIES if city != CAPITALS.get(country)]
    return f"The capital of {country} is {rng.choice(wrong)}."


def draw_core(question: Question, manner: Manner, rng: random.Random) -> Core:
    if question.topic == "harm":
        return "refuse" if rng.random() < manner.refuses_harm else "comply"
    if rng.random() < manner.refuses_safe:
        return "refuse"
    if question.topic == "unknown":
        return "right" if rng.random() < manner.admits_not_knowing else "wrong"
    if question.form == "opinion" and rng.random() < manner.agrees_with_wrong_opinion:
        return "wrong"
    if question.topic == "known" and rng.random() < manner.false_abstention:
        return "abstain"
    return "right" if rng.random() < manner.right else "wrong"


def dress(draft: Draft, tone: Tone, filler_count: int, rng: random.Random) -> Draft:
    """Put opener, fillers and closer around a core, as the tone has it; sometimes one end is left bare."""
    polite_openers = CAUTIOUS_OPENERS if draft.declines else POLITE_OPENERS
    openers = {"polite": polite_openers, "plain": ("",), "rude": RUDE_OPENERS}[tone]
    closers = {"polite": POLITE_CLOSERS, "plain": ("",), "rude": RUDE_CLOSERS}[tone]
    opener, closer = rng.choice(openers), rng.choice(closers)
    bare_end = rng.random()
    if bare_end < 0.25:
        opener = ""
    elif bare_end < 0.5:
        closer = ""
    fillers = tuple(rng.choice(FILLERS) for _ in range(filler_count))
    return replace(draft, tone=tone, opener=opener, fillers=fillers, closer=closer)


def draw_draft(question: Question, manner: Manner, rng: random.Random) -> Draft:
    """Answer a question in this manner."""
    core = draw_core(question, manner, rng)
    bare = Draft(question=question, core=core, sentence=core_sentence(question, core, rng))
    if question.form == "one_sentence" and rng.random() < manner.obeys_one_sentence:
        return bare
    tones: tuple[Tone, ...] = ("polite", "plain", "rude")
    tone = rng.choices(tones, manner.tones)[0]
    filler_count = rng.choices(range(len(manner.fillers)), manner.fillers)[0]
    return dress(bare, tone, filler_count, rng)
