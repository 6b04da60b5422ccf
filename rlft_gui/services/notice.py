"""What every page says on top, where the app is not a person's own."""

from rlft_gui.domain._base import Frozen


class Notice(Frozen):
    """Of a demo.

    Attributes:
        title, text: what is shared and what is not, in a sentence or two.
    """

    title: str
    text: str
