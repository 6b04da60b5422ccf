"""The small real model, fetched and converted in the background while a person looks at the wizard."""

import logging
import threading
from typing import Literal

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import RlftError
from rlft_gui.domain.trouble import told_of_disk
from rlft_gui.services.models.adding import Adding
from rlft_gui.services.models.service import Models
from rlft_gui.services.models.smollm2 import SMOLLM2
from rlft_gui.services.rights import Rights

logger = logging.getLogger(__name__)


class SmallModelState(Frozen):
    """`said` is the last sentence of progress, or why it failed."""

    phase: Literal["absent", "busy", "here", "failed"]
    said: str = ""


class SmallModel:
    """Safe to share between threads; one attempt at a time, whoever asks. It ends with the program it runs in."""

    def __init__(self, adding: Adding, models: Models, rights: Rights) -> None:
        self._adding = adding
        self._models = models
        self._rights = rights
        self._lock = threading.Lock()
        self._state = SmallModelState(phase="absent")

    def state(self) -> SmallModelState:
        state = self._state
        if state.phase != "busy" and self._models.check(SMOLLM2) is None:
            return SmallModelState(phase="here")
        return state

    def start(self, *, user: str) -> SmallModelState:
        """Begin, unless it is here or on its way; returns at once.

        Raises:
            NotAllowed: `user` may only look.
        """
        self._rights.check_change(user)
        with self._lock:
            if self.state().phase not in ("busy", "here"):
                self._state = SmallModelState(phase="busy", said="Starting.")
                threading.Thread(target=self._add, args=(user,), name="small-model", daemon=True).start()
        return self.state()

    def _add(self, user: str) -> None:
        try:
            self._adding.add(SMOLLM2, say=self._say, user=user)
        except RlftError as error:
            self._state = SmallModelState(phase="failed", said=str(error))
        except OSError as error:
            said = told_of_disk(error) or f"It could not be stored: {error.strerror or error}."
            self._state = SmallModelState(phase="failed", said=said)
        except Exception:
            logger.exception("The small model could not be added")
            self._state = SmallModelState(phase="failed", said="It failed; the app's log says where.")
        else:
            self._state = SmallModelState(phase="absent")  # from now on the files say that it is here

    def _say(self, sentence: str) -> None:
        self._state = SmallModelState(phase="busy", said=sentence)
