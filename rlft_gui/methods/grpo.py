"""Group relative policy optimisation against a verifier: several answers to each prompt, each checked by a rule.

Paper: Shao et al. 2024, "DeepSeekMath".
"""

from rlft_gui.methods._base import Method, StageLink
from rlft_gui.methods._look import Look

METHOD = Method(
    name="grpo",
    title="GRPO",
    look=Look("grpo", light="#653084", dark="#9A78FA", shape="M.4 1h11.2L6 11.2Z", symbol="triangle-down"),
    learns_from="A rule that checks answers: a number, a pattern, a format.",
    needs="Prompts whose answers can be checked.",
    costs="Much: several answers to every prompt.",
    tag="no labels",
    unfolds="answers checked by a rule: a number, a pattern, a format",
    you_have="Tasks with checkable answers",
    links=lambda _: (
        StageLink("sft", optional=True),
        StageLink("grpo", parent=0, defaults={"rewards": {"number": 1.0}}),
    ),
)
