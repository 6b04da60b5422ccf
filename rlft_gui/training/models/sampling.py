"""Drawing completions, several prompts in one batch, each row with randomness of its own.

Every row adds Gumbel noise from its own generator, seeded by the seed and the row's prompt, and takes the largest
sum: a draw from the softmax (the Gumbel-max trick). So an answer depends neither on its neighbours in the batch
nor on any global random state, and looking at a model never changes a training run.

The loop is written out instead of calling `generate()`: no setting of a model's own generation config (repetition
penalty, top-k, …) may slip into a measurement. It leaves out beams, penalties and chunking of large batches.
"""

import hashlib
import inspect
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal

from rlft_gui.domain.comparison import Sampling
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.training.chat import chat
from rlft_gui.training.models.caches import can_join, join

if TYPE_CHECKING:
    import torch

Message = dict[str, str]
Finish = Literal["ended by itself", "cut at the limit", "stopped"]

#: Called after each token with every row's tokens so far; False stops the rows that have not ended.
OnStep = Callable[[Sequence[Sequence[int]]], bool]


@dataclass(frozen=True)
class Completion:
    """One drawn answer. `token_ids` holds the end token where the answer ended by itself.

    `logprob` is the sum of its tokens' log-probabilities in nats at temperature 1, whatever it was drawn at.
    """

    text: str
    prompt_ids: tuple[int, ...]
    token_ids: tuple[int, ...]
    finish: Finish
    logprob: float = 0.0  #: only where it was asked for


def sample(
    model: Any,
    tokenizer: Any,
    prompts: Sequence[Sequence[Message]],
    sampling: Sampling,
    adapter_names: Sequence[str] | None = None,
    on_step: OnStep | None = None,
    keep_shape: bool = False,
    seeds: Sequence[int] | None = None,
    with_logprobs: bool = False,
    begun: Sequence[Sequence[int]] | None = None,
) -> list[Completion]:
    """Answer all prompts in one batch.

    Args:
        model: a causal language model in eval mode; with `adapter_names`, a PeftModel.
        prompts: one conversation per row.
        adapter_names: one adapter per row, "__base__" for none; left out, the active adapter answers.
        on_step: told the tokens so far, and asked whether to go on, after each token.
        keep_shape: read prompts, which must then be of one length, one by one, and leave rows that have ended in the batch.
            Slower, but every matrix product then has the same shape whoever else is read and whoever ends first, and
            with it the same rounding.
        seeds: one per row, in place of the one in `sampling`, so that a prompt may stand in a batch several times.
        with_logprobs: tell how likely each answer was, for which it need not be read again.
        begun: tokens to go on from, one row each, instead of what the chat template makes of `prompts`; those then only name
            the rows.

    Raises:
        InvalidInput: a prompt leaves no room for an answer in the model's context, or the chat template refuses one.
    """
    if not prompts:
        return []
    drawing = Drawing(
        model,
        tokenizer,
        prompts,
        sampling,
        adapter_names,
        keep_shape,
        seeds,
        with_logprobs=with_logprobs,
        begun=begun,
    )
    while not drawing.is_over:
        drawing.step()
        if on_step is not None and not on_step(drawing.token_ids):
            break
    return drawing.completions()


