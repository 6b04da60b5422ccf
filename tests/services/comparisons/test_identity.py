"""Every pane is answered by who it says: adapters, full models, bases and endpoints beside each other, by the real process."""

from pathlib import Path

import pytest

from rlft_gui.domain.comparison import GenerationStatus, Sampling
from rlft_gui.domain.home import Home
from rlft_gui.services.comparisons.service import Comparing
from rlft_gui.storage import Storage
from rlft_gui.training.models.loading import load_base
from rlft_gui.training.models.sampling import sample
from tests.fakes.chat_server import MODEL, answer_to, chat_server
from tests.inference.tiny_models import add_checkpoint, add_full_checkpoint, babbles, make_base
from tests.services.comparisons.comparing_home import add_run

pytestmark = [
    pytest.mark.slow,
    # PEFT calls transformers under a name that is on its way out.
    pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing.*:FutureWarning"),
]

PROMPT = "hello you"
SAMPLING = Sampling(max_new_tokens=16, temperature=1.0, seed=4)


@pytest.fixture
def bases(tmp_path: Path) -> tuple[Path, Path]:
    return make_base(tmp_path / "base"), make_base(tmp_path / "other", seed=5)


def alone(source: Path, adapter: Path | None = None) -> str:
    """What this model says by transformers and PEFT, without any of the process's own ways."""
    from peft import PeftModel

    model, tokenizer = load_base(str(source), "cpu")
    if adapter is not None:
        model = PeftModel.from_pretrained(model, adapter)
    [answer] = sample(model.double().eval(), tokenizer, [[{"role": "user", "content": PROMPT}]], SAMPLING)
    return answer.text


def test_every_pane_is_answered_by_who_it_says(
    home: Home, storage: Storage, comparing: Comparing, bases: tuple[Path, Path]
) -> None:
    base, other = bases
    expected = {"base:" + str(base): alone(base), "base:" + str(other): alone(other)}
    for run_id, source, seed in (("one", base, 1), ("two", base, 2), ("three", other, 3)):
        add_run(storage, run_id, base=str(source))
        adapter = add_checkpoint(home, run_id, 4, source, babbles(seed))
        expected[f"{run_id}@4"] = alone(source, adapter)
    add_run(storage, "whole", base=str(base))
    expected["whole@7"] = alone(add_full_checkpoint(home, "whole", 7, base))
    with chat_server() as server:
        endpoint = f"endpoint:any@{server.url}"
        panes = [endpoint, "whole", "three", f"base:{base}", "two@4", f"base:{other}", "one"]
        among = comparing.run_sync(panes, [PROMPT], SAMPLING, user="local")
        again = comparing.run_sync(panes[::-1], [PROMPT], SAMPLING, user="local")
    expected[MODEL] = answer_to(PROMPT)
    assert among.status is GenerationStatus.DONE
    said = {str(one.checkpoint): one.text for one in among.generations}
    assert said == expected
    assert {str(one.checkpoint): one.text for one in again.generations} == expected
    assert len(set(said.values())) == len(panes), "models that answer alike would prove nothing"
    assert [pane.model for pane in among.panes] == panes
