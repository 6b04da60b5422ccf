"""What a chat template does with small conversations whose words are known: how a turn ends, what it refuses or drops.

Nothing here believes what a config says. Which token ends an answer is read off what the template writes behind one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rlft_gui.training.chat.renderer import Message, TemplateTrouble

#: Words that no template writes by itself.
_SYSTEM, _QUESTION, _ANSWER, _REASON, _EARLIER = "Vasilkov", "Quimper", "Arnsberg", "Rissani", "Tolmin"

#: Renders conversations; the flag asks for the beginning of the assistant's turn.
Render = Callable[[Sequence[Sequence[Message]], bool], list[tuple[bool, str]]]


@dataclass(frozen=True)
class Habits:
    """What a template does.

    Attributes:
        opening: what must be added behind a rendered prompt, for a template that does not begin the assistant's turn
            when asked; "" where it does.
        end: the token that ends an answer.
        writes_end: the template writes it; else it is added.
        takes_system: a system turn is written; else its words go to the beginning of the first user turn.
        writes_answers: an answer is written as it was said; else only prompts are left to the template.
        keeps_reasoning: text between <think> and </think> in an answer stays.
        keeps_turns: what was said before the last question is written; else conversations of several turns are refused.
        marks: tokens that the template writes around what is said.
    """

    opening: str
    end: str
    writes_end: bool
    takes_system: bool
    writes_answers: bool
    keeps_reasoning: bool
    keeps_turns: bool
    marks: frozenset[str]

    def notes(self) -> tuple[str, ...]:
        """What is unusual, a sentence each; nothing of a template that does what templates are for."""
        told = []
        if not self.writes_end:
            told.append(
                f"The chat template ends no answer with a token, so {self.end} is added to each; else the model would "
                "never learn to stop."
            )
        if not self.keeps_turns:
            told.append(
                "The chat template leaves out what was said before the last question, so conversations of several turns "
                "cannot be learnt and are left out."
            )
        if not self.takes_system:
            told.append(
                "The chat template writes no system turn, so its text goes before the first user turn."
            )
        if not self.writes_answers:
            told.append(
                "The chat template does not write answers as they are, so each is put behind its prompt word for word."
            )
        elif not self.keeps_reasoning:
            told.append(
                "The chat template deletes reasoning (<think>…</think>), so answers that hold some are put behind their "
                "prompts word for word."
            )
        return tuple(told)


def find_habits(render: Render, tokens: Sequence[str], eos: str) -> Habits:
    """Try the template.

    Args:
        tokens: everything the tokenizer has a token of its own for.
        eos: the tokenizer's end token, for templates that write none.

    Raises:
        TemplateTrouble: it cannot write a question, or leaves out what is asked.
    """
    question, answer = _turn("user", _QUESTION), _turn("assistant", _ANSWER)
    system = _turn("system", _SYSTEM)
    reasoned = _turn("assistant", f"<think>\n{_REASON}\n</think>\n\n{_ANSWER}")
    several = [_turn("user", _EARLIER), _turn("assistant", _ANSWER), question]
    # All in two requests: each is a round trip to another process.
    (asks, prompt), (asks_system, with_system), (asks_again, conversation) = render(
        [[question], [system, question], several], True
    )
    (_, bare), (says, whole), (reasons, thought) = render(
        [[question], [question, answer], [question, reasoned]], False
    )
    if not asks:
        raise TemplateTrouble(f"Its chat template cannot write a question: {prompt}. Choose another model.")
    if _QUESTION not in prompt:
        raise TemplateTrouble(
            "Its chat template leaves out what the user says, so every prompt would be the same. Choose another model."
        )
    writes_answers = says and _ANSWER in whole
    opening = _opening(prompt, bare, whole) if writes_answers else ""
    end = _first_token(whole.rpartition(_ANSWER)[2], tokens) if writes_answers else None
    return Habits(
        opening=opening,
        end=end or eos,
        writes_end=end is not None,
        takes_system=asks_system and _SYSTEM in with_system,
        # Else what is learnt would stand behind another text than the one that is asked with.
        writes_answers=writes_answers and whole.startswith(prompt + opening),
        keeps_reasoning=reasons and _REASON in thought and "<think>" in thought,
        keeps_turns=asks_again and _EARLIER in conversation and _ANSWER in conversation,
        marks=frozenset(token for token in tokens if any(token in text for text in (whole, with_system))),
    )


def _turn(role: str, content: str) -> Message:
    return {"role": role, "content": content}


def _opening(prompt: str, bare: str, whole: str) -> str:
    """What stands between question and answer, where the template does not write it when asked for it."""
    # Asking changed the text, so the template does begin the assistant's turn.
    if prompt != bare or not whole.startswith(bare):
        return ""
    return whole[len(bare) : whole.rindex(_ANSWER)]


def _first_token(text: str, tokens: Sequence[str]) -> str | None:
    """The token that text begins with, white space aside."""
    rest = text.lstrip()
    # The longest, as the tokenizer would take it: "<|end|>" before "<|".
    return max((token for token in tokens if rest.startswith(token)), key=len, default=None)
