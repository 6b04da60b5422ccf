"""A pane that a server answers which speaks OpenAI's protocol, word by word as it comes.

What a judge waits out for minutes, a person asks again with a click: a failure is told at once, and the other panes go
on. A server may send anything: no more is read of it than an answer can have, and one that ends without saying so is told
as broken off. Needs the official client `openai` (the extra `judge`); its key is the judges' (training/judges/endpoint.py).
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
from rlft_gui.services.comparisons.hearing import TooMuch, heard_of, open_listening
from rlft_gui.services.comparisons.sources import Take
from rlft_gui.training.judges.endpoint import KEY_VARIABLE, refused_wishes, sentence_of

logger = logging.getLogger(__name__)

SILENCE = 60.0  #: seconds without a word after which a server is given up
LONGEST = 900.0  #: seconds for one answer, however slowly it drips
TELL_SECONDS = 0.1
#: Characters, or pieces, of an answer that can still be as long as was asked. A token has four or so; some servers send
#: each character by itself.
CHARACTERS_A_TOKEN = 8
SPARE_CHARACTERS = 256
_AT_ONCE = 4  #: requests under way at a time, of one pane
_LOOK_EVERY = 0.2  #: seconds between two looks at whether to stop
_LONGEST_NAME = 200  #: characters of a model's name that are kept
_MOST_COUNTED = 10**9
_COUNT = "stream_options"  #: asks for the number of tokens

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
        async with open_listening(self._url, SILENCE, self._sampling.max_new_tokens) as client:

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
        written = _Written(one, take, self._url, self._sampling.max_new_tokens)
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
        except TooMuch:
            written.fail(
                f"The server at {self._url} sent far more than an answer of {self._sampling.max_new_tokens} tokens can "
                "have, so it was not read on."
            )
        except Exception as error:
            logger.debug("An endpoint's answer could not be read", exc_info=True)
            written.fail(f"The server at {self._url} sent what cannot be read: {sentence_of(error)}")

    async def _stream(self, client: Any, messages: Sequence[Message], written: "_Written") -> None:
        import openai

        try:
            async with await self._begun(client, messages, written) as chunks:
                async for chunk in chunks:
                    written.add(chunk)
                    if written.is_past:
                        written.end(
                            f"cut here: the server went on past {self._sampling.max_new_tokens} tokens"
                        )
                        return
                written.finish(is_told=heard_of(chunks).is_done)
        except openai.APIConnectionError as error:
            if written.is_whole:
                written.finish(is_told=True)  # all that failed is the goodbye
            else:
                raise self._gone(error, written) from None
        except openai.APIError as error:
            raise self._failure(error) from None

    async def _begun(self, client: Any, messages: Sequence[Message], written: "_Written") -> Any:
        """The stream of an answer. What a server says that it does not take is left out, of later answers too."""
        import openai

        wishes = _wishes(self._sampling, written.now.seed)
        unsaid: set[str] = set()  # left out without a word of the server
        while True:
            sent = {name: value for name, value in wishes.items() if name not in self._refused | unsaid}
            try:
                stream = await client.chat.completions.create(
                    model=self._model, messages=list(messages), stream=True, **sent
                )
            except openai.APIStatusError as error:
                refused = refused_wishes(error, sent)
                self._refused |= refused
                if not refused and error.status_code in (400, 422) and _COUNT in sent:
                    # Some name nothing. To be told how many tokens an answer has is no person's wish.
                    unsaid = {_COUNT}
                elif not refused:
                    raise
            else:
                self._refused |= unsaid
                return stream

    def _gone(self, error: Any, written: "_Written") -> RlftError:
        """Why nothing more comes."""
        import openai

        if isinstance(error, openai.APITimeoutError):
            self._lost = NotPossibleNow(
                f"The server at {self._url} said nothing for {SILENCE:g} seconds. Look whether it still works, then ask "
                "again."
            )
            return self._lost
        if written.now.text:
            return NotPossibleNow(broken_off(self._url))
        cause = sentence_of(error.__cause__ or error)
        self._lost = NotPossibleNow(
            f"The server at {self._url} cannot be reached: {cause} Start it, or correct its address."
        )
        return self._lost

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

    def __init__(self, answer: Generation, take: Take, url: str, most_tokens: int) -> None:
        self.now = answer
        self._take = take
        self._url = url
        self._most_tokens = most_tokens
        self._most = most_tokens * CHARACTERS_A_TOKEN + SPARE_CHARACTERS
        self._pieces = 0
        self._began = time.monotonic()
        self._told_at = 0.0
        self._reason: str | None = None

    @property
    def is_past(self) -> bool:
        """Whether the server has gone on where an answer must have ended, with what is not shown too."""
        return self._pieces > self._most or len(self.now.text) >= self._most

    @property
    def is_whole(self) -> bool:
        """Whether the server has said why it ended."""
        return self._reason is not None

    def add(self, chunk: Any) -> None:
        update: dict[str, Any] = {"status": GenerationStatus.WRITING}
        if isinstance(chunk.model, str) and chunk.model:
            update["checkpoint"] = chunk.model[:_LONGEST_NAME]
        # The server's own count, or none: a piece may hold many tokens, or half of one.
        counted = getattr(getattr(chunk, "usage", None), "completion_tokens", None)
        if isinstance(counted, int) and 0 < counted <= _MOST_COUNTED:
            update["tokens"] = counted
        if chunk.choices:
            choice = chunk.choices[0]
            self._pieces += 1
            self._reason = choice.finish_reason or self._reason
            if text := choice.delta.content:
                update["text"] = (self.now.text + text)[: self._most]
        self._become(update)
        if time.monotonic() - self._told_at > TELL_SECONDS:
            self._tell()

    def finish(self, *, is_told: bool) -> None:
        """The stream has ended; `is_told`: its last event came."""
        if self.now.text and self._reason is None and not is_told:
            self.fail(broken_off(self._url))
        elif self.now.text.strip():
            self.end(_ENDS.get(self._reason or "", "ended by the server"))
        elif self._reason is None and not is_told:
            self.fail(
                f"The server at {self._url} sent no answer. It must stream chat completions as OpenAI does."
            )
        elif self._reason == "length":
            self.fail(
                f"The server at {self._url} answered with nothing: {self._most_tokens} tokens were over before it "
                "said a word, as with models that think first. Allow a longer answer."
            )
        else:
            self.fail(f"The server at {self._url} answered with nothing.")

    def end(self, finish: str) -> None:
        self._become({"status": GenerationStatus.DONE, "finish": finish, "text": self.now.text.strip()})
        self._tell()

    def fail(self, sentence: str) -> None:
        self._become({"status": GenerationStatus.FAILED, "error": sentence})
        self._tell()

    def _become(self, update: Mapping[str, Any]) -> None:
        self.now = self.now.model_copy(update={"seconds": time.monotonic() - self._began, **update})

    def _tell(self) -> None:
        told = self.now.model_copy(update={"text": _storable(self.now.text)})
        self._take(Reply(event="answers", answers=(told,)))
        self._told_at = time.monotonic()


def broken_off(url: str) -> str:
    return f"Broken off: the server at {url} ended in the middle of its answer. Ask again."


def _storable(text: str) -> str:
    """With halves of characters, which JSON can hold and no file can, joined, or replaced where the other is missing."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _wishes(sampling: Sampling, seed: int) -> dict[str, Any]:
    """What is asked for beside the model and the conversation."""
    return {
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "max_tokens": sampling.max_new_tokens,
        "seed": seed,
        _COUNT: {"include_usage": True},
    }
