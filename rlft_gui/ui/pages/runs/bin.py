"""The bin of the page of all runs: what is in it, and its buttons."""

import time

from rlft_gui.services import Services
from rlft_gui.services.runs.bin import Binned
from rlft_gui.ui.components.run_card import run_card
from rlft_gui.ui.contract import Nothing, Served, serve
from rlft_gui.ui.pages.runs.payloads import RUNS_BIN, RUNS_BIN_ACTION, BinAsked, BinnedRun, RunsBin


def serve_bin(services: Services) -> Served:
    def answer(_asked: Nothing, _user: str) -> RunsBin:
        return RunsBin(now=time.time(), runs=tuple(_row(one) for one in services.runs.bin.list()))

    return serve(RUNS_BIN, answer)


def serve_bin_actions(services: Services) -> Served:
    def answer(asked: BinAsked, user: str) -> Nothing:
        match asked.action:
            case "restore":
                services.runs.bin.restore(asked.run, user=user)
            case "purge":
                services.runs.bin.purge(asked.run, user=user)
            case "empty":
                services.runs.bin.empty(user=user)
        return Nothing()

    return serve(RUNS_BIN_ACTION, answer)


def _row(binned: Binned) -> BinnedRun:
    card = run_card(binned.run)
    return BinnedRun(
        id=card.id,
        title=card.title,
        stage=card.stage,
        palette=card.palette,
        deleted_at=binned.deleted_at,
        expires_at=binned.expires_at,
        bytes=binned.bytes,
    )
