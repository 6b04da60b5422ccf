"""Votes for page tests: two sets in memory, rated as the real service rates them."""

from collections.abc import Callable

from rlft_gui.domain.votes import AnswerVerdict, Control, PairVerdict, RaterKind, Side, VoteSet
from rlft_gui.services.feedback.judging import Judgeable, JudgesStanding, JudgingVotes
from rlft_gui.services.feedback.judging_agreement import CriterionAgreement, JudgeFacts
from rlft_gui.services.feedback.judging_mixed import Mix
from rlft_gui.services.feedback.rating import Rating
from rlft_gui.services.feedback.rating_columns import Columns
from rlft_gui.services.feedback.rating_counting import rated
from rlft_gui.services.feedback.rating_facts import Counted, Rate, Ratings
from rlft_gui.services.feedback.votes import Votes
from rlft_gui.services.feedback.voting_standing import Standing
from rlft_gui.services.rights import Rights
from rlft_gui.storage import Storage
from rlft_gui.storage.votes import VoteRows

Sets = tuple[VoteSet, ...]
_TITLES = {"base": "Lantern", "tour-sft@80": "SFT", "tour-dpo@80": "DPO <b>bold</b>"}


class FakeVotes(Votes):
    """Two sets that are rated, one of people and a judge and one with four votes, beside real ones that are voted in."""

    def __init__(self, storage: Callable[[], Storage]) -> None:
        self.storage = storage
        self.pairs = {"first look": _many(), "a few": _few()}

    @property
    def _rights(self) -> Rights:  # type: ignore[override]
        return Rights(self.storage())

    @property
    def _rows(self) -> VoteRows:  # type: ignore[override]
        return self.storage().votes

    def list(self) -> Sets:
        return (*super().list(), *(VoteSet(name=name, note="Votes for tests.") for name in self.pairs))

    def get(self, name: str) -> VoteSet:
        return VoteSet(name=name, note="Votes for tests.") if name in self.pairs else super().get(name)

    def count(self, name: str) -> int:
        return len(self.pairs[name]) if name in self.pairs else super().count(name)


class FakeRating(Rating):
    def __init__(self, votes: FakeVotes) -> None:
        self._fake = votes

    def rate(
        self, votes: str | None = None, *, baseline: str | None = None, raters: Counted | None = None
    ) -> Ratings:
        pairs = self._fake.pairs[self._fake.get(votes or "first look").name]
        judged, controls = (_points(), _CONTROLS) if len(pairs) > 9 else ((), ())
        return rated(votes, Columns(pairs), (), judged, controls, _TITLES, baseline=baseline, raters=raters)

    def standing(self, votes: str, models: tuple[str, str] | None = None) -> Standing | None:
        return Rating(self._fake.storage(), self._fake).standing(votes, models)


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
    about = ("known", "unknown", "harm_seen")[prompt % 3]
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


class FakeJudging(JudgingVotes):
    """One judge beside people, by two criteria."""

    def __init__(self) -> None:
        pass

    def standing(self, name: str) -> JudgesStanding:
        if name != "first look":
            return JudgesStanding(judges=(), mix=Mix(pairs=0, people=0, judges=0, open=0), asked="all")
        same = Rate(rate=72, se=4, low=63, high=80, n=96, prompts=60)
        agreement = (
            CriterionAgreement(criterion="overall", same=same, ties=4),
            CriterionAgreement(criterion="safe", same=None, ties=0),
        )
        facts = JudgeFacts(name="llama", pairs=120, consistent=0.8, first=0.61, agreement=agreement)
        return JudgesStanding(
            judges=(facts,), mix=Mix(pairs=180, people=30, judges=100, open=50), asked="all"
        )

    def judgeable(self, name: str) -> Judgeable:
        return Judgeable(pairs=180, base="lantern")
