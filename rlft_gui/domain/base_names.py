"""How a base is named together with the chat template that it lacks: BASE#chatml.

The name goes as a whole into recipes, markers and comparisons, so that what a run learnt is asked in the same words.
"""

#: What may be chosen for a model without a chat template; left out, each turn stands under a plain heading.
TEMPLATES = ("chatml", "zephyr", "alpaca")


def split_base(base: str) -> tuple[str, str | None]:
    """The model, and the template chosen for it."""
    model, _, template = base.rpartition("#")
    return (model, template) if model and template in TEMPLATES else (base, None)


def joined(model: str, template: str | None) -> str:
    return model if template is None else f"{model}#{template}"
