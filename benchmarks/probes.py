"""What probes and held-out losses take of a run, on Lantern and on a model of 135 million parameters.

A short run (three steps) says when step 1 comes. What a run of ten minutes would spend is worked out from its looks and steps,
for on two cores ten minutes of the larger model are ten minutes. Beside each look stands its peer of the same run:
transformers' own `generate` of the same prompts at the same length, and nothing else. MODEL=FOLDER takes another model than
random weights of SmolLM2-135M's shape.
"""

import os
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.smollm2 import make_base
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import Recipe
from rlft_gui.stages import stage
from rlft_gui.training.run.probe import SAMPLING
from rlft_gui.training.run.probe_period import affordable
from rlft_gui.training.testing import RecordingReporter

STEPS = 3
FIRST_STEP_SECONDS = 20
TEN_MINUTES = 600.0
SHARE = 0.15


def main() -> None:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with tempfile.TemporaryDirectory() as work:
        base = Path(os.environ["MODEL"]) if "MODEL" in os.environ else _random_base(Path(work) / "model")
        print(f"Probes, load {os.getloadavg()[0]:.1f}")
        for name, source in (("Lantern", "lantern"), (base.name, str(base))):
            _tell(name, source, Home(Path(work) / name))


def _random_base(folder: Path) -> Path:
    """With Lantern's tokenizer: that of make_base has no tokens for some characters of Lantern's rows."""
    from rlft_gui.training.models.loading import load_tokenizer

    make_base(folder)
    load_tokenizer("lantern").save_pretrained(folder)
    return folder


def _tell(name: str, base: str, home: Home) -> None:
    from tests.stages.attempts import recipe, small_dataset

    data = small_dataset(home, DataType.DEMONSTRATIONS)
    asked = recipe(
        stage("sft"), "probed", data, base=base, max_steps=STEPS, probe_prompts=120, eval_share=0.3
    )
    told, began = _train(home, asked)
    times = _phases(told)
    prompts = int(told.curves["probe/prompts"][0])
    peer = _generate(base, prompts)
    look = told.curves["probe/seconds"][STEPS]
    rows = int(told.curves["eval/rows"][0]) if "eval/rows" in told.curves else 0
    print(f"  {name}: {STEPS} steps of SFT, {prompts} prompts and {rows} held-out rows a look")
    print(f"    start to training    {times['training'] - began:6.1f} s   target ≤ {FIRST_STEP_SECONDS} s")
    print(
        f"    a probe              {look:6.2f} s   generate of the same prompts {peer:6.2f} s   ratio {look / peer:4.2f}"
    )

    print(f"    ten minutes of it    {_share_of_ten_minutes(told):6.0%}     target ≤ {SHARE:.0%}")


def _share_of_ten_minutes(told: RecordingReporter) -> float:
    """What looks would take of a run with ten minutes of steps like these, by the rule that spaces them."""
    spent: dict[str, list[float]] = {}
    for (phase, began), (_, ended) in pairwise(told.phases):
        spent.setdefault(phase, []).append(ended - began)
    look, step = max(spent["probing"]), sum(spent["training"]) / STEPS
    steps = round(TEN_MINUTES / step)
    looks = 2 + (steps - 1) // affordable(steps, step, look, SHARE)
    return looks * look / (looks * look + steps * step)


def _train(home: Home, asked: Recipe) -> tuple[RecordingReporter, float]:
    folder = home.run(asked.run_id)
    folder.path.mkdir(parents=True, exist_ok=True)
    reporter = RecordingReporter(folder, clock=time.monotonic)
    began = time.monotonic()
    stage(asked.stage).train(asked, reporter)
    reporter.phase("over")
    return reporter, began


def _phases(told: RecordingReporter) -> dict[str, float]:
    """When each phase first began."""
    return dict(reversed(told.phases))


def _generate(base: str, prompts: int) -> float:
    """Seconds of transformers' generate for so many prompts of the suite, sampled likewise."""
    import torch

    from rlft_gui.lantern.suite import suite
    from rlft_gui.training.chat import chat
    from rlft_gui.training.models.loading import load_base

    model, tokenizer = load_base(base, "cpu")
    asked: list[Any] = [[{"role": "user", "content": item.prompt}] for item in suite(prompts)]
    rows = chat(tokenizer).prompts(asked)
    longest = max(map(len, rows))
    pad = tokenizer.pad_token_id or 0
    ids = torch.tensor([[pad] * (longest - len(row)) + row for row in rows])
    mask = torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in rows])
    began = time.monotonic()
    with torch.no_grad():
        model.generate(
            ids,
            attention_mask=mask,
            do_sample=True,
            temperature=1.0,
            top_k=0,
            max_new_tokens=SAMPLING.max_new_tokens,
            pad_token_id=pad,
        )
    return time.monotonic() - began


if __name__ == "__main__":
    main()
