"""Nobody but its owner enters a home, whether it is new or was more open before."""

import os
import stat
from pathlib import Path

import pytest

from rlft_gui.domain.errors import InvalidInput, RlftError, StorageTrouble
from rlft_gui.domain.home import Home
from rlft_gui.services import open_services
from rlft_gui.storage import open_storage
from rlft_gui.storage._mounts import MOUNTS, mounts_of, refuse_on


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


@pytest.mark.parametrize(
    "place", ["/proc", "/proc/self/task", "/proc/home", "/sys", "/sys/home", "/dev", "/dev/home"]
)
@pytest.mark.skipif(not MOUNTS.exists(), reason="only Linux tells its mounts")
def test_folders_of_the_system_are_refused(place: str) -> None:
    with pytest.raises(InvalidInput, match=r"belongs to the system and keeps no files\. Choose another"):
        open_storage(Home(Path(place)))


TABLE = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:40 / /mnt/lab rw - nfs4 server:/lab rw,vers=4.2
31 30 254:1 / /mnt/lab/disk rw - xfs /dev/vdb rw
32 22 0:41 / /mnt/with\\040space rw - cifs //server/share rw
33 22 0:42 / /mnt/over rw - nfs server:/over rw
34 22 0:43 / /mnt/over rw master:7 - tmpfs tmpfs rw
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/mnt/lab/me/home", "nfs4"),
        ("/mnt/with space/home", "cifs"),
        ("/mnt/laboratory", None),
        ("/mnt/lab/disk/home", None),
        ("/mnt/over/home", None),
        ("/home/me", None),
    ],
)
def test_network_file_systems_are_refused_by_the_innermost_mount(place: str, kind: str | None) -> None:
    mounts = mounts_of(TABLE.splitlines())
    if kind is None:
        refuse_on(Path(place), mounts)
        return
    with pytest.raises(InvalidInput, match=rf"is on a network file system \({kind}\)"):
        refuse_on(Path(place), mounts)


def test_a_home_of_another_user_is_refused_and_the_administrator_only_warned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    mine = tmp_path.stat().st_uid
    monkeypatch.setattr("os.geteuid", lambda: mine + 4711)
    with pytest.raises(InvalidInput, match=rf"belongs to another user \(number {mine}\)"):
        open_storage(Home(tmp_path))

    if mine == 0:
        os.chown(tmp_path, 4711, -1)
        monkeypatch.setattr("os.geteuid", lambda: 0)
        open_storage(Home(tmp_path)).close()
        assert "belongs to another user (number 4711)" in caplog.text


@pytest.mark.parametrize("name", ["rlft.db", "rlft.lock"])
def test_a_pipe_in_place_of_a_file_is_told(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)

    with pytest.raises(StorageTrouble, match="it is no file"):
        open_storage(Home(tmp_path))


def test_a_path_that_is_too_long_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageTrouble, match="cannot be a home: File name too long"):
        open_storage(Home(tmp_path / ("x" * 300)))


def test_a_dangling_link_is_followed_and_a_circle_of_links_is_told(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "home")
    open_services(tmp_path / "link").storage.close()
    assert (tmp_path / "home" / "rlft.db").exists()

    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(RlftError, match=r"in a circle|symbolic links"):
        open_services(tmp_path / "a")
