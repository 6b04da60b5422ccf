"""Votes for page tests: two sets in memory, rated as the real service rates them."""

from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.votes import AnswerVerdict, Control, PairVerdict, RaterKind, Side, VoteSet
from rlft_gui.services.feedback.rating import Rating
from rlft_gui.services.feedback.rating_counting import rated
from rlft_gui.services.feedback.rating_facts import Counted, Ratings
from rlft_gui.services.feedback.votes import Votes

Sets = tuple[VoteSet, ...]
_TITLES = {"base": "Lantern", "tour-sft@80": "SFT", "tour-dpo@80": "DPO <b>bold</b>"}


class FakeVotes(Votes):
    """Two sets: one of people and a judge, and one with four votes."""

    def __init__(self) -> None:
        self.pairs = {"first look": _many(), "a few": _few()}

    def list(self) -> Sets:
        return tuple(VoteSet(name=name, note="Votes for tests.") for name in self.pairs)

    def get(self, name: str) -> VoteSet:
        if name not in self.pairs:
            raise NotFound(f'There is no set of votes "{name}".')
        return VoteSet(name=name, note="Votes for tests.")

    def count(self, name: str) -> int:
        return len(self.pairs[name])


class FakeRating(Rating):
    def __init__(self, votes: FakeVotes) -> None:
        self._fake = votes

    def rate(
        self, votes: str | None = None, *, baseline: str | None = None, raters: Counted | None = None
    ) -> Ratings:
        pairs = self._fake.pairs[self._fake.get(votes or "first look").name]
        judged, controls = (_points(), _CONTROLS) if len(pairs) > 9 else ((), ())
        return rated(votes, pairs, (), judged, controls, _TITLES, baseline=baseline, raters=raters)


_CONTROLS = (
    Control("Anna", RaterKind.PERSON, 1, 1, None),
    Control("Anna", RaterKind.PERSON, 0, 1, None),
    Control("Ben", RaterKind.PERSON, 1, None, True),
)


def _many() -> list[PairVerdict]:
    """On sixty prompts of three kinds: DPO beats SFT beats the base, people and a judge."""
    found: list[PairVerdict] = []
    for prompt in range(60):
        for a, b, odds in (
            ("base", "tour-sft@80", 3),
            ("tour-sft@80", "tour-dpo@80", 4),
            ("base", "tour-dpo@80", 5),
        ):
            for rater, kind in (
                ("Anna", RaterKind.PERSON),
                ("Ben", RaterKind.PERSON),
                ("small judge", RaterKind.JUDGE),
            ):
                won = float((prompt + len(rater)) % odds == 0)
                found.append(_vote(len(found) + 1, prompt, rater, kind, a, b, won, "ab"[prompt % 2]))  # type: ignore[arg-type]
    return found


def _few() -> list[PairVerdict]:
    who = ("Anna", RaterKind.PERSON, "base", "tour-dpo@80")
    return [_vote(number + 1, number, *who, float(number == 3), "a") for number in range(4)]


def _vote(
    number: int, prompt: int, rater: str, kind: RaterKind, a: str, b: str, won: float, left: Side
) -> PairVerdict:
    about = ("known", "unknown", "harm seen")[prompt % 3]
    lengths = (40 + prompt, 60 + 7 * (prompt % 5))
    ids = (f"{prompt}/{a}", f"{prompt}/{b}")
    seconds = 0.2 if prompt == 1 and rater == "Ben" else 8.0
    return PairVerdict(number, f"p{prompt}", about, rater, kind, a, b, won, left, *lengths, seconds, *ids)


def _points() -> tuple[AnswerVerdict, ...]:
    return tuple(
        AnswerVerdict(
            1, f"p{prompt}", "", "Anna", RaterKind.PERSON, model, f"{prompt}/{model}", 40, False,
            {"helpful": 1 + (prompt + place) % 5, "safe": 5.0}, 5.0,
        )
        for prompt in range(12)
        for place, model in enumerate(("base", "tour-dpo@80"))
    )  # fmt: skip
