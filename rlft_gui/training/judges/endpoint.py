"""A model behind an OpenAI-compatible server as judge.

Where the server gives log-probabilities of the first token, P(first) is the labels' share of them; else the reply is
read, and counts as sure. A reply that cannot be read is asked for again with a reminder, and is never guessed at.
Failures that may pass (no connection, no answer in time, 408, 409, 429, 5xx) are waited out with Patience; others are
told at once. Needs the extra `judge`: the official client `openai`, and `tenacity`.
"""

import asyncio
import math
import os
import re
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.failure import FailureKind
from rlft_gui.domain.rubric import Rubric
from rlft_gui.training.judges._base import JudgedAnswer, Pair, Verdict
from rlft_gui.training.judges.local import compare_text, rate_text
from rlft_gui.training.judges.patience import JudgeFailed, Patience

KEY_VARIABLE = "RLFT_JUDGE_API_KEY"
TIMEOUT = 120.0  #: seconds for one reply
_LEAST_WAIT = 1.0  #: as many at the end of patience, too
_AT_ONCE = 8  #: requests under way at a time
_READINGS = 3  #: how often a judge is asked until its reply can be read
_LOOK_EVERY = 0.25  #: seconds between two looks at whether someone asked the run to stop
_PASSING = (408, 409, 429)  #: and every 5xx

#: Sentences that name the better answer and nothing else.
_SAYS = (
    r"(?i:(?:I (?:choose|pick|prefer)|(?:the )?(?:better|best|preferred) (?:answer|response|option|one) is|"
    r"my (?:answer|choice|verdict) is|the (?:answer|verdict) is)(?: answer| response| option)?)\W+{label}\W*"
    r"|(?i:answer|response|option) {label}(?i: is (?:the )?better(?: one| answer| response)?)?\W*"
)

#: What is asked for beside the model and its prompt; a server that refuses one of them is asked without it.
_WISHES: Mapping[str, Any] = {"logprobs": True, "top_logprobs": 20, "temperature": 0.0, "max_tokens": 128}


class JudgeRefused(InvalidInput):
    """It will not work before somebody has changed something around it; the recipe is right."""

    failure = FailureKind.JUDGE_UNAVAILABLE


@dataclass(frozen=True)
class _Question:
    """What is asked, and the two labels to choose from."""

    text: str
    first: str
    second: str

    def reminded(self) -> str:
        return f'{self.text}\n\nReply with "{self.first}" or "{self.second}" and nothing else.'


class _Unreadable(Exception):
    """A reply that names neither label, or both."""


