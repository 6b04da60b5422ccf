"""The command line: one sentence for bad input, one JSON object for machines."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rlft_gui import cli
from rlft_gui.cli import app
from rlft_gui.services import open_services
from tests.fakes.chat_server import chat_server
from tests.fakes.pipelines import world
from tests.storage.test_events import Case


def rlft(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rlft_gui", *words, "--home", str(home)],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("train", "lantern-dop"), 'Did you mean "lantern-dpo"'),
        (("train", "lantern-sft", "--set", "sft.learning_rat=1"), "learning_rate"),
        (("train", "lantern-sft", "--set", "sft.learning_rate=0.5"), "stages.sft.learning_rate"),
        (("train", "lantern-sft", "--set", "sft.data=lantern:preferences"), "stages.sft.data"),
        (("train", "lantern-sft", "--set", "sft.data=missing.json"), "missing.json"),
        (("train", "lantern-sft", "--set", "base=/no/such/folder"), "base"),
        (("metrics", "sft-nothing"), "sft-nothing"),
        (("stop", "sft-nothing"), "sft-nothing"),
        (("resume", "sft-nothing"), "sft-nothing"),
        (("let-pass", "sft-nothing"), "sft-nothing"),
        (("run-data", "sft-nothing"), "sft-nothing"),
        (("delete", "sft-nothing"), "sft-nothing"),
        (("bin", "restore", "sft-nothing"), "sft-nothing"),
        (("bin", "empty", "sft-nothing"), "sft-nothing"),
        (("compare", "--models", "base,sft-nothing", "--prompt", "Hello"), "sft-nothing"),
        (("batch", "--models", "base,sft-nothing"), "sft-nothing"),
        (
            ("batch", "--models", "endpoint:m@http://127.0.0.1:17923/v1"),
            "is an endpoint. Compare takes endpoints.",
        ),
        (("batch", "--models", "base", "--suite", "nowhere"), "suite: There is no dataset"),
        (("batch", "--models", "base", "--seeds", "99"), "batch.seeds"),
        (("batch", "--models", "base", "--reward", "nonsense"), "measure.rewards"),
        (("compare", "--models", "base@x", "--prompt", "Hello"), "base@x"),
        (("compare", "--models", "base", "--prompt", "Hello", "--seed", "9" * 23), "--seed"),
        (("compare", "--models", "base", "--prompt", "Hello", "--temperature", "nan"), "--temperature"),
        (("compare", "--models", "base", "--prompt", "Hello", "--top-p", "nan"), "--top-p"),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    """In this process, for a new one takes a second; the tests below and those of trouble start it as one."""
    done = CliRunner().invoke(app, [*words, "--home", str(tmp_path)])
    assert done.exit_code == 2, done.output
    assert isinstance(done.exception, SystemExit)
    assert done.stdout == ""
    assert sentence in done.stderr
    assert json.loads(CliRunner().invoke(app, ["runs", "--json", "--home", str(tmp_path)]).stdout) == []


def test_a_server_that_broke_off_is_told_beside_what_it_said(tmp_path: Path) -> None:
    with chat_server(script=["break after 2"]) as server:
        words = ["compare", "--models", f"endpoint:m@{server.url}", "--prompt", "one two three"]
        done = CliRunner().invoke(app, [*words, "--home", str(tmp_path)])
    assert done.exit_code == 1
    assert "served-model-7b: three two\n    (Broken off: the server at " in done.stdout
    assert "Traceback" not in done.output


def test_bad_input_shows_no_traceback(tmp_path: Path) -> None:
    done = rlft(tmp_path, "stop", "sft-nothing")
    assert (done.returncode, done.stdout) == (2, "")
    assert "sft-nothing" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_home_before_the_command_is_told_where_it_belongs(tmp_path: Path) -> None:
    done = rlft(tmp_path, "--home", "elsewhere", "runs")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Options come after the command. Write: rlft COMMAND --home elsewhere\n"


def test_the_rows_that_a_run_made_are_printed_as_they_stand_after_edits(tmp_path: Path) -> None:
    with world(tmp_path) as here:
        maker, taker = here.add_generated(rows=3)
        here.reviewing.edit_row(maker.id, 1, columns={"completion": "One is\na number."}, user="local")
        here.reviewing.edit_row(maker.id, 2, drop=True, user="local")
    told = json.loads(rlft(here.home.path, "run-data", maker.id, "--json").stdout)
    assert (told["run"], told["type"], len(told["rows"])) == (maker.id, "demonstrations", 2)
    assert told["rows"][0]["completion"] == [{"role": "assistant", "content": "One is\na number."}]
    assert rlft(here.home.path, "run-data", maker.id).stdout.splitlines()[:3] == [
        "1  What is 1?",
        "   completion             One is a number.",
        "   draft                  The 1 is rubbish.",
    ]
    refused = rlft(here.home.path, "run-data", taker.id)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "makes no rows" in refused.stderr


def test_help_answers_without_loading_the_services(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, rlft_gui.cli; print('sqlalchemy' in sys.modules, 'gradio' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.slow
def test_what_became_of_the_rows_is_told_of_every_run_and_of_one_that_lacks_them(tmp_path: Path) -> None:
    long = "Please tell me in a whole sentence what the capital of Peru is, and then say it again."
    rows = [{"prompt": f"{long} {i}", "completion": "Lima."} for i in range(3)]
    file = tmp_path / "rows.json"
    file.write_text(json.dumps([*rows, {"prompt": "Hello?", "completion": ""}]))
    done = rlft(
        tmp_path / "home", "train", "lantern-sft",
        "--set", f"sft.data={file}", "--set", "sft.max_length=16", "--json",
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    (run,) = json.loads(done.stdout)["runs"]
    assert (run["status"], run["data"]) == (
        "failed",
        {
            "read": 4,
            "trained": 0,
            "held_out": 0,
            "dropped": {"the prompt alone has 16 tokens or more": 3, "the answer is empty": 1},
            "cut": 0,
            "columns_not_read": [],
            "changed": {},
        },
    )
    assert "3 are left out (the prompt alone has 16 tokens or more)" in done.stderr


@pytest.mark.slow
def test_the_rows_of_a_preset_are_told_too(tmp_path: Path) -> None:
    done = rlft(
        tmp_path, "train", "lantern-sft", "--set", "sft.max_steps=1", "--set", "sft.probe_prompts=8"
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = next(line.split("rows", 1)[1] for line in done.stdout.splitlines() if " rows " in line)
    read, trained, held_out, shortened = (
        int(part.split()[0].replace(",", "")) for part in told.strip().split(", ")
    )
    assert (read, shortened) == (trained + held_out, 0)
    assert held_out > 0


def test_an_estimate_is_one_object_with_every_stage_and_a_launch_is_none(tmp_path: Path) -> None:
    asked = ["estimate", "lantern-dpo", "--home", str(tmp_path)]
    done = CliRunner().invoke(app, [*asked, "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert [one["stage"] for one in found["stages"]] == ["sft", "dpo"]
    assert all(one["verdict"] in ("fits", "tight") for one in found["stages"])
    told = CliRunner().invoke(app, asked).stdout
    assert "sft" in told
    assert "how long it takes is not known yet" in told
    assert json.loads(CliRunner().invoke(app, ["runs", "--json", "--home", str(tmp_path)]).stdout) == []


def test_an_estimate_of_what_cannot_be_launched_says_why(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["estimate", "lantern-sft", "--set", "sft.beta=1", "--home", str(tmp_path)]
    )
    assert (done.exit_code, done.stdout) == (2, "")
    assert 'SFT has no setting "beta"' in done.stderr


def test_what_will_not_fit_is_told_with_ways_to_fit_and_a_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rlft_gui.services.machine import Memory
    from rlft_gui.services.pipelines import estimating

    monkeypatch.setattr(estimating, "device_memory", lambda _: Memory(10**8, 10**8))
    monkeypatch.setattr(
        "rlft_gui.services.pipelines.timing.run_short", lambda *_, **__: {"wide": 1, "thin": 1}
    )
    sets = ["--set", "sft.batch_size=64", "--set", "sft.tuning=full"]
    done = CliRunner().invoke(app, ["estimate", "lantern-sft", *sets, "--home", str(tmp_path)])
    assert done.exit_code == 1, done.output
    assert "will not fit" in done.stdout
    assert "Batch size" in done.stdout


def test_what_needs_a_look_is_told_of_a_run_that_succeeded_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = Case(tmp_path)
    reporter = case.reporter()
    reporter.state("running")
    reporter.alarm(7, "not_scored", "No answer could be scored.")
    reporter.state("succeeded")
    case.ingest()
    case.storage.close()
    (told,) = json.loads(CliRunner().invoke(app, ["runs", "--json", "--home", str(case.home.path)]).stdout)
    assert told["alarms"] == [{"step": 7, "name": "not_scored", "message": "No answer could be scored."}]
    lines = CliRunner().invoke(app, ["runs", "--home", str(case.home.path)]).stdout.splitlines()
    assert lines[1].split(maxsplit=4) == ["needs", "a", "look", "step", "7: No answer could be scored."]
    services = open_services(case.home.path)
    cli._print_alarms(services, services.runs.list())
    assert "needs a look      step 7: No answer could be scored." in capsys.readouterr().err
