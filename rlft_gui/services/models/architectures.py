"""Which architectures are causal language models, as the installed transformers sees it, without importing it.

Its tables of model types are plain literals, so the file that holds them is parsed, not run.
"""

import ast
import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

_TABLES = Path("models", "auto", "modeling_auto.py")
_CAUSAL, _MASKED = "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES", "MODEL_FOR_MASKED_LM_MAPPING_NAMES"


def architecture_problem(config: dict[str, Any]) -> str | None:
    """Why a model with this `config.json` is no causal language model; words that follow its name."""
    architecture = _architecture(config)
    model_type = str(config.get("model_type"))
    tables = _tables()
    wanted = tables[_CAUSAL].get(model_type)
    if architecture is None:
        return "has a config.json without architectures; save the model again with a current transformers"
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
def _tables() -> dict[str, dict[str, str]]:
    """Model type → name of its class, for causal and for masked language models."""
    spec = importlib.util.find_spec("transformers")
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).with_name(_TABLES.parts[0]).joinpath(*_TABLES.parts[1:])
    return {name: _literal(source, name) for name in (_CAUSAL, _MASKED)}


def _literal(source: Path, name: str) -> dict[str, str]:
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        if [getattr(target, "id", None) for target in node.targets] == [name]:
            return dict(ast.literal_eval(node.value.args[0]))
    raise LookupError(f"{source} holds no table {name}; this version of transformers is not supported.")
