"""Putting texts into the templates of rubrics and constitutions."""

import re
from collections.abc import Mapping, Sequence

from rlft_gui.domain.constitution import Constitution
from rlft_gui.domain.rubric import Criterion, Rubric


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with each {name} of `values` replaced by its text.

    All in one pass: braces in a text, or a text that itself holds "{answer}", stay as they are.
    """
    # Not str.format: a text with braces of its own (JSON, LaTeX) would fail or be filled.
    names = "|".join(map(re.escape, values))
    return re.sub(rf"\{{({names})\}}", lambda match: values[match[1]], template)


def as_text(prompt: Sequence[Mapping[str, str]]) -> str:
    """A conversation as a judge reads it: a single turn as it is, several with who spoke."""
    if len(prompt) == 1:
        return prompt[0]["content"]
    return "\n".join(f"{turn['role'].capitalize()}: {turn['content']}" for turn in prompt)


def by_principles(constitution: Constitution) -> Rubric:
    """A rubric that asks about answers by single principles: one criterion each."""
    return Rubric(
        name=constitution.name,
        about=constitution.about,
        compare=constitution.compare.replace("{principle}", "{question}"),
        first_label=constitution.first_label,
        second_label=constitution.second_label,
        criteria=tuple(
            Criterion(name=principle.name, question=principle.text) for principle in constitution.principles
        ),
    )
