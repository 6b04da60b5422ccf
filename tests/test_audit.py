"""What `make audit` can look at without a network."""

import importlib.util
from importlib.metadata import distributions

import pytest

from tests import audit


def test_everything_installed_has_a_licence_that_is_allowed() -> None:
    assert audit.wrong_licences() == {}


def test_a_licence_that_is_not_allowed_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "KNOWN", {})
    installed = {str(package.metadata["Name"]) for package in distributions()}
    assert {"krippendorff", "pysqlite3"} & installed <= audit.wrong_licences().keys()


def test_what_is_copied_from_npm_is_what_was_published() -> None:
    assert audit.changed_files() == []
    assert audit.other_versions() == []


def test_who_cannot_look_does_not_say_that_all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    status, told = audit.known_holes()
    assert status == 2
    assert told.startswith("could not look")
