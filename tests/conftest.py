"""What every test starts from."""

import os
from pathlib import Path

# Processes that tests start run modules of tests/, and the product keeps the present folder off the import path.
os.environ["PYTHONPATH"] = os.pathsep.join(
    dict.fromkeys(
        [str(Path(__file__).parent.parent), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    )
)
