"""Answers of several models side by side: start, go on, draw again, follow, stop, delete.

Rows are the truth: a comparison is stored before anybody is asked, and grows in its rows while the answers come
(recording.py). Screens poll with the version they have, so a reload goes on where it was, and no stream stays open.
"""

import builtins
import logging
import secrets
import threading
import time
from collections.abc import Mapping, Sequence

from rlft_gui.domain.comparison import Comparison, Generation, GenerationStatus, ModelRef, Place, Sampling
from rlft_gui.domain.errors import InvalidInput, NotAllowed, NotFound, NotPossibleNow, RlftError
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.domain.run import Run
from rlft_gui.domain.suite import PromptItem
from rlft_gui.inference import client
from rlft_gui.lantern.suite import suite
from rlft_gui.services.comparisons import asking
from rlft_gui.services.comparisons.endpoint import Endpoint
from rlft_gui.services.comparisons.exporting import to_json
from rlft_gui.services.comparisons.film import film_models
from rlft_gui.services.comparisons.keeping import StoredAnswers, kept
from rlft_gui.services.comparisons.naming import ComparedModel, Naming, pane_of
from rlft_gui.services.comparisons.recording import Recording, failed, is_recorded
from rlft_gui.services.comparisons.scoring import Scorer, by_judge, by_model, by_rules
from rlft_gui.services.comparisons.sources import Inference, Source
from rlft_gui.services.disk.naming import tell_named
from rlft_gui.services.models.service import Models
from rlft_gui.services.runs.outputs import is_policy
from rlft_gui.services.runs.service import Runs
from rlft_gui.services.scoring.judging import JudgeAsked
from rlft_gui.storage import Storage
from rlft_gui.training.models import checkpoints

logger = logging.getLogger(__name__)

MOST_PROMPTS = 20
MOST_TURNS = 50
LONGEST_PROMPT = 20_000  #: characters; whether it fits a model's context, the model's tokenizer says
MOST_RUNS_OFFERED = 200  #: of the newest
UNDO_SECONDS = 24 * 3600.0  #: how long a deleted comparison can be brought back

_ABANDONED = (
    "The program that was writing this comparison ended before the answers did. What was written stays; ask again for "
    "the rest."
)
_BUSY = "This comparison is still being answered. Wait until it has ended, or stop it."


