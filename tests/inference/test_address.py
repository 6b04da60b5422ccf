import stat
from pathlib import Path

from rlft_gui.domain.home import Home
from rlft_gui.inference import address as addresses
from rlft_gui.inference.address import Address


def test_the_token_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    addresses.make_folder(home)
    addresses.write(home, Address(port=1234, token="secret", pid=1))
    assert addresses.read(home) == Address(port=1234, token="secret", pid=1)
    assert stat.S_IMODE((home.inference / "address.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.inference.stat().st_mode) == 0o700


def test_no_address_and_a_damaged_one_both_mean_that_nobody_listens(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert addresses.read(home) is None
    addresses.make_folder(home)
    (home.inference / "address.json").write_text('{"port": 12')
    assert addresses.read(home) is None


def test_an_address_replaces_the_one_before(tmp_path: Path) -> None:
    home = Home(tmp_path)
    addresses.make_folder(home)
    addresses.write(home, Address(port=1, token="old", pid=1))
    addresses.write(home, Address(port=2, token="new", pid=1))
    found = addresses.read(home)
    assert found is not None
    assert found.token == "new"
    assert [path.name for path in home.inference.iterdir()] == ["address.json"]
