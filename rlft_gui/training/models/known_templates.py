"""Chat templates for tokenizers that have none.

BEGINS and END are put in: the first where plain texts begin with a token, for the model was trained on texts that begin so;
the second is what ends a turn.
"""

from typing import Any

#: A heading for each turn, and an end token after the assistant's.
PLAIN = (
    "{{- bos_token if BEGINS else '' -}}"
    "{%- for message in messages -%}"
    "{{- '### ' + message['role'] | capitalize + ':\\n' + message['content'] -}}"
    "{{- eos_token if message['role'] == 'assistant' else '\\n\\n' -}}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '### Assistant:\\n' -}}{%- endif -%}"
)
_CHATML = (
    "{{- bos_token if BEGINS else '' -}}"
    "{%- for message in messages -%}"
    "{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + END + '\\n' -}}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}"
)
_ZEPHYR = (
    "{{- bos_token if BEGINS else '' -}}"
    "{%- for message in messages -%}"
    "{{- '<|' + message['role'] + '|>\\n' + message['content'] + eos_token + '\\n' -}}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '<|assistant|>\\n' -}}{%- endif -%}"
)
_ALPACA = (
    "{{- bos_token if BEGINS else '' -}}"
    "{%- for message in messages -%}"
    "{%- if message['role'] == 'assistant' -%}{{- '### Response:\\n' + message['content'] + eos_token + '\\n\\n' -}}"
    "{%- elif message['role'] == 'user' -%}{{- '### Instruction:\\n' + message['content'] + '\\n\\n' -}}"
    "{%- else -%}{{- message['content'] + '\\n\\n' -}}{%- endif -%}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '### Response:\\n' -}}{%- endif -%}"
)
_BY_NAME = {None: PLAIN, "chatml": _CHATML, "zephyr": _ZEPHYR, "alpaca": _ALPACA}
_END_OF_CHATML = "<|im_end|>"


def known_template(name: str | None, tokenizer: Any) -> str:
    """The template of that name (rlft_gui.domain.base_names) for this tokenizer."""
    # A token that the vocabulary lacks would be some letters, and a model learns to end by one token.
    end = repr(_END_OF_CHATML) if _END_OF_CHATML in tokenizer.get_vocab() else "eos_token"
    return _BY_NAME[name].replace("BEGINS", str(_begins_texts(tokenizer))).replace("END", end)


def _begins_texts(tokenizer: Any) -> bool:
    """Whether a plain call puts the beginning token before a text."""
    return tokenizer.bos_token_id is not None and tokenizer("a")["input_ids"][:1] == [tokenizer.bos_token_id]
