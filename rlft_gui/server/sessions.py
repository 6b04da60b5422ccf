"""Whose a session is. Gradio gives the results of a session to whoever knows its name, which a browser draws by
`Math.random`; here it belongs to the caller who used it first, and those least recently used are forgotten."""

from collections import OrderedDict
from collections.abc import Callable

MOST = 2000  #: sessions in all; every load of a page begins one
MOST_OF_ONE = 200


class Sessions:
    """Names of sessions by caller. `forget` frees what is kept of one. For one event loop, not for threads."""

    def __init__(
        self, forget: Callable[[str], None], most: int = MOST, most_of_one: int = MOST_OF_ONE
    ) -> None:
        self._forget = forget
        self._most = most
        self._most_of_one = most_of_one
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._of: dict[str, OrderedDict[str, None]] = {}

    def __len__(self) -> int:
        return len(self._owners)

    def claim(self, session: str, user: str) -> bool:
        """Whether the caller may use it: nobody did before, or he himself."""
        if self._owners.setdefault(session, user) != user:
            return False
        self._owners.move_to_end(session)
        own = self._of.setdefault(user, OrderedDict())
        own[session] = None
        own.move_to_end(session)
        if len(own) > self._most_of_one:
            self._drop(next(iter(own)))
        if len(self._owners) > self._most:
            self._drop(next(iter(self._owners)))
        return True

    def _drop(self, session: str) -> None:
        user = self._owners.pop(session)
        own = self._of[user]
        del own[session]
        if not own:
            del self._of[user]
        self._forget(session)
