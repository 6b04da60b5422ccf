"""A comparison as text to take along: for a program, for a table, or to be read."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, Literal

from rlft_gui.domain.comparison import Comparison, Generation, Pane
from rlft_gui.services.comparisons.asking import conversation
from rlft_gui.services.comparisons.scoring import is_share

Format = Literal["jsonl", "csv", "md"]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  #: what a spreadsheet reads as a formula begins so

_COLUMNS = (
    *("comparison", "prompt_number", "prompt", "model", "title", "checkpoint", "draw", "seed"),
    *("answer", "tokens", "seconds", "finish", "error"),
    *("temperature", "top_p", "max_new_tokens", "system"),
)


def exported(comparison: Comparison, format: Format) -> str:
    """All answers of a comparison, by prompt, pane and draw."""
    return {"jsonl": _jsonl, "csv": _csv, "md": _markdown}[format](comparison)


def to_json(comparison: Comparison) -> dict[str, Any]:
    """What `rlft compare --json` prints: per prompt each model's answers, with the checkpoint that gave them."""
    return {
        "id": comparison.id,
        "base": comparison.base,
        "status": str(comparison.status),
        "device": comparison.device,
        "note": comparison.note,
        "sampling": comparison.sampling.model_dump(mode="json"),
        "system": comparison.system,
        "chat": comparison.chat,
        "prompts": [
            {
                "prompt": prompt,
                "item": comparison.item_ids[index],
                "answers": [_answer(pane, one) for pane, one in comparison.answers_to(index)],
            }
            for index, prompt in enumerate(comparison.prompts)
        ],
    }


def _answer(pane: Pane, one: Generation) -> dict[str, Any]:
    return {
        "model": pane.model,
        "checkpoint": one.checkpoint,
        "seed": one.seed,
        "text": one.text,
        "tokens": _counted(one),
        "seconds": round(one.seconds, 3),
        "finish": one.finish,
        "error": one.error,
        "scores": one.scores,
    }


def _counted(one: Generation) -> int | None:
    """Its tokens; None where a server wrote it that does not count them."""
    return None if one.text and not one.tokens else one.tokens


def _jsonl(comparison: Comparison) -> str:
    """With the whole conversation that was asked, as chat data has it."""
    rows = [
        {**row, "scores": one.scores, "messages": conversation(comparison, one)}
        for row, one in _rows(comparison)
    ]
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def _csv(comparison: Comparison) -> str:
    """As spreadsheets show it: a text that they would take for a formula is one behind an apostrophe."""
    names = sorted({name for one in comparison.generations for name in one.scores})
    # Of a conversation the prompt is its last turn alone, and whoever scores an answer needs what came before.
    whole = ["messages"] if comparison.chat else []
    out = io.StringIO()
    columns = [*_COLUMNS, *whole, *(f"score/{name}" for name in names)]
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for row, one in _rows(comparison):
        asked = {name: json.dumps(conversation(comparison, one), ensure_ascii=False) for name in whole}
        scores = {f"score/{name}": value for name, value in one.scores.items()}
        writer.writerow({name: _cell(value) for name, value in {**row, **asked, **scores}.items()})
    return out.getvalue()


def _cell(value: Any) -> Any:
    is_formula = isinstance(value, str) and value.startswith(_FORMULA)
    return f"'{value}" if is_formula else value


def _markdown(comparison: Comparison) -> str:
    sampling = comparison.sampling
    drawn = (
        f"Temperature {sampling.temperature:g}, top-p {sampling.top_p:g}, at most {sampling.max_new_tokens} tokens, "
        f"seed {sampling.seed}."
    )
    parts = [f"# Comparison {comparison.id}", drawn]
    if comparison.system:
        parts += ["System prompt:", _quoted(comparison.system)]
    for index, prompt in enumerate(comparison.prompts):
        parts += [f"## Prompt {index + 1}", _quoted(prompt)]
        for pane, one in comparison.answers_to(index):
            parts += [f"### {pane.title} ({one.checkpoint or pane.model}, seed {one.seed})", _told(one)]
    return "\n\n".join(parts) + "\n"


def _told(one: Generation) -> str:
    tokens = _counted(one)
    facts = [] if tokens is None else [f"{tokens} tokens"]
    facts += [f"{one.seconds:.1f} s", *([one.finish] if one.finish else [])]
    facts += [
        f"{_code(name)} {value:{'' if is_share(name) else '+'}.2f}" for name, value in one.scores.items()
    ]
    said = [_quoted(one.text)] if one.text else []
    return "\n\n".join([*said, *([f"Failed: {one.error}"] if one.error else []), ", ".join(facts)])


def _quoted(text: str) -> str:
    """As a block of text that Markdown leaves as it is, whatever stands in it."""
    fence = _fence(text, least=3)
    return f"{fence}text\n{text}\n{fence}"


def _code(name: str) -> str:
    """A word as it is; what may hold signs of Markdown, such as a pattern, as code."""
    if name.replace("_", "").isalpha():
        return name
    fence = _fence(name, least=1)
    space = " " if "`" in name else ""
    return f"{fence}{space}{name}{space}{fence}"


def _fence(text: str, *, least: int) -> str:
    return "`" * max(least, 1 + max((len(run) for run in _ticks(text)), default=0))


def _ticks(text: str) -> Iterator[str]:
    return (run for run in "".join(c if c == "`" else " " for c in text).split())


def _rows(comparison: Comparison) -> Iterator[tuple[dict[str, Any], Generation]]:
    for index, prompt in enumerate(comparison.prompts):
        for pane, one in comparison.answers_to(index):
            values = (
                *(
                    comparison.id,
                    index + 1,
                    prompt,
                    pane.model,
                    pane.title,
                    one.checkpoint,
                    one.draw,
                    one.seed,
                ),
                *(one.text, _counted(one), round(one.seconds, 3), one.finish, one.error),
                *(comparison.sampling.temperature, comparison.sampling.top_p),
                *(comparison.sampling.max_new_tokens, comparison.system),
            )
            yield dict(zip(_COLUMNS, values, strict=True)), one
