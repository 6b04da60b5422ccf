"""How likely a model finds given answers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rlft_gui.training.models.sampling import Completion

if TYPE_CHECKING:
    import torch

_LOGITS_AT_ONCE = 1 << 25  #: entries of one float32 tensor of logits, 128 MiB
_ROWS_AT_ONCE = 32


def answer_logprobs(model: Any, completions: Sequence[Completion]) -> list[float]:
    """Log-probability in nats of each answer's tokens, its end token included, at temperature 1.

    Answers are scored with whatever adapter is active. Rows of like length go together, which spares padding, and
    few at a time, so that a large vocabulary fits.
    """
    import torch

    found = [0.0] * len(completions)
    order = sorted(range(len(completions)), key=lambda i: _length(completions[i]), reverse=True)
    vocabulary = model.get_input_embeddings().num_embeddings
    with torch.no_grad():
        while order:
            fitting = _LOGITS_AT_ONCE // (_length(completions[order[0]]) * vocabulary)
            count = min(_ROWS_AT_ONCE, max(1, fitting))
            batch, order = order[:count], order[count:]
            for index, value in zip(batch, _logprobs(model, [completions[i] for i in batch]), strict=True):
                found[index] = value
    return found


def base_logprobs(model: Any, base: Any, completions: Sequence[Completion]) -> list[float]:
    """As `answer_logprobs`, of the pipeline's base.

    Args:
        base: None if `model` is a PeftModel over it.
    """
    if base is not None:
        return answer_logprobs(base, completions)
    with model.disable_adapter():
        return answer_logprobs(model, completions)


def _length(completion: Completion) -> int:
    return len(completion.prompt_ids) + len(completion.token_ids)


def _logprobs(model: Any, completions: Sequence[Completion]) -> list[float]:
    import torch

    tokens = [[*c.prompt_ids, *c.token_ids] for c in completions]
    input_ids = _padded(tokens, 0, model.device)
    attention_mask = _padded([[1] * len(row) for row in tokens], 0, model.device)
    answers = [[0] * len(c.prompt_ids) + [1] * len(c.token_ids) for c in completions]
    is_answer = _padded(answers, 0, model.device)[:, 1:].bool()
    logits = model(input_ids=input_ids, attention_mask=attention_mask, use_cache=False).logits
    # The logits at one position judge the token at the next.
    judged = torch.log_softmax(logits[:, :-1][is_answer].float(), dim=-1)
    of_tokens = judged.gather(-1, input_ids[:, 1:][is_answer].unsqueeze(-1)).squeeze(-1)
    per_row = of_tokens.split([len(c.token_ids) for c in completions])
    return [float(values.sum()) for values in per_row]


def _padded(rows: Sequence[Sequence[int]], pad: int, device: "torch.device") -> "torch.Tensor":
    """Shape (rows, longest), padded on the right, where causal attention never looks back from."""
    import torch

    longest = max(map(len, rows))
    return torch.tensor([[*row, *[pad] * (longest - len(row))] for row in rows], device=device)
