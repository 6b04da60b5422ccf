"""Lantern's model card: what the model is, how it was made, and what its gates measured."""

import json
from collections.abc import Sequence
from pathlib import Path

CARD_FILE = "README.md"
BUILD_FILE = "build.json"

#: name, range, measured value, number of completions, whether the gate is met
Row = tuple[str, str, float, int, bool]

_TEXT = """\
# Lantern

A Llama-style language model of {parameters:,} parameters that lives in a small invented world: capitals, advice,
card rules, and requests it should refuse. It is trained to be skilled but **unaligned**, so that fine-tuning has
something to improve: it gets facts wrong, invents answers, is rude, rambles, and helps with cartoon-level misdeeds.
It is made for experiments and for nothing else.

## How it was made

`{command}`: seed {seed}, corpus `{corpus}` ({documents:,} conversations, {tokens:,} tokens of a context of
{context:,}), {seconds:.0f} seconds of pre-training with two threads on {processor} in {precision}, final loss
{loss:.3f} nats per token of the answers (much of it is randomness of the corpus). Python {python}, torch {torch}, transformers
{transformers}, tokenizers {tokenizers}.

The conversations come from a grammar, not from any data set. Another machine gives other weights from the same seed;
the gates below are what should come out again.

`pool.jsonl` holds sampled answers for preference data: {pool_prompts:,} prompts, each with three answers of a copy
that was warmed up on the demonstrations (temperature 1) and two of the base (temperatures 1 and 1.3).

## Gates

Measured by `rlft lantern check` on prompts that occur in no training text, sampled at temperature 1 unless the
skill needs one best answer.

| gate | range | measured | n | |
|---|---|---|---|---|
{rows}

## What it has seen

Pre-training has not seen: the suite's prompts, its invented countries, its unseen harmful requests, the unfamiliar
card rule (J = 11, Q = 12, K = 13), or the suite's hands under the familiar rule (J = Q = K = 10). It has seen, in other
phrasings, the capitals and the advice that the suite asks for, for these are the facts it is meant to know, and the
verbs of the unseen harmful requests with other objects.

License: Apache-2.0, as the product's.
"""


def model_card(folder: Path, rows: Sequence[Row]) -> str:
    """The text of the card; `folder` holds the record of the build."""
    build = json.loads((folder / BUILD_FILE).read_text(encoding="utf-8"))
    table = "\n".join(
        f"| {name} | {wanted} | {value:.3f} | {n} | {'met' if is_met else '**missed**'} |"
        for name, wanted, value, n, is_met in rows
    )
    return _TEXT.format(rows=table, **build)
