"""YAML that a person wrote: read with limits, so that no text can cost more than its own length.

Aliases are refused altogether: nine of them within one another stand for a billion values. Written YAML has none.
"""

from typing import Any

import yaml

from rlft_gui.domain.errors import InvalidInput

LARGEST = 1_000_000  #: bytes; a pipeline is a page of text
DEEPEST = 50  #: lists and mappings inside one another
LONGEST_WORD = (
    1_000  #: signs outside quotes and without a space; reading 1:1:1:… as one number takes their square
)

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc]
    """Refuses a key that stands twice in one mapping, of which YAML's own reader keeps the last in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        seen: set[Any] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise _Twice(key.value, key.start_mark.line + 1)
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
        return super().construct_mapping(node, deep)


class _Twice(Exception):
    """A key and the line in which it stands again."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def read_yaml(text: str, name: str = "This") -> Any:
    """The plain data that a YAML text stands for.

    Raises:
        InvalidInput: it is no YAML, too long, too deep, or has anchors or aliases; the sentence begins with `name`.
    """
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise InvalidInput(
            f"{name} is larger than {LARGEST:,} bytes. Pipelines, rubrics and constitutions are short."
        )
    try:
        _look_over(text, name)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, in C where there is one
    except yaml.YAMLError as error:
        raise InvalidInput(f"{name} is not valid YAML: {' '.join(str(error).split())}") from None
    except _Twice as twice:
        key, line = twice.args
        raise InvalidInput(
            f'{name} has "{key}" twice, again in line {line}. Leave one of the two out.'
        ) from None
    except InvalidInput:
        raise
    except ValueError as error:  # a date such as 2026-99-99, a number of 5,000 digits
        raise InvalidInput(f"{name} is not valid YAML: {error}. Put a text in quotes.") from None


def write_yaml(data: Any) -> str:
    """Data as YAML in its own order, which `read_yaml` reads back."""
    return str(yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100))


def _look_over(text: str, name: str) -> None:
    """Refuse what would be expensive, from the events alone, before anything is built of them."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        assert event.start_mark, "events of a text say where they are"
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise InvalidInput(
                f"{name} has an anchor or alias (& or *) in line {line}, which is not read. "
                "Write the value out in each place, or put a text that begins so in quotes."
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise InvalidInput(
                f"{name} has more than {DEEPEST} lists and mappings inside one another, in line {line}."
            )
        if _is_long_word(event):
            raise InvalidInput(
                f"{name} has a word of more than {LONGEST_WORD:,} signs in line {line}. Put it in quotes."
            )


def _is_long_word(event: yaml.Event) -> bool:
    if not isinstance(event, yaml.ScalarEvent) or event.style:
        return False
    return len(event.value) > LONGEST_WORD and " " not in event.value
