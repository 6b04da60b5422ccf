"""A pane that a server answers which speaks OpenAI's protocol, word by word as it comes.

What a judge waits out for minutes, a person asks again with a click: a failure is told at once, and the other panes go
on. Needs the official client `openai` (the extra `judge`); its key is the judges' (training/judges/endpoint.py).
"""

import asyncio
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from rlft_gui.domain.comparison import Generation, GenerationStatus, ModelRef, Sampling
from rlft_gui.domain.errors import InvalidInput, NotPossibleNow, RlftError
from rlft_gui.domain.turns import Message
from rlft_gui.inference.protocol import Reply
from rlft_gui.services.comparisons.sources import Take
from rlft_gui.training.judges.endpoint import KEY_VARIABLE, open_client, refused_wishes, sentence_of

logger = logging.getLogger(__name__)

SILENCE = 60.0  #: seconds without a word after which a server is given up
LONGEST = 900.0  #: seconds for one answer, however slowly it drips
TELL_SECONDS = 0.1
_AT_ONCE = 4  #: requests under way at a time, of one pane
_LOOK_EVERY = 0.2  #: seconds between two looks at whether to stop

_ENDS = {
    "stop": "ended by itself",
    "length": "cut at the limit",
    "content_filter": "cut by the server's filter",
}


class Endpoint:
    """One pane's answers."""

    def __init__(
        self,
        ref: ModelRef,
        asked: Sequence[tuple[Generation, Sequence[Message]]],
        sampling: Sampling,
    ) -> None:
        """`asked`: each answer that is wanted, with the conversation that it ends."""
        self.wanted = [one for one, _ in asked]
        self._url = ref.url
        self._model = str(ref.endpoint)
        self._asked = asked
        self._sampling = sampling
        self._cancelled = threading.Event()
        self._refused: set[str] = set()
        self._lost: RlftError | None = None  #: why the server is not asked any more

    def cancel(self) -> None:
        self._cancelled.set()

    def run(self, take: Take) -> None:
        if find_spec("openai") is None:
            raise InvalidInput(
                "To ask a model behind an address, this installation needs openai. Run: pip install "
                '"rlft-gui[judge]"'
            )
        asyncio.run(self._answer_all(take))

    async def _answer_all(self, take: Take) -> None:
        gate = asyncio.Semaphore(_AT_ONCE)
        async with open_client(self._url, SILENCE) as client:

            async def answer(one: Generation, messages: Sequence[Message]) -> None:
                async with gate:
                    await self._answer(client, one, messages, take)

            tasks = [asyncio.create_task(answer(one, messages)) for one, messages in self._asked]
            pending = set(tasks)
            while pending and not self._cancelled.is_set():
                _, pending = await asyncio.wait(pending, timeout=_LOOK_EVERY)
            for task in pending:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _answer(self, client: Any, one: Generation, messages: Sequence[Message], take: Take) -> None:
        written = _Written(one, take)
        try:
            if self._lost is not None:
                raise self._lost
            async with asyncio.timeout(LONGEST):
                await self._stream(client, messages, written)
        except asyncio.CancelledError:
            written.end("stopped")
            raise
        except TimeoutError:
            written.end("cut after a quarter of an hour")
        except RlftError as error:
            written.fail(str(error))
        except Exception as error:
            logger.exception("An endpoint's answer could not be read")
            written.fail(f"The server at {self._url} sent what cannot be read: {sentence_of(error)}")

    async def _stream(self, client: Any, messages: Sequence[Message], written: "_Written") -> None:
        import httpx
        import openai

        try:
            async with await self._begun(client, messages, written) as chunks:
                async for chunk in chunks:
                    written.add(chunk)
        except (openai.APITimeoutError, httpx.TimeoutException):
            self._lost = NotPossibleNow(
                f"The server at {self._url} said nothing for {SILENCE:g} seconds. Look whether it still works, then ask "
                "again."
            )
            raise self._lost from None
        except (openai.APIConnectionError, httpx.TransportError) as error:
            cause = sentence_of(error.__cause__ or error)
            self._lost = NotPossibleNow(
                f"The server at {self._url} cannot be reached: {cause} Start it, or correct its address."
            )
            raise self._lost from None
        except openai.APIError as error:
            raise self._failure(error) from None
        written.finish(self._url)

    async def _begun(self, client: Any, messages: Sequence[Message], written: "_Written") -> Any:
        """The stream of an answer. What a server says that it does not take is left out, of later answers too."""
        import openai

        while True:
            wishes = {
                name: value
                for name, value in _wishes(self._sampling, written.now.seed).items()
                if name not in self._refused
            }
            try:
                return await client.chat.completions.create(
                    model=self._model, messages=list(messages), stream=True, **wishes
                )
            except openai.APIStatusError as error:
                refused = refused_wishes(error, wishes)
                if not refused:
                    raise
                self._refused |= refused

    def _failure(self, error: Any) -> RlftError:
        said = sentence_of(error)
        status = getattr(error, "status_code", None)
        if status in (401, 403):
            self._lost = InvalidInput(
                f"The server at {self._url} refused the key: {said} Set the environment variable {KEY_VARIABLE} before "
                "the app starts."
            )
            return self._lost
        if status == 429:
            return NotPossibleNow(f"The server at {self._url} is asked too often: {said} Ask again later.")
        return NotPossibleNow(f"The server at {self._url} refused to answer as {self._model}: {said}")


class _Written:
    """An answer as it grows."""

    def __init__(self, answer: Generation, take: Take) -> None:
        self.now = answer
        self._take = take
        self._began = time.monotonic()
        self._told_at = 0.0
        self._reason: str | None = None
        self._tokens: int | None = None  #: as the server counts them

    def add(self, chunk: Any) -> None:
        if usage := getattr(chunk, "usage", None):
            self._tokens = usage.completion_tokens
        update: dict[str, Any] = {"status": GenerationStatus.WRITING, "checkpoint": chunk.model or None}
        if chunk.choices:
            choice = chunk.choices[0]
            self._reason = choice.finish_reason or self._reason
            if text := choice.delta.content:
                update |= {"text": self.now.text + text, "tokens": self.now.tokens + 1}
        self._become(update)
        if time.monotonic() - self._told_at > TELL_SECONDS:
            self._tell()

    def finish(self, url: str) -> None:
        """The stream has ended."""
        if not self.now.text and self._reason is None:
            self.fail(f"The server at {url} sent no answer. It must stream chat completions as OpenAI does.")
        else:
            self.end(_ENDS.get(self._reason or "", "ended by the server"))

    def end(self, finish: str) -> None:
        counted = {} if self._tokens is None else {"tokens": self._tokens}
        text = {"text": self.now.text.strip()}
        self._become({"status": GenerationStatus.DONE, "finish": finish, **counted, **text})
        self._tell()

    def fail(self, sentence: str) -> None:
        self._become({"status": GenerationStatus.FAILED, "error": sentence})
        self._tell()

    def _become(self, update: Mapping[str, Any]) -> None:
        self.now = self.now.model_copy(update={"seconds": time.monotonic() - self._began, **update})

    def _tell(self) -> None:
        self._take(Reply(event="answers", answers=(self.now,)))
        self._told_at = time.monotonic()


def _wishes(sampling: Sampling, seed: int) -> dict[str, Any]:
    """What is asked for beside the model and the conversation."""
    return {
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "max_tokens": sampling.max_new_tokens,
        "seed": seed,
        "stream_options": {"include_usage": True},
    }
