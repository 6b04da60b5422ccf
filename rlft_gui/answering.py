"""The far side of services.short_work: a module that takes one request as JSON and answers with one JSON object."""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

from rlft_gui.domain.errors import RlftError

#: Said by a process that ran into the limit of its memory and could still speak.
OUT_OF_MEMORY = "out of memory"
#: Names, in the environment, the process that asked.
ASKED_BY = "RLFT_ASKED_BY"
_LOOK_SECONDS = 0.5


def answer(work: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Do the work that stdin asks for, and say on stdout what came of it.

    An RlftError becomes {"problem": sentence}. Whatever libraries print on the way goes to stderr.
    """
    if asker := os.environ.get(ASKED_BY):
        threading.Thread(target=_end_with, args=(int(asker),), daemon=True).start()
    request = json.load(sys.stdin)
    try:
        with redirect_stdout(sys.stderr):
            reply = work(request)
    except RlftError as error:
        reply = {"problem": str(error)}
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
    print(json.dumps(reply))  # noqa: T201 - stdout is where the answer is read


def _end_with(asker: int) -> None:
    """Nobody waits for an answer once whoever asked is gone, however that one ended."""
    while os.getppid() == asker:
        time.sleep(_LOOK_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)  # a group of its own, for it is started in a session of its own
