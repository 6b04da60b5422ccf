"""`python -m tests.fakes.worker`: the product's worker with stages that only count."""

import sys

from rlft_gui.worker import main
from tests.fakes.stages import FAKES

if __name__ == "__main__":
    sys.exit(main(lambda: FAKES, "tests.fakes.worker"))
