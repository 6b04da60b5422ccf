"""Who is calling is asked in one place, and nobody is nobody."""

from types import SimpleNamespace

import pytest

from rlft_gui.domain.errors import NotAllowed
from rlft_gui.ui.identity import current_user


def test_the_name_that_the_middleware_set_is_the_caller() -> None:
    assert current_user(SimpleNamespace(state=SimpleNamespace(user="local"), client=None)) == "local"


@pytest.mark.parametrize("state", [SimpleNamespace(), SimpleNamespace(user=""), SimpleNamespace(user=None)])
def test_a_request_without_a_name_is_refused(state: SimpleNamespace) -> None:
    with pytest.raises(NotAllowed, match="names no user"):
        current_user(SimpleNamespace(state=state))
