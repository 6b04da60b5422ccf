"""Regular expressions of people, searched with a limit: `(a+)+$` takes hours over a line of a hundred letters."""

import re
import signal
import threading
from types import FrameType

from rlft_gui.domain.errors import InvalidInput

LONGEST = 2.0  #: seconds over one answer


def is_found(pattern: re.Pattern[str], text: str) -> bool:
    """Whether an answer has a place that fits.

    Raises:
        InvalidInput: it took too long. In other threads than the main one, which alone hears of time, there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        return pattern.search(text) is not None

    def give_up(_number: int, _frame: FrameType | None) -> None:
        raise InvalidInput(
            f'The pattern "{pattern.pattern[:100]}" takes more than {LONGEST:g} s over one answer. Write it without repeats '
            "inside repeats."
        )

    before = signal.signal(signal.SIGALRM, give_up)
    # The search looks for signals now and then, so it is broken off in the middle.
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    try:
        return pattern.search(text) is not None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
