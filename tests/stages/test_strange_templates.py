"""What a run leaves behind where the base's chat template is not as one expects: a model that answers, and stops."""

from pathlib import Path
from typing import Any

import pytest

from rlft_gui.data.inspection import Detection
from rlft_gui.data.kept import KeptRows
from rlft_gui.data.store import store
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.home import Home
from rlft_gui.stages import stage
from rlft_gui.training.testing import RecordingReporter
from tests.fakes import chats
from tests.stages.attempts import attempt, recipe

pytestmark = pytest.mark.slow

SYSTEM = {"role": "system", "content": "Be kind."}
PLAIN, THOUGHT = "Yes.", "<think>Hm.</think>Yes."


def _data(home: Home, answer: str, *before: dict[str, str]) -> str:
    rows = tuple(
        {
            "prompt": [*before, {"role": "user", "content": f"Is it {what}?"}],
            "completion": [{"role": "assistant", "content": answer}],
        }
        for what in ("red", "blue", "wet", "dry")
    )
    made = Detection(
        name="own", type=DataType.DEMONSTRATIONS, format="test", rows_read=4, rows=KeptRows(rows), dropped=0
    )
    return store(home, made, owner="local").id


def _imitated(home: Home, base: Path, run_id: str, data: str, steps: int = 80) -> RecordingReporter:
    settings: dict[str, Any] = {"tuning": "full", "max_steps": steps, "learning_rate": 1e-2, "eval_share": 0}
    return attempt(
        home, recipe(stage("sft"), run_id, data, base=str(base), probe_every=500, warmup=0, **settings)
    )


@pytest.mark.parametrize(
    ("name", "template", "answer", "before"),
    [
        ("chatml", chats.CHATML, PLAIN, ()),
        ("no-end", chats.NO_END, PLAIN, ()),
        ("deletes-reasoning", chats.DELETES_REASONING, THOUGHT, ()),
        ("other-prompt", chats.OTHER_PROMPT, PLAIN, ()),
        ("never-opens", chats.NEVER_OPENS, PLAIN, ()),
        ("refuses-system", chats.REFUSES_SYSTEM, PLAIN, (SYSTEM,)),
        ("no-template", None, PLAIN, (SYSTEM,)),
    ],
)
def test_the_trained_model_says_the_answer_and_stops(
    home: Home,
    tmp_path: Path,
    name: str,
    template: str | None,
    answer: str,
    before: tuple[dict[str, str], ...],
) -> None:
    base = chats.tiny_base(tmp_path / "base", template, begins=template is None)
    told = _imitated(home, base, name, _data(home, answer, *before), 80 if answer == PLAIN else 240)
    last = max(told.curves["probe/truncated"])
    assert told.curves["probe/truncated"][0] > 0.0  # the base ends by chance
    assert told.curves["probe/truncated"][last] == 0.0
    assert {said for step, _, _, _, said, _ in told.samples if step == last} == {answer}


def test_policies_learn_from_answers_that_end_where_the_template_ends_them(
    home: Home, tmp_path: Path
) -> None:
    base = chats.tiny_base(tmp_path / "base", chats.CHATML)
    data = _data(home, PLAIN)
    _imitated(home, base, "chatml-parent", data)
    shared: dict[str, Any] = {"base": str(base), "parent": "chatml-parent", "tuning": "full", "eval_share": 0}
    shared |= {"max_new_tokens": 24, "rewards": {"random": 1.0}}
    grpo = recipe(stage("grpo"), "chatml-grpo", data, max_steps=1, samples_per_prompt=4, **shared)
    ppo = recipe(stage("ppo"), "chatml-ppo", data, steps=1, rollouts=8, **shared)
    for asked in (grpo, ppo):
        told = attempt(home, asked)
        assert told.curves["length/truncated"][1] == 0.0
        assert told.curves["length/mean"][1] == len(PLAIN) + 1
