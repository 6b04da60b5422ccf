"""The contract between Python and the browser, in the browser's own files."""

import hashlib
import json

import pytest
from plotly.offline import get_plotlyjs_version

from rlft_gui.resources import assets_dir
from tests.browser_types import FILE, text


@pytest.mark.slow
def test_the_types_of_the_browser_are_those_of_the_models() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "stale: run `make types`"


def test_what_came_from_npm_is_as_it_was_published() -> None:
    vendor = assets_dir() / "vendor"
    for name, package in json.loads((vendor / "vendored.json").read_text()).items():
        files = {
            str(file.relative_to(vendor / name)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in (vendor / name).rglob("*")
            if file.is_file()
        }
        assert files == package["sha256"], name
        assert package["license"]
        assert "LICENSE" in files


def test_the_screens_draw_with_the_plotly_that_is_installed() -> None:
    vendored = json.loads((assets_dir() / "vendor" / "vendored.json").read_text())

    assert vendored["plotly.js-basic-dist-min"]["version"] == get_plotlyjs_version()
