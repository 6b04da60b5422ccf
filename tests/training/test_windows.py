"""Documents as rows: each token is learnt once, whatever the length, and no row is longer than it may be."""

import pytest

from rlft_gui.training.chat import Document
from rlft_gui.training.windows import Window, windows, windows_of

BEGIN, END = 90, 99


@pytest.mark.parametrize("beginning", [[], [BEGIN]])
@pytest.mark.parametrize("longest", [3, 4, 7, 16])
@pytest.mark.parametrize("length", [1, 2, 3, 6, 7, 8, 50])
def test_each_token_is_learnt_once_and_in_order(beginning: list[int], longest: int, length: int) -> None:
    tokens = [*range(length), END]
    found = list(windows(Document(beginning, tokens), longest))
    learnt = [token for window in found for token in window.learnt]
    assert learnt == tokens if beginning else [tokens[0], *learnt] == tokens
    assert learnt.count(END) == 1
    assert all(len(window.read) + len(window.learnt) <= longest for window in found)
    assert all(window.read[: len(beginning)] == beginning for window in found)
    before = [window.learnt[-1] for window in found[:-1]]
    assert [window.read[-1] for window in found[1:]] == before
    if not beginning:
        assert len(found) == windows_of(length + 1, longest)


def test_a_row_without_room_for_a_token_learns_nothing() -> None:
    assert list(windows(Document([BEGIN, BEGIN], [1, END]), 3)) == []
    assert list(windows(Document([BEGIN], [1, END]), 3)) == [Window([BEGIN], [1, END])]
