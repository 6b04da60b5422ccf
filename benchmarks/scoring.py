"""A thousand answers scored by a reward model, beside bare batched forward passes of the same answers sorted by length.

Both are in this process, read the same LoRA reward model of random weights and take turns; the median of the
turns counts, of which a real base has one.
Ours is what the inference process does from a request to its reply, in the pieces that the service asks for, and through
the client's lines: writing conversations in the template's process, checks of the checkpoint, cuts, normalisation. The peer is what a script
would do: `apply_chat_template` of all, batches of as many tokens, PEFT's classifier. Seconds are of the processor, other
processes that they have started counted. MODEL=FOLDER adds a real base (real_model.py), ANSWERS=250 takes fewer.
"""

import logging
import os
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil

from rlft_gui.data.rows import load_rows
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.domain.turns import Message
from rlft_gui.inference.engine import Engine
from rlft_gui.inference.protocol import Reply
from rlft_gui.inference.scoring import ScoringRequest
from rlft_gui.services.scoring.service import pieces
from rlft_gui.training.models import adapters, checkpoints, loading
from rlft_gui.training.models.checkpoints import CheckpointMarker
from rlft_gui.training.reward_model.head import as_reward_model
from rlft_gui.training.reward_model.scoring import CARD, TOKENS_AT_ONCE_ON_CPU, RewardCard, fingerprint

ANSWERS = int(os.environ.get("ANSWERS", "1000"))
TURNS = 5
TARGET = 1.1
RUN = "reward_model-bench"
LONGEST = 512


def main() -> None:
    from transformers.utils import logging as transformers_logging

    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    transformers_logging.disable_progress_bar()
    bases = [LANTERN, *([os.environ["MODEL"]] if os.environ.get("MODEL") else [])]
    print(f"\n{ANSWERS:,} answers, seconds of the processor, median of {TURNS} turns")
    print(f"{'':12}{'bare':>8}{'ours':>8}{'ratio':>8}{'target':>8}{'differ by':>12}{'load':>6}")
    for base in bases:
        with tempfile.TemporaryDirectory() as folder:
            _print_row(Home(Path(folder)), base, TURNS if base == LANTERN else 1)


def conversations(home: Home) -> list[list[Message]]:
    """Both answers of as many of Lantern's preferences."""
    rows = load_rows(home, "lantern:preferences")[: ANSWERS // 2]
    return [[*row["prompt"], *row[side]] for row in rows for side in ("chosen", "rejected")]


def _print_row(home: Home, base: str, turns: int) -> None:
    path = make_reward_model(home, base)
    asked = conversations(home)
    bare, ours = _bare(path, base), _ours(home)
    few = asked[:40]
    expected, found = bare(few), ours(few)  # loads what is missing
    differ = max(abs(one - other) for one, other in zip(expected, found, strict=True))
    peer, own = [], []
    for _ in range(turns):
        pairs = [(_seconds(bare, some), _seconds(ours, some)) for some in _quarters(asked)]
        peer.append(sum(pair[0] for pair in pairs))
        own.append(sum(pair[1] for pair in pairs))
    a, b = statistics.median(peer), statistics.median(own)
    late = "" if b / a <= TARGET else "  above target"
    name = base if base == LANTERN else Path(base).name[:11]
    load = os.getloadavg()[0]
    print(f"{name:12}{a:8.2f}{b:8.2f}{b / a:8.2f}{TARGET:8.2f}{differ:12.1e}{load:6.1f}{late}", flush=True)


def make_reward_model(home: Home, base: str) -> Path:
    """A LoRA reward model of random weights as the only checkpoint of a run."""
    import torch

    model, tokenizer = loading.load_base(base)
    tuned = as_reward_model(
        model, adapters.new_adapter(model, 16, 32, "all-linear", 0.0), attributes=1, seed=0
    )
    for name, parameter in tuned.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.02)
    path = home.run(RUN).checkpoint(1)
    path.mkdir(parents=True)
    tuned.save_pretrained(path)
    card = RewardCard(
        attributes=("reward",),
        mean=(0.0,),
        sd=(1.0,),
        answers=2,
        longest=LONGEST,
        tokenizer=fingerprint(tokenizer),
    )
    (path / CARD).write_text(card.model_dump_json())
    marker = CheckpointMarker(
        step=1, stage="reward_model", base=base, base_hash=loading.base_hash(base), kind="adapter"
    )
    checkpoints.mark_complete(path, marker)
    return path


def _quarters(asked: Sequence[Sequence[Message]]) -> list[Sequence[Sequence[Message]]]:
    """Short turns, so that a busy moment of the machine falls on both."""
    size = len(asked) // 4
    return [asked[at : at + size] for at in range(0, len(asked), size)]


def _bare(path: Path, base: str) -> Callable[[Sequence[Sequence[Message]]], list[float]]:
    """As a script does it."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForSequenceClassification

    tokenizer = loading.load_tokenizer(base)
    plain = AutoModelForSequenceClassification.from_pretrained(
        loading.base_folder(base), num_labels=1, dtype=torch.float32
    )
    plain.config.pad_token_id = tokenizer.pad_token_id
    model: Any = PeftModel.from_pretrained(plain, path).eval()

    def score(asked: Sequence[Sequence[Message]]) -> list[float]:
        texts = [tokenizer.apply_chat_template(turns, tokenize=False).rstrip("\n") for turns in asked]
        ids = [row[:LONGEST] for row in tokenizer(texts, add_special_tokens=False)["input_ids"]]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]), reverse=True)
        found: dict[int, float] = {}
        with torch.no_grad():
            while order:
                count = max(1, TOKENS_AT_ONCE_ON_CPU // len(ids[order[0]]))
                batch, order = order[:count], order[count:]
                padded = tokenizer.pad({"input_ids": [ids[i] for i in batch]}, return_tensors="pt")
                found |= zip(batch, model(**padded, use_cache=False).logits[:, 0].tolist(), strict=True)
        return [found[i] for i in range(len(asked))]

    return score


def _ours(home: Home) -> Callable[[Sequence[Sequence[Message]]], list[float]]:
    """As the inference process does it, lines of the client among it."""
    engine = Engine(home)

    def score(asked: Sequence[Sequence[Message]]) -> list[float]:
        found: dict[int, float] = {}
        for piece in pieces(asked):
            request = ScoringRequest(
                id="x", run_id=RUN, conversations=tuple(tuple(asked[at]) for at in piece)
            )
            lines: list[bytes] = []

            def tell(reply: Reply, lines: list[bytes] = lines) -> None:
                lines.append(reply.line())

            engine.answer(ScoringRequest.model_validate_json(request.model_dump_json()), tell, lambda: False)
            scored = Reply.model_validate_json(lines[-1]).scored
            assert scored is not None
            found |= zip(piece, (answer.raw[0] for answer in scored.answers), strict=True)
        return [found[at] for at in range(len(asked))]

    return score


def _seconds(
    score: Callable[[Sequence[Sequence[Message]]], object], asked: Sequence[Sequence[Message]]
) -> float:
    began = _used()
    score(asked)
    return _used() - began


def _used() -> float:
    """Of the processor, by this process and those that it has started."""
    own = time.process_time()
    started = psutil.Process().children(recursive=True)
    return own + sum(sum(child.cpu_times()[:2]) for child in started)
