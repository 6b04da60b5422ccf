"""`python -m tests.fakes.app serve --home HOME --port 0`: the product's command line, whose keepers' workers only count."""

from rlft_gui import cli
from rlft_gui.services.keeper_process import KeeperStarter
from tests.fakes.pipelines import KEEPER

if __name__ == "__main__":
    KeeperStarter.__init__.__defaults__ = (KEEPER,)
    cli.main()
