"""End the inference process of an older version of this program, which a newer one cannot talk to.

It would stay until nobody has asked it anything for ten minutes, and hold the home's lock so long.
"""

import logging

from rlft_gui.domain.home import Home
from rlft_gui.inference.address import Address

logger = logging.getLogger(__name__)

MODULE = "rlft_gui.inference.server"
_PATIENCE_SECONDS = 5  #: then it is killed: it has nothing to save


def end_predecessor(home: Home, address: Address) -> None:
    """End the process at this address, and wait for it; nothing happens if its number belongs to another by now."""
    import psutil

    try:
        process = psutil.Process(address.pid)
        words = process.cmdline()
    except psutil.Error:
        return
    if str(home.path) not in words or not any(MODULE in word for word in words):
        return
    logger.info("Ending process %d, which another version of rlft_gui started", address.pid)
    try:
        process.terminate()
        process.wait(_PATIENCE_SECONDS)
    except psutil.TimeoutExpired:
        process.kill()
    except psutil.Error:
        return  # gone by itself, or somebody else's
