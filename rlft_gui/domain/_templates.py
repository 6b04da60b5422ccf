"""Templates that people write: each must name the places that are filled before a model reads it."""


def check_places(name: str, template: str, *places: str, reader: str) -> None:
    """Refuse a template that lacks a place such as {prompt}; `reader` ("the judge") is who would then not see it.

    Raises:
        ValueError: with a sentence for people.
    """
    missing = [f"{{{place}}}" for place in places if f"{{{place}}}" not in template]
    if missing:
        raise ValueError(
            f'The template "{name}" lacks {" and ".join(missing)}, so {reader} would not see what it is asked about. '
            "Put it where the text belongs."
        )


def check_labels(what: str, first: str, second: str) -> None:
    """Make sure that a reply can name one of two labels and not the other.

    Args:
        what: whose labels they are, in words.

    Raises:
        ValueError: one is empty or begins or ends with a space, or both are the same.
    """
    for label in (first, second):
        if not label or label != label.strip():
            raise ValueError(
                f'A label of {what} is "{label}", which no reply can be told by. Write a letter or a word, without '
                "spaces around it."
            )
    if first == second:
        raise ValueError(f'Both labels of {what} are "{first}". Make them differ.')
