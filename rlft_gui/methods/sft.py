"""Supervised fine-tuning: imitate example answers."""

from rlft_gui.methods._base import Method, StageLink

METHOD = Method(
    name="sft",
    title="SFT",
    palette="sft",
    learns_from="Example answers, imitated word by word.",
    needs="100 or more prompts with a good answer.",
    costs="Least of all methods.",
    tag="good first step",
    you_have="Good example answers",
    links=lambda _: (StageLink("sft"),),
)
