"""For columns that fit no shape: which one is nearest, and what to call the columns instead."""

from collections.abc import Collection

#: Columns as other tools write them, the shape that is meant, and what to do.
_KNOWN = (
    (("preferred_output", "non_preferred_output"), "prompt + chosen + rejected", "call preferred_output chosen, "
     "non_preferred_output rejected, and put the messages of input into prompt"),
    (("chosen_messages", "rejected_messages"), "chosen + rejected", "call chosen_messages chosen and rejected_messages "
     "rejected"),
    (("answer1", "answer2"), "prompt + chosen + rejected", "call the better answer chosen and the other rejected"),
    (("response_a", "response_b"), "prompt + chosen + rejected", "call the better answer chosen and the other rejected"),
    (("output_1", "output_2"), "prompt + chosen + rejected", "call the better answer chosen and the other rejected"),
    (("query", "response"), "prompt + response", "call query prompt"),
    (("input", "output"), "prompt + completion", "call input prompt and output completion"),
    (("text",), "prompt + completion", "plain text has no question and answer: put what is asked into prompt and what is "
     "to be said into completion"),
    (("data",), "prompt + completion", "if rows lie under data, save that list as the file"),
)  # fmt: skip
_SHAPES = (
    "known are prompt + completion, instruction + output, messages or conversations, each with label, rating or scores if "
    "answers are judged; prompt + chosen + rejected; question + answer; and prompt alone"
)


def nearest(columns: Collection[str]) -> str:
    """What follows a semicolon: names the nearest shape and what is missing."""
    for names, shape, advice in _KNOWN:
        if all(name in columns for name in names):
            return f"the nearest shape is {shape}: {advice}"
    return _SHAPES
