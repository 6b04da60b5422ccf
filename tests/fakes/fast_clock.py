"""A wall clock that runs faster: for processes whose day is to take minutes. `FAST_CLOCK` says how many times.

Only `time.time` is hastened, by which the product dates things. What it waits by (`time.monotonic`, `time.sleep`) stays:
a deadline of a minute that came within a second would be another program.
"""

import os
import time

VARIABLE = "FAST_CLOCK"  #: times, and the Unix second from which on


def hasten() -> None:
    """Has this process live by the fast clock, if the environment asks for it."""
    if told := os.environ.get(VARIABLE):
        times, _, since = told.partition(":")
        begin, factor, real = float(since), float(times), time.time
        time.time = lambda: begin + (real() - begin) * factor
