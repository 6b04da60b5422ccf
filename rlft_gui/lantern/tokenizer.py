"""Lantern's tokenizer: a byte-level BPE trained on the corpus, with the numbers 0 to 99 as single tokens.

Every byte is a token of its own as a last resort, so any text can be written. `transformers` and `tokenizers` are
imported inside the functions.
"""

import json
from collections.abc import Iterable
from typing import Any

PAD, END, SYSTEM, USER, ASSISTANT = "<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"
SPECIAL_TOKENS = (PAD, END, SYSTEM, USER, ASSISTANT)
VOCABULARY_SIZE = 1200
CONTEXT = 1024

# Words keep the space before them, and so do numbers; numbers are cut into pieces of at most two digits.
_PIECES = r" ?\p{L}+| ?\p{N}{1,2}| ?[^\s\p{L}\p{N}]+|\s+"

#: Turns are a role token and the text; only the assistant's turn has an end. The generation marks tell trainers
#: which tokens are the assistant's own.
CHAT_TEMPLATE = (
    "{%- for message in messages -%}"
    "{%- if message['role'] == 'assistant' -%}"
    "{{- '<|assistant|>' -}}{%- generation -%}{{- message['content'] + '<|end|>' -}}{%- endgeneration -%}"
    "{%- else -%}{{- '<|' + message['role'] + '|>' + message['content'] -}}{%- endif -%}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}"
)


def train_tokenizer(texts: Iterable[str]) -> Any:
    """Train on these texts; returns a `PreTrainedTokenizerFast` with the chat template."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PIECES), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    bpe.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY_SIZE - 200,
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(_with_whole_numbers(bpe.to_str())),
        pad_token=PAD,
        eos_token=END,
        extra_special_tokens=[SYSTEM, USER, ASSISTANT],
        chat_template=CHAT_TEMPLATE,
        model_max_length=CONTEXT,
        padding_side="right",
        clean_up_tokenization_spaces=False,
    )


def _with_whole_numbers(serialized: str) -> str:
    """Add what is missing so that 0 to 99, with and without a space before, are single tokens.

    The merges that make them go first in the order of merges, so that no other merge can break a number apart.
    """
    state = json.loads(serialized)
    vocabulary: dict[str, int] = state["model"]["vocab"]
    space = "Ġ"
    digits = "0123456789"
    merges = [[a, b] for a in digits for b in digits]
    merges += [[space, number] for number in (*digits, *(a + b for a in digits for b in digits))]
    for left, right in merges:
        vocabulary.setdefault(left + right, len(vocabulary))
    # Merging the space with one digit must come last: " 17" is built as " " + "17".
    state["model"]["merges"] = merges + [m for m in state["model"]["merges"] if m not in merges]
    return json.dumps(state)
