"""`python -m tests.fakes.short`: does to services.short_work what a stranger's chat template may do."""

import os
import subprocess
import sys
import time
from typing import Any

from rlft_gui.answering import answer
from rlft_gui.domain.errors import InvalidInput


def work(request: dict[str, Any]) -> dict[str, Any]:
    kind = request["do"]
    if kind == "answer":
        print("Words of a library")  # noqa: T201
        return {"said": request["say"], "environment": dict(os.environ), "pid": os.getpid()}
    if kind == "refuse":
        raise InvalidInput("The turns do not alternate. Put a user's turn first.")
    if kind == "loop":
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", request["mark"]])
        while True:
            pass
    if kind == "eat slowly":
        eaten = []
        while True:
            eaten.append(b"x" * 2**20)
            time.sleep(0.002)
    if kind == "eat at once":
        return {"length": len("x" * 2**36)}
    if kind == "fail":
        raise ZeroDivisionError("division by zero")
    if kind == "say nothing":
        os._exit(0)
    if kind == "sleep":
        begun = time.monotonic()
        time.sleep(request["seconds"])
        return {"begun": begun, "ended": time.monotonic()}
    os._exit(5)


if __name__ == "__main__":
    answer(work)
