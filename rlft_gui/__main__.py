"""`python -m rlft_gui` is the `rlft` command."""

from rlft_gui.cli import main

main()
