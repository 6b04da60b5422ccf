"""What is heard of a server over the wire: no more than can belong to an answer, and whether it said that it has ended."""

import re
from collections.abc import AsyncIterator, Callable
from typing import Any

from rlft_gui.training.judges.endpoint import open_client

#: Bytes of any answer, and of each token beyond: an event around a token takes some hundred.
_LEAST_BYTES = 2**20
_BYTES_A_TOKEN = 4096
_KEPT = 64  #: bytes of what came before, for an end that comes in two pieces
_DONE = re.compile(rb"(?:^|\n)data: ?\[DONE\]")


class TooMuch(Exception):
    """More bytes came than any answer of this length has."""


class Heard:
    """What came of one response."""

    def __init__(self, most: int) -> None:
        self.is_done = False  #: whether the last event came, by which a stream says that it is whole
        self._most = most
        self._bytes = 0
        self._tail = b""

    async def pieces(self, source: Callable[..., AsyncIterator[bytes]]) -> AsyncIterator[bytes]:
        """What `source` has.

        Raises:
            TooMuch: an event without an end would be held in memory whole.
        """
        async for piece in source():
            self._bytes += len(piece)
            if self._bytes > self._most:
                raise TooMuch
            seen = self._tail + piece
            self.is_done = self.is_done or _DONE.search(seen) is not None
            self._tail = seen[-_KEPT:]
            yield piece


def open_listening(url: str, silence: float, most_tokens: int) -> Any:
    """A client each of whose responses keeps a Heard, which `heard_of` finds."""
    from openai import DefaultAsyncHttpxClient

    most = _LEAST_BYTES + most_tokens * _BYTES_A_TOKEN

    async def listen(response: Any) -> None:
        heard, source = Heard(most), response.aiter_bytes
        response.extensions["heard"] = heard
        # On the response itself, so that pages of errors, which the client reads whole, are bounded too.
        response.aiter_bytes = lambda *_: heard.pieces(source)

    return open_client(url, silence, DefaultAsyncHttpxClient(event_hooks={"response": [listen]}))


def heard_of(stream: Any) -> Heard:
    """What has come of a stream of chat completions."""
    heard: Heard = stream.response.extensions["heard"]
    return heard
