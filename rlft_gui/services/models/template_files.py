"""The chat templates of a model, looked at without being run: a template is a program."""

import re
from pathlib import Path
from typing import Any

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.training.models.loading import templates_problem

_LARGEST = 1_000_000  #: characters
#: What transformers adds to Jinja, to mark what an assistant said.
_GENERATION = re.compile(r"\{%-?\s*(end)?generation\s*-?%\}")


def chat_template(folder: Path, tokenizer_config: dict[str, Any], called: str) -> str | None:
    """The template for plain conversations, as transformers chooses it; None if there is none.

    Raises:
        InvalidInput: there are several and none is it, or it cannot be used.
    """
    templates = _templates(folder, tokenizer_config)
    if problem := templates_problem(templates, called):
        raise InvalidInput(problem)
    if not templates:
        return None
    chosen = templates.get("default") or next(iter(templates.values()))
    if problem := template_problem(chosen):
        raise InvalidInput(f"{called} has a chat template that {problem}.")
    return chosen or None


def template_problem(template: str) -> str | None:
    """Why it cannot be used, as far as its text tells; words that follow "a chat template that"."""
    from jinja2 import Environment, TemplateSyntaxError, nodes

    if len(template) > _LARGEST:
        return (
            f"has {len(template):,} characters, which is no model's; take the template out of its tokenizer"
        )
    try:
        # Only parsed: nothing of it is run here.
        tree = Environment(extensions=["jinja2.ext.loopcontrols"]).parse(_GENERATION.sub("", template))  # noqa: S701
    except TemplateSyntaxError as error:
        said = str(error.message).split(". ")[0].rstrip(".")
        return f"does not parse (line {error.lineno}: {said}); copy it again from where the model came from"
    except RecursionError:
        return "is nested too deeply to be read; take the template out of its tokenizer"
    # Not jinja2.meta, which makes code of the tree and works out constants: 'a' * 10**10 would be built here.
    if not any(name.name == "messages" for name in tree.find_all(nodes.Name)):
        return "never reads the messages it is to write; copy it again from where the model came from"
    return None


def _templates(folder: Path, tokenizer_config: dict[str, Any]) -> dict[str, str]:
    """By name; a single one is the default. Files go before the config."""
    files = {file.stem: file for file in (folder / "additional_chat_templates").glob("*.jinja")}
    if (folder / "chat_template.jinja").is_file():
        files["default"] = folder / "chat_template.jinja"
    given = tokenizer_config.get("chat_template")
    if files:
        return {name: _text(file) for name, file in files.items()}
    if not given:
        return {}
    if not isinstance(given, list):
        return {"default": str(given)}
    named = (one for one in given if isinstance(one, dict) and "name" in one)
    return {str(one["name"]): str(one.get("template", "")) for one in named}


def _text(file: Path) -> str:
    with file.open(encoding="utf-8", errors="replace") as opened:
        return opened.read(_LARGEST + 1)
