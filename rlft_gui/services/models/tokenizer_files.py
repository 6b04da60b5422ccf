"""What the tokenizer of a model knows, from its files."""

from pathlib import Path
from typing import Any

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.services.models.json_files import optional_json
from rlft_gui.services.models.template_files import chat_template
from rlft_gui.services.models.weights_files import Incomplete

#: Tokenizer classes that bring no end token of their own.
_BARE = (None, "PreTrainedTokenizerFast", "TokenizersBackend")
_SPECIAL = ("bos_token", "eos_token", "unk_token", "pad_token")


class TokenizerFacts(Frozen):
    end: str | None  #: None where its class brings one
    pad: str | None
    template: str | None


def read_tokenizer(folder: Path, called: str, config: dict[str, Any]) -> TokenizerFacts:
    """Raises Incomplete or InvalidInput where it cannot be used with the model."""
    settings = optional_json(folder / "tokenizer_config.json", called)
    if "auto_map" in settings:
        raise InvalidInput(
            f"{called} has a tokenizer with code of its own (auto_map in tokenizer_config.json), which is never run here."
        )
    tokens = optional_json(folder / "special_tokens_map.json", called) | settings
    named = {name: text for name in _SPECIAL if (text := _content(tokens.get(name)))}
    if (folder / "tokenizer.json").is_file():
        _check_vocabulary(folder, called, config, settings, named)
    elif not all((folder / name).is_file() for name in ("vocab.json", "merges.txt")):
        raise Incomplete(
            f"{called} has no tokenizer.json; save it with the model: tokenizer.save_pretrained(folder)."
        )
    if "eos_token" not in named and tokens.get("tokenizer_class") in _BARE:
        raise InvalidInput(
            f"{called} has no end token, so answers could not end; set eos_token in tokenizer_config.json."
        )
    return TokenizerFacts(
        end=named.get("eos_token"),
        pad=named.get("pad_token"),
        template=chat_template(folder, settings, called),
    )


def _content(token: Any) -> str | None:
    """A token is written as text, or as an object with its text in it."""
    text = token.get("content") if isinstance(token, dict) else token
    return text if isinstance(text, str) and text else None


def _check_vocabulary(
    folder: Path, called: str, config: dict[str, Any], settings: dict[str, Any], named: dict[str, str]
) -> None:
    """Counted with what transformers adds on opening it: tokens of the settings, and special ones that are in neither."""
    from tokenizers import Tokenizer

    try:
        ids = Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab()
    except Exception as error:  # noqa: BLE001 - all that the library raises
        raise InvalidInput(f"{called} has a broken tokenizer.json ({error}); copy the model again.") from None
    ids |= _added(settings)
    last = max(ids.values(), default=-1)
    tokens = max(len(ids), last + 1) + len(set(named.values()) - ids.keys())
    rows = config.get("vocab_size")
    if isinstance(rows, int) and tokens > rows:
        raise InvalidInput(
            f"{called} has a tokenizer of {tokens:,} tokens and a model of {rows:,}; use the tokenizer of this model."
        )


def _added(settings: dict[str, Any]) -> dict[str, int]:
    added = settings.get("added_tokens_decoder")
    found = added.items() if isinstance(added, dict) else ()
    return {text: int(key) for key, token in found if key.isdecimal() and (text := _content(token))}
