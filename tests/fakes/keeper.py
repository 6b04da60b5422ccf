"""`python -m tests.fakes.keeper HOME`: the product's keeper, starting workers that only count."""

import sys

from rlft_gui.keeper.loop import main
from rlft_gui.launchers import LocalLauncher

WORKER = (sys.executable, "-m", "tests.fakes.worker")

if __name__ == "__main__":
    sys.exit(main(launcher=LocalLauncher(WORKER, grace=1.0), linger=0.3))
