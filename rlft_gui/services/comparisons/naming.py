"""Who may answer in a comparison: names as they are typed or linked, read and looked up."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from rlft_gui.domain.comparison import ModelRef, Pane
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.domain.run import Run
from rlft_gui.inference.protocol import MOST_CHECKPOINTS, MOST_MODELS
from rlft_gui.services.models.service import Models
from rlft_gui.services.models.titles import base_title
from rlft_gui.services.pipelines.catalogue import BASE_PALETTE, palette
from rlft_gui.services.runs.labels import name_of, titled
from rlft_gui.services.runs.outputs import output_of
from rlft_gui.services.runs.service import Runs
from rlft_gui.training.models import checkpoints

_JOINED = " + "  #: stands between several bases
_FORMS = "base, base:NAME, RUN, RUN@step, endpoint:MODEL@ADDRESS"


@dataclass(frozen=True)
class ComparedModel:
    """One model as asked for, and its run; None where it is of no run."""

    name: str
    ref: ModelRef
    run: Run | None = None


class Naming:
    """Reads names of models. May be shared by threads."""

    def __init__(self, home: Home, runs: Runs, models: Models) -> None:
        self._home = home
        self._runs = runs
        self._models = models

    def resolve(self, names: Sequence[str]) -> tuple[ComparedModel, ...]:
        """Each model as it was asked for.

        Raises:
            InvalidInput: there are too many, one is named twice, or it answers nothing.
            NotFound: a run, checkpoint or base is not there.
        """
        refs = tuple(ModelRef.parse(name) for name in names)
        most = MOST_CHECKPOINTS if _is_one_run(refs) else MOST_MODELS
        if not 1 <= len(names) <= most:
            raise InvalidInput(
                f"A comparison takes 1 to {most} models; found {len(names)}. Name some of: {_FORMS}."
            )
        asked = tuple(self._asked(ref) for ref in refs)
        called = [one.name for one in asked]
        twice = next((name for name in called if called.count(name) > 1), None)
        if twice:
            raise InvalidInput(f'"{twice}" is named twice. Name each model once.')
        return asked

    def _asked(self, ref: ModelRef) -> ComparedModel:
        if ref.named is not None:
            self._models.describe(ref.named)
            ref = ModelRef(named=self._models.make_ready(ref.named))
        if ref.run_id is None:
            return ComparedModel(str(ref), ref)
        run = self._runs.get(ref.run_id)
        _refuse_without_policy(run)
        checkpoints.resolve(self._home.run(run.id), ref.step)  # raises with a sentence where there is none
        return ComparedModel(str(ref), ref, run)

    def base_of(self, asked: Sequence[ComparedModel], named: str | None) -> str:
        """What "base" means among these models; several bases, joined, where it was not asked for.

        Raises:
            InvalidInput: it could mean several, or a run was trained on another.
        """
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


def pane_of(one: ComparedModel, base: str) -> Pane:
    """How a model is called and shown."""
    if one.run is not None:
        title = titled(one.run)
        return Pane(model=one.name, title=title, palette=palette(one.run.method, one.run.stage))
    if one.ref.endpoint is not None:
        title = f"{one.ref.endpoint} at {urlsplit(one.ref.url).netloc.rpartition('@')[2]}"
    else:
        title = base_title(one.ref.named or base)
    return Pane(model=one.name, title=title, palette=BASE_PALETTE)


def joined_bases(bases: Sequence[str]) -> str:
    """What stands for the bases of a comparison, where "base" is asked for in none of several."""
    return _JOINED.join(bases)


def is_joined(base: str) -> bool:
    """Whether the base of a comparison stands for several, of which none is "base"."""
    return _JOINED in base


def _is_one_run(refs: Sequence[ModelRef]) -> bool:
    """Whether all but one, what it began with, are checkpoints of one run: its answers over steps."""
    runs = Counter(ref.run_id for ref in refs if ref.step is not None)
    return bool(runs) and max(runs.values()) >= len(refs) - 1


def _shared_base(asked: Sequence[ComparedModel]) -> str:
    bases = sorted({one.run.base for one in asked if one.run is not None})
    if len(bases) > 1 and any(one.ref.is_base for one in asked):
        named = ", ".join(f'{one.name} from "{one.run.base}"' for one in asked if one.run is not None)
        raise InvalidInput(
            f'"base" could mean several models, because the runs come from different ones: {named}. Name the one that is '
            'meant as base:NAME, leave "base" out, or compare runs of one base.'
        )
    return joined_bases(bases) or LANTERN


def _refuse_without_policy(run: Run) -> None:
    kinds = {
        "rows": "made rows and trained no model",
        "reward_model": "trained a reward model, which scores answers and writes none",
    }
    if told := kinds.get(output_of(run) or ""):
        raise InvalidInput(f"{name_of(run)} {told}. Choose runs that trained a policy, such as SFT or DPO.")
