"""Who is calling. The guard asks once for each request, and whatever it is told stands in `request.state.user`."""

from typing import Protocol

from starlette.requests import HTTPConnection
from starlette.responses import Response

from rlft_gui.domain.accounts import LOCAL_OWNER

#: Who asks for what holds nothing private. No service does anything for this name.
NOBODY = ""


class Access(Protocol):
    def identify(self, request: HTTPConnection) -> str | Response:
        """The caller's name, or what is answered instead. Runs between all other requests, so it must not wait."""
        ...


class LocalOwner:
    """One person on one machine: whoever the guard lets through is the owner."""

    def identify(self, request: HTTPConnection) -> str | Response:
        return LOCAL_OWNER
