"""A process number that changed hands within an instant: a stranger that got a dead trainer's number is left alone.

A namespace of process numbers of one's own lets a test say which number comes next. Where none is to be had, it is skipped.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rlft_gui.domain.home import Home

NAMESPACE = ("unshare", "--pid", "--fork", "--mount-proc")
ROUNDS = 20

SCRIPT = f"""
import os, subprocess, sys, time
import psutil
from pathlib import Path
from rlft_gui.domain.home import RunFolder
from rlft_gui.launchers import LocalLauncher
from rlft_gui.launchers.leftovers import Session, born
from rlft_gui.launchers.order import WARM_MARK

folder = RunFolder(Path(sys.argv[1]))
NEXT = Path("/proc/sys/kernel/ns_last_pid")

def start():
    return subprocess.Popen(["sleep", "600"], env={{**os.environ, WARM_MARK: "x"}}, start_new_session=True)

found = reused = killed = 0
for _ in range({ROUNDS}):
    trainer = start()
    folder.session.write_text(Session(pid=trainer.pid, born=born(trainer.pid)).model_dump_json())
    found += any(LocalLauncher().find(folder) == (trainer.pid,) for _ in range(5))
    time.sleep(0.05)  # a few ticks: within one, no machine hands out all its numbers
    trainer.kill()
    trainer.wait()
    NEXT.write_text(str(trainer.pid - 1))
    stranger = start()
    reused += stranger.pid == trainer.pid
    psutil.process_iter.cache_clear()  # as in a keeper that was started since
    LocalLauncher().end(folder)
    killed += stranger.poll() is not None
    stranger.kill()
    stranger.wait()
print(found, reused, killed)
"""


def _has_namespaces() -> bool:
    if shutil.which("unshare") is None:
        return False
    probe = [*NAMESPACE, "sh", "-c", "echo 100 > /proc/sys/kernel/ns_last_pid"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def test_a_stranger_with_a_dead_trainers_number_is_never_signalled(tmp_path: Path) -> None:
    if not _has_namespaces():
        pytest.skip("no namespace of process numbers can be made here")
    folder = Home(tmp_path).run("sft-1")
    folder.path.mkdir(parents=True)

    done = subprocess.run(
        [*NAMESPACE, sys.executable, "-c", SCRIPT, str(folder.path)],
        capture_output=True,
        text=True,
        check=True,
    )

    found, reused, killed = map(int, done.stdout.split())
    assert found == ROUNDS, "its own trainer was found before each died"
    assert reused == ROUNDS
    assert killed == 0
