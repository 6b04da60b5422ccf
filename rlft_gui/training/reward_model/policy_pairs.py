"""Pairs of answers of the very policy that a reward model is to judge, labelled by Lantern's gold score.

Accuracy on the data a reward model learned from says little about the answers it will meet; this says more. For
measuring only: nothing is trained on them. Left out are other models than Lantern, where nobody knows the truth.
"""

from typing import Any

from rlft_gui.domain.comparison import Sampling
from rlft_gui.training.models.observing import evaluating
from rlft_gui.training.models.sampling import sample
from rlft_gui.training.rows import Row

_AT_ONCE = 128


def policy_pairs(model: Any, tokenizer: Any, prompts: int) -> list[Row]:
    """Preferences between two answers to each of so many held-out prompts of the suite, at temperature 1.

    Two answers that are worth the same make no pair.
    """
    from rlft_gui.lantern.gold import score
    from rlft_gui.lantern.suite import suite

    items = suite(prompts)
    asked: list[list[dict[str, str]]] = [[{"role": "user", "content": item.prompt}] for item in items]
    first, second = (_answers(model, tokenizer, asked, seed) for seed in (0, 1))
    pairs = []
    for item, prompt, *texts in zip(items, asked, first, second, strict=True):
        worth = [score(item, text)["gold"] for text in texts]
        if worth[0] != worth[1]:
            better = int(worth[1] > worth[0])
            pairs.append(
                {"prompt": prompt, "chosen": _said(texts[better]), "rejected": _said(texts[1 - better])}
            )
    return pairs


def _answers(model: Any, tokenizer: Any, prompts: list[list[dict[str, str]]], seed: int) -> list[str]:
    sampling = Sampling(temperature=1.0, top_p=1.0, max_new_tokens=64, seed=seed)
    with evaluating(model):
        return [
            completion.text
            for start in range(0, len(prompts), _AT_ONCE)
            for completion in sample(model, tokenizer, prompts[start : start + _AT_ONCE], sampling)
        ]


def _said(text: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": text}]
