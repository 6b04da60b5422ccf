"""Kahneman-Tversky optimisation: an SFT warm-up, then single answers marked good or bad.

Paper: Ethayarajh et al. 2024, "KTO: Model Alignment as Prospect Theoretic Optimization".
"""

from rlft_gui.methods._base import Method, StageLink
from rlft_gui.methods._look import Look

METHOD = Method(
    name="kto",
    title="KTO",
    look=Look(
        "kto",
        light="#9D4656",
        dark="#CC7F73",
        shape="M4.2.6h3.6v3.6h3.6v3.6H7.8v3.6H4.2V7.8H.6V4.2h3.6Z",
        symbol="cross",
    ),
    learns_from="Single answers with a thumb up or down.",
    needs="500 or more marked answers; pairs are taken apart.",
    costs="About three times SFT.",
    tag="no pairs needed",
    unfolds="SFT → thumbs up and down",
    you_have="Thumbs up and down",
    links=lambda _: (StageLink("sft", optional=True), StageLink("kto", parent=0)),
)
