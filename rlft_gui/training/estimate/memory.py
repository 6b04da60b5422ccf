"""Bytes of what a run keeps and of what it does at once: arithmetic on shapes, after how the code and its libraries work.

What autograd keeps of a layer is counted tensor by tensor, as Korthikanti et al. 2022 ("Reducing Activation Recomputation in
Large Transformer Models", section 4.1) do for GPT, here for layers with a gated feed-forward part (Llama and its kin) and
frozen weights; attention keeps no matrix of scores, since its kernels do not (Dao et al. 2022, "FlashAttention").

On a processor everything is float32. On CUDA a base beneath an adapter is bfloat16, and what is trained is float32.
"""

from dataclasses import dataclass
from typing import Literal

from rlft_gui.training.estimate.held import Drawing, Held, Learning, Moment, Reading, Trained
from rlft_gui.training.estimate.shape import ModelShape
from rlft_gui.training.models.cache_room import SHARE_OF_ALL
from rlft_gui.training.models.likelihood import LOGITS_AT_ONCE
from rlft_gui.training.ppo.kept import SHARE_OF_FREE

Part = Literal[
    "process",
    "weights",
    "gradients",
    "optimizer",
    "activations",
    "logits",
    "cache",
    "reference",
    "probe_base",
    "reward_model",
    "judge",
    "copies",
]
Parts = dict[Part, float]

FULL, HALF = 4, 2  #: bytes of a number
_ADAM = 2  #: numbers that AdamW keeps of each trained one (Kingma and Ba 2015)
#: TRL's head for words takes so many tokens and words at once (trl.kernels.chunked_logprob, trl.trainer.utils).
TILE_TOKENS, TILE_WORDS = 4_096, 32_768
#: What glibc's heap comes to, as a multiple of what lies in it: pieces that were freed between others are not used again. Measured
#: (`python -m benchmarks estimate`); with pieces of a megabyte mapped on their own it would be 1.
_HEAP = 1.87
#: Copies of a tile that are alive at once on the way back: eight and a mask of bytes. With Triton it is changed in place.
_TILES, _TILES_ON_CUDA = 8.25, 1.0
#: Copies of the logits of all answers: as they come, by temperature, their log-softmax, and three for the entropy. One of
#: them is kept for the way back.
_OF_ANSWERS = 6
#: The same of the next words while answers are drawn: logits, scores, and noise in three steps with its sum.
_OF_NEXT = 6
#: Of a reading: logits, those at answers, and their log-softmax.
_OF_READ = 3


@dataclass(frozen=True)
class Device:
    """Where a run would go; bytes.

    Attributes:
        process: what a trainer takes there before there is a model.
        total: that the device has, or that this container may have of it.
        free: of that, what nobody uses.
    """

    kind: Literal["cpu", "cuda"]
    process: int
    total: int
    free: int


def needed(shape: ModelShape, held: Held, device: Device) -> Parts:
    """What a run holds at its peak, by part: what it keeps all the time, and the largest of its moments."""
    count = _Count(shape, held.trained, device)
    kept = count.kept(held)
    moments = [count.loading(), count.ending(), *(count.moment(one) for one in held.moments)]
    largest = max(moments, key=lambda parts: sum(parts.values()))
    total: Parts = dict(kept)
    for part, size in largest.items():
        total[part] = total.get(part, 0.0) + size
    return {part: size for part, size in total.items() if size}


