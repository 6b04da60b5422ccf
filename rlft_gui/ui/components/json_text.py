"""Data for a part of a page as one JSON string. Text of users and models never looks like markup in it."""

from pydantic_core import to_json

from rlft_gui.domain._base import Frozen


def json_text(value: Frozen | None) -> str:
    """JSON in which "<" is written as an escape, so that nothing on the way can take it for the start of a tag."""
    return to_json(value, inf_nan_mode="strings").decode().replace("<", "\\u003c")
