"""A trained reward model, loaded to score answers; on the policy's own base it shares that one copy in memory.

A LoRA reward model on the base of a LoRA policy is loaded beside the policy's adapter: its LoRA weights become the
adapter "reward", its head a linear layer of its own, read at the last real token of the base's last hidden state. That
is what the sequence classifier it was trained as computes. Otherwise it is a second model. Training one is in
stages/reward_model.py.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import ValidationError

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import ParentRef
from rlft_gui.training.chat import Refusal, Turn, chat
from rlft_gui.training.models import adapters, checkpoints, loading
from rlft_gui.training.models.checkpoints import CheckpointMarker
from rlft_gui.training.models.observing import evaluating
from rlft_gui.training.models.sampling import Message

if TYPE_CHECKING:
    import torch

STAGE = "reward_model"  #: what a checkpoint of a reward model says it is of
CARD = "reward.json"
ADAPTER = "reward"
TOKENS_AT_ONCE = 1 << 14
TOKENS_AT_ONCE_ON_CPU = 1 << 11  #: more leave its caches: scoring Lantern's answers took a third longer


class RewardCard(Frozen):
    """What a reward model's checkpoint says of its rewards.

    `mean` and `sd` are those of the raw rewards of `answers` held-out answers at this step, by attribute, so that
    normalised rewards mean the same for every reward model: 0 an average answer of its data, 1 one deviation better.
    """

    attributes: tuple[str, ...]
    mean: tuple[float, ...]
    sd: tuple[float, ...]
    answers: int
    longest: int  #: tokens of a conversation that are read
    tokenizer: str  #: `fingerprint` of the tokenizer it was trained with


class Reader(Protocol):
    """Reads tokens of conversations.

    Attributes:
        model: what it reads with; None until it first has.
    """

    model: Any

    def __call__(self, token_ids: Sequence[Sequence[int]]) -> "torch.Tensor":
        """Raw rewards, shape (rows, attributes), float32 on the CPU."""
        ...


class RewardModel:
    """Scores whole conversations, a question's answer being the last message."""

    def __init__(self, card: RewardCard, tokenizer: Any, read: Reader) -> None:
        self.card = card
        self.tokenizer = tokenizer
        self.read = read

    @property
    def attributes(self) -> tuple[str, ...]:
        """Names of the columns of scores; ("reward",) where there is one."""
        return self.card.attributes

    def score(self, conversations: Sequence[Sequence[Message]]) -> "torch.Tensor":
        """Normalised rewards, shape (rows, attributes), float32 on the CPU: see `RewardCard`."""
        return self.normalised(self.score_raw(conversations))

    def normalised(self, raw: "torch.Tensor") -> "torch.Tensor":
        """Of raw rewards, shape (rows, attributes)."""
        import torch

        return (raw - torch.tensor(self.card.mean)) / torch.tensor(self.card.sd)

    def score_raw(self, conversations: Sequence[Sequence[Message]]) -> "torch.Tensor":
        """Rewards as the head gives them, shape (rows, attributes); differences are log-odds after Bradley-Terry."""
        import torch

        if not conversations:
            return torch.zeros(0, len(self.attributes))
        return self.read(encode(self.tokenizer, conversations, self.card.longest))


def load(
    home: Home,
    ref: ParentRef,
    base: str,
    base_hash: str,
    policy: Callable[[], Any] | None = None,
    device: str | None = None,
) -> RewardModel:
    """The reward model of that run.

    Args:
        policy: gives the model in training, asked at the first score; with LoRA its base is shared. Left out, the
            reward model has a copy of its own.
        device: of that copy; left out, the best there is.

    Raises:
        NotFound: the run has no complete checkpoint, or it is damaged.
        InvalidInput: it is no reward model, or one of another base or tokenizer.
    """
    folder = home.run(ref.run_id)
    path, marker = checkpoints.sound(folder, ref.step)
    _check(marker, ref, base, base_hash)
    card = read_card(path)
    tokenizer = loading.load_tokenizer(base)
    if card.tokenizer != fingerprint(tokenizer):
        raise InvalidInput(
            f'The reward model {ref} was trained with another tokenizer or chat template than "{base}" now has, so its '
            "scores would mean nothing. Train a new reward model on this base."
        )
    read: Reader = (
        _Full(path, tokenizer, device)
        if marker.kind == "full"
        else _Adapter(path, base, tokenizer, policy, device)
    )
    return RewardModel(card, tokenizer, read)


