"""Every public method of every service only reads, or refuses who may only look."""

import dataclasses
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.accounts import Role
from rlft_gui.domain.errors import NotAllowed
from rlft_gui.services import Services, open_services
from rlft_gui.services.rights import Rights
from rlft_gui.storage import Storage
from tests.fakes.people import member

#: What only reads. Whoever adds a method that is not named here has to ask who calls.
READING = {
    "launching": "check outline room kept_out few_pairs plan",
    "estimating": "estimate",
    "runs": "get is_votes_on_lantern list pipelines pipeline overview metrics last_values curves head since changes time_left "
    "probing_share samples checkpoints alarms log_tail log_file lineage titles clone on_stop",
    "reviewing": "version rows waiting to_look_at why_fixed how_to_approve",
    "datasets": "list get named meant inspect preview rows_path check_use check_needs length_report lengths",
    "curating": "used_by checks page conversions",
    "fitting": "offer tried",
    "models": "check describe name_in_recipe is_to_convert",
    "comparing": "get poll list choices steps film_models",
    "adding": "list",
    "small_model": "state",
    "devices": "look",
    "votes": "list newest get cast count account",
    "rating": "rate standing",
    "voting": "person shown ballot last repeated answer_by progress waiting waiting_sets",
    "vote_views": "view behind newer",
    "judging_votes": "judgeable standing",
    "judges_at_work": "of",
    "scoring": "choices coming check",
    "suites": "list find get",
    "batching": "wanted spec_of",
    "answers": "batches probed counts columns_of of_batch columns joined stored",
    "accounts": "list get is_taken",
    "rights": "role check_change check_owner check_admin",
}
#: What the app does for itself: it wakes keepers, ends what dead programs left, has processes started ahead of need.
OWN = {"launching": "prepare ensure_keeper", "runs": "tend pill", "comparing": "settle prepare"}
#: What is called by services alone, after they have asked; no page, endpoint or command does.
WITHIN = {"models": "make_ready", "comparing": "score", "votes": "record undo"}
#: How one comes to be known, and one's own sessions.
SIGNING = {"signing_in": "token is_token by_token by_password known see sign_out sign_out_everywhere"}
ALLOWED = {
    (service, method)
    for names in (READING, OWN, WITHIN, SIGNING)
    for service, methods in names.items()
    for method in methods.split()
}


def methods_of(cls: type) -> list[str]:
    return [name for name, _ in inspect.getmembers(cls, inspect.isfunction) if not name.startswith("_")]


METHODS = [
    (field.name, name)
    for field in dataclasses.fields(Services)
    if field.name not in ("home", "storage")
    for name in methods_of(inspect.get_annotations(Services, eval_str=True)[field.name])
]


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    found = open_services(tmp_path_factory.mktemp("rights") / "home")
    member(found.storage, "vera", Role.VIEWER)
    yield found
    found.storage.close()


def test_what_is_said_to_read_is_there() -> None:
    assert set(METHODS) >= ALLOWED


@pytest.mark.parametrize(("service", "method"), sorted(set(METHODS) - ALLOWED))
@pytest.mark.parametrize("user", ["vera", "nobody", ""])
def test_whatever_changes_or_costs_something_refuses_who_may_only_look(
    services: Services, service: str, method: str, user: str
) -> None:
    call = getattr(getattr(services, service), method)
    needed: dict[str, Any] = {
        name: _Anything()
        for name, one in inspect.signature(call).parameters.items()
        if one.default is one.empty
    }
    assert "user" in needed, f"{service}.{method} does not ask who calls"
    with pytest.raises(NotAllowed):
        call(**needed | {"user": user})


class _Anything:
    """Nobody may look at it before it is known who asks."""


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    found = open_services(tmp_path / "home").storage
    for name, role in (("vera", Role.VIEWER), ("mia", Role.MEMBER), ("ada", Role.ADMIN)):
        member(found, name, role)
    yield found
    found.close()


@pytest.mark.parametrize(
    ("user", "owner", "may"),
    [
        ("mia", "mia", True),
        ("mia", "local", False),
        ("vera", "vera", False),
        ("ada", "mia", True),
        ("local", "mia", True),
        ("Mia", "Mia", False),
        ("gone", "gone", False),
        ("", "", False),
    ],
)
def test_members_change_what_is_theirs_and_admins_everything(
    storage: Storage, user: str, owner: str, may: bool
) -> None:
    rights = Rights(storage)
    if may:
        rights.check_owner(user, owner, "The run")
    else:
        with pytest.raises(NotAllowed):
            rights.check_owner(user, owner, "The run")


def test_a_role_counts_as_soon_as_it_is_given(storage: Storage) -> None:
    rights = Rights(storage)
    rights.check_change("mia")
    storage.accounts.set_role("mia", Role.VIEWER)
    with pytest.raises(NotAllowed, match="mia is a viewer here"):
        rights.check_change("mia")