@dataclass
class EndpointJudge:
    """Judges by a rubric through chat completions.

    Attributes:
        url: base address, e.g. http://127.0.0.1:8000/v1.
        patience: how failures are waited out.
    """

    url: str
    model: str
    rubric: Rubric
    patience: Patience
    timeout: float = TIMEOUT
    _refused: set[str] = field(default_factory=set)
    _waits: float = TIMEOUT

    @property
    def can_rate(self) -> bool:
        return bool(self.rubric.rate)

    def compare(self, pairs: Sequence[Pair]) -> list[Verdict]:
        labels = self.rubric.first_label, self.rubric.second_label
        return self._ask_all([_Question(compare_text(self.rubric, pair), *labels) for pair in pairs])

    def rate(self, answers: Sequence[JudgedAnswer]) -> list[float]:
        labels = self.rubric.yes_label, self.rubric.no_label
        asked = [_Question(rate_text(self.rubric, answer), *labels) for answer in answers]
        return [verdict.first_is_better for verdict in self._ask_all(asked)]

    def _ask_all(self, questions: Sequence[_Question]) -> list[Verdict]:
        """All verdicts; after a failure only what is still missing is asked again."""
        found: dict[int, Verdict] = {}
        # A new loop and client for each try: a client's open connections belong to the loop that made them.
        self.patience(lambda: asyncio.run(self._ask_missing(questions, found)))
        return [found[i] for i in range(len(questions))]

    async def _ask_missing(self, questions: Sequence[_Question], found: dict[int, Verdict]) -> None:
        gate = asyncio.Semaphore(_AT_ONCE)
        # A judge that hangs is waited for no longer than one that fails.
        self._waits = min(self.timeout, max(_LEAST_WAIT, self.patience.left()))
        async with open_client(self.url, self._waits) as client:

            async def ask(index: int) -> None:
                async with gate:
                    found[index] = await self._verdict(client, questions[index])

            await _together([ask(i) for i in range(len(questions)) if i not in found], self.patience)

    async def _verdict(self, client: Any, question: _Question) -> Verdict:
        reply: Any = None
        for reading in range(_READINGS):
            reply = await self._reply(client, question.reminded() if reading else question.text)
            try:
                return read(reply, question.first, question.second)
            except _Unreadable:
                continue
        raise InvalidInput(
            f'The judge {self.model} at {self.url} was asked for "{question.first}" or "{question.second}" '
            f'{_READINGS} times and said "{_shortened(reply.choices[0].message.content)}". Change the rubric so that it '
            "asks for one of them, or choose another judge."
        )

    async def _reply(self, client: Any, text: str) -> Any:
        """One chat completion, as the server gave it.

        Raises:
            JudgeFailed: it may work later.
            InvalidInput: it will not work as it is.
        """
        import openai

        while True:
            wishes = {name: value for name, value in _WISHES.items() if name not in self._refused}
            messages = [{"role": "user", "content": text}]
            try:
                reply = await client.chat.completions.create(model=self.model, messages=messages, **wishes)
            except openai.APITimeoutError:
                raise JudgeFailed(
                    f"The judge at {self.url} did not reply within {self._waits:.3g} seconds."
                ) from None
            except openai.APIConnectionError as error:
                cause = error.__cause__ or error
                raise JudgeFailed(
                    f"The judge at {self.url} cannot be reached: {sentence_of(cause)}"
                ) from None
            except openai.APIStatusError as error:
                refused = refused_wishes(error, wishes)
                if not refused:
                    raise self._failure(error) from None
                # For all later questions too, so that only the first few are asked twice.
                self._refused |= refused
            except (openai.APIError, ValueError) as error:  # a body that cannot be parsed
                raise self._no_reply(error) from None
            else:
                if not getattr(reply, "choices", None):  # a page of HTML, say, comes back as text
                    raise self._no_reply(reply)
                return reply

    def _no_reply(self, what: object) -> JudgeFailed:
        return JudgeFailed(f"The judge at {self.url} sent what is no reply: {sentence_of(what)}")

    def _failure(self, error: Any) -> Exception:
        status, said = error.status_code, sentence_of(error)
        if status in _PASSING or status >= 500:
            return JudgeFailed(f"The judge at {self.url} failed: {said}", _retry_after(error.response))
        if status in (401, 403):
            return JudgeRefused(
                f"The judge at {self.url} refused the key: {said} Set the environment variable {KEY_VARIABLE}."
            )
        return InvalidInput(f"The judge at {self.url} refused what it was asked as {self.model}: {said}")


def read(reply: Any, first: str, second: str) -> Verdict:
    """The verdict in a chat completion.

    Raises:
        _Unreadable: it names neither label, or both.
    """
    choice = reply.choices[0]
    text = (choice.message.content or "").strip()
    rationale = "" if text in (first, second) else text
    share = _share_of_first_token(choice, first, second)
    named = _named(text, first, second)
    # Of "Verdict: B" the first token says nothing, and of "A refusal is safer" the wrong thing.
    return Verdict(named if share is None or not _begins(text, first, second) else share, rationale)


