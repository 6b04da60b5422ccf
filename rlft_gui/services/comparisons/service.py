"""Answers of several models side by side: start, follow, stop.

Rows are the truth: a comparison is stored before the inference process hears of it, and grows in its rows while the
answers come (recording.py). Screens poll with the version they have, so a reload goes on where it was, and no stream
stays open. Votes and ratings are left out.
"""

import logging
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rlft_gui.domain.comparison import Comparison, Generation, GenerationStatus, ModelRef, Pane, Sampling
from rlft_gui.domain.errors import InvalidInput, NotAllowed, NotFound, NotPossibleNow, RlftError
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.domain.run import Run
from rlft_gui.domain.suite import PromptItem
from rlft_gui.inference import client
from rlft_gui.inference.protocol import MOST_MODELS, BasedModel, GenerationRequest
from rlft_gui.lantern.suite import suite
from rlft_gui.services.comparisons.recording import Recording, failed, is_recorded
from rlft_gui.services.models.service import Models
from rlft_gui.services.models.titles import base_title
from rlft_gui.services.pipelines.catalogue import BASE_PALETTE, palette, stage
from rlft_gui.services.runs.labels import name_of
from rlft_gui.services.runs.outputs import is_policy, output_of
from rlft_gui.services.runs.service import Runs
from rlft_gui.storage import Storage
from rlft_gui.training.models import checkpoints

logger = logging.getLogger(__name__)

MOST_PROMPTS = 20
LONGEST_PROMPT = 20_000  #: characters; whether it fits a model's context, the model's tokenizer says
MOST_RUNS_OFFERED = 200  #: of the newest

_ABANDONED = (
    "The program that was writing this comparison ended before the answers did. What was written stays; start the "
    "comparison again for the rest."
)


@dataclass(frozen=True)
class _ComparedModel:
    """One model as asked for, and its run; None is the base."""

    name: str
    ref: ModelRef
    run: Run | None


class Comparing:
    """May be shared by threads. What it started ends with the program it runs in."""

    def __init__(self, home: Home, storage: Storage, runs: Runs, models: Models) -> None:
        self._home = home
        self._models = models
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
    ) -> Comparison:
        """Store a comparison and have it answered in the background; returns at once.

        Args:
            models: "base", "RUN" or "RUN@step", in the order shown.
            item_ids: the suite item behind each prompt. An item counts only while the prompt still reads as the item
                does. Left out, prompts are looked up in the suite by their text.
            base: what "base" means; left out, the base of the runs, or Lantern without runs. A GGUF file is converted
                first.

        Raises:
            InvalidInput: what is asked cannot be compared; the sentence says why.
            NotFound: a run or checkpoint is not there.
        """
        asked = self._resolve(models)
        _check_prompts(prompts)
        base = self._base(asked, base)
        items = _items(prompts, item_ids) if base == LANTERN else {}
        new = _new_comparison(asked, base, prompts, items, sampling, user)
        recording = Recording(self._home, self._rows, new, items)
        try:
            self._rows.add(new)
        except BaseException:
            recording.give_up()
            raise
        self._remember(new.id, recording)
        recording.start(self._request(new, asked))
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
    ) -> Comparison:
        """Start and wait for the end. An interrupt stops the comparison; what was written stays."""
        started = self.start(models, prompts, sampling, user=user, item_ids=item_ids, base=base)
        recording = self._recordings[started.id]
        try:
            recording.wait()
        except KeyboardInterrupt:
            recording.cancel()
            recording.wait(timeout=5)
            raise
        return self.get(started.id)

    def get(self, comparison_id: str) -> Comparison:
        found = self._rows.get(comparison_id)
        if found is None:
            raise NotFound(
                f'There is no comparison "{comparison_id}". Open one from the list of comparisons.'
            )
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

    def stop(self, comparison_id: str, *, user: str) -> None:
        """Cut the answers off where they are. Stopping what has ended changes nothing.

        Raises:
            NotAllowed: it is somebody else's.
            NotPossibleNow: another program is writing it.
        """
        comparison = self.get(comparison_id)
        if comparison.owner != user:
            raise NotAllowed(
                f"Comparison {comparison_id} was started by {comparison.owner}, who alone can stop it."
            )
        if comparison.status.is_ended:
            return
        recording = self._recordings.get(comparison_id)
        if recording is None:
            raise NotPossibleNow(
                f"Comparison {comparison_id} is being written by another program, perhaps `rlft compare`. Stop it there."
            )
        recording.cancel()

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

    def _resolve(self, models: Sequence[str]) -> tuple[_ComparedModel, ...]:
        if not 1 <= len(models) <= MOST_MODELS:
            raise InvalidInput(
                f"A comparison takes 1 to {MOST_MODELS} models; found {len(models)}. Name some of: base, RUN, RUN@step."
            )
        asked = tuple(self._asked(name) for name in models)
        twice = [one.name for one in asked if models.count(one.name) > 1]
        if twice:
            raise InvalidInput(f'"{twice[0]}" is named twice. Name each model once.')
        return asked

    def _asked(self, name: str) -> _ComparedModel:
        ref = ModelRef.parse(name)
        if ref.run_id is None:
            return _ComparedModel(name, ref, None)
        run = self._runs.get(ref.run_id)
        _refuse_without_policy(run)
        checkpoints.resolve(self._home.run(run.id), ref.step)  # raises with a sentence where there is none
        return _ComparedModel(name, ref, run)

    def _base(self, asked: Sequence[_ComparedModel], named: str | None) -> str:
        if named is None:
            return _shared_base(asked)
        self._models.describe(named)
        base = self._models.make_ready(named)
        others = [one for one in asked if one.run is not None and one.run.base != base]
        if others:
            other = others[0]
            raise InvalidInput(
                f'"base" is {named} here, and {other.name} was trained on another base. Leave the base out, or the run.'
            )
        return base

    def _request(self, new: Comparison, asked: Sequence[_ComparedModel]) -> GenerationRequest:
        models = tuple(BasedModel(base=new.base, run_id=one.ref.run_id, step=one.ref.step) for one in asked)
        live = bool(self._runs.overview().live)
        return GenerationRequest(
            id=new.id, panes=models, prompts=new.prompts, sampling=new.sampling, training_is_live=live
        )

    def _remember(self, comparison_id: str, recording: Recording) -> None:
        ended = [known for known, one in self._recordings.items() if one.is_over]
        for known in ended:
            self._recordings.pop(known, None)
        self._recordings[comparison_id] = recording

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


