"""Answers side by side, beside plain `generate` of transformers: warm for 1, 4 and 8 panes, and the first token, cold.

The base has SmolLM2-135M's shape and random weights (smollm2.py), or is the folder that is given, as `python -m
benchmarks.compare FOLDER` does with the real one (real_model.py); each pane is an adapter of its own. The peer answers
the same prompt as often in one batch, without adapters. Warm, both are in this process and take turns; the median of the
turns counts. Cold, each turn starts a process; ours is measured as a person meets it who opens the page, reads for
a while and asks, and as the command line does, which opens no page. Threads are what torch takes by itself, or
OMP_NUM_THREADS.
"""

import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.smollm2 import add_run, make_base
from rlft_gui.domain.comparison import Sampling
from rlft_gui.domain.home import Home
from rlft_gui.inference import address as addresses
from rlft_gui.inference import client
from rlft_gui.inference.engine import Engine
from rlft_gui.inference.protocol import Ask, BasedModel, GenerationRequest, Reply

PANES = (1, 4, 8)
TURNS = 5
COLD_TURNS = 3
SAMPLING = Sampling(temperature=0.7, max_new_tokens=48)
RANDOM_PROMPT = "one two three four five six seven eight nine ten " * 4
REAL_PROMPT = (
    "Tell me a very long story about a lighthouse keeper, her boat, and the winter when no ship came. " * 2
)
TARGET, COLD_TARGET = 1.3, 1.1
READING_SECONDS = 15  #: between opening the page and asking, while other work may share the processor

_ALONE = """
import sys, torch
from transformers import AutoModelForCausalLM, AutoTokenizer
tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
asked = tokenizer.apply_chat_template([{"role": "user", "content": sys.argv[2]}], add_generation_prompt=True,
                                      return_tensors="pt", return_dict=True)
model.generate(**asked, max_new_tokens=1)
"""


@dataclass(frozen=True)
class Asked:
    """What is asked of whom."""

    home: Home
    base: Path
    prompt: str


def main(real: Path | None = None) -> None:
    """`real` is the folder of a base that answers at length."""
    from transformers.utils import logging as transformers_logging

    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    transformers_logging.disable_progress_bar()
    with tempfile.TemporaryDirectory() as folder:
        home, base = Home(Path(folder) / "home"), real or make_base(Path(folder) / "base")
        for number in range(max(PANES)):
            add_run(home, f"run-{number}", base, seed=number)
        asked = Asked(home, base, REAL_PROMPT if real else RANDOM_PROMPT)
        _print_warm(asked)
        _print_cold(asked)


def _print_warm(asked: Asked) -> None:
    import torch

    print(
        f"\nWarm, {SAMPLING.max_new_tokens} tokens, {torch.get_num_threads()} threads, median of {TURNS} turns"
    )
    print(f"{'':10}{'generate':>10}{'ours':>10}{'ratio':>8}{'target':>8}{'load':>8}")
    generate, answer = _plain(asked), _ours(asked)
    for panes in PANES:
        answer(panes)  # loads what is missing, and tries fewer rows
        peer, ours = [], []
        for _ in range(TURNS):
            peer.append(_seconds(generate, panes))
            ours.append(_seconds(answer, panes))
        _print_row(f"{panes} panes", statistics.median(peer), statistics.median(ours), TARGET)


def _print_cold(asked: Asked) -> None:
    print(f"\nFirst token of one adapter, cold, median of {COLD_TURNS} turns")
    print(f"{'':10}{'alone':>10}{'ours':>10}{'ratio':>8}{'target':>8}{'load':>8}")
    alone, opened, unopened = [], [], []
    for _ in range(COLD_TURNS):
        alone.append(_seconds(_run_alone, asked))
        unopened.append(_seconds(_first_token, asked))
        _end(asked.home)
        client.ensure_running(asked.home).close()
        time.sleep(READING_SECONDS)
        opened.append(_seconds(_first_token, asked))
        _end(asked.home)
    _print_row("page", statistics.median(alone), statistics.median(opened), COLD_TARGET)
    _print_row("no page", statistics.median(alone), statistics.median(unopened), COLD_TARGET)


def _print_row(name: str, peer: float, ours: float, target: float) -> None:
    late = "" if ours / peer <= target else "  above target"
    load = os.getloadavg()[0]
    print(f"{name:10}{peer:10.2f}{ours:10.2f}{ours / peer:8.2f}{target:8.2f}{load:8.1f}{late}", flush=True)


def _plain(asked: Asked) -> Callable[[int], object]:
    """Have transformers alone answer so many times in one batch."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(asked.base)
    model: Any = AutoModelForCausalLM.from_pretrained(asked.base, dtype=torch.float32).eval()
    tokens = SAMPLING.max_new_tokens

    def generate(rows: int) -> object:
        read = tokenizer.apply_chat_template(
            [[{"role": "user", "content": asked.prompt}]] * rows,
            add_generation_prompt=True,
            return_tensors="pt",
            return_dict=True,
        )
        return model.generate(
            **read,
            do_sample=True,
            temperature=SAMPLING.temperature,
            top_k=0,
            max_new_tokens=tokens,
            min_new_tokens=tokens,
        )

    return generate


def _ours(asked: Asked) -> Callable[[int], None]:
    """Have so many runs answer."""
    engine = Engine(asked.home)

    def answer(panes: int) -> None:
        replies: list[Reply] = []
        engine.answer(_request(asked, panes), replies.append, lambda: False)
        last = [answer for reply in replies for answer in reply.answers if answer.status.is_ended]
        if [answer.tokens for answer in last] != [SAMPLING.max_new_tokens] * panes:
            raise AssertionError(f"The answers should all be as long as allowed: {last}")

    return answer


def _request(asked: Asked, panes: int) -> GenerationRequest:
    models = tuple(BasedModel(base=str(asked.base), run_id=f"run-{number}") for number in range(panes))
    asks = (
        Ask(pane=pane, prompt_index=0, draw=0, conversation=0, seed=SAMPLING.seed) for pane in range(panes)
    )
    conversations = (({"role": "user", "content": asked.prompt},),)
    return GenerationRequest(
        id="one", panes=models, conversations=conversations, asks=tuple(asks), sampling=SAMPLING
    )


def _run_alone(asked: Asked) -> None:
    subprocess.run(
        [sys.executable, "-c", _ALONE, str(asked.base), asked.prompt], check=True, capture_output=True
    )


def _first_token(asked: Asked) -> None:
    """Ask, and wait for the first token."""
    conversation = client.ask(asked.home, _request(asked, 1))
    for reply in conversation.replies():
        if any(answer.error for answer in reply.answers) or reply.message:
            raise AssertionError(f"No answer came: {reply}")
        if any(answer.tokens for answer in reply.answers):
            break
    conversation.close()


def _end(home: Home) -> None:
    """End the inference process, and with it all that it has loaded."""
    import psutil

    address = addresses.read(home)
    if address is not None:
        process = psutil.Process(address.pid)
        process.kill()
        process.wait()
        addresses.remove(home)


def _seconds(work: Callable[..., object], *given: object) -> float:
    began = time.perf_counter()
    work(*given)
    return time.perf_counter() - began


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
