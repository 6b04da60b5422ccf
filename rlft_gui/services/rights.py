"""What a name may do: the one place that says so. Every service that changes something or costs something asks here.

A viewer looks. A member changes what is theirs and may begin what costs time of the machine. An admin may do everything, and so
may the machine's owner, who has no account.
"""

from rlft_gui.domain.accounts import LOCAL_OWNER, Role
from rlft_gui.domain.errors import NotAllowed
from rlft_gui.storage import Storage


class Rights:
    """May be shared by threads. Read from the database each time, so that a role counts as soon as it is given."""

    def __init__(self, storage: Storage) -> None:
        self._accounts = storage.accounts

    def role(self, user: str) -> Role:
        """What this name is here.

        Raises:
            NotAllowed: there is no such account.
        """
        if user == LOCAL_OWNER:
            return Role.ADMIN
        account = self._accounts.get(user) if user else None
        if account is None or account.name != user:
            raise NotAllowed(f'There is no account "{user}". Sign in again.')
        return account.role

    def check_change(self, user: str) -> None:
        """Whether this name may change or begin anything at all.

        Raises:
            NotAllowed: it may not.
        """
        if not self.role(user).may_change:
            raise NotAllowed(
                f"{user} is a viewer here and may look at everything but change nothing. An admin can make a member "
                f"of {user}: rlft user role {user} member"
            )

    def check_owner(self, user: str, owner: str, what: str, act: str = "change") -> None:
        """Whether this name may change something that belongs to `owner`.

        Args:
            what: the thing, as a sentence begins with it.
            act: what would be done to it.

        Raises:
            NotAllowed: it may not.
        """
        self.check_change(user)
        if user != owner and self.role(user) is not Role.ADMIN:
            raise NotAllowed(f"{what} belongs to {owner}; only they and admins can {act} it.")

    def check_admin(self, user: str) -> None:
        """Raises: NotAllowed, where this name may not decide about others."""
        if self.role(user) is not Role.ADMIN:
            raise NotAllowed(f"Only admins may do that, and {user} is a {self.role(user)}. Ask an admin.")
