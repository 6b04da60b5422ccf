"""One name per metric, whatever a trainer calls it (rlft_gui.domain.metrics has the whole list)."""

from collections.abc import Mapping
from types import MappingProxyType

_NAMES = {
    "loss": "loss",
    "learning_rate": "lr",
    "grad_norm": "grad_norm",
    "num_tokens": "tokens",
    "entropy": "entropy/token",
    "mean_token_accuracy": "accuracy/token",
    "rewards/accuracies": "pref/accuracy",
    "rewards/margins": "pref/margin",
    "rewards/chosen": "pref/chosen",
    "rewards/rejected": "pref/rejected",
    "eval_loss": "eval/loss",
    "eval_rewards/accuracies": "eval/pref/accuracy",
}


#: What names of this family mean is said by what follows.
_FAMILIES = ("reward/",)


def by_our_names(
    logs: Mapping[str, float | None], names: Mapping[str, str] = MappingProxyType({})
) -> dict[str, float]:
    """What a trainer logged, by our names; the rest (epoch, run times, …) is left out.

    Args:
        names: further names, of metrics that other trainers use for something else.
    """
    known = {**_NAMES, **names, **{name: name for name in logs if name.startswith(_FAMILIES)}}
    values = {
        known[name]: float(value) for name, value in logs.items() if name in known and value is not None
    }
    for prefix in ("", "eval_"):
        # Before the first update policy and reference agree on every pair. TRL counts such ties as lost; a coin
        # would win half of them.
        if logs.get(f"{prefix}rewards/margins") == logs.get(f"{prefix}rewards/accuracies") == 0:
            values[_NAMES[f"{prefix}rewards/accuracies"]] = 0.5
    return values
