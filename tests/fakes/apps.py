"""Apps as processes of their own on one home, to be killed and started again."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rlft_gui.domain.home import Home

APP = (sys.executable, "-m", "tests.fakes.app", "serve", "--port", "0", "--home")


def start_app(home: Home) -> "subprocess.Popen[str]":
    with (home.path / "app.log").open("ab") as log:
        return subprocess.Popen(
            [*APP, str(home.path)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True
        )


def listening(app: "subprocess.Popen[str]") -> str:
    """Its address, once it accepts connections."""
    assert app.stdout
    return app.stdout.readline().split()[2]


def kill(*apps: "subprocess.Popen[str]") -> None:
    """As a crash would: nothing is cleared away."""
    for app in apps:
        app.kill()
        app.wait()
        assert app.stdout
        app.stdout.close()


@contextmanager
def running(home: Home, count: int = 1) -> Iterator[list["subprocess.Popen[str]"]]:
    """So many apps; whoever replaces one in the list leaves the new one to be killed in the end."""
    apps = [start_app(home) for _ in range(count)]
    try:
        yield apps
    finally:
        kill(*apps)
