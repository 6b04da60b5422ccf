"""Start the app from a clone: `python app.py [--host H] [--port P] [--open] [--home DIR]`. The same as `rlft serve`."""

import sys

from rlft_gui.cli import main

if __name__ == "__main__":
    sys.argv.insert(1, "serve")
    main()