class Comparing:
    """May be shared by threads. What it started ends with the program it runs in."""

    def __init__(self, home: Home, storage: Storage, runs: Runs, models: Models, scorer: Scorer) -> None:
        """`scorer`: what scores answers by reward models and judges."""
        self._home = home
        self._storage = storage
        self._scorer = scorer
        self._naming = Naming(home, runs, models)
        self._rows = storage.comparisons
        self._runs = runs
        self._recordings: dict[str, Recording] = {}
        self._is_trouble_told = False  # of preparing

    def start(
        self,
        models: Sequence[str],
        prompts: Sequence[str],
        sampling: Sampling,
        *,
        user: str,
        item_ids: Sequence[str | None] | None = None,
        base: str | None = None,
        system: str = "",
        draws: int = 1,
    ) -> Comparison:
        """Store a comparison and have it answered in the background; returns at once.

        Args:
            models: "base", "base:NAME", "RUN", "RUN@step" or "endpoint:MODEL@ADDRESS", in the order shown.
            item_ids: the suite item behind each prompt. An item counts only while the prompt still reads as the item
                does. Left out, prompts are looked up in the suite by their text.
            base: what "base" means; left out, the base of the runs, or Lantern without runs. A GGUF file is converted
                first.
            system: what every pane is told before the prompt.
            draws: with how many seeds each pane answers, from the seed of `sampling` on: the same for all.

        Raises:
            InvalidInput: what is asked cannot be compared; the sentence says why.
            NotFound: a run or checkpoint is not there.
        """
        asked = self._naming.resolve(models)
        _check_prompts(prompts)
        _check_system(system)
        _check_draws(draws)
        base = self._naming.base_of(asked, base)
        items = _items(prompts, item_ids) if base == LANTERN else {}
        new = _new_comparison(asked, base, prompts, items, sampling, user).model_copy(
            update={
                "system": system.strip(),
                "draws": draws,
                "generations": asking.first_answers(len(asked), len(prompts), draws, sampling.seed),
            }
        )
        sources = self._sources(new, new.generations)
        recording = Recording(self._home, self._rows, new.id, items)
        try:
            self._rows.add(new)
        except BaseException:
            recording.give_up()
            raise
        tell_named(
            self._home, self._storage, [one.ref.run_id for one in asked if one.ref.run_id and one.ref.step]
        )
        self._begin(new.id, recording, sources)
        return new

    def run_sync(
        self,
        models: Sequence[str],
        prompts: Sequence[str],
        sampling: Sampling,
        *,
        user: str,
        item_ids: Sequence[str | None] | None = None,
        base: str | None = None,
        system: str = "",
        draws: int = 1,
    ) -> Comparison:
        """Start and wait for the end. An interrupt stops the comparison; what was written stays."""
        started = self.start(
            models, prompts, sampling, user=user, item_ids=item_ids, base=base, system=system, draws=draws
        )
        recording = self._recordings[started.id]
        try:
            recording.wait()
        except KeyboardInterrupt:
            recording.cancel()
            recording.wait(timeout=5)
            raise
        return self.get(started.id)

    def keep(
        self, prompt: str, stored: Sequence[StoredAnswers], *, is_chat: bool = False, user: str
    ) -> Comparison:
        """Stored answers as a comparison that has ended: it can be shared, scored, voted on and gone on with.

        Args:
            stored: a model each, in the order shown; at least one.
            is_chat: whether the prompt has turns before it, which a comparison cannot hold.
        """
        new = kept(prompt, stored, is_chat=is_chat, user=user)
        items = _items(new.prompts, None) if new.base == LANTERN else {}
        found = self._rows.get(new.id)
        if found is None:
            self._rows.add(new.model_copy(update={"item_ids": (items[0].id if items else None,)}))
        elif found.deleted_at is not None:
            self._rows.mark_deleted(new.id, None)
        return self.get(new.id)

    def follow(self, comparison_id: str, prompt: str, *, user: str) -> Comparison:
        """Ask all panes a following prompt, each going on from its own answers.

        Raises:
            InvalidInput: the prompt is empty or too long, or several prompts were asked at once.
            NotPossibleNow: it is still being answered.
        """
        comparison = self._own(comparison_id, user, "go on with")
        _check_prompts([prompt])
        if len(comparison.prompts) > 1 and not comparison.chat:
            raise InvalidInput(
                "Several prompts were asked at once here, so there is no one conversation to go on with. Ask one prompt."
            )
        turn = len(comparison.prompts)
        if turn >= MOST_TURNS:
            raise InvalidInput(f"A conversation has {MOST_TURNS} turns at most. Begin a new comparison.")
        wanted = asking.answers_to(
            turn,
            panes=len(comparison.panes),
            draws=comparison.draws,
            seed=comparison.sampling.seed,
        )
        grown = {
            "prompts": (*comparison.prompts, prompt),
            "item_ids": (*comparison.item_ids, None),
            "chat": True,
        }
        return self._grow(comparison.model_copy(update=grown), wanted)

    def again(
        self, comparison_id: str, *, user: str, pane: int | None = None, prompt_index: int | None = None
    ) -> Comparison:
        """Draw answers anew, of one pane or of all: with the next seed, or with the same one where an answer failed.

        Raises:
            InvalidInput: there is no such pane, or it was drawn often enough.
            NotPossibleNow: it is still being answered.
        """
        comparison = self._own(comparison_id, user, "ask on in")
        return self._grow(comparison, asking.answers_again(comparison, pane, prompt_index))

    def get(self, comparison_id: str) -> Comparison:
        """The comparison as it stands.

        Raises:
            NotFound: there is none, or it was deleted.
        """
        found = self._rows.get(comparison_id)
        if found is None:
            raise NotFound(
                f'There is no comparison "{comparison_id}". Open one from the list of comparisons.'
            )
        if found.deleted_at is not None:
            raise NotFound(f'Comparison "{comparison_id}" was deleted. Open another from the list.')
        return self._settled(found)

    def poll(self, comparison_id: str, version: int) -> Comparison | None:
        """The comparison, if it has changed since this version; None if not."""
        state = self._rows.state(comparison_id)
        if state is None or state[0] != version:
            return self.get(comparison_id)
        is_abandoned = not state[1].is_ended and not self._is_recorded(comparison_id)
        return self.get(comparison_id) if is_abandoned else None

    def list(self, limit: int = 20) -> tuple[Comparison, ...]:
        """Newest first."""
        return tuple(self._settled(one) for one in self._rows.list(limit))

    def settle(self) -> None:
        """End those that a program left behind which was killed: nobody may open them for long."""
        for one in self._rows.unfinished():
            self._settled(one)

    def stop(self, comparison_id: str, *, user: str) -> None:
        """Cut the answers off where they are. Stopping what has ended changes nothing.

        Raises:
            NotAllowed: it is somebody else's.
            NotPossibleNow: another program is writing it.
        """
        comparison = self._own(comparison_id, user, "stop")
        if comparison.status.is_ended:
            return
        recording = self._recordings.get(comparison_id)
        if recording is None:
            raise NotPossibleNow(
                f"Comparison {comparison_id} is being written by another program, perhaps `rlft compare`. Stop it there."
            )
        recording.cancel()

    def delete(self, comparison_id: str, *, user: str) -> None:
        """Take it out of sight; for a day it can be brought back. One that is being answered is stopped first.

        Raises:
            NotAllowed: it is somebody else's.
        """
        self.stop(comparison_id, user=user)
        self._rows.purge(time.time() - UNDO_SECONDS)
        self._rows.mark_deleted(comparison_id, time.time())

    def restore(self, comparison_id: str, *, user: str) -> Comparison:
        """Bring a deleted comparison back.

        Raises:
            NotFound: it was deleted for good.
            NotAllowed: it is somebody else's.
        """
        found = self._rows.get(comparison_id)
        if found is None:
            raise NotFound(f'Comparison "{comparison_id}" was deleted for good, a day after it was put away.')
        _check_owner(found, user, "bring back")
        self._rows.mark_deleted(comparison_id, None)
        return self.get(comparison_id)

    def score(self, comparison_id: str, scores: Mapping[Place, Mapping[str, float]]) -> None:
        """Keep scores with the answers that they are of, by name."""
        self._rows.score(comparison_id, scores)

    def score_with(self, comparison_id: str, run_id: str, *, user: str) -> Comparison:
        """Have a reward model score all answers that are complete; takes as long as that takes.

        Raises:
            NotPossibleNow: it is still being answered, or no answer is complete.
            NotFound, InvalidInput: there is no such reward model, or it cannot read these answers.
        """
        comparison = self._scorable(comparison_id, user)
        run = next((run for run in self._scorer.choices() if run.id == run_id), None)
        if run is None:
            raise NotFound(f'There is no reward model "{run_id}" that could score. Choose one of the list.')
        self._rows.score(comparison_id, by_model(comparison, run, self._scorer))
        return self.get(comparison_id)

    def score_by_rules(self, comparison_id: str, terms: Sequence[str], *, user: str) -> Comparison:
        """Score all answers that are complete by rules, and by gold on Lantern, e.g. "length:5-60".

        Raises:
            NotPossibleNow: it is still being answered, or no answer is complete.
            InvalidInput: there is no such term, or it can score none of them.
        """
        comparison = self._scorable(comparison_id, user)
        self._rows.score(comparison_id, by_rules(comparison, terms))
        return self.get(comparison_id)

    def score_by_judge(self, comparison_id: str, judge: JudgeAsked, *, user: str) -> Comparison:
        """Have a judge score, from 0 to 1, all complete answers that it has not judged yet; takes as long as that takes.

        Raises:
            NotPossibleNow: it is still being answered, no answer is complete, or the judge does not answer.
            NotFound, InvalidInput: this judge cannot judge them.
        """
        comparison = self._scorable(comparison_id, user)
        self._rows.score(comparison_id, by_judge(comparison, judge, self._scorer))
        return self.get(comparison_id)

    def prepare(self) -> None:
        """Have what answers start ahead of need; returns at once.

        Trouble stands in the log, once while it lasts, and is told to whoever asks for answers.
        """
        threading.Thread(target=self._prepare, name="prepare-comparing", daemon=True).start()

    def _prepare(self) -> None:
        try:
            client.ensure_running(self._home).close()
        except RlftError as error:
            if not self._is_trouble_told:
                logger.warning("Answers are not prepared: %s", error)
            self._is_trouble_told = True
        else:
            self._is_trouble_told = False

    def choices(self) -> tuple[Run, ...]:
        """Runs that trained a policy and have a complete checkpoint of it, newest first."""
        policies = [run for run in self._runs.list(limit=MOST_RUNS_OFFERED) if is_policy(run)]
        return tuple(run for run in policies if checkpoints.last_complete(self._home.run(run.id)) is not None)

    def steps(self, run_id: str) -> tuple[int, ...]:
        """The steps of a run's complete checkpoints, first to last."""
        return tuple(checkpoints.complete_steps(self._home.run(run_id)))

    def film_models(self, run_id: str) -> tuple[str, ...]:
        """What to compare to see how the run's answer changed: what it began with, and its checkpoints.

        Raises:
            NotFound: there is no such run.
            InvalidInput: it has no complete checkpoint.
        """
        run = self._runs.get(run_id)
        return film_models(run, self.steps(run_id), self._runs)

    def _own(self, comparison_id: str, user: str, act: str) -> Comparison:
        comparison = self.get(comparison_id)
        _check_owner(comparison, user, act)
        return comparison

    def _scorable(self, comparison_id: str, user: str) -> Comparison:
        comparison = self._own(comparison_id, user, "score")
        if not comparison.status.is_ended:
            raise NotPossibleNow(_BUSY)
        return comparison

    def _grow(self, grown: Comparison, wanted: Sequence[Generation]) -> Comparison:
        if not grown.status.is_ended:
            raise NotPossibleNow(_BUSY)
        sources = self._sources(grown, wanted)
        if before := self._recordings.get(grown.id):
            before.wait(timeout=5)  # it has stored the last answer, and is about to let go
        items = _items(grown.prompts, grown.item_ids)
        recording = Recording(self._home, self._rows, grown.id, items)
        try:
            is_grown = self._rows.grow(grown, wanted)
        except BaseException:
            recording.give_up()
            raise
        if not is_grown:
            recording.give_up()
            raise NotPossibleNow(_BUSY)
        self._begin(grown.id, recording, sources)
        return self.get(grown.id)

    def _sources(self, comparison: Comparison, wanted: Sequence[Generation]) -> builtins.list[Source]:
        """Who answers: a server each for its pane, the inference process for the rest."""
        refs = [ModelRef.parse(pane.model) for pane in comparison.panes]
        sources: builtins.list[Source] = []
        for pane, ref in enumerate(refs):
            if ref.endpoint is None:
                continue
            own = [one for one in wanted if one.pane == pane]
            asked = [(one, asking.conversation(comparison, one)) for one in own]
            if asked:
                sources.append(Endpoint(ref, asked, comparison.sampling))
        local = [one for one in wanted if refs[one.pane].endpoint is None]
        if local:
            live = bool(self._runs.overview().live)
            request = asking.request_for(comparison, local, live=live)
            sources.append(Inference(self._home, request, local))
        return sources

    def _begin(self, comparison_id: str, recording: Recording, sources: Sequence[Source]) -> None:
        ended = [known for known, one in self._recordings.items() if one.is_over]
        for known in ended:
            self._recordings.pop(known, None)
        self._recordings[comparison_id] = recording
        recording.start(sources)

    def _is_recorded(self, comparison_id: str) -> bool:
        own = self._recordings.get(comparison_id)
        return (own is not None and not own.is_over) or is_recorded(self._home, comparison_id)

    def _settled(self, comparison: Comparison) -> Comparison:
        """As it is; one that its program abandoned is ended here, by whoever reads it first."""
        if comparison.status.is_ended or self._is_recorded(comparison.id):
            return comparison
        # Read again now that nobody writes: it may have grown, or ended, since it was read.
        last = self._rows.get(comparison.id) or comparison
        if not last.status.is_ended:
            self._rows.end(last.id, failed(last.generations, _ABANDONED))
        return self._rows.get(last.id) or last


