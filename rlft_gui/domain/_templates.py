"""Templates that people write: each must name the places that are filled before a model reads it."""


def check_places(name: str, template: str, *places: str, reader: str) -> None:
    """Refuse a template that lacks a place such as {prompt}; `reader`, e.g. "the judge", is who would then not see it.

    Raises:
        ValueError: with a sentence for people.
    """
    missing = [f"{{{place}}}" for place in places if f"{{{place}}}" not in template]
    if missing:
        raise ValueError(
            f'The template "{name}" lacks {" and ".join(missing)}, so {reader} would not see what it is asked about. '
            "Put it where the text belongs."
        )
