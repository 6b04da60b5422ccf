"""What every test starts from."""

import os
from pathlib import Path

import pytest

from tests.soak.figures import Figures, from_environment

# Attempts are compared to the last bit, and sums differ with the number of threads, which follows what is free.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Processes that tests start run modules of tests/, and the product keeps the present folder off the import path.
os.environ["PYTHONPATH"] = os.pathsep.join(
    dict.fromkeys(
        [str(Path(__file__).parent.parent), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    )
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run tests that take long too, as make soak does")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what only `make soak` runs, whatever -m asks for."""
    if config.getoption("--soak"):
        return
    left_out = [item for item in items if item.get_closest_marker("soak")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture
def figures() -> Figures:
    """Where a test that shows a promise tells what it measured, for the table of `make soak`."""
    return from_environment()
