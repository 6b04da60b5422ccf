"""`python -m tests.fakes.lines`: says what it is told to, line by line, and then does as it is told."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

from rlft_gui.answering import answer_in_lines
from rlft_gui.domain.errors import InvalidInput


def work(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for number in range(request["lines"]):
        print("Words of a library")  # noqa: T201
        yield {"number": number, "pid": os.getpid()}
    act = request["then"]
    if act == "refuse":
        raise InvalidInput("It reads no more.")
    if act == "hang":
        time.sleep(600)
    if act == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if act == "fail":
        raise ZeroDivisionError("division by zero")
    if act == "babble":
        sys.__stdout__.write("no object\n")
        sys.__stdout__.flush()


if __name__ == "__main__":
    answer_in_lines(work)
