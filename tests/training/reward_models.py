"""Reward models of random weights as checkpoints, made with nothing but transformers and PEFT, and what they score."""

import json
from pathlib import Path
from typing import Any

from rlft_gui.domain.home import Home
from rlft_gui.training.models import checkpoints, loading
from rlft_gui.training.models.checkpoints import CheckpointMarker
from rlft_gui.training.models.sampling import Message
from rlft_gui.training.reward_model.scoring import CARD, RewardCard, fingerprint

CONVERSATIONS: list[list[Message]] = [
    [{"role": "user", "content": "What is the capital of France?"}, {"role": "assistant", "content": answer}]
    for answer in ("The capital of France is Paris.", "No.", "Ugh. Obviously Paris. Go away. " * 3)
]


def classifier(attributes: int, seed: int) -> Any:
    """A sequence classifier on Lantern with a random head."""
    import torch
    from transformers import AutoModelForSequenceClassification

    torch.manual_seed(seed)
    model = AutoModelForSequenceClassification.from_pretrained(
        loading.base_folder("lantern"), num_labels=attributes, dtype=torch.float32
    )
    model.config.pad_token_id = 0
    torch.nn.init.normal_(model.score.weight, std=model.config.hidden_size**-0.5)
    return model.eval()


def with_adapter(model: Any) -> Any:
    """The classifier with a LoRA adapter, all of whose weights are random."""
    import torch
    from peft import LoraConfig, get_peft_model

    shape = LoraConfig(task_type="SEQ_CLS", r=4, target_modules="all-linear", modules_to_save=["score"])
    tuned = get_peft_model(model, shape)
    for name, parameter in tuned.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(parameter, std=0.1)
    return tuned.eval()


def as_checkpoint(
    home: Home, run_id: str, model: Any, attributes: tuple[str, ...] = ("reward",), **card: Any
) -> Path:
    """Save the model as the only checkpoint of a reward model run; its card says mean 0 and deviation 1."""
    path = home.run(run_id).checkpoint(1)
    path.mkdir(parents=True)
    model.save_pretrained(path)
    ones = (1.0,) * len(attributes)
    said: dict[str, Any] = {
        "attributes": attributes,
        "mean": tuple(0.0 for _ in ones),
        "sd": ones,
        "answers": 2,
        "longest": 256,
        "tokenizer": fingerprint(loading.load_tokenizer("lantern")),
    }
    (path / CARD).write_text(RewardCard(**(said | card)).model_dump_json())
    checkpoints.mark_complete(
        path,
        CheckpointMarker(
            step=1,
            stage="reward_model",
            base="lantern",
            base_hash=loading.base_hash("lantern"),
            kind="adapter" if hasattr(model, "peft_config") else "full",
        ),
    )
    return path


def remark(path: Path, **changes: str) -> None:
    """Change what a checkpoint says of itself."""
    said = json.loads((path / checkpoints.MARKER).read_text())
    (path / checkpoints.MARKER).write_text(json.dumps(said | changes))


def classified(model: Any, conversations: list[list[Message]]) -> Any:
    """What transformers' own classifier says, one conversation at a time."""
    import torch

    tokenizer = loading.load_tokenizer("lantern")
    with torch.no_grad():
        rows = [
            model(
                torch.tensor([tokenizer.apply_chat_template(c, tokenize=True, return_dict=True)["input_ids"]])
            )
            for c in conversations
        ]
    return torch.cat([row.logits for row in rows])
