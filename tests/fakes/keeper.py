"""`python -m tests.fakes.keeper HOME`: the product's keeper, starting workers that only count.

With `--warm` behind the home they are forked from a warm worker.
"""

import sys

from rlft_gui.keeper.loop import main
from rlft_gui.launchers import LocalLauncher
from tests.fakes.fast_clock import hasten

WORKER = (sys.executable, "-m", "tests.fakes.worker")

if __name__ == "__main__":
    hasten()
    launcher = LocalLauncher(WORKER, grace=1.0, is_warm="--warm" in sys.argv)
    sys.exit(main([a for a in sys.argv[1:] if a != "--warm"], launcher=launcher, linger=0.3))
