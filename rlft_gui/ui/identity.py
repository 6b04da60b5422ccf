"""Who is calling: the one place where a page event or a server function learns the name of its user.

The middleware of rlft_gui.server writes the name into the ASGI scope; behind Gradio's `auth_dependency` a server
function sees none by itself. What that user may do, services decide.
"""

from typing import Any, Protocol

from rlft_gui.domain.errors import NotAllowed
from rlft_gui.services.audit import calling_from


class Request(Protocol):
    """Starlette's request and Gradio's wrapper around it alike."""

    @property
    def state(self) -> Any: ...

    @property
    def client(self) -> Any: ...


def current_user(request: Request) -> str:
    """The name of the caller. From where he calls, the audit log is told.

    Raises:
        NotAllowed: nobody was identified, so nothing may be shown or changed.
    """
    user = getattr(request.state, "user", None)
    if not isinstance(user, str) or not user:
        raise NotAllowed(
            "This request names no user, so it was refused. Open the app's own page and try again."
        )
    # Whatever this thread does now, it does for this caller: handlers run in a context of their own.
    calling_from.set(request.client.host if request.client else "")
    return user
