"""A method in one file, as somebody would add one."""

from rlft_gui.methods._base import Method, StageLink
from rlft_gui.methods._look import Look

METHOD = Method(
    name="toy",
    title="Toy",
    look=Look("toy", light="#7A5C00", dark="#E0B84C", shape="M1 1h10v10H1Z", symbol="hourglass"),
    learns_from="Example answers.",
    needs="A few examples.",
    costs="As SFT.",
    tag="a toy",
    unfolds="SFT → toy",
    you_have="Letters to count",
    links=lambda _: (StageLink("sft", optional=True), StageLink("toy", parent=0)),
)
