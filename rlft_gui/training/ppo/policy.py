"""The models of PPO: a policy with a value head on its own trunk, and the reference that it is held to.

With LoRA one copy of the base has all the roles: the adapter in training is the policy, a frozen copy of the adapter
that the run started from is the reference (with every adapter off, if it started from the base), the value head is one
linear layer on the trunk's last hidden states, and a reward model is one more adapter with a head of its own
(rlft_gui.training.reward_model.scoring). With full fine-tuning the reference is a second, frozen model.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rlft_gui.training.models import weights
from rlft_gui.training.models.adapters import ADAPTER
from rlft_gui.training.models.fused_lora import fuse

if TYPE_CHECKING:
    from torch import Tensor

REFERENCE = "ref"  #: name of the frozen adapter


@dataclass(frozen=True)
class Reading:
    """What a model makes of N answer tokens, in the order of the rows; each (N,).

    Attributes:
        logprobs: log-probability of each token.
        values: the value head's, or None for a reference.
        entropy: indecision about each token in nats, which no gradient flows from; None if not asked for.
    """

    logprobs: "Tensor"
    values: "Tensor | None" = None
    entropy: "Tensor | None" = None


class PPOPolicy:
    """The model in training, its value head, and its reference.

    Args:
        model: where the run starts: a causal language model, or a PeftModel whose adapter "default" is trained.
        is_continued: whether that adapter was trained before; a new one is without effect, like the base.
        frozen: with full fine-tuning, the reference.
    """

    def __init__(self, model: Any, is_continued: bool = False, frozen: Any = None) -> None:
        import torch

        self.model = model
        self.frozen = frozen
        self._has_reference_adapter = frozen is None and is_continued
        if self._has_reference_adapter:
            _copy_adapter(model, REFERENCE)
        self.weights = [parameter for parameter in model.parameters() if parameter.requires_grad]
        # All values are 0 at first, so that the first advantages are the plain rewards to go.
        self.head = torch.nn.Linear(weights.width(model), 1).to(device=model.device, dtype=torch.float32)
        torch.nn.init.zeros_(self.head.weight)
        torch.nn.init.zeros_(self.head.bias)
        _turn_dropout_off(model)
        fuse(model)

    def read(
        self, input_ids: "Tensor", is_answer: "Tensor", temperature: float, with_entropy: bool = False
    ) -> Reading:
        """Log-probabilities at that temperature and values of all answer tokens.

        No gradient flows from the values into the trunk: at the learning rates of adapters it would ruin the policy.

        Args:
            input_ids: prompts with their answers, padded on the right, (rows, L).
            is_answer: true at the tokens of the answers, (rows, L).
        """
        logits, states = _at_answers(self.model, input_ids, is_answer)
        # Divided by the width, the learning rate says how fast values move, in the reward's unit, for any model.
        values = self.head(states.detach().float() / states.shape[-1]).squeeze(-1)
        return _reading(logits, input_ids, is_answer, temperature, values, with_entropy)

    def read_reference(self, input_ids: "Tensor", is_answer: "Tensor", temperature: float) -> Reading:
        """The same tokens' log-probabilities under the reference."""
        with self._reference() as model:
            logits, _ = _at_answers(model, input_ids, is_answer)
        return _reading(logits, input_ids, is_answer, temperature)

    @contextmanager
    def _reference(self) -> Iterator[Any]:
        if self.frozen is not None:
            yield self.frozen
        elif not self._has_reference_adapter:
            with self.model.disable_adapter():
                yield self.model
        else:
            self.model.set_adapter(REFERENCE, inference_mode=True)
            try:
                yield self.model
            finally:
                self.model.set_adapter(ADAPTER)


def _copy_adapter(model: Any, name: str) -> None:
    """Add a frozen copy of the adapter in training."""
    import torch

    model.add_adapter(name, model.peft_config[ADAPTER])
    own = dict(model.named_parameters())
    with torch.no_grad():
        for path, parameter in own.items():
            if f".{name}." in path:
                parameter.copy_(own[path.replace(f".{name}.", f".{ADAPTER}.")])
    model.set_adapter(ADAPTER)


def _at_answers(model: Any, input_ids: "Tensor", is_answer: "Tensor") -> tuple["Tensor", "Tensor"]:
    """Logits (N, vocabulary) and last hidden states (N, width) at the positions that say what comes next in an answer.

    The last layer is only given those positions, for with a large vocabulary it costs most. Rows are padded on the
    right, where causal attention never looks back from, so no mask is needed.
    """
    says_next = is_answer[:, 1:]
    caught = []

    def only_those(_: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
        caught.append(args[0][says_next])
        return (caught[0], *args[1:])

    handle = model.get_output_embeddings().register_forward_pre_hook(only_those)
    try:
        logits = model(input_ids=input_ids[:, :-1], use_cache=False).logits
    finally:
        handle.remove()
    return logits, caught[0]


def _reading(
    logits: "Tensor",
    input_ids: "Tensor",
    is_answer: "Tensor",
    temperature: float,
    values: "Tensor | None" = None,
    with_entropy: bool = False,
) -> Reading:
    from torch.nn.functional import cross_entropy

    logits = logits.float() / temperature
    logprobs = -cross_entropy(logits, input_ids[:, 1:][is_answer[:, 1:]], reduction="none")
    if not with_entropy:
        return Reading(logprobs, values)
    log_all = logits.detach().log_softmax(dim=-1)
    return Reading(logprobs, values, entropy=-(log_all.exp() * log_all).sum(dim=-1))


def _turn_dropout_off(model: Any) -> None:
    """Old and new log-probabilities of a token must come from the same network (also with gradient checkpointing,
    which needs the model in training mode)."""
    import torch

    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
        elif isinstance(getattr(module, "attention_dropout", None), float):
            module.attention_dropout = 0.0
