"""Kahneman-Tversky optimisation: an SFT warm-up, then single answers marked good or bad.

Paper: Ethayarajh et al. 2024, "KTO: Model Alignment as Prospect Theoretic Optimization".
"""

from rlft_gui.methods._base import Method, StageLink

METHOD = Method(
    name="kto",
    title="KTO",
    palette="kto",
    learns_from="Single answers with a thumb up or down.",
    needs="500 or more marked answers; pairs are taken apart.",
    costs="About three times SFT.",
    tag="no pairs needed",
    you_have="Thumbs up and down",
    links=lambda _: (StageLink("sft", optional=True), StageLink("kto", parent=0)),
)
