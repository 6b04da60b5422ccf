"""What a run has measured, from its own record."""

from pathlib import Path

from rlft_gui.domain.home import Home
from rlft_gui.training.run.measured import measured_in
from rlft_gui.training.run.reporter import EventReporter


def test_every_attempt_counts_but_for_what_was_taken_back(tmp_path: Path) -> None:
    folder = Home(tmp_path).run("r1")
    folder.path.mkdir(parents=True)
    assert not any(measured_in(folder.events).values())
    first = EventReporter(folder, attempt=1)
    for step, gold in ((0, 0.1), (20, 0.9), (40, 0.5)):
        first.metrics(step, {"probe/gold": gold, "probe/kl/seq": 1.0})
        first.sample(step, "a", "k", "q", 'says "probe/gold": 7', {"gold": gold})
    first.close()
    second = EventReporter(folder, attempt=2)
    second.resumed(20)
    second.metrics(40, {"probe/gold": 0.7})

    assert second.measured()["probe/gold"] == {0: 0.1, 20: 0.9, 40: 0.7}
    second.close()
