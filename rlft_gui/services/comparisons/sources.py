"""Where answers come from: the inference process of the home, or a server behind an address."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from rlft_gui.domain.comparison import Generation
from rlft_gui.domain.errors import NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.inference import client
from rlft_gui.inference.protocol import GenerationRequest, Reply

logger = logging.getLogger(__name__)

Take = Callable[[Reply], None]


class Source(Protocol):
    """Answers some panes, in a thread of its own."""

    @property
    def wanted(self) -> Sequence[Generation]:
        """What it is asked for."""
        ...

    def run(self, take: Take) -> None:
        """Hand over every change; returns once all is answered, or it was cancelled.

        Raises:
            RlftError: what is not answered yet never will be.
        """
        ...

    def cancel(self) -> None:
        """Ask to stop, from another thread; what was written stays."""
        ...


class Inference:
    """The home's inference process."""

    def __init__(self, home: Home, request: GenerationRequest, wanted: Sequence[Generation]) -> None:
        self.wanted = wanted
        self._home = home
        self._request = request
        self._cancelled = threading.Event()
        self._conversation: client.Conversation | None = None

    def run(self, take: Take) -> None:
        self._conversation = client.ask(self._home, self._request)
        try:
            if self._cancelled.is_set():
                self._conversation.cancel()
            for reply in self._conversation.replies():
                if reply.event == "failed":
                    raise NotPossibleNow(reply.message)
                take(reply)
        finally:
            self._conversation.close()

    def cancel(self) -> None:
        self._cancelled.set()
        if self._conversation is not None:
            self._conversation.cancel()