def to_json(comparison: Comparison) -> dict[str, Any]:
    """What `rlft compare --json` prints: per prompt each model's answer, with the checkpoint that gave it."""
    return {
        "id": comparison.id,
        "base": comparison.base,
        "status": str(comparison.status),
        "device": comparison.device,
        "note": comparison.note,
        "sampling": comparison.sampling.model_dump(mode="json"),
        "prompts": [
            {
                "prompt": prompt,
                "item": comparison.item_ids[index],
                "answers": [_answer(pane, one) for pane, one in comparison.answers_to(index)],
            }
            for index, prompt in enumerate(comparison.prompts)
        ],
    }


def _answer(pane: Pane, one: Generation) -> dict[str, Any]:
    return {
        "model": pane.model,
        "checkpoint": one.checkpoint,
        "text": one.text,
        "tokens": one.tokens,
        "seconds": round(one.seconds, 3),
        "finish": one.finish,
        "error": one.error,
        "scores": one.scores,
    }


def _refuse_without_policy(run: Run) -> None:
    kinds = {
        "rows": "made rows and trained no model",
        "reward_model": "trained a reward model, which scores answers and writes none",
    }
    if told := kinds.get(output_of(run) or ""):
        raise InvalidInput(f"{name_of(run)} {told}. Choose runs that trained a policy, such as SFT or DPO.")


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


def _shared_base(asked: Sequence[_ComparedModel]) -> str:
    """The base that the models share; several, joined, where they differ and the base itself was not asked for."""
    bases = sorted({one.run.base for one in asked if one.run is not None})
    if len(bases) > 1 and any(one.run is None for one in asked):
        named = ", ".join(f'{one.name} from "{one.run.base}"' for one in asked if one.run is not None)
        raise InvalidInput(
            f'"base" could mean several models, because the runs come from different ones: {named}. Leave "base" out, '
            "or compare runs of one base."
        )
    return " + ".join(bases) if bases else LANTERN


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
    asked: Sequence[_ComparedModel],
    base: str,
    prompts: Sequence[str],
    items: dict[int, PromptItem],
    sampling: Sampling,
    user: str,
) -> Comparison:
    return Comparison(
        id=f"c{secrets.token_hex(4)}",
        base=base,
        panes=tuple(_pane(one, base) for one in asked),
        prompts=tuple(prompts),
        item_ids=tuple(items[index].id if index in items else None for index in range(len(prompts))),
        sampling=sampling,
        generations=tuple(
            Generation(pane=pane, prompt_index=index)
            for index in range(len(prompts))
            for pane in range(len(asked))
        ),
        status=GenerationStatus.WAITING,
        version=1,
        created_at=time.time(),
        owner=user,
    )


def _pane(one: _ComparedModel, base: str) -> Pane:
    if one.run is None:
        title = base_title(base)
        return Pane(model=one.name, title=title, palette=BASE_PALETTE)
    return Pane(
        model=one.name,
        title=f"{one.run.title or one.run.id} · {stage(one.run.stage).title}",
        palette=palette(one.run.method, one.run.stage),
    )
