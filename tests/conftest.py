"""What every test starts from."""

import os
from pathlib import Path

# Attempts are compared to the last bit, and sums differ with the number of threads, which follows what is free.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Processes that tests start run modules of tests/, and the product keeps the present folder off the import path.
os.environ["PYTHONPATH"] = os.pathsep.join(
    dict.fromkeys(
        [str(Path(__file__).parent.parent), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    )
)
