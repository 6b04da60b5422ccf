"""Prompts and answers as tokens: the same prompt when it is learnt and when it is asked, every answer with its end.

Of what the template writes for a whole conversation, the part behind the prompt is learnt, up to the end token, if it
holds the answer word for word. If not (the prompt comes out differently, reasoning is deleted, no end is written), the
answer itself is put behind the prompt, with the end token. Either way what is learnt is what is sampled later.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.training.chat.habits import Habits, find_habits
from rlft_gui.training.chat.renderer import RENDERER, Message

#: Why an answer was put behind its prompt instead of being taken from the template.
ALTERED = "the chat template would change the answer"
OTHER_PROMPT = "the chat template would change the prompt"
#: Why a row cannot be learnt: it would be learnt with holes.
UNKNOWN = "the tokenizer has no tokens for some of its characters"
NO_CALLS = "it does not write calls of tools"
NO_TOOLS = "it does not write which tools there are"

_WORD = "a"  #: that every tokenizer can write
_KEPT_AS = "_rlft_chat"  #: a tokenizer's attribute


@dataclass(frozen=True)
class Turn:
    """One answer to one prompt.

    Attributes:
        answer: tokens up to the one that ends it.
        past_template: why it is not as the template writes it; "" where it is.
    """

    prompt: list[int]
    answer: list[int]
    past_template: str


@dataclass(frozen=True)
class Refusal:
    """A conversation that the template does not write. `reason` is its own word for it."""

    reason: str


@dataclass(frozen=True)
class Document:
    """A text that is learnt whole, without any chat template.

    Attributes:
        beginning: what the tokenizer itself puts before a text; most put nothing.
        tokens: of the text, and the tokenizer's end token behind them.
    """

    beginning: list[int]
    tokens: list[int]


class Chat:
    """How the base of one tokenizer writes conversations. Made once for each tokenizer, by `chat`."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer

    def __getstate__(self) -> dict[str, Any]:
        """What a copy takes along. It finds out anew, for its tokenizer may get another template."""
        return {"_tokenizer": self._tokenizer}

    def speaks_for(self, tokenizer: Any) -> bool:
        """Whether it was made for this very tokenizer."""
        return self._tokenizer is tokenizer

    @cached_property
    def habits(self) -> Habits:
        """What its template does.

        Raises:
            TemplateTrouble: nothing sensible.
        """
        return find_habits(self._render, self._own_tokens, self._tokenizer.eos_token)

    @cached_property
    def _own_tokens(self) -> list[str]:
        """Every text that the tokenizer makes one token of before it looks at anything else."""
        known = {token.content for token in self._tokenizer.added_tokens_decoder.values()}
        return sorted(known | set(self._tokenizer.all_special_tokens))

    @cached_property
    def end(self) -> int:
        """The token that ends an answer."""
        return int(self._tokenizer.convert_tokens_to_ids(self.habits.end))

    @cached_property
    def _unknown(self) -> int | None:
        """What stands for characters that it cannot write; None where that is also the end of a text, as in GPT-2."""
        unknown = self._tokenizer.unk_token_id
        others = (
            self._tokenizer.eos_token_id,
            self._tokenizer.bos_token_id,
            self._tokenizer.pad_token_id,
            self.end,
        )
        return None if unknown in others else unknown

    def prompts(self, conversations: Sequence[Sequence[Message]]) -> list[list[int]]:
        """Tokens of each up to where the assistant begins to speak.

        Raises:
            InvalidInput: the template refuses one.
        """
        found = []
        for asked in self.asked(conversations):
            if isinstance(asked, Refusal):
                raise InvalidInput(f"The model's chat template refuses this conversation: {asked.reason}.")
            found.append(asked)
        return found

    def asked(self, conversations: Sequence[Sequence[Message]]) -> list[list[int] | Refusal]:
        """As `prompts`, but a refusal stands in its place."""
        told = self._asked([self._marked(messages) for messages in conversations])
        ids = iter(self._ids([text for is_text, text in told if is_text]))
        return [next(ids) if is_text else Refusal(text) for is_text, text in told]

    def documents(self, texts: Sequence[str]) -> list[Document | Refusal]:
        """Texts as the tokenizer alone writes them, each with one end token. Words never become control tokens here either."""
        end = int(self._tokenizer.eos_token_id)
        found: list[Document | Refusal] = []
        for ids in self._ids([self._marked_text(text) for text in texts]):
            unknown = self._unknown is not None and self._unknown in ids
            found.append(Refusal(UNKNOWN) if unknown else Document(list(self._beginning), [*ids, end]))
        return found

    @cached_property
    def _beginning(self) -> list[int]:
        """What the tokenizer puts before a text by itself. What it puts behind one is left to `documents`, which ends each
        text alike: there are tokenizers that put an end there, and others that put none."""
        with_marks, plain = (
            self._tokenizer(_WORD, add_special_tokens=added, verbose=False)["input_ids"]
            for added in (True, False)
        )
        starts = range(len(with_marks) - len(plain) + 1)
        place = next((i for i in starts if plain and with_marks[i : i + len(plain)] == plain), 0)
        return list(with_marks[:place])

    def turns(self, asked: Sequence[tuple[Sequence[Message], Message]]) -> list[Turn | Refusal]:
        """Each answer behind its prompt, as (prompt, answer)."""
        marked = [(self._marked(prompt), self._marked_turn(answer)) for prompt, answer in asked]
        prompts = self._asked([prompt for prompt, _ in marked])
        if self.habits.writes_answers:
            wholes = self._render([[*prompt, answer] for prompt, answer in marked], False)
        else:
            wholes = [(False, "")] * len(marked)
        prompts = [
            self._callable(prompt, whole, answer)
            for prompt, whole, (_, answer) in zip(prompts, wholes, marked, strict=True)
        ]
        written = [
            self._written(prompt, whole, answer)
            for prompt, whole, (_, answer) in zip(prompts, wholes, marked, strict=True)
        ]
        return list(self._turns(prompts, written))

    def _callable(
        self, prompt: tuple[bool, str], whole: tuple[bool, str], answer: Message
    ) -> tuple[bool, str]:
        """The prompt; a refusal where its answer calls a tool, and the template does not write that behind it."""
        (asks, before), (says, text) = prompt, whole
        if not asks or "tool_calls" not in answer:
            return prompt
        behind = text[len(before) :] if says and text.startswith(before) else ""
        is_written = self.habits.writes_end and self.habits.end in behind and not _unsaid_call(answer, behind)
        return prompt if is_written and _bare(answer["content"]) in _bare(behind) else (False, NO_CALLS)

    def _written(self, prompt: tuple[bool, str], whole: tuple[bool, str], turn: Message) -> tuple[str, str]:
        """The text behind the prompt, up to its end token, and why it is not the template's own."""
        (asks, before), (says, text), end, answer = prompt, whole, self.habits.end, turn["content"]
        if not asks:
            return "", ""
        if "tool_calls" in turn:
            return text[len(before) : text.rindex(end) + len(end)], ""
        # What is learnt must stand behind the very text that is asked with later.
        if not says or not text.startswith(before):
            return answer + end, OTHER_PROMPT if self.habits.writes_answers else ALTERED
        found = _through_end(text[len(before) :], answer.strip(), end if self.habits.writes_end else "")
        if found is None:
            return answer + end, ALTERED
        return (found, "") if self.habits.writes_end else (found + end, "")

    def _turns(
        self, prompts: Sequence[tuple[bool, str]], written: Sequence[tuple[str, str]]
    ) -> Iterator[Turn | Refusal]:
        befores = iter(self._ids([text for asks, text in prompts if asks]))
        wholes = iter(
            self._ids([b + learnt for (asks, b), (learnt, _) in zip(prompts, written, strict=True) if asks])
        )
        for (asks, told), (learnt, why) in zip(prompts, written, strict=True):
            if not asks:
                yield Refusal(told)
                continue
            before, whole = next(befores), next(wholes)
            # Where a token would span the border, prompts would be cut otherwise than when they are asked.
            is_joined = whole[: len(before)] == before
            if self._unknown in whole:
                yield Refusal(UNKNOWN)
                continue
            yield Turn(before, whole[len(before) :] if is_joined else self._ids([learnt])[0], why)

    def _asked(self, conversations: Sequence[Sequence[Message]]) -> list[tuple[bool, str]]:
        rendered = self._render(conversations, True)
        return [self._opened(messages, *told) for messages, told in zip(conversations, rendered, strict=True)]

    def _opened(self, messages: Sequence[Message], is_text: bool, told: str) -> tuple[bool, str]:
        """A prompt with the beginning of the answer's turn; a refusal where the template left out what was said."""
        if is_text and (lost := _left_out(messages, told)):
            return False, lost
        return is_text, told + self.habits.opening if is_text else told

    def _render(self, conversations: Sequence[Sequence[Message]], asks: bool) -> list[tuple[bool, str]]:
        return RENDERER.render(
            self._tokenizer.chat_template, self._tokenizer.special_tokens_map, conversations, asks=asks
        )

    def _marked(self, messages: Sequence[Message]) -> list[Message]:
        """The messages with control tokens in their words marked as words."""
        marked = [self._marked_turn(message) for message in messages]
        if marked and marked[0]["role"] == "system" and not self.habits.takes_system:
            system, first, *rest = marked
            tools = {"tools": system["tools"]} if "tools" in system else {}
            return [{**first, **tools, "content": f"{system['content']}\n\n{first['content']}"}, *rest]
        return marked

    def _marked_turn(self, turn: Message) -> Message:
        return {name: value if name == "role" else self._marked_value(value) for name, value in turn.items()}

    def _marked_value(self, value: Any) -> Any:
        """Every text in it; keys of objects too, for calls and definitions are words of people as well."""
        if isinstance(value, str):
            return self._marked_text(value)
        if isinstance(value, list):
            return [self._marked_value(one) for one in value]
        if isinstance(value, dict):
            return {self._marked_text(str(name)): self._marked_value(one) for name, one in value.items()}
        return value

    def _marked_text(self, text: str) -> str:
        from transformers.utils.chat_template_utils import mark_control_tokens

        marked: str = mark_control_tokens(text, self._control)
        return marked

    @cached_property
    def _control(self) -> Any:
        """What must never come out of the words of a row: special tokens, and whatever the template writes itself.

        `all_special_tokens` has the named ones only (beginning, end, padding): Llama 3's and Phi 3's marks of a turn are
        special and not among them, and others add theirs as plain tokens.
        """
        from transformers.utils.chat_template_utils import _get_control_token_patterns

        added = self._tokenizer.added_tokens_decoder.values()
        special = {token.content for token in added if token.special} | set(
            self._tokenizer.all_special_tokens
        )
        return _get_control_token_patterns(tuple(sorted(special | self.habits.marks)))[0]

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Tokens of rendered texts. Templates write their own beginnings, so the tokenizer adds nothing."""
        from transformers.utils.chat_template_utils import encode_marked_chat

        plain = [text for text in texts if not _is_marked(text)]
        known = iter(
            # In one call, which is much faster than one by one; texts that hold marks are few.
            self._tokenizer(plain, add_special_tokens=False, verbose=False)["input_ids"] if plain else ()
        )
        return [
            encode_marked_chat(self._tokenizer, text) if _is_marked(text) else list(next(known))
            for text in texts
        ]


def chat(tokenizer: Any) -> Chat:
    """How the base of this tokenizer writes conversations. Its template must not change any more."""
    # Kept by the tokenizer itself: each holds the other, and a table of ours would hold both for ever. What a shallow
    # copy of a tokenizer brings along speaks for the one it was copied from.
    known = vars(tokenizer).get(_KEPT_AS)
    if not isinstance(known, Chat) or not known.speaks_for(tokenizer):
        known = Chat(tokenizer)
        vars(tokenizer)[_KEPT_AS] = known
    return known


def _through_end(text: str, answer: str, end: str) -> str | None:
    """The beginning of the text up to the end token behind the answer; None if they do not stand there so."""
    # A short answer ("A") may stand in the template's own words first; more than a few tries only cost time.
    places = islice(_places(text, answer), 8)
    for place in places:
        behind = text[place + len(answer) :]
        if not end:
            return text[: place + len(answer)]
        if behind.lstrip().startswith(end):
            return text[: len(text) - len(behind.lstrip()) + len(end)]
    return None


def _left_out(messages: Sequence[Message], told: str) -> str:
    """Which turn the template left out, in words; "" if it says all of them.

    Reasoning of earlier turns is deleted on purpose by templates of models that reason.
    """
    whole = _bare(told)
    for message in messages:
        said = _bare(message["content"]).rpartition("</think>")[2].strip()
        if said not in whole and _as_json(said) not in whole:
            return f"it leaves out what a {message['role']} turn says"
        if _unsaid_call(message, told):
            return NO_CALLS
        if any(_bare(tool["function"]["name"]) not in whole for tool in message.get("tools", ())):
            return NO_TOOLS
    return ""


def _unsaid_call(turn: Message, told: str) -> bool:
    """Whether a call of a turn, by its name and every value of its arguments, is not in the text."""
    whole = _bare(told)
    calls = [call["function"] for call in turn.get("tool_calls", ())]
    names = [call["name"] for call in calls]
    values = [value for call in calls for value in _leaves(call["arguments"])]
    return any(_bare(one) not in whole and _as_json(_bare(one)) not in whole for one in (*names, *values))


def _leaves(value: Any) -> Iterator[str]:
    """Every word, number and key in it, as JSON writes them, texts without their quotes."""
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    else:
        yield value if isinstance(value, str) else json.dumps(value)


def _as_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _bare(text: str) -> str:
    from transformers.utils.chat_template_utils import _CONTROL_TOKEN_END, _CONTROL_TOKEN_START

    return text.replace(_CONTROL_TOKEN_START, "").replace(_CONTROL_TOKEN_END, "")


def _places(text: str, part: str) -> Iterator[int]:
    place = text.find(part)
    while place >= 0:
        yield place
        place = text.find(part, place + 1)


def _is_marked(text: str) -> bool:
    from transformers.utils.chat_template_utils import _CONTROL_TOKEN_END, _CONTROL_TOKEN_START

    return _CONTROL_TOKEN_START in text or _CONTROL_TOKEN_END in text
