"""Data for a part of a page as one JSON string. Text of users and models never looks like markup in it."""

import json


def json_text(value: object) -> str:
    """JSON in which "<" is written as an escape, so that nothing on the way can take it for the start of a tag."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
