"""The app as a process on a home of its own, and the end of everything that it started."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import psutil

from rlft_gui.domain.home import Home

REPOSITORY = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 90
ANNOUNCED = "rlft_gui is at "


class RunningApp:
    """`python app.py --home … --port 0`, or on a port that a browser knows already; `url` once it answers."""

    def __init__(self, home: Path, port: int = 0) -> None:
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        self.log = home / "app.log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "app.py", "--home", str(home), "--port", str(port)],
                cwd=REPOSITORY,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "HF_HUB_OFFLINE": "1"},
            )
        self.url = self._wait_for_address()

    def rlft(self, *words: str) -> Any:
        """What `rlft … --json` prints for this home."""
        done = subprocess.run(
            [sys.executable, "-m", "rlft_gui", *words, "--home", str(self.home)],
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if "--json" in words else done.stdout

    def token(self) -> str:
        """What its owner signs in with."""
        return Home(self.home).token.read_text()

    def link(self) -> str:
        """Signs a browser in."""
        return f"{self.url}/?token={self.token()}"

    def headers(self) -> dict[str, str]:
        """Sign a program in."""
        return {"Authorization": f"Bearer {self.token()}"}

    def kill(self) -> None:
        """End the app's process at once, in the middle of whatever it does."""
        self._process.kill()
        self._process.wait(timeout=30)

    def close(self) -> None:
        """End the app, and whatever outlives it by design: keeper, workers and the inference process of this home."""
        self._process.terminate()
        self._process.wait(timeout=30)
        ours = [process for process in psutil.process_iter() if self._is_ours(process)]
        for process in ours:
            process.kill()
        psutil.wait_procs(ours, timeout=30)

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            words = process.cmdline()
        except psutil.Error:
            return False
        return "rlft_gui" in " ".join(words) and any(word.startswith(str(self.home)) for word in words)

    def _wait_for_address(self) -> str:
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline and self._process.poll() is None:
            said = self.log.read_text()
            if ANNOUNCED in said:
                url = said.partition(ANNOUNCED)[2].split()[0].rstrip("/")
                with urllib.request.urlopen(f"{url}/healthz", timeout=SECONDS_TO_START) as answer:
                    assert json.load(answer) == {"status": "ok"}
                return url
            time.sleep(0.1)
        self._process.kill()
        self._process.wait()
        raise AssertionError(f"The app did not start. It said:\n{self.log.read_text()}")
