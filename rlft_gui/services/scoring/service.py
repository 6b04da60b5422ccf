"""Answers scored by the reward models of this home.

The inference process reads; this asks it, piece by piece, so that a comparison need not wait behind a long file, and
gives each reward its place.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rlft_gui.domain.errors import InvalidInput, NotPossibleNow, RlftError
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import ParentRef
from rlft_gui.domain.run import Run
from rlft_gui.domain.turns import Message, said
from rlft_gui.inference import client
from rlft_gui.inference.protocol import Reply
from rlft_gui.inference.scoring import (
    MOST_ANSWERS,
    MOST_CHARACTERS,
    JudgingRequest,
    Scored,
    ScoredAnswer,
    ScoringRequest,
)
from rlft_gui.services.models.service import Models
from rlft_gui.services.runs.labels import name_of
from rlft_gui.services.runs.outputs import output_of
from rlft_gui.services.runs.service import Runs
from rlft_gui.services.scoring import known
from rlft_gui.services.scoring.files import FoundAnswers, answers_of
from rlft_gui.services.scoring.judging import JudgeAsked, judged
from rlft_gui.services.scoring.known import KnownAnswers, KnownRows
from rlft_gui.services.scoring.rules import by_terms
from rlft_gui.services.scoring.scores import AnswerScore, Scores, ToScore
from rlft_gui.training.models import checkpoints
from rlft_gui.training.reward_model.known import KnownRewards
from rlft_gui.training.reward_model.scoring import RewardCard

MOST_RUNS_OFFERED = 200  #: of the newest
#: A prompt and its answer together: far beyond any context, and below what one line to the inference process holds.
LONGEST = MOST_CHARACTERS

Asked = ToScore | tuple[Sequence[Message], str]


class Scoring:
    """May be shared by threads."""

    def __init__(self, home: Home, runs: Runs, models: Models) -> None:
        self._home = home
        self._runs = runs
        self._models = models

    def of_file(self, path: Path, name: str) -> FoundAnswers:
        """The answers that a file holds, which is called `name` where it comes from; see services/scoring/files.py."""
        return answers_of(path, name)

    def choices(self) -> tuple[Run, ...]:
        """Reward models that have a complete checkpoint, newest first."""
        runs = self._runs.list(limit=MOST_RUNS_OFFERED)
        return tuple(
            run
            for run in runs
            if output_of(run) == "reward_model"
            and checkpoints.last_complete(self._home.run(run.id)) is not None
        )

    def coming(self) -> tuple[Run, ...]:
        """Reward models that train or wait and have nothing complete to score with yet, the nearest first."""
        now = self._runs.overview()
        return tuple(
            run
            for run in (*now.live, *now.queued)
            if output_of(run) == "reward_model" and checkpoints.last_complete(self._home.run(run.id)) is None
        )

    def check(self, run: str) -> Run:
        """The run behind RUN or RUN@step.

        Raises:
            NotFound: there is no such run, or it has no such checkpoint.
            InvalidInput: it is no reward model.
        """
        ref = ParentRef.parse(run)
        found = self._runs.get(ref.run_id)
        if output_of(found) != "reward_model":
            others = ", ".join(other.id for other in self.choices()[:8])
            raise InvalidInput(
                f"{name_of(found)} is no reward model, so it scores nothing. "
                + (f"Choose one of: {others}." if others else "Train one first: rlft train lantern-rlhf.")
            )
        checkpoints.resolve(self._home.run(found.id), ref.step)
        return found

    def score(
        self,
        run: str,
        items: Sequence[Asked],
        *,
        terms: Sequence[str] = (),
        judge: JudgeAsked | None = None,
        on_progress: Callable[[int], None] = lambda done: None,
    ) -> Scores:
        """What the reward model of a run gives these answers.

        Args:
            run: RUN, for its last checkpoint, or RUN@step.
            items: each a prompt's turns and an answer, or a `ToScore`.
            terms: rules, and gold on Lantern, that score the answers too, e.g. "length:5-60".
            judge: scores the answers too, from 0 to 1, under the term "judge".
            on_progress: told how many answers are done, now and then.

        Raises:
            NotFound: the run or its checkpoint is not there.
            InvalidInput: it is no reward model, or a text or term cannot be used.
            NotPossibleNow: the inference process cannot be started, or was killed in the middle.
        """
        reward_run, asked = self.check(run), [ToScore(*item) for item in items]
        _check_texts(asked)
        of_terms = by_terms(terms, asked, reward_run.base)
        if not asked:
            return Scores(run=run)
        if judge is not None:
            verdicts = self.judged(judge, asked, base=reward_run.base)
            of_terms = [own | {"judge": value} for own, value in zip(of_terms, verdicts, strict=True)]
        ref = ParentRef.parse(run)
        # One step for all pieces, whatever is saved meanwhile.
        step = known.step_of(self._home.run(ref.run_id), ref.step)
        scored = self._read(ref.run_id, step, [_conversation(item) for item in asked], on_progress)
        places = self._kept(ref.run_id, step, scored.card)
        found = [
            _told(answer, scored.card, places, own)
            for answer, own in zip(scored.answers, of_terms, strict=True)
        ]
        return Scores(run=run, checkpoint=scored.checkpoint, answers=tuple(found))

    def judged(self, judge: JudgeAsked, items: Sequence[Asked], *, base: str) -> list[float]:
        """A judge's score of each answer, from 0 to 1.

        Raises:
            InvalidInput, NotFound: this judge cannot judge them.
            NotPossibleNow: it does not answer, or the inference process was killed in the middle.
        """
        asked = [ToScore(*item) for item in items]
        _check_texts(asked)
        name, _ = judge.check()
        if name.kind == "model":
            judge = replace(judge, judge=self._models.make_ready(judge.judge))
        live = bool(self._runs.overview().live)
        return judged(judge, asked, base, self._ask_judge, f"j{uuid.uuid4().hex[:12]}", training_is_live=live)

    def _ask_judge(self, request: JudgingRequest) -> tuple[float, ...]:
        verdicts = self._ask(request).judged
        if verdicts is None:
            raise NotPossibleNow("The inference process gave no verdicts. Ask again.")
        return verdicts

    def known_answers(self, run: str) -> KnownAnswers | None:
        """Rewards of this reward model's own held-out answers; scored once where it has kept none. None if they are lost.

        Raises:
            NotFound, InvalidInput, NotPossibleNow: as `score`.
        """
        found, ref = self.check(run), ParentRef.parse(run)
        folder = self._home.run(found.id)
        step = known.step_of(folder, ref.step)
        card = _card(folder.checkpoint(step))
        own = known.kept(folder, step)
        if own is None and (rows := self._known_rows(found)):
            own = self._score_known(found.id, step, rows)
        return None if own is None else known.answers(own, card)

    def _known_rows(self, run: Run) -> KnownRows | None:
        """None where its data is gone, or was of another kind."""
        try:
            rows = known.known_rows(self._home, run.recipe)
        except RlftError:
            return None
        return rows if rows.rows else None

    def _score_known(self, run_id: str, step: int, rows: KnownRows) -> KnownRewards | None:
        turns = [_conversation(ToScore(*one)) for one in rows.conversations()]
        scored = self._read(run_id, step, turns, lambda done: None)
        pairs = _by_row([answer.raw for answer in scored.answers], len(rows.columns))
        whole = [values for row in pairs if all(row) for values in row]
        if not whole:
            return None
        found = KnownRewards.of(rows.columns, whole, is_held_out=rows.is_held_out)
        known.keep(self._home.run(run_id), step, found)
        return found

    def _kept(self, run_id: str, step: int, card: RewardCard) -> KnownAnswers | None:
        own = known.kept(self._home.run(run_id), step)
        return None if own is None else known.answers(own, card)

    def _read(
        self,
        run_id: str,
        step: int,
        conversations: Sequence[Sequence[Message]],
        on_progress: Callable[[int], None],
    ) -> Scored:
        """All of them, in their order."""
        found: dict[int, ScoredAnswer] = {}
        last: Scored | None = None
        for piece in pieces(conversations):
            request = ScoringRequest(
                id=f"s{uuid.uuid4().hex[:12]}",
                run_id=run_id,
                step=step,
                conversations=tuple(tuple(conversations[at]) for at in piece),
                training_is_live=bool(self._runs.overview().live),
            )
            last = self._ask_scores(request)
            found |= zip(piece, last.answers, strict=True)
            on_progress(len(found))
        assert last is not None
        return last.model_copy(update={"answers": tuple(found[at] for at in range(len(conversations)))})

    def _ask_scores(self, request: ScoringRequest) -> Scored:
        scored = self._ask(request).scored
        if scored is None:
            raise NotPossibleNow("The inference process gave no scores. Ask again.")
        return scored

    def _ask(self, request: ScoringRequest | JudgingRequest) -> Reply:
        """The reply before the last, which holds what was asked for.

        Raises:
            NotPossibleNow: there is none; the sentence says why.
        """
        conversation = client.ask(self._home, request)
        told = Reply(event="done")
        try:
            for reply in conversation.replies():
                if reply.event == "failed":
                    raise NotPossibleNow(reply.message)
                told = told if reply.is_last else reply
        finally:
            conversation.close()
        return told


def pieces(conversations: Sequence[Sequence[Message]]) -> Iterator[list[int]]:
    """Places of answers that are asked for together: of like length, the longest first."""
    sizes = [_size(turns) for turns in conversations]
    piece: list[int] = []
    room = MOST_CHARACTERS
    for at in sorted(range(len(sizes)), key=lambda at: sizes[at], reverse=True):
        if piece and (len(piece) == MOST_ANSWERS or sizes[at] > room):
            yield piece
            piece, room = [], MOST_CHARACTERS
        piece.append(at)
        room -= sizes[at]
    if piece:
        yield piece


def _size(turns: Sequence[Message]) -> int:
    return sum(len(said(turn)) for turn in turns)


def _conversation(item: ToScore) -> list[Message]:
    return [*item.prompt, {"role": "assistant", "content": item.text}]


def _check_texts(items: Sequence[ToScore]) -> None:
    """Raises InvalidInput: what cannot be sent on."""
    for number, item in enumerate(items, start=1):
        size = _size(_conversation(item))
        if size > LONGEST:
            raise InvalidInput(
                f"Answer {number} has {size:,} characters with its prompt; {LONGEST:,} are the most. Shorten it."
            )
        try:
            "".join(said(turn) for turn in _conversation(item)).encode()
        except UnicodeEncodeError:
            raise InvalidInput(
                f"Answer {number} or its prompt holds half a character (a lone surrogate), which no model reads. "
                "Write it anew."
            ) from None


def _told(
    answer: ScoredAnswer, card: RewardCard, places: KnownAnswers | None, terms: Mapping[str, float]
) -> AnswerScore:
    if answer.error:
        return AnswerScore(error=answer.error, terms=dict(terms))
    note = (
        f"Only its first {answer.tokens:,} tokens were read, the prompt among them, as in training; {answer.cut:,} were cut."
        if answer.cut
        else ""
    )
    by_name = dict(zip(card.attributes, answer.normalised, strict=True))
    return AnswerScore(
        # As a reward of this model is computed in training (training/rewards/model.py).
        reward=sum(answer.normalised) / len(answer.normalised),
        attributes=by_name if card.attributes != ("reward",) else {},
        raw=dict(zip(card.attributes, answer.raw, strict=True)),
        place=places.place(known.overall(answer.raw, card)) if places else None,
        terms=dict(terms),
        note=note,
    )


def _card(path: Any) -> RewardCard:
    from rlft_gui.training.reward_model.scoring import read_card

    return read_card(path)


def _by_row(values: Sequence[tuple[float, ...]], columns: int) -> list[Sequence[tuple[float, ...]]]:
    return [values[at : at + columns] for at in range(0, len(values), columns)]