def _check_owner(comparison: Comparison, user: str, act: str) -> None:
    if comparison.owner != user:
        raise NotAllowed(
            f"Comparison {comparison.id} was started by {comparison.owner}, who alone can {act} it."
        )


def _check_prompts(prompts: Sequence[str]) -> None:
    if not 1 <= len(prompts) <= MOST_PROMPTS:
        raise InvalidInput(f"A comparison takes 1 to {MOST_PROMPTS} prompts; found {len(prompts)}.")
    for number, prompt in enumerate(prompts, start=1):
        if not prompt.strip():
            raise InvalidInput(f"Prompt {number} is empty. Type a question, or choose one from the suite.")
        if len(prompt) > LONGEST_PROMPT:
            raise InvalidInput(
                f"Prompt {number} has {len(prompt):,} characters; {LONGEST_PROMPT:,} are the most. Shorten it."
            )


def _check_system(system: str) -> None:
    if len(system) > LONGEST_PROMPT:
        raise InvalidInput(
            f"The system prompt has {len(system):,} characters; {LONGEST_PROMPT:,} are the most. Shorten it."
        )


def _check_draws(draws: int) -> None:
    if not 1 <= draws <= asking.MOST_DRAWS:
        raise InvalidInput(f"Each pane answers with 1 to {asking.MOST_DRAWS} seeds; found {draws}.")


