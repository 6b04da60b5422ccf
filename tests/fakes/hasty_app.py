"""`python -m tests.fakes.hasty_app --port PORT --home HOME`: the product's app, by a clock that runs fast, whose keeper starts workers that only count."""

import argparse
from dataclasses import replace
from pathlib import Path

from rlft_gui.server import serve
from rlft_gui.services import open_services
from rlft_gui.services.keeper_process import KeeperStarter
from rlft_gui.services.runs.service import Runs
from tests.fakes.fast_clock import hasten
from tests.fakes.pipelines import WARM_KEEPER

if __name__ == "__main__":
    hasten()
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int)
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    services = open_services(options.home)
    starter = KeeperStarter(services.home, WARM_KEEPER)
    serve(replace(services, runs=Runs(services.home, services.storage, starter)), port=options.port)
