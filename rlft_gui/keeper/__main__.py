"""`python -m rlft_gui.keeper HOME`: the keeper of one home."""

import sys

from rlft_gui.garbage import not_collecting

with not_collecting():
    from rlft_gui.keeper.loop import main

if __name__ == "__main__":
    sys.exit(main())
