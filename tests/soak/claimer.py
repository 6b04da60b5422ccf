"""`python -m tests.soak.claimer HOME DEVICE…`: claims queued runs and settles each, as a keeper would, until none is left.

Prints, as JSON, each run with its device, when it was claimed and given back, and how long each claim took.
"""

import json
import sys
import time
from pathlib import Path

from rlft_gui.domain.home import Home
from rlft_gui.domain.status import RunStatus
from rlft_gui.storage import open_storage


def main(home: Path, devices: list[str]) -> None:
    storage = open_storage(Home(home))
    claims = []
    sys.stdin.readline()  # all begin together
    while storage.runs.has_work():
        begun = time.monotonic()
        claimed = storage.transitions.claim_next(devices, "local")
        held = time.monotonic()
        if claimed is None:
            time.sleep(0.002)
            continue
        run, device = claimed
        given_back = time.monotonic()  # before it is: others cannot have it sooner
        storage.transitions.settle(run, RunStatus.SUCCEEDED, None, "")
        claims.append((run.id, device, held, given_back, held - begun))
    storage.close()
    print(json.dumps(claims))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