def read_card(path: Path) -> RewardCard:
    """The card in a checkpoint's folder.

    Raises:
        NotFound: it is missing or cannot be read.
    """
    try:
        return RewardCard.model_validate_json((path / CARD).read_bytes())
    except (OSError, ValidationError):
        raise NotFound(
            f"The reward model's file {path / CARD} cannot be read. Use another checkpoint."
        ) from None


def encode(tokenizer: Any, conversations: Sequence[Sequence[Message]], longest: int) -> list[list[int]]:
    """Tokens of conversations with their answers, the last messages, each through its end and cut at `longest`.

    Raises:
        InvalidInput: the chat template refuses one.
    """
    found = []
    for turn in turns(tokenizer, conversations):
        if isinstance(turn, Refusal):
            raise InvalidInput(f"The model's chat template refuses a conversation: {turn.reason}.")
        found.append([*turn.prompt, *turn.answer][:longest])
    return found


def turns(tokenizer: Any, conversations: Sequence[Sequence[Message]]) -> list[Turn | Refusal]:
    """Conversations as prompt and answer, the last message, in tokens that are not cut."""
    return chat(tokenizer).turns([(prompt, answer) for *prompt, answer in conversations])


def fingerprint(tokenizer: Any) -> str:
    """The same for tokenizers that write the same conversations with the same tokens."""
    known = json.dumps([sorted(tokenizer.get_vocab().items()), tokenizer.chat_template], ensure_ascii=False)
    return hashlib.sha256(known.encode()).hexdigest()


def backbone(model: Any) -> Any:
    """The part below the heads of a causal model or sequence classifier, with the adapters in it."""
    return (model.get_base_model() if hasattr(model, "peft_config") else model).base_model


