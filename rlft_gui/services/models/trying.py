"""What stages cannot do with a base model, tried once for its files in a short process and kept below the home."""

import hashlib
import logging
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from rlft_gui import __version__
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.base_names import joined, split_base
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.services.models.service import Models
from rlft_gui.services.short_work import run_short

logger = logging.getLogger(__name__)

_SECONDS, _MEGABYTES = 180, 4_000


class Trial(Frozen):
    """Sentences on what is not possible; None where it is.

    Attributes:
        shapes: names and shapes of the weights, by the config.
        words: tokenizer and chat template.
        answers: drawing answers, which every policy does when it is probed.
        reward_head: a reward model.
        untried: why nothing is known, which says nothing against the model.
    """

    shapes: str | None = None
    words: str | None = None
    answers: str | None = None
    all_linear: str | None = Field(None, alias="all-linear")
    attention: str | None = None
    reward_head: str | None = None
    untried: str | None = None

    @property
    def base_problem(self) -> str | None:
        return self.shapes or self.words or self.answers

    def lora_problem(self, settings: Mapping[str, Any]) -> str | None:
        """Of a new adapter with these settings of a stage."""
        if settings.get("tuning") != "lora":
            return None
        return self.attention if settings.get("lora_targets") == "attention" else self.all_linear


class Trying:
    """Safe to share between threads; who asks for what is being tried waits for it."""

    def __init__(self, home: Home, models: Models) -> None:
        self._home = home
        self._models = models
        self._known: dict[str, Trial] = {}
        self._lock = threading.Lock()

    def known(self, base: str) -> Trial:
        """What is known without waiting: nothing of a base that was never tried.

        Raises:
            NotFound, InvalidInput: as `trial`.
        """
        folder = self._models.describe(base).folder
        if base == LANTERN or folder is None:
            return Trial()
        stamp = _stamp(folder, split_base(base)[1])
        return self._known.get(stamp) or self._kept(stamp) or Trial()

    def trial(self, base: str) -> Trial:
        """Of a base that the model check takes. Lantern is known to be good; what is not on this machine cannot be
        tried before it is downloaded.

        Raises:
            NotFound, InvalidInput: the model check does not take it.
        """
        folder = self._models.describe(base).folder
        if base == LANTERN or folder is None:
            return Trial()
        template = split_base(base)[1]
        stamp = _stamp(folder, template)
        with self._lock:
            if stamp not in self._known:
                self._known[stamp] = self._kept(stamp) or self._try(joined(str(folder), template), stamp)
            return self._known[stamp]

    def _kept(self, stamp: str) -> Trial | None:
        with suppress(OSError, ValidationError):
            return Trial.model_validate_json(self._file(stamp).read_bytes())
        return None

    def _try(self, base: str, stamp: str) -> Trial:
        """A trial that failed of itself is not kept on disk: the machine may have been busy."""
        try:
            found = Trial.model_validate(
                run_short(
                    "rlft_gui.training.models.trial",
                    {"base": base},
                    seconds=_SECONDS,
                    megabytes=_MEGABYTES,
                    what="The trial of this model",
                )
            )
        except InvalidInput as error:
            logger.warning("%s could not be tried, which stops no launch: %s", base, error)
            return Trial(untried=str(error))
        with suppress(OSError):
            self._file(stamp).parent.mkdir(parents=True, exist_ok=True)
            self._file(stamp).write_text(found.model_dump_json(by_alias=True))
        return found

    def _file(self, stamp: str) -> Path:
        return self._home.trials / f"{stamp}.json"


def _stamp(folder: Path, template: str | None) -> str:
    """Of where its files lie and when they were written, the template chosen, and of this version, which tries."""
    files = sorted((f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in folder.iterdir())
    return hashlib.sha256(repr((__version__, joined(str(folder), template), files)).encode()).hexdigest()[:32]
