"""For columns that fit no shape: which one is nearest, and what it lacks."""

from collections.abc import Collection

#: The shapes that most files have, in the order in which they are told.
_MAIN = (
    ("prompt", "chosen", "rejected"),
    ("prompt", "completion"),
    ("instruction", "output"),
    ("question", "answer"),
    ("chosen", "rejected"),
)
#: Columns as other tools write them, and what to call them.
_KNOWN = (
    (("answer1", "answer2"), "call the better answer chosen and the other rejected"),
    (("response_a", "response_b"), "call the better answer chosen and the other rejected"),
    (("output_1", "output_2"), "call the better answer chosen and the other rejected"),
)  # fmt: skip
_SHAPES = (
    "known are prompt + completion, instruction + output, messages or conversations, each with label, rating or scores if "
    "answers are judged; prompt + chosen + rejected; question + answer; prompt alone; and text"
)


def nearest(columns: Collection[str]) -> str:
    """What follows a semicolon: names the nearest shape and what is missing."""
    for names, advice in _KNOWN:
        if all(name in columns for name in names):
            return f"the nearest shape is prompt + chosen + rejected: {advice}"
    shape = max(_MAIN, key=lambda names: sum(name in columns for name in names) / len(names))
    missing = [name for name in shape if name not in columns]
    if len(missing) == len(shape):
        return _SHAPES
    return f"the nearest shape is {' + '.join(shape)}, and {' and '.join(missing)} {'are' if len(missing) > 1 else 'is'} missing"
