"""How likely a model finds given answers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rlft_gui.training.sampling import Completion

if TYPE_CHECKING:
    import torch

_LOGITS_AT_ONCE = 1 << 25  #: entries of one float32 tensor of logits, 128 MiB


def answer_logprobs(model: Any, completions: Sequence[Completion]) -> list[float]:
    """Log-probability in nats of each answer's tokens, its end token included, at temperature 1.

    Answers are scored with whatever adapter is active, a few rows at a time so that a large vocabulary fits.
    """
    import torch

    longest = max((len(c.prompt_ids) + len(c.token_ids) for c in completions), default=1)
    vocabulary = model.get_input_embeddings().num_embeddings
    rows_at_once = max(1, _LOGITS_AT_ONCE // (longest * vocabulary))
    found: list[float] = []
    with torch.no_grad():
        for start in range(0, len(completions), rows_at_once):
            found += _logprobs(model, completions[start : start + rows_at_once])
    return found


def _logprobs(model: Any, completions: Sequence[Completion]) -> list[float]:
    import torch

    tokens = [[*c.prompt_ids, *c.token_ids] for c in completions]
    input_ids = _padded(tokens, 0, model.device)
    attention_mask = _padded([[1] * len(row) for row in tokens], 0, model.device)
    is_answer = _padded(
        [[0] * len(c.prompt_ids) + [1] * len(c.token_ids) for c in completions], 0, model.device
    )
    logits = model(input_ids=input_ids, attention_mask=attention_mask, use_cache=False).logits
    # The logits at one position judge the token at the next.
    judged = torch.log_softmax(logits[:, :-1].float(), dim=-1)
    per_token = judged.gather(-1, input_ids[:, 1:, None]).squeeze(-1)
    return [float(value) for value in (per_token * is_answer[:, 1:]).sum(dim=-1)]


def _padded(rows: Sequence[Sequence[int]], pad: int, device: "torch.device") -> "torch.Tensor":
    """Shape (rows, longest), padded on the right, where causal attention never looks back from."""
    import torch

    longest = max(map(len, rows))
    return torch.tensor([[*row, *[pad] * (longest - len(row))] for row in rows], device=device)