class Drawing:
    """One batch of answers while it grows, a token at a time, so that several models can take turns."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        prompts: Sequence[Sequence[Message]],
        sampling: Sampling,
        adapter_names: Sequence[str] | None = None,
        keep_shape: bool = False,
        seeds: Sequence[int] | None = None,
        *,
        with_logprobs: bool = False,
        begun: Sequence[Sequence[int]] | None = None,
        own_room: bool = False,
    ) -> None:
        """As `sample`. With `own_room`, an answer may fill the context behind its own prompt, however long others are."""
        import torch

        self._tokenizer = tokenizer
        self._keep_shape = keep_shape
        self._prompt_ids = chat(tokenizer).prompts(prompts) if begun is None else [list(ids) for ids in begun]
        rooms = [_room(model, [ids]) for ids in self._prompt_ids]
        limits = [min(sampling.max_new_tokens, room if own_room else min(rooms)) for room in rooms]
        self._rows = [
            _Row(torch.Generator().manual_seed(_row_seed(seed, prompt)), limit)
            for seed, prompt, limit in zip(
                seeds or [sampling.seed] * len(prompts), prompts, limits, strict=True
            )
        ]
        self._reader = _Reader(model, tokenizer, self._prompt_ids, adapter_names, one_by_one=keep_shape)
        self._writer = _Writer(end_tokens(model, tokenizer), sampling, with_logprobs)
        self._growing = list(self._rows)
        self._chosen: torch.Tensor | None = None

    @property
    def is_over(self) -> bool:
        """Whether every answer has ended or is as long as it may be."""
        return all(row.is_over for row in self._rows)

    @property
    def token_ids(self) -> list[list[int]]:
        """What every row has written so far."""
        return [row.token_ids for row in self._rows]

    def step(self) -> None:
        """Write one more token in every row that is not over; not to be called once all are."""
        import torch

        with torch.no_grad():
            if self._chosen is not None:
                self._read(self._chosen)
            self._chosen = self._writer.write(self._reader.logits(), self._growing)

    def _read(self, chosen: "torch.Tensor") -> None:
        self._reader.feed(chosen)
        kept = [i for i, row in enumerate(self._growing) if not row.is_over]
        # The cache is copied for it, so not for every row that ends.
        if not self._keep_shape and len(kept) <= len(self._growing) / 2:
            self._reader.keep(kept)
            self._growing = [self._growing[i] for i in kept]

    def completions(self) -> list[Completion]:
        """The answers as they stand. One that may still go on was stopped."""
        return [
            Completion(
                text=self._tokenizer.decode(row.token_ids, skip_special_tokens=True).strip(),
                prompt_ids=tuple(ids),
                token_ids=tuple(row.token_ids),
                finish=row.finish,
                logprob=row.logprob,
            )
            for ids, row in zip(self._prompt_ids, self._rows, strict=True)
        ]


def next_token_logits(model: Any, tokenizer: Any, prompt_ids: Sequence[Sequence[int]]) -> "torch.Tensor":
    """Logits of what follows each prompt, in float32, shape (prompts, vocabulary)."""
    import torch

    with torch.no_grad():
        return _Reader(model, tokenizer, prompt_ids, None).logits().float()


def try_drawing(model: Any) -> None:
    """Do once what drawing asks of a model: read two prompts, go on behind both, forget one.

    Raises:
        AttributeError: it keeps no cache of the usual kind.
    """
    import torch

    with torch.no_grad():
        reader = _Reader(model, SimpleNamespace(pad_token_id=0), [[1, 2, 3], [4, 5]], None)
        reader.feed(reader.logits().argmax(dim=-1))
        reader.keep([0])
        reader.logits()


def encode_prompt(tokenizer: Any, prompt: Sequence[Message]) -> list[int]:
    """The prompt's tokens up to where the assistant begins to speak."""
    return chat(tokenizer).prompts([prompt])[0]


def check_room(model: Any, tokenizer: Any, prompt: Sequence[Message]) -> None:
    """Raises InvalidInput if a prompt leaves no room for an answer, or the chat template refuses it."""
    _room(model, [encode_prompt(tokenizer, prompt)])


def end_tokens(model: Any, tokenizer: Any) -> frozenset[int]:
    """Every token that ends an answer: the chat template's, the tokenizer's, those of the model's generation config."""
    configured = getattr(model.generation_config, "eos_token_id", None)
    several = configured if isinstance(configured, list) else [configured]
    known = (chat(tokenizer).end, tokenizer.eos_token_id, *several)
    return frozenset(token for token in known if token is not None)


def context_length(model: Any) -> int | None:
    """How many tokens the model can attend to, if its config says so."""
    length = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    return int(length) if length else None


class _Row:
    """One answer while it grows. Its generator is on the CPU, so that a seed means the same on every device."""

    def __init__(self, generator: "torch.Generator", limit: int = 2**31) -> None:
        self.generator = generator
        self.limit = limit
        self.token_ids: list[int] = []
        self.logprob = 0.0
        self.ended = False

    @property
    def is_over(self) -> bool:
        return self.ended or len(self.token_ids) >= self.limit

    @property
    def finish(self) -> Finish:
        if self.ended:
            return "ended by itself"
        return "cut at the limit" if self.is_over else "stopped"


