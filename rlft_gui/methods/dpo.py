"""Direct preference optimisation: an SFT warm-up, then pairs of answers where one is better.

The warm-up is left out when the pipeline names only the `dpo` stage, to start from a base or from a finished run.
"""

from rlft_gui.methods._base import Method, StageLink
from rlft_gui.methods._look import Look

METHOD = Method(
    name="dpo",
    title="DPO",
    look=Look("dpo", light="#DE660B", dark="#F69500", shape="M1.2 1.2h9.6v9.6H1.2Z", symbol="square"),
    learns_from="Pairs of answers where one is better.",
    needs="500 or more pairs, and an SFT start.",
    costs="About three times SFT. No reward model to watch.",
    tag="steady gain",
    unfolds="SFT → DPO (losses sigmoid, ipo, robust)",
    you_have="Pairs, and you want a steady gain",
    links=lambda _: (StageLink("sft", optional=True), StageLink("dpo", parent=0)),
)
