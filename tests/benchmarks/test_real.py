"""What the table of the small real model says, by figures worked out by hand."""

import json
from pathlib import Path

from benchmarks import real
from rlft_gui.domain.home import Home
from rlft_gui.services.pipelines.specs import load_spec


def write_events(folder: Path, *events: tuple[str, float, object]) -> None:
    lines = []
    for kind, time, told in events:
        more = {"phase": told} if kind == "phase" else {"step": told, "values": {"loss": 1.0}}
        lines.append(json.dumps({"kind": kind, "time": time, **more}))
    folder.mkdir(parents=True)
    (folder / "events.jsonl").write_text("\n".join(lines))


def test_a_step_is_timed_without_the_looks_between_steps(tmp_path: Path) -> None:
    write_events(
        Home(tmp_path).run("sft-a").path,
        ("phase", 0.0, "training"), ("metrics", 10.0, 1), ("metrics", 12.0, 2), ("phase", 12.5, "probing"),
        ("phase", 20.0, "training"), ("metrics", 22.0, 3), ("metrics", 30.0, 5),
    )  # fmt: skip
    assert real.seconds_a_step(tmp_path, "sft-a") == (2 + 4) / 2
    write_events(Home(tmp_path).run("sft-b").path, ("metrics", 1.0, 1))
    assert real.seconds_a_step(tmp_path, "sft-b") is None


def test_the_table_pairs_each_seed_with_the_base(tmp_path: Path) -> None:
    base = {"passed": [0.0, 0.0, 1.0, 0.0], "tokens": [40, 40, 10, 30]}
    (tmp_path / "base-tasks-records-held-out.json").write_text(json.dumps(base))
    for seed, passed in enumerate(([1.0, 1.0, 1.0, 1.0], [1.0, 0.0, 1.0, 0.0])):
        trained = {"passed": passed, "tokens": [10] * 4, "seconds": 60 + 20 * seed, "processor": 80, "peak": 2**31,
                   "step": {"sft-abc": 2.5}}  # fmt: skip
        (tmp_path / f"smollm2-sft-{seed}.json").write_text(json.dumps(trained))
    *_, row = real.table(tmp_path)
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[:4] == ["smollm2-sft", "JSON with the right values", "0.25", "1.00 0.50"]
    assert cells[4].startswith("+0.50 [")
    assert cells[5:] == ["30 → 10", "70", "80", "sft 2.5 s", "2,048 MB"]


def test_every_preset_for_the_model_has_words_for_what_is_good() -> None:
    assert {name.removeprefix("smollm2-") for name in real.PRESETS} == {
        "sft", "dpo", "rlhf", "grpo", "rlaif", "constitutional",
    }  # fmt: skip
    assert all(load_spec(name).measure["held_out"] in real.GOOD for name in real.PRESETS)