class _Reader:
    """The model's side of the loop: reads what was written, with a key-value cache, and says what may follow."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        prompt_ids: Sequence[Sequence[int]],
        adapter_names: Sequence[str] | None,
        one_by_one: bool = False,
    ) -> None:
        """`one_by_one`: read each prompt by itself, if the model's cache can be put together from several."""
        self._model = model
        self._one_by_one = one_by_one
        self._adapter_names = None if adapter_names is None else list(adapter_names)
        self._takes_positions = _takes_positions(model)
        self._input_ids, self._mask = _left_padded(prompt_ids, _pad_token(tokenizer), model.device)
        # Counted from each row's own first token: padding on the left must not shift what the model sees.
        self._positions = (self._mask.cumsum(dim=-1) - 1).clamp(min=0)
        self._cache: Any = None

    def logits(self) -> "torch.Tensor":
        """Of each row's next token, shape (rows, vocabulary)."""
        if self._one_by_one and self._cache is None and len(self._input_ids) > 1:
            return self._logits_one_by_one()
        logits, self._cache = self._read(slice(None))
        return logits

    def _logits_one_by_one(self) -> "torch.Tensor":
        """As `logits`, of prompts that are read for the first time; equal ones are read once."""
        import torch

        names = self._adapter_names or [""] * len(self._input_ids)
        kinds = [(tuple(ids), name) for ids, name in zip(self._input_ids.tolist(), names, strict=True)]
        read: dict[Any, tuple[torch.Tensor, Any]] = {}
        for row, kind in enumerate(kinds):
            if kind not in read:
                read[kind] = self._read(slice(row, row + 1))
            if not can_join(read[kind][1]):
                logits, self._cache = self._read(slice(None))
                return logits
        self._cache = join([read[kind][1] for kind in kinds])
        return torch.cat([read[kind][0] for kind in kinds])

    def _read(self, rows: slice) -> tuple["torch.Tensor", Any]:
        """The logits of these rows, and the cache that now knows what they have read."""
        extra: dict[str, Any] = {"position_ids": self._positions[rows]} if self._takes_positions else {}
        if self._adapter_names is not None:
            extra["adapter_names"] = self._adapter_names[rows]
        output = self._model(
            input_ids=self._input_ids[rows],
            attention_mask=self._mask[rows],
            past_key_values=self._cache,
            use_cache=True,
            # Only the last place is needed; those of a whole prompt times the vocabulary would be gigabytes.
            logits_to_keep=1,
            **extra,
        )
        return output.logits[:, -1], output.past_key_values

    def feed(self, chosen: "torch.Tensor") -> None:
        """Take the chosen tokens, shape (rows,), as what was written."""
        import torch

        self._input_ids = chosen.unsqueeze(-1)
        # Only the new token is read from here on; what came before is in the cache.
        self._positions = self._positions[:, -1:] + 1
        self._mask = torch.cat([self._mask, self._mask.new_ones(len(chosen), 1)], dim=-1)

    def keep(self, kept: Sequence[int]) -> None:
        """Forget all rows but these."""
        import torch

        index = torch.tensor(kept, device=self._mask.device)
        self._cache.batch_select_indices(index)
        self._input_ids, self._positions = self._input_ids[index], self._positions[index]
        self._mask = self._mask[index]
        if self._adapter_names is not None:
            self._adapter_names = [self._adapter_names[i] for i in kept]


@dataclass(frozen=True)
class _Writer:
    """Chooses tokens and adds them to their rows."""

    ends: frozenset[int]
    sampling: Sampling
    with_logprobs: bool

    def write(self, logits: "torch.Tensor", growing: Sequence[_Row]) -> "torch.Tensor":
        """Choose each row's next token and add it; shape (rows,)."""
        chosen = _choose(logits, growing, self.sampling)
        likely = _likely(logits, chosen) if self.with_logprobs else [0.0] * len(growing)
        for row, token, logprob in zip(growing, chosen.tolist(), likely, strict=True):
            # A row that is over may stay in the batch for a while; what it says then is thrown away.
            if not row.is_over:
                row.token_ids.append(token)
                row.logprob += logprob
                row.ended = token in self.ends
        return chosen