def _items(prompts: Sequence[str], item_ids: Sequence[str | None] | None) -> dict[int, PromptItem]:
    """The suite item behind each prompt that is one, by the prompt's index."""
    if item_ids is not None and len(item_ids) != len(prompts):
        raise InvalidInput(
            f"{len(prompts)} prompts came with {len(item_ids)} item ids; there must be one for each."
        )
    by_text = {item.prompt: item for item in suite()}
    found = {index: by_text[prompt] for index, prompt in enumerate(prompts) if prompt in by_text}
    if item_ids is None:
        return found
    return {index: item for index, item in found.items() if item_ids[index] == item.id}


def _new_comparison(
    asked: Sequence[ComparedModel],
    base: str,
    prompts: Sequence[str],
    items: Mapping[int, PromptItem],
    sampling: Sampling,
    user: str,
) -> Comparison:
    return Comparison(
        id=f"c{secrets.token_hex(4)}",
        base=base,
        panes=tuple(pane_of(one, base) for one in asked),
        prompts=tuple(prompts),
        item_ids=tuple(items[index].id if index in items else None for index in range(len(prompts))),
        sampling=sampling,
        generations=(),
        status=GenerationStatus.WAITING,
        version=1,
        created_at=time.time(),
        owner=user,
    )


__all__ = ["Comparing", "to_json"]
