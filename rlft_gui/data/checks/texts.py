"""What is wrong within one row: text damaged by a wrong encoding, secrets, prompts within answers, answers that are none."""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence

from rlft_gui.data.checks.looked import Gathered, Looked
from rlft_gui.domain.dataset import Finding

Kinds = Sequence[tuple[str, str, "re.Pattern[str]"]]

_LOOKED_AT = 2_000  #: characters of a text; a pattern of several screens costs too much
#: What it is, what must stand in a text (looking for it is fast), and the format that its issuer documents; each is long
#: enough that plain words do not look like it.
_SECRETS = (
    ("a private key", "PRIVATE KEY", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")),
    ("an OpenAI key", "sk-", re.compile(r"\bsk-(?:proj-)?[A-Za-z0-9_-]{20,}")),
    ("an Anthropic key", "sk-ant-", re.compile(r"\bsk-ant-[A-Za-z0-9_-]{20,}")),
    ("a Hugging Face token", "hf_", re.compile(r"\bhf_[A-Za-z]{30,}")),
    ("a GitHub token", "gh", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{50,})")),
    ("an AWS key", "IA", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    ("a Google key", "AIza", re.compile(r"\bAIza[A-Za-z0-9_-]{35}")),
    ("a Slack token", "xox", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}")),
    ("a web token", "eyJ", re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.")),
    (
        "a password in an address",
        "://",
        re.compile(r"\b[a-z][a-z0-9+.-]{1,15}://[^\s/:@]{1,60}:[^\s/:@]{3,60}@"),
    ),
)
_PERSONAL = (
    ("an email address", "@", re.compile(r"\b[\w.+-]{1,60}@[\w-]{1,60}\.[A-Za-z0-9.-]{2,60}\b")),
    (
        "a telephone number",
        "+",
        re.compile(r"(?<![\w.])\+\d{1,3}[ .-]?\(?\d{2,4}\)?(?:[ .-]?\d{2,4}){2,4}(?!\w)"),
    ),
    ("a telephone number", "/", re.compile(r"(?<![\w/.])0\d{2,4} ?/ ?\d{4,9}(?![\w/])")),
    ("an IBAN", "", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")),
    ("a social security number", "-", re.compile(r"\b\d{3}-\d{2}-\d{4}\b")),
    ("a card number", "", re.compile(r"\b(?:\d{4}[ -]?){3}\d{4}\b")),
)
#: Nine digits that hardly anything parts: an account or a card.
_NUMBERS = re.compile(r"\d(?:[ -]?[\dA-Z]){9}")
#: Addresses that stand for nobody (RFC 2606).
_NOBODY = re.compile(r"@(?:[\w-]+\.)?(?:example\.(?:com|org|net)|test|localhost)\b", re.IGNORECASE)
_NO_ANSWER = re.compile(
    r"\s*(?:n/?a|none|null|nan|todo|tbd|xxx+|lorem ipsum\b.*|\.{1,3}|-+|\?+|<[^<>]{1,40}>|\[[^\[\]]{1,40}\])\s*",
    re.IGNORECASE | re.DOTALL,
)
_SPEAKS_OF_ITSELF = re.compile(
    r"\bas an? (?:AI|artificial intelligence)(?: language)?(?: model)?\b|\bI'?m sorry, but I (?:can(?:'|no)t|am unable)",
    re.IGNORECASE,
)
#: What chat templates write around turns, that of ChatML, Llama, Mistral, Gemma, Phi and Alpaca. <s> is also markup.
_MARKS = re.compile(
    r"<\|(?:im_start|im_end|endoftext|eot_id|begin_of_text|start_header_id|end_header_id|user|assistant|system|end)\|>"
    r"|\A\s*<s>|</s>\s*\Z|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|^#{2,3} (?:Instruction|Response|Input):",
    re.MULTILINE,
)
_LONG_PROMPT = 40  #: characters; a shorter prompt stands in its answer by chance
_LOOPED, _LONG_ANSWER = 0.08, 400  #: size of what is left when an answer of so many characters is packed


class TextChecks:
    """Looks at every row once."""

    def __init__(self) -> None:
        self._damaged = Gathered(
            "text is damaged, as by reading it in a wrong encoding (Ã© for é)",
            "Read the file in the encoding that it was written in (--encoding), or mend it with ftfy.",
        )
        self._secrets = Gathered(
            "the row seems to hold a key or password",
            "Take it out and have it replaced where it is used: a model may repeat what it was trained on.",
        )
        self._personal = Gathered(
            "the row seems to hold personal data",
            "Take it out or replace it by made-up data, unless the people agreed: a model may repeat it.",
        )
        self._marked = Gathered(
            "a mark of a chat template stands in the text",
            "It is learnt as words, for the template writes the marks. Take it out, unless the text is about it.",
        )
        self._leaked = Gathered(
            "the answer repeats the whole prompt",
            "Leave the prompt out of the answer, or the model learns to repeat what it is asked.",
        )
        self._none = Gathered("the answer is a placeholder", "Write the answer, or leave the row out.")
        self._itself = Gathered(
            "the answer to imitate speaks of itself as an AI, or refuses",
            "Keep it only where it should refuse; else leave the row out.",
        )
        self._looped = Gathered(
            "the answer repeats the same words over and over", "Leave the row out: loops are learnt quickly."
        )

    def look(self, looked: Looked) -> None:
        texts = (looked.prompt, *looked.answers.values())
        self._look_for_damage(looked, texts)
        self._look_for_secrets(looked, texts)
        self._look_for_marks(looked, texts)
        for answer in looked.answers.values():
            if len(looked.question) >= _LONG_PROMPT and looked.question.strip() in answer:
                self._leaked.add(looked, answer)
                break
        self._look_at_what_is_imitated(looked, looked.imitated)

    def findings(self) -> Iterable[Finding]:
        all_of_them = (
            self._secrets, self._personal, self._damaged, self._marked, self._leaked, self._none, self._itself, self._looped,
        )  # fmt: skip
        return (finding for gathered in all_of_them for finding in gathered.findings())

    def _look_for_damage(self, looked: Looked, texts: Iterable[str]) -> None:
        from ftfy import badness

        for text in texts:
            if not text.isascii() and ("�" in text or badness.is_bad(text[:_LOOKED_AT])):
                self._damaged.add(looked, _around(text, text.find("�")) if "�" in text else text)
                return

    def _look_for_secrets(self, looked: Looked, texts: Iterable[str]) -> None:
        for gathered, kinds in ((self._secrets, _SECRETS), (self._personal, _PERSONAL)):
            found = dict.fromkeys(what for text in texts for what in _held(kinds, text))
            if found:
                gathered.add(looked, ", ".join(found))  # what it is, never the secret itself

    def _look_for_marks(self, looked: Looked, texts: Iterable[str]) -> None:
        for text in texts:
            for part in dict.fromkeys((text[:_LOOKED_AT], text[-_LOOKED_AT:])):
                if found := _MARKS.search(part):
                    self._marked.add(looked, _around(part, found.start()))
                    return

    def _look_at_what_is_imitated(self, looked: Looked, answer: str) -> None:
        if not answer:
            return
        if _NO_ANSWER.fullmatch(answer[:_LOOKED_AT]):
            self._none.add(looked, answer)
        elif _SPEAKS_OF_ITSELF.search(answer[:_LOOKED_AT]):
            self._itself.add(looked, answer)
        elif _is_looped(answer[:_LOOKED_AT]):
            self._looped.add(looked, answer)


def _is_looped(text: str) -> bool:
    """What packs to almost nothing says the same again and again."""
    return len(text) >= _LONG_ANSWER and len(zlib.compress(text.encode(), 1)) < _LOOPED * len(text)


def _held(kinds: Kinds, text: str) -> Iterator[str]:
    """What of these kinds stands in the text."""
    has_numbers = _NUMBERS.search(text) is not None
    for what, needle, pattern in kinds:
        if needle in text if needle else has_numbers:
            found = pattern.search(text)
            if found is not None and _is_meant(what, found.group()):
                yield what


def _is_meant(what: str, found: str) -> bool:
    if what == "an email address":
        return not _NOBODY.search(found)
    return what != "a card number" or _is_card(found)


def _is_card(digits: str) -> bool:
    """Luhn's check of the last digit (ISO/IEC 7812-1)."""
    numbers = [int(character) for character in digits if character.isdigit()]
    doubled = [
        number * 2 if place % 2 == len(numbers) % 2 else number for place, number in enumerate(numbers)
    ]
    return len(set(numbers)) > 1 and sum(number - 9 * (number > 9) for number in doubled) % 10 == 0


def _around(text: str, place: int) -> str:
    return text[max(0, place - 30) : place + 30]