def _likely(logits: "torch.Tensor", chosen: "torch.Tensor") -> list[float]:
    """The log-probability of each row's chosen token."""
    found: list[float] = (
        logits.float().log_softmax(dim=-1).gather(-1, chosen.unsqueeze(-1)).squeeze(-1).tolist()
    )
    return found


def _choose(logits: "torch.Tensor", rows: Sequence[_Row], sampling: Sampling) -> "torch.Tensor":
    """Each row's next token, shape (rows,), drawn with the row's own randomness."""
    if sampling.temperature == 0:
        # Greedy, and without noise: top-p changes nothing of which one is largest.
        return logits.argmax(dim=-1)
    scores = logits.float() / sampling.temperature
    if sampling.top_p < 1:
        scores = _keep_nucleus(scores, sampling.top_p)
    return (scores + _gumbel(rows, scores.shape[-1]).to(scores.device)).argmax(dim=-1)


def _gumbel(rows: Sequence[_Row], vocabulary: int) -> "torch.Tensor":
    """Noise of shape (rows, vocabulary): minus the logarithm of exponential draws."""
    import torch

    # On the CPU, as the generators are; rows that are over stay at 1, whose logarithm is 0.
    exponential = torch.ones(len(rows), vocabulary)
    for index, row in enumerate(rows):
        if not row.is_over:
            exponential[index].exponential_(generator=row.generator)
    return -exponential.log()


def _left_padded(
    prompt_ids: Sequence[Sequence[int]], pad: int, device: "torch.device"
) -> tuple["torch.Tensor", "torch.Tensor"]:
    """Tokens and mask, each (rows, longest prompt)."""
    import torch

    longest = max(map(len, prompt_ids))
    tokens = [[pad] * (longest - len(ids)) + list(ids) for ids in prompt_ids]
    mask = [[0] * (longest - len(ids)) + [1] * len(ids) for ids in prompt_ids]
    return torch.tensor(tokens, device=device), torch.tensor(mask, device=device)


def _keep_nucleus(scores: "torch.Tensor", top_p: float) -> "torch.Tensor":
    """Rule out all but the likeliest tokens that together hold `top_p` (Holtzman et al. 2020)."""
    ordered, order = scores.sort(dim=-1, descending=True)
    before = ordered.softmax(dim=-1).cumsum(dim=-1) - ordered.softmax(dim=-1)
    # The likeliest token has nothing before it, so at least one always stays.
    ruled_out = (before >= top_p).scatter(-1, order, before >= top_p)
    return scores.masked_fill(ruled_out, float("-inf"))


def _row_seed(seed: int, prompt: Sequence[Message]) -> int:
    """A seed that depends on nothing but the asked seed and this row's prompt."""
    # Role and content by hand: other keys of a message, or their order, must not change an answer.
    text = json.dumps([seed, [[m["role"], m["content"]] for m in prompt]], ensure_ascii=False)
    # hash() would differ from process to process.
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def _room(model: Any, prompt_ids: Sequence[Sequence[int]]) -> int:
    """How many tokens fit behind the longest prompt."""
    context = context_length(model)
    if context is None:
        return 2**31
    longest = max(map(len, prompt_ids))
    if longest >= context:
        raise InvalidInput(
            f"A prompt has {longest} tokens, and the model can read {context}. Shorten the prompt to leave room "
            "for an answer."
        )
    return context - longest


def _pad_token(tokenizer: Any) -> int:
    # Any token would do: the mask hides it.
    return int(tokenizer.eos_token_id if tokenizer.pad_token_id is None else tokenizer.pad_token_id)


def _takes_positions(model: Any) -> bool:
    """Models with relative positions (ALiBi) read them off the mask and take no `position_ids`."""
    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    return "position_ids" in inspect.signature(inner.forward).parameters