def read_rewards(model: Any, head: Any, token_ids: Sequence[Sequence[int]], pad: int) -> "torch.Tensor":
    """The head at the last real token of each row, shape (rows, attributes), float32 on the CPU.

    The last real token is the last that is not `pad`, as in transformers' sequence classifiers. Whatever adapter is
    active counts; rows of like length go together.
    """
    import torch

    at_once = TOKENS_AT_ONCE_ON_CPU if model.device.type == "cpu" else TOKENS_AT_ONCE
    order = sorted(range(len(token_ids)), key=lambda i: len(token_ids[i]), reverse=True)
    found: list[tuple[int, torch.Tensor]] = []
    with torch.no_grad():
        while order:
            count = max(1, at_once // len(token_ids[order[0]]))
            batch, order = order[:count], order[count:]
            hidden = _last_hidden(model, [token_ids[i] for i in batch], pad)
            found += zip(batch, head(hidden.float()).cpu(), strict=True)
    return torch.stack([values for _, values in sorted(found, key=lambda pair: pair[0])])


def _last_hidden(model: Any, token_ids: Sequence[Sequence[int]], pad: int) -> "torch.Tensor":
    """Shape (rows, hidden). Padded on the right, where causal attention never looks back from."""
    import torch

    longest = max(map(len, token_ids))
    ids = torch.tensor([[*row, *[pad] * (longest - len(row))] for row in token_ids], device=model.device)
    mask = torch.tensor(
        [[1] * len(row) + [0] * (longest - len(row)) for row in token_ids], device=model.device
    )
    last = (torch.arange(longest, device=model.device) * (ids != pad)).argmax(dim=-1)
    hidden: torch.Tensor = backbone(model)(
        input_ids=ids, attention_mask=mask, use_cache=False
    ).last_hidden_state
    return hidden[torch.arange(len(token_ids), device=model.device), last]


class _Adapter:
    """Reads with a LoRA reward model: within the policy where that has adapters too, else on a base of its own."""

    def __init__(
        self, path: Path, base: str, tokenizer: Any, policy: Callable[[], Any] | None, device: str | None
    ) -> None:
        from safetensors.torch import load_file

        state = load_file(path / adapters.WEIGHTS)
        self._path = path
        self._base = base
        self._pad = int(tokenizer.pad_token_id)
        self._policy = policy
        self._device = device
        self._lora = {name: tensor for name, tensor in state.items() if not _is_of_head(name)}
        self._head = _linear(next(tensor for name, tensor in state.items() if _is_of_head(name)))
        self._name = ADAPTER
        self.model: Any = None

    def __call__(self, token_ids: Sequence[Sequence[int]]) -> "torch.Tensor":
        if self.model is None:
            self.model = self._loaded()
            self._head = self._head.to(self.model.device)
        with _as_before(self.model):
            self.model.set_adapter(self._name)
            return read_rewards(self.model, self._head, token_ids, self._pad)

    def _loaded(self) -> Any:
        from peft import PeftConfig, PeftModel, set_peft_model_state_dict

        shape = PeftConfig.from_pretrained(self._path)
        # As a classifier's adapter it would want to save the causal model's head in its own's place.
        shape.task_type, shape.modules_to_save, shape.inference_mode = "CAUSAL_LM", None, True
        model: Any = None if self._policy is None else self._policy()
        if hasattr(model, "peft_config"):
            if self._name in model.peft_config:  # a second reward model, e.g. as veto
                self._name = f"{ADAPTER}{len(model.peft_config)}"
            with _as_before(model):
                model.add_adapter(self._name, shape)
        else:
            model = PeftModel(loading.load_base(self._base, self._device)[0], shape, adapter_name=self._name)
        result = set_peft_model_state_dict(model, self._lora, adapter_name=self._name)
        lost = [name for name in result.missing_keys if f".{self._name}." in name]
        if lost or result.unexpected_keys:
            raise InvalidInput(
                f"The adapter in {self._path} does not fit this model: {(lost or result.unexpected_keys)[0]} has no "
                "counterpart. Choose a reward model that was trained on this base."
            )
        for name, parameter in model.named_parameters():
            if f".{self._name}." in name:
                parameter.requires_grad_(False)
        return model


class _Full:
    """Reads with a reward model that was trained whole: a second model."""

    def __init__(self, path: Path, tokenizer: Any, device: str | None) -> None:
        from transformers import AutoModelForSequenceClassification

        device = device or loading.best_device()
        model = AutoModelForSequenceClassification.from_pretrained(
            path,
            dtype="bfloat16" if device == "cuda" else "float32",
            trust_remote_code=False,
            use_safetensors=True,
            local_files_only=True,
        )
        self.model: Any = model.to(device).eval()
        self._head = _linear(model.score.weight).to(device)
        self._pad = int(tokenizer.pad_token_id)

    def __call__(self, token_ids: Sequence[Sequence[int]]) -> "torch.Tensor":
        return read_rewards(self.model, self._head, token_ids, self._pad)


@contextmanager
def _as_before(model: Any) -> Iterator[None]:
    """Afterwards the active adapter, what is trained, and train or eval mode are as they were."""
    trained = [(parameter, parameter.requires_grad) for parameter in model.parameters()]
    try:
        with evaluating(model):
            yield
    finally:
        for parameter, was_trained in trained:
            parameter.requires_grad_(was_trained)


def _is_of_head(name: str) -> bool:
    return name.endswith("score.weight")


def _linear(weight: "torch.Tensor") -> Any:
    """The head in float32, whatever the model computes in: small differences between rewards must not be lost."""
    import torch

    attributes, hidden = weight.shape
    layer = torch.nn.Linear(hidden, attributes, bias=False)
    layer.weight.data.copy_(weight)
    return layer.requires_grad_(False)


def _check(marker: CheckpointMarker, ref: ParentRef, base: str, base_hash: str) -> None:
    if marker.stage != STAGE:
        raise InvalidInput(
            f"Run {ref.run_id} is no reward model: its stage is {marker.stage}. Choose a run of the stage {STAGE}."
        )
    if not checkpoints.is_same_base(marker.base_hash, base_hash):
        raise InvalidInput(
            f'The reward model {ref} was trained on the base model "{marker.base}", and this run is on "{base}": '
            f"{checkpoints.differs(marker.base_hash, base_hash)}. Choose a reward model of this base, or train a new one."
        )
