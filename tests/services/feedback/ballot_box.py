"""A set of votes on a few answers, cast in a line each."""

from dataclasses import dataclass, field
from typing import Any

from rlft_gui.domain.home import Home
from rlft_gui.domain.votes import (
    Answer,
    Choice,
    JudgedPrompt,
    Rater,
    Verdict,
    Vote,
    VoteKind,
    VoteSet,
    prompt_of,
)
from rlft_gui.services import Services, open_services

ANNA, BEN = Rater(name="Anna"), Rater(name="Ben")
PROMPT = prompt_of("How do I greet a neighbour?")
OTHER = prompt_of("What is the capital of Latvia?")


@dataclass
class BallotBox:
    """Answers are their texts; those of one prompt are written by a model each: base, r1@20, m3, …"""

    services: Services
    name: str = "week 1"
    models: dict[str, str] = field(default_factory=dict)

    def answer(self, text: str, prompt: JudgedPrompt = PROMPT, **facts: Any) -> Answer:
        named = ("base", "r1@20")
        count = len(self.models)
        model = self.models.setdefault(text, named[count] if count < len(named) else f"m{count + 1}")
        return Answer(prompt_id=prompt.id, model=model, text=text, facts=facts)

    def cast(
        self,
        kind: VoteKind,
        verdict: Verdict,
        *texts: str,
        prompt: JudgedPrompt = PROMPT,
        rater: Rater = ANNA,
        tokens: int = 0,
        **others: Any,
    ) -> int:
        answers = [self.answer(text, prompt, **({"tokens": tokens} if tokens else {})) for text in texts]
        vote = Vote(
            votes=self.name,
            rater=rater,
            kind=kind,
            prompt_id=prompt.id,
            a=answers[0].id,
            b=answers[1].id if len(answers) > 1 else None,
            verdict=verdict,
            created_at=1.0,
            **others,
        )
        return self.services.votes.record([prompt], answers, [vote])[0]

    def pair(self, a: str, b: str, choice: Choice = Choice.A, **others: Any) -> int:
        """A vote on two answers; `strength` and `share` are part of the verdict."""
        said = {name: others.pop(name) for name in ("strength", "share") if name in others}
        return self.cast(VoteKind.PAIR, Verdict(choice=choice, **said), a, b, **others)

    def thumb(self, text: str, is_good: bool, **others: Any) -> int:
        return self.cast(VoteKind.THUMB, Verdict(is_good=is_good), text, **others)

    def rating(self, text: str, scale: int = 5, *, by: dict[str, float], **others: Any) -> int:
        return self.cast(VoteKind.RATING, Verdict(scores=by, scale=scale), text, **others)

    def critique(self, text: str, words: str, **others: Any) -> int:
        return self.cast(VoteKind.CRITIQUE, Verdict(text=words), text, **others)

    def edit(self, text: str, edited: str, **others: Any) -> int:
        return self.cast(VoteKind.EDIT, Verdict(text=edited), text, **others)


def ballot_box(home: Home, sources: tuple[str, ...] = ()) -> BallotBox:
    services = open_services(home.path)
    services.votes.create(VoteSet(name="week 1", sources=sources), user="local")
    return BallotBox(services)
