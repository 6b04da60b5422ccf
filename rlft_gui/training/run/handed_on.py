"""A run's last look, kept in its folder: a run that continues its checkpoint begins where this one ended, so its probe before
the first step would give the same answers to the same questions. It takes them over instead.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import ValidationError

from rlft_gui import __version__
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.comparison import Sampling
from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.home import RunFolder
from rlft_gui.durable import write_whole
from rlft_gui.training.models import checkpoints

if TYPE_CHECKING:
    from rlft_gui.training.run.probe import ProbePrompt


class ShownSample(Frozen):
    id: str
    kind: str
    question: str
    answer: str
    scores: dict[str, float]


class LastProbe(Frozen):
    """Contents of `probe.json`. `suite` is a hash of what was asked and how (`suite_hash`), `weights` of the checkpoint of
    that step (`weights_hash`), None where there was none: then nobody may take it over."""

    step: int
    suite: str
    values: dict[str, float]
    samples: tuple[ShownSample, ...]
    weights: str | None = None


def weights_hash(folder: RunFolder, step: int) -> str | None:
    """Of a checkpoint's weights, from the sums in its marker; None if there is no such checkpoint, or none with sums."""
    try:
        files = checkpoints.marker(folder, step).files
    except NotFound:
        return None
    if files is None:
        return None
    sums = {name: one.sha256 for name, one in files.items() if name.startswith(("adapter_", "model"))}
    return hashlib.sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()


def suite_hash(
    base_hash: str, prompts: Sequence["ProbePrompt"], sampling: Sampling, dtype: str, scored: str = ""
) -> str:
    """Equal only where the same model would give the same answers and be measured alike; `scored` says by what, beside what
    prompts know themselves."""
    asked = [[prompt.id, prompt.kind, prompt.messages, prompt.score is not None] for prompt in prompts]
    # The program's version, for a later one may score otherwise.
    told = [__version__, base_hash, asked, sampling.model_dump(), dtype, scored]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def keep(folder: RunFolder, last: LastProbe) -> None:
    write_whole(folder.probe, last.model_dump_json())


def last_probe(folder: RunFolder) -> LastProbe | None:
    """None if the run has made none, or an earlier version kept none."""
    try:
        return LastProbe.model_validate_json(folder.probe.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
