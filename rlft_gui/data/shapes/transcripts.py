"""Conversations that are written as one text with the speakers' names, as in Anthropic's HH-RLHF (Bai et al. 2022):

\n\nHuman: Hello?\n\nAssistant: Hi.
"""

import re

_TURN = re.compile(r"(?:\A\s*|\n\n)(Human|Assistant):[ \t]?")


def spoken(text: str) -> list[dict[str, str]] | None:
    """The turns, as people write them; None if the text is no such conversation.

    A last turn of the assistant without words asks for one, and is left out.
    """
    if not text.lstrip().startswith("Human:"):  # before the whole of a long text is searched
        return None
    marks = list(_TURN.finditer(text))
    if len(marks) < 2:
        return None
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    turns = [
        {"from": mark[1].lower(), "value": text[mark.end() : end].strip()}
        for mark, end in zip(marks, ends, strict=True)
    ]
    return turns[:-1] if turns[-1] == {"from": "assistant", "value": ""} else turns
