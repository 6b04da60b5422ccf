"""A causal language model as judge: it reads two answers, and its next token says which is better.

P(first) is the softmax over the two labels' logits, so a verdict is never unreadable and nothing is sampled.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.rubric import Rubric
from rlft_gui.training.judges._base import JudgedAnswer, Pair, Verdict
from rlft_gui.training.judges.filling import as_text, filled
from rlft_gui.training.models.observing import evaluating
from rlft_gui.training.models.sampling import context_length, encode_prompt, next_token_logits

if TYPE_CHECKING:
    import torch

TOKENS_AT_ONCE = 1 << 14  #: prompts times their length in one forward pass


class LocalJudge:
    """Judges by a rubric with a model in memory.

    Args:
        model: a causal language model, or a PeftModel whose adapters are switched off while it judges.
    """

    def __init__(self, model: Any, tokenizer: Any, rubric: Rubric) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._rubric = rubric
        self._sides = label_tokens(tokenizer, rubric.first_label, rubric.second_label)

    @property
    def can_rate(self) -> bool:
        return bool(self._rubric.rate)

    def compare(self, pairs: Sequence[Pair]) -> list[Verdict]:
        asked = [compare_text(self._rubric, pair) for pair in pairs]
        return [Verdict(share) for share in self._shares(asked, self._sides)]

    def rate(self, answers: Sequence[JudgedAnswer]) -> list[float]:
        asked = [rate_text(self._rubric, answer) for answer in answers]
        sides = label_tokens(self._tokenizer, self._rubric.yes_label, self._rubric.no_label)
        return self._shares(asked, sides)

    def _shares(self, asked: Sequence[str], sides: tuple[list[int], list[int]]) -> list[float]:
        """The first side's share of both sides' probability, for each text asked."""
        prompts = [encode_prompt(self._tokenizer, [{"role": "user", "content": text}]) for text in asked]
        self._check_length(prompts)
        shares = [0.0] * len(prompts)
        with as_base(self._model):
            for batch in _batches(prompts):
                logits = next_token_logits(self._model, self._tokenizer, [prompts[i] for i in batch])
                for index, share in zip(batch, _first_share(logits, sides), strict=True):
                    shares[index] = share
        return shares

    def _check_length(self, prompts: Sequence[Sequence[int]]) -> None:
        limit = context_length(self._model)
        longest = max(map(len, prompts), default=0)
        if limit is not None and longest > limit:
            raise InvalidInput(
                f"What the judge is asked has {longest} tokens, and it can read {limit}. Lower max_new_tokens, shorten "
                "the rubric, or choose a judge that reads more."
            )


def compare_text(rubric: Rubric, pair: Pair) -> str:
    values = {"prompt": as_text(pair.prompt), "first": pair.first, "second": pair.second}
    return filled(rubric.compare, {**values, "question": pair.question})


def rate_text(rubric: Rubric, answer: JudgedAnswer) -> str:
    """Raises InvalidInput: the rubric has no words for judging one answer."""
    if not rubric.rate:
        raise InvalidInput(
            f'The rubric "{rubric.name}" can only compare. Give it a template "rate" to judge an answer alone.'
        )
    values = {"prompt": as_text(answer.prompt), "answer": answer.text, "question": answer.question}
    return filled(rubric.rate, values)


def label_tokens(tokenizer: Any, first: str, second: str) -> tuple[list[int], list[int]]:
    """The tokens with which each label may begin: as it is, and after a space.

    Raises:
        InvalidInput: both labels begin alike, so that one token cannot tell them apart.
    """
    firsts, seconds = (_beginnings(tokenizer, label) for label in (first, second))
    if not firsts - seconds or not seconds - firsts:
        raise InvalidInput(
            f'The labels "{first}" and "{second}" begin with the same token, so the judge\'s next token cannot tell '
            "them apart. Choose labels that begin differently, e.g. A and B."
        )
    # A beginning that both share says nothing of either.
    return sorted(firsts - seconds), sorted(seconds - firsts)


def _beginnings(tokenizer: Any, label: str) -> set[int]:
    written = (tokenizer.encode(text, add_special_tokens=False) for text in (label, f" {label}"))
    return {tokens[0] for tokens in written if tokens}


def _first_share(logits: "torch.Tensor", sides: tuple[list[int], list[int]]) -> list[float]:
    first, second = (logits[:, tokens].logsumexp(dim=-1) for tokens in sides)
    # A sigmoid of the difference is the softmax over two, without dividing two tiny numbers.
    shares: list[float] = (first - second).double().sigmoid().tolist()
    return shares


def _batches(prompts: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Positions of prompts that go through the model together: of like length, which spares padding."""
    # The longest first: if memory does not suffice, that shows at once.
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]), reverse=True)
    while order:
        count = max(1, TOKENS_AT_ONCE // len(prompts[order[0]]))
        yield order[:count]
        order = order[count:]


@contextmanager
def as_base(model: Any) -> Iterator[None]:
    """Within, no adapter is active, nothing is dropped out and no gradient is kept."""
    import torch

    adapters_off: AbstractContextManager[Any] = (
        model.disable_adapter() if hasattr(model, "disable_adapter") else nullcontext()
    )
    with evaluating(model), adapters_off, torch.no_grad():
        yield
