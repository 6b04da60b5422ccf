"""How answers change over steps, as columns: which steps to show, and which prompts first.

The word-by-word difference is drawn in the browser; this file decides what to lay beside what.
"""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from rlft_gui.domain.run import Sample, told_value
from rlft_gui.ui.pages.run.payloads import SampledAnswer, SampledPrompt, SampleTable

COLUMNS = 4
OWN_SHOWN = 4  #: prompts, where all are of one kind
OWN_KINDS = ("held out", "training")  #: what the probe calls prompts of the run's own data


def sample_table(samples: Iterable[Sample], *, own_first: bool = False) -> SampleTable:
    """Most changed prompts first; with `own_first`, those of the run's own data before those of Lantern's suite."""
    by_item: dict[str, dict[int, Sample]] = {}
    for sample in samples:
        by_item.setdefault(sample.item_id, {})[sample.step] = sample
    by_item = {item: by_item[item] for item in shown_items(by_item)}
    steps = spread(sorted({step for answers in by_item.values() for step in answers}), COLUMNS)
    prompts = [_prompt(answers, steps) for answers in by_item.values()]
    prompts.sort(key=lambda prompt: (own_first and not prompt.own, -prompt.changed))
    return SampleTable(steps=tuple(steps), prompts=tuple(prompts))


def shown_items(by_item: Mapping[str, Mapping[int, Sample]]) -> list[str]:
    """The prompts to lay beside each other: the first of each kind, or of one kind the first few. The table of answers has all."""
    kinds: dict[str, list[str]] = {}
    for item, answers in by_item.items():
        kinds.setdefault(next(iter(answers.values())).kind, []).append(item)
    # Prompts of own data beside Lantern's suite are a kind of their own, and no stratum.
    strata = [kind for kind in kinds if kind not in OWN_KINDS]
    most = {kind: 1 if kind in strata and len(strata) > 1 else OWN_SHOWN for kind in kinds}
    return [item for kind, items in kinds.items() for item in items[: most[kind]]]


def spread(steps: list[int], most: int) -> list[int]:
    """At most that many steps: the first, the last, and between them those nearest to even distances."""
    if len(steps) <= most:
        return steps
    first, last = steps[0], steps[-1]
    wanted = [first + (last - first) * i / (most - 1) for i in range(most)]
    return sorted({min(steps, key=lambda step: abs(step - want)) for want in wanted})


def changed(before: str, after: str) -> float:
    """Share of words that differ, 0 to 1."""
    return 1 - SequenceMatcher(None, before.split(), after.split(), autojunk=False).ratio()


def _prompt(answers: dict[int, Sample], steps: list[int]) -> SampledPrompt:
    shown = [answers.get(step) for step in steps]
    known = [sample for sample in shown if sample is not None]
    any_sample = next(iter(answers.values()))
    return SampledPrompt(
        kind=any_sample.kind,
        own=any_sample.kind in OWN_KINDS,
        prompt=any_sample.prompt,
        changed=round(changed(known[0].completion, known[-1].completion), 3) if known else 0.0,
        answers=tuple(_answer(sample) if sample else None for sample in shown),
    )


def _answer(sample: Sample) -> SampledAnswer:
    scores = {name: told_value(score) for name, score in sample.scores.items()}
    return SampledAnswer(step=sample.step, text=sample.completion, scores=scores)
