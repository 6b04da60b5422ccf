"""Lines that a kill or a full disk cannot spoil."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.events import EVENT, MetricsEvent
from rlft_gui.domain.home import RunFolder
from rlft_gui.training.run.reporter import EventReporter


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    made = RunFolder(tmp_path / "runs" / "sft-1")
    made.path.mkdir(parents=True)
    return made


def _lines(folder: RunFolder) -> list[dict[str, Any]]:
    return [json.loads(line) for line in folder.events.read_text().splitlines()]


def test_every_line_is_numbered_within_its_attempt(folder: RunFolder) -> None:
    first = EventReporter(folder, 1)
    first.state("running")
    first.phase("loading")
    second = EventReporter(folder, 2)
    second.resumed(4)
    assert [(line["attempt"], line["seq"], line["kind"]) for line in _lines(folder)] == [
        (1, 1, "state"),
        (1, 2, "phase"),
        (2, 1, "resumed"),
    ]


def test_half_a_line_of_a_killed_attempt_is_cut(folder: RunFolder) -> None:
    EventReporter(folder, 1).phase("loading")
    with folder.events.open("ab") as file:
        file.write(b'{"attempt":1,"se')
    EventReporter(folder, 2).phase("loading")
    assert [line["attempt"] for line in _lines(folder)] == [1, 2]


def test_a_file_of_nothing_but_half_a_line_is_emptied(folder: RunFolder) -> None:
    folder.events.write_bytes(b'{"attempt":1,"se')
    EventReporter(folder, 2).phase("loading")
    assert [line["attempt"] for line in _lines(folder)] == [2]


def test_numbers_that_are_none_survive_the_line(folder: RunFolder) -> None:
    EventReporter(folder, 1).metrics(3, {"loss": math.nan, "kl": math.inf})
    event = EVENT.validate_json(folder.events.read_bytes())
    assert isinstance(event, MetricsEvent)
    assert math.isnan(event.values["loss"])
    assert event.values["kl"] == math.inf


def test_a_later_attempt_says_where_it_goes_on_before_it_reports(folder: RunFolder) -> None:
    reporter = EventReporter(folder, 2)
    reporter.phase("loading")
    reporter.metrics(0, {"loss": 1.0})
    reporter.metrics(1, {"loss": 1.0})
    assert [(line["kind"], line.get("from_step")) for line in _lines(folder)] == [
        ("phase", None),
        ("resumed", -1),
        ("metrics", None),
        ("metrics", None),
    ]


def test_the_size_of_a_checkpoint_is_that_of_its_files(folder: RunFolder) -> None:
    (folder.checkpoint(4) / "optimizer").mkdir(parents=True)
    (folder.checkpoint(4) / "adapter.safetensors").write_bytes(b"x" * 100)
    (folder.checkpoint(4) / "optimizer" / "state").write_bytes(b"x" * 11)
    EventReporter(folder, 1).checkpoint(4, folder.checkpoint(4))
    assert _lines(folder)[0]["bytes"] == 111


def test_a_stop_is_early_only_if_the_stage_heard_of_it_before_its_last_step(folder: RunFolder) -> None:
    deaf = EventReporter(folder, 1)
    deaf.plan(10, {})
    deaf.metrics(5, {"loss": 1.0})
    folder.stop.touch()
    assert not deaf.was_stopped_early
    assert deaf.stop_requested()
    assert deaf.was_stopped_early
    deaf.metrics(10, {"loss": 1.0})
    assert not deaf.was_stopped_early


def test_a_full_disk_leaves_whole_lines_and_an_error(folder: RunFolder) -> None:
    program = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from rlft_gui.domain.home import RunFolder\n"
        "from rlft_gui.training.run.reporter import EventReporter\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "reporter = EventReporter(RunFolder(Path(sys.argv[1])), 1)\n"
        "try:\n"
        "    while True: reporter.metrics(0, {'loss': 1.0})\n"
        "except OSError as error:\n"
        "    print(error.errno)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder.path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "28\n"
    assert folder.events.read_bytes().endswith(b"\n")
    assert len(_lines(folder)) > 5
