"""Nobody but its owner enters a home, whether it is new or was more open before."""

import stat
from pathlib import Path

import pytest

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.storage import open_storage


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_home_is_its_owners_alone(tmp_path: Path) -> None:
    open_storage(Home(tmp_path / "above" / "home")).close()

    assert mode(tmp_path / "above" / "home") == 0o700


def test_an_open_home_of_an_earlier_version_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home").chmod(0o2755)

    open_storage(Home(tmp_path / "home")).close()

    assert mode(tmp_path / "home") == 0o2700


def test_a_folder_that_all_share_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)

    with pytest.raises(InvalidInput, match="Choose a folder of your own"):
        open_storage(Home(shared))

    assert (mode(shared), list(shared.iterdir())) == (0o1777, [])
