"""The trainer: one attempt of one stage, from recipe to last word. torch is imported by the stage, inside train()."""

import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from typing import Literal

from rlft_gui.domain.errors import InvalidInput, RlftError, Stopped
from rlft_gui.domain.failure import Cause, FailureKind
from rlft_gui.domain.home import RunFolder
from rlft_gui.domain.recipe import Recipe
from rlft_gui.stages import Stage
from rlft_gui.training.run.reporter import EventReporter
from rlft_gui.worker.endings import FULL_DISK_STATUS, explain

#: Seconds between two looks at whether the supervisor still lives.
PERIOD = 1.0


def train(folder: RunFolder, attempt: int, stages: Sequence[Stage]) -> int:
    """Train as the recipe says and report how it went. Returns the exit status.

    This is the worker's outermost frame, the one place that catches everything: a failure belongs on the run.
    """
    _die_with(os.getppid())
    _log_to_standard_error()
    reporter = EventReporter(folder, attempt)
    try:
        with reporter.hearing_stops():
            reporter.state("running")
            recipe = Recipe.model_validate_json(folder.recipe.read_bytes())
            _named(stages, recipe.stage).train(recipe, reporter)
        reporter.state(*_ending(reporter))
    except Stopped as stop:
        reporter.state("stopped", Cause(FailureKind.STOPPED, str(stop)))
    except Exception as error:  # noqa: BLE001
        _log_failure(error)
        return _report_failure(reporter, error)
    finally:
        reporter.close()
    return 0


def _log_to_standard_error() -> None:
    """The product's own lines go into the run's log; libraries speak there only to warn."""
    logging.basicConfig(format="%(asctime)s  %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("rlft_gui").setLevel(logging.INFO)


def _log_failure(error: Exception) -> None:
    """A failure that has a sentence needs no trace of where it arose; any other does."""
    if isinstance(error, RlftError):
        logging.getLogger(__name__).error("%s", error)
    else:
        traceback.print_exc()


def _report_failure(reporter: EventReporter, error: Exception) -> int:
    try:
        reporter.state("failed", explain(error))
    except OSError:
        traceback.print_exc()
        return FULL_DISK_STATUS
    return 1


def _ending(reporter: EventReporter) -> tuple[Literal["succeeded", "stopped"], Cause | None]:
    if reporter.was_stopped_early:
        return "stopped", Cause(FailureKind.STOPPED, f"It was stopped on request at step {reporter.step}.")
    return "succeeded", None


def _named(stages: Sequence[Stage], name: str) -> Stage:
    for stage in stages:
        if stage.name == name:
            return stage
    raise InvalidInput(
        f'The recipe asks for the stage "{name}", which this version does not have. '
        f"It has: {', '.join(stage.name for stage in stages)}."
    )


def _die_with(supervisor: int) -> None:
    """End this process's whole group soon after the supervisor is gone: nobody would write down how it ended."""
    if os.getpgrp() != os.getpid():
        return  # started by hand, in somebody else's group

    def watch() -> None:
        while os.getppid() == supervisor:
            time.sleep(PERIOD)
        sys.stderr.write("The supervisor is gone, so training ends here.\n")
        os.killpg(os.getpgrp(), signal.SIGKILL)

    threading.Thread(target=watch, name="supervisor-watch", daemon=True).start()