@dataclass(frozen=True)
class _Count:
    shape: ModelShape
    trained: Trained | None
    device: Device

    @property
    def is_full(self) -> bool:
        return self.trained is not None and self.trained.tuning == "full"

    @property
    def of_weight(self) -> int:
        """Bytes of a number of the base."""
        return HALF if self.device.kind == "cuda" and not self.is_full else FULL

    def computed(self, now: Moment) -> int:
        """Bytes of a number that a layer computes. Trainers of TRL's compute in bfloat16 with float32 weights too, of which they
        keep copies meanwhile (torch.autocast); PPO's loop does not."""
        is_as_it_is = self.is_full and isinstance(now, Learning) and now.head == "answers"
        return HALF if self.device.kind == "cuda" and not is_as_it_is else FULL

    @property
    def of_heap(self) -> float:
        return 1.0 if self.device.kind == "cuda" else _HEAP

    @property
    def adapter(self) -> int:
        """Numbers of one adapter."""
        if self.trained is None or self.is_full:
            return 0
        everywhere = self.trained.targets == "all-linear"
        return self.trained.rank * (self.shape.adapted if everywhere else self.shape.adapted_attention)

    @property
    def learnt(self) -> int:
        """Numbers that are trained."""
        return self.shape.parameters if self.is_full else self.adapter

    def kept(self, held: Held) -> Parts:
        """All the time."""
        weights = self.shape.parameters * self.of_weight + FULL * self.adapter
        copies = 0 if self.trained is None else self.trained.copies * FULL * self.adapter
        parts: Parts = {
            "process": self.device.process,
            "weights": weights,
            "optimizer": _ADAM * FULL * self.learnt,
            "reference": copies,
        }
        for beside in held.beside:
            parts[beside] = parts.get(beside, 0.0) + self.shape.parameters * self.of_weight
        parts["judge"] = parts.get("judge", 0.0) + held.judge * self.of_weight
        return parts

    def loading(self) -> Parts:
        """Weights are copied out of their file, whose pages count as the process's until it is closed. Nothing is learnt yet."""
        if self.device.kind == "cuda":
            return {}
        return {"copies": max(0.0, self.shape.stored - _ADAM * FULL * self.learnt)}

    def ending(self) -> Parts:
        """The end of a step, when all gradients are there; and a checkpoint, for which whole models are written out once more."""
        is_copied = self.is_full and self.device.kind == "cpu"
        return {"gradients": FULL * self.learnt, "copies": FULL * self.learnt if is_copied else 0}

    def moment(self, moment: Moment) -> Parts:
        match moment:
            case Learning():
                return self.learning(moment)
            case Drawing():
                return self.drawing(moment)
            case Reading():
                return self.reading(moment)

    def learning(self, now: Learning) -> Parts:
        """Where the way back begins: all of the way there is kept, and the head for words is at work."""
        tokens = now.rows * now.tokens
        layers = tokens * self.of_token(now)
        logits, kept = self.head(now)
        passes = 1 + self.passes_kept(now, layers + kept)
        return {
            "activations": self.of_heap * passes * layers,
            "logits": logits + (passes - 1) * kept,
            "gradients": FULL * (self.learnt if now.accumulates or not self.is_full else self.of_words(now)),
            "copies": HALF * self.learnt if self.is_full and self.computed(now) == HALF else 0,
        }

    def of_words(self, now: Learning) -> int:
        """Numbers of the head for words, whose gradient comes first."""
        return 0 if now.head == "none" else self.shape.vocabulary * self.shape.width

    def of_token(self, now: Learning) -> float:
        """Bytes that autograd keeps of one token in all layers.

        Of a layer: four times `inner` (the gate, what is made of it, the other half, their product), four times `width` (each
        norm's input and output), queries and the attention's answer, keys and values, and what each adapter makes of its
        input. Where weights are trained, each norm also keeps what it multiplies with them.
        """
        shape, trained, computed = self.shape, self.trained, self.computed(now)
        of_layer = 4 * shape.inner + 4 * shape.width + 2 * shape.queries + 2 * shape.keys
        of_norms = 2 * shape.width if self.is_full else 0
        if computed == HALF:  # norms compute in float32, and keep that
            of_norms += 2 * shape.width
        of_adapters = 0
        if trained is not None and not self.is_full:
            linears = shape.linears if trained.targets == "all-linear" else shape.linears_attention
            of_adapters = trained.rank * linears
        one_layer = computed * (of_layer + of_norms)
        if now.is_checkpointed:
            return float(shape.layers * computed * shape.width + one_layer)
        return float(shape.layers * one_layer + computed * of_adapters)

    def head(self, now: Learning) -> tuple[float, float]:
        """Bytes of logits while words are scored, and of those a pass keeps for the way back."""
        if now.head == "none":
            return 0.0, 0.0
        if now.head == "answers":
            of_pass = FULL * now.rows * now.answer * self.shape.vocabulary
            return float(_OF_ANSWERS * of_pass), float(of_pass)
        tile = min(now.rows * now.tokens, TILE_TOKENS) * min(self.shape.vocabulary, TILE_WORDS)
        copies = _TILES_ON_CUDA if self.device.kind == "cuda" else _TILES
        return copies * self.computed(now) * tile, 0.0

    def passes_kept(self, now: Learning, of_pass: float) -> int:
        """Beside the one at work (training/ppo/kept.py)."""
        if not now.kept_rows:
            return 0
        fitting = int(self.device.free // SHARE_OF_FREE // of_pass)
        return min(-(-now.kept_rows // now.rows) - 1, fitting)

    def drawing(self, now: Drawing) -> Parts:
        """At the last word: the whole cache, one layer of it twice, since each word copies it; and at the first, the prompt."""
        cache = now.rows * (now.prompt + now.answer) * self.of_cached_token(now)
        if now.fits:
            cache = min(cache, self.device.total // SHARE_OF_ALL)
        return {
            "cache": cache * (1 + 1 / self.shape.layers),
            "activations": now.rows * now.prompt * self.of_read_token(now),
            "logits": _OF_NEXT * FULL * now.rows * self.shape.vocabulary,
        }

    def reading(self, now: Reading) -> Parts:
        words = max(now.least_words, min(now.words, LOGITS_AT_ONCE // self.shape.vocabulary))
        return {
            "cache": now.tokens * self.of_cached_token(now) if now.keeps_cache else 0.0,
            "activations": now.tokens * self.of_read_token(now),
            "logits": _OF_READ * FULL * words * self.shape.vocabulary,
        }

    def of_cached_token(self, now: Moment) -> float:
        """Keys and values of all layers."""
        return float(2 * self.shape.layers * self.shape.keys * self.computed(now))

    def of_read_token(self, now: Moment) -> float:
        """What one layer has in hand: gate, other half and product, and states of the model's width."""
        return float(self.computed(now) * (3 * self.shape.inner + 4 * self.shape.width))
