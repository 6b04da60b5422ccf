"""Whether the app can do its work, as reasons why not. They name no path, for a stranger may ask."""

import os
import shutil
import sys

from rlft_gui.domain.errors import StorageTrouble
from rlft_gui.services import Services

LEAST_FREE = 100_000_000  #: bytes of the disk below which runs and votes begin to fail


def not_ready(services: Services) -> list[str]:
    """Sentences; none where all is well."""
    return [*_database(services), *_disk(services), *_keeper()]


def _database(services: Services) -> list[str]:
    try:
        with services.storage.write(durable=False) as connection:
            connection.exec_driver_sql("SELECT count(*) FROM run").scalar_one()
    except (StorageTrouble, OSError):
        return ["The database cannot be read and written."]
    return []


def _disk(services: Services) -> list[str]:
    home = services.home.path
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        return ["The home folder cannot be written."]
    if shutil.disk_usage(home).free < LEAST_FREE:
        return [f"The disk has less than {LEAST_FREE:,} bytes left."]
    return []


def _keeper() -> list[str]:
    if os.access(sys.executable, os.X_OK):
        return []
    return ["No keeper can be started, for Python is not there to execute."]
