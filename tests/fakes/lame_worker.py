"""`python -m tests.fakes.lame_worker`: a worker that trains, but whose warm worker ends before it is ready."""

import sys

from tests.fakes.stages import FAKES

if __name__ == "__main__":
    if "--warm" in sys.argv:
        sys.exit("No module named 'torch'")

    from rlft_gui.worker import main

    sys.exit(main(lambda: FAKES, "tests.fakes.lame_worker"))
