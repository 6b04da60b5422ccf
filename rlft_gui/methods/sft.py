"""Supervised fine-tuning: imitate example answers, or go on learning from plain text."""

from rlft_gui.methods._base import Method, StageLink
from rlft_gui.methods._look import Look

METHOD = Method(
    name="sft",
    title="SFT",
    look=Look(
        "sft",
        light="#3D4FB8",
        dark="#6981C2",
        shape="M6 .8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 6 .8Z",
        symbol="circle",
    ),
    learns_from="Example answers, imitated word by word; or plain text, learnt as it is.",
    needs="100 or more prompts with a good answer, or documents.",
    costs="Least of all methods.",
    tag="good first step",
    unfolds="imitate answers, or go on learning from plain text",
    you_have="Good example answers, or plain text",
    links=lambda _: (StageLink("sft"),),
)
