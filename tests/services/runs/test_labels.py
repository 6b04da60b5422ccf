"""What runs are called."""

import pytest

from rlft_gui.services.runs.labels import copy_of


@pytest.mark.parametrize(
    ("title", "taken", "copy"),
    [
        ("Tour", ["Tour"], "Tour (copy)"),
        ("Tour", ["Tour", "Tour (copy)"], "Tour (copy 2)"),
        ("Tour (copy)", ["Tour", "Tour (copy)"], "Tour (copy 2)"),
        ("Tour (copy 2)", ["Tour", "Tour (copy)", "Tour (copy 2)"], "Tour (copy 3)"),
        ("A (copy) of B", [], "A (copy) of B (copy)"),
    ],
)
def test_a_copy_has_a_title_of_its_own(title: str, taken: list[str], copy: str) -> None:
    assert copy_of(title, taken) == copy