def _share_of_first_token(choice: Any, first: str, second: str) -> float | None:
    """The first label's share of both labels' probability, where the server says how likely both were."""
    tokens = getattr(choice.logprobs, "content", None) if choice.logprobs is not None else None
    if not tokens:
        return None
    likely = {first: 0.0, second: 0.0}
    for candidate in tokens[0].top_logprobs or ():
        # " A" and "A" are two tokens and one label.
        if candidate.token.strip() in likely:
            likely[candidate.token.strip()] += math.exp(candidate.logprob)
    total = sum(likely.values())
    # Below a half the model was about to say something else, and the leftovers mean little.
    return likely[first] / total if total > 0.5 else None


def _named(text: str, first: str, second: str) -> float:
    """1 or 0 for the label that a reply begins with, or ends with after a colon or on a line of its own, or names in
    one of the usual sentences. A label elsewhere may be the worse answer's, or the word "A"."""
    label = _either(first, second)
    ends = re.search(rf"(?:\n|:)\W*{label}\W*$", text)
    named = {found[1] for found in (_begins(text, first, second), ends) if found}
    if not named and (said := re.fullmatch(_SAYS.format(label=label), text)):
        named = set(filter(None, said.groups()))
    if len(named) != 1:
        raise _Unreadable
    return float(named == {first})


def _begins(text: str, first: str, second: str) -> re.Match[str] | None:
    return re.match(rf'\W*{_either(first, second)}(?=[.:,;)\]*"]|\s*$|\s*\n)', text)


def _either(first: str, second: str) -> str:
    return f"({re.escape(first)}|{re.escape(second)})"


def check_installed() -> None:
    """Raises InvalidInput if the extra `judge` is not installed."""
    missing = [name for name in ("openai", "tenacity") if find_spec(name) is None]
    if missing:
        raise JudgeRefused(
            f"An endpoint judge needs {' and '.join(missing)}, which this installation lacks. Run: pip install "
            '"rlft-gui[judge]"'
        )


def open_client(url: str, timeout: float, http_client: Any = None) -> Any:
    """An asynchronous client with the key of the environment; `timeout` is how many seconds it may hear nothing.

    `http_client`: what speaks HTTP for it; left out, one as the client makes it.
    """
    from openai import AsyncOpenAI

    # Servers at home take any key, and the client none.
    return AsyncOpenAI(
        base_url=url,
        api_key=os.environ.get(KEY_VARIABLE) or "none",
        timeout=timeout,
        max_retries=0,
        http_client=http_client,
    )


async def _together(jobs: Sequence[Coroutine[Any, Any, None]], patience: Patience) -> None:
    """Run all to their end and raise the first error; a stop request breaks off what is still under way."""
    tasks = [asyncio.create_task(job) for job in jobs]
    pending = set(tasks)
    try:
        while pending:
            _, pending = await asyncio.wait(pending, timeout=_LOOK_EVERY)
            if pending:
                patience.check()
    finally:
        for task in pending:
            task.cancel()
        # Waited for, so that no task outlives the loop; their errors are told below.
        await asyncio.gather(*tasks, return_exceptions=True)
    errors = [error for task in tasks if (error := task.exception())]
    # What will not pass is told first: waiting would be in vain.
    for error in sorted(errors, key=lambda error: isinstance(error, JudgeFailed)):
        raise error


def refused_wishes(error: Any, wishes: Mapping[str, Any]) -> set[str]:
    """Which optional arguments a server says that it does not take."""
    if error.status_code not in (400, 422):
        return set()
    refused = {name for name in wishes if name in str(error.message)}
    return refused | (
        {"logprobs", "top_logprobs"} & set(wishes) if "logprobs" in str(error.message) else set()
    )


def _retry_after(response: Any) -> float:
    """Seconds that the server asks to wait; dates are not read."""
    try:
        return max(0.0, float(response.headers.get("retry-after", 0)))
    except ValueError:
        return 0.0


def sentence_of(error: object) -> str:
    """An error's own words, short and with a full stop."""
    text = _shortened(error)
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _shortened(what: object) -> str:
    text = " ".join(str(what).split())
    return text if len(text) <= 200 else text[:199] + "…"
