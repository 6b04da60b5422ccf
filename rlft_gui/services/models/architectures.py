"""Which architectures are causal language models, as the installed transformers sees it, without importing it.

Its tables of model types are plain literals, so the file that holds them is parsed, not run.
"""

import ast
import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

_TABLES = Path("models", "auto", "modeling_auto.py")
_GGUF_MODELS = Path("integrations", "ggml.py"), "GGUF_CONFIG_MAPPING"
_GGUF_NEW_MODELS = Path("integrations", "gguf", "gguf_config_mapping.py"), "GGUF_CONFIG_ARCHS"
_GGUF_TOKENIZERS = Path("integrations", "gguf", "gguf_tokenizer_mapping.py"), "GGUF_TOKENIZER_TYPES"
#: Keys of those tables that name no language model.
_NO_MODEL = {"general", "tokenizer", "t5", "umt5"}
_CAUSAL, _MASKED = "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES", "MODEL_FOR_MASKED_LM_MAPPING_NAMES"


def architecture_problem(config: dict[str, Any]) -> str | None:
    """Why a model with this `config.json` is no causal language model; words that follow its name."""
    architecture = _architecture(config)
    model_type = str(config.get("model_type"))
    tables = _tables()
    wanted = tables[_CAUSAL].get(model_type)
    if architecture is None:
        return "has a config.json without architectures; save the model again with a current transformers"
    if "model_type" not in config:
        return "has a config.json without model_type; save the model again with a current transformers"
    if config.get("is_encoder_decoder") or not _are_one(architecture, wanted):
        return f"is no causal language model, its architecture is {architecture}; choose a …ForCausalLM model"
    if architecture.endswith("ForConditionalGeneration"):
        return f"reads images or sound beside text ({architecture}); choose a text-only model"
    if model_type in tables[_MASKED] and not config.get("is_decoder"):
        # These load as causal models, with a head of random numbers.
        return f"is an encoder ({architecture} without is_decoder); choose a model that was trained to continue text"
    return None


def _are_one(architecture: str, wanted: str | None) -> bool:
    """Early files write LLaMAForCausalLM; it is the model type by which transformers chooses the class."""
    return wanted is not None and architecture.lower() == wanted.lower()


def _architecture(config: dict[str, Any]) -> str | None:
    names = config.get("architectures")
    return str(names[0]) if isinstance(names, list) and names else None


@cache
def gguf_kinds() -> tuple[frozenset[str], frozenset[str]]:
    """The architectures and the tokenizers of GGUF files that transformers' loader knows."""
    models = _keys(*_GGUF_MODELS) | _keys(*_GGUF_NEW_MODELS)
    return frozenset(models - _NO_MODEL), frozenset(_keys(*_GGUF_TOKENIZERS) - _NO_MODEL)


@cache
def _tables() -> dict[str, dict[str, str]]:
    """Model type → name of its class, for causal and for masked language models."""
    return {name: dict(ast.literal_eval(_call(name).args[0])) for name in (_CAUSAL, _MASKED)}


def _call(name: str) -> ast.Call:
    value = _assigned(_TABLES, name)
    if not isinstance(value, ast.Call):
        raise _no_table(_TABLES, name)
    return value


def _keys(file: Path, name: str) -> set[str]:
    value = _assigned(file, name)
    if not isinstance(value, ast.Dict):
        raise _no_table(file, name)
    return {str(ast.literal_eval(key)) for key in value.keys if key is not None}


def _assigned(file: Path, name: str) -> ast.expr:
    """What a file of transformers assigns to a name."""
    source = _transformers().joinpath(file)
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and [getattr(target, "id", None) for target in node.targets] == [
            name
        ]:
            return node.value
    raise _no_table(file, name)


def _transformers() -> Path:
    spec = importlib.util.find_spec("transformers")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def _no_table(file: Path, name: str) -> LookupError:
    return LookupError(f"{file} of transformers holds no table {name}; this version is not supported.")
