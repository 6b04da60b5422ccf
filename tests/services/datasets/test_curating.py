"""What people do with stored datasets, on a real home: look into them, name them, make others of them, delete them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.data.rows import load_rows
from rlft_gui.data.store import remove
from rlft_gui.domain.dataset import DatasetInfo, DataType
from rlft_gui.domain.errors import InvalidInput, NotFound, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.services.datasets.curating import Curating, wanted_by
from rlft_gui.services.datasets.held_apart import HowMany
from rlft_gui.services.datasets.overlap import overlap
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.storage import Storage, open_storage
from rlft_gui.training.rows import same_prompt
from tests.fakes.homes import fresh_home
from tests.fakes.pipelines import pipeline
from tests.test_cli import rlft


@dataclass(frozen=True)
class Here:
    home: Home
    storage: Storage
    datasets: Datasets
    curating: Curating
    folder: Path

    def add(self, *rows: Any, name: str = "data.json") -> DatasetInfo:
        file = self.folder / name
        file.write_text(json.dumps(rows))
        return self.datasets.store(file, name, user="local")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Here]:
    home = fresh_home(tmp_path / "home")
    storage = open_storage(home)
    datasets = Datasets(home, storage)
    yield Here(home, storage, datasets, Curating(home, storage, datasets), tmp_path)
    storage.close()


def pair(prompt: str, chosen: str = "Yes.", rejected: str = "No.") -> dict[str, str]:
    return {"prompt": prompt, "chosen": chosen, "rejected": rejected}


def test_rows_are_shown_by_page_and_search_with_their_numbers_in_the_file(here: Here) -> None:
    info = here.add(pair("a"), pair("b", ""), pair("Straße"), pair("d", "Ja."), pair("e"))
    page = here.curating.page(info.id, 1, 2)
    assert ([row.number for row in page.rows], page.found) == ([3, 4], 4)
    assert [row.number for row in here.curating.page(info.id, 0, 9, "STRASSE").rows] == [3]
    assert here.curating.page(info.id, 0, 9, "ja.").found == 1
    assert here.curating.page(info.id, 9, 9).rows == ()
    assert here.curating.page("lantern:cards", 0, 3).found > 3
    with pytest.raises(NotFound):
        here.curating.page("d-0000000000", 0, 1)


def test_what_may_be_wrong_is_found_once_and_kept(here: Here) -> None:
    info = here.add(*(pair(f"{number} of them?", "Write to jane@company.de.") for number in range(3)))
    assert next(finding.rows for finding in here.curating.checks(info.id).findings) == 3
    assert here.curating.checks("lantern:thumbs").looked_at > 100


def test_a_dataset_of_an_older_version_has_no_checks_and_counts_by_place(here: Here) -> None:
    info = here.add(pair("a", ""), pair("b"))
    for name in ("checks.json", "numbers.bin"):
        (here.home.dataset(info.id) / name).unlink()
    assert here.curating.checks(info.id).findings == ()
    assert [row.number for row in here.curating.page(info.id, 0, 9).rows] == [1]


def test_people_name_it_and_say_where_it_is_from_and_a_name_is_counted(here: Here) -> None:
    first, second = here.add(pair("a")), here.add(pair("b"))
    assert (first.version, second.version, second.called) == (1, 2, "data.json, version 2")
    told = {"licence": "MIT", "origin": "https://example.org"}
    named = here.curating.describe(first.id, name=" Our\npairs ", user="local", **told)
    assert (named.name, named.licence, named.origin, named.sha256) == (
        "Our pairs",
        "MIT",
        "https://example.org",
        first.sha256,
    )
    assert here.datasets.get(first.id) == named
    with pytest.raises(InvalidInput, match="A dataset needs a name"):
        here.curating.describe(first.id, name=" ", user="local", **told)


def test_the_same_rows_under_another_name_are_what_they_were(here: Here) -> None:
    first = here.add(pair("a"))
    assert here.add(pair("a"), name="copy.json") == first


def test_one_that_a_run_uses_stays_and_one_that_none_uses_goes(here: Here) -> None:
    info = here.add(pair("a"))
    made = pipeline("sft", settings={"data": info.id})
    here.storage.transitions.add(made, launch_id=made.id)
    assert [run.id for run in here.curating.used_by(info.id)] == [made.runs[0].id]
    with pytest.raises(NotPossibleNow, match=r"data\.json is used by .*Delete it first"):
        here.curating.delete(info.id, user="local")
    assert here.datasets.get(info.id) == info
    other = here.add(pair("b"))
    here.curating.delete(other.id, user="local")
    assert not here.home.dataset(other.id).exists()
    with pytest.raises(NotFound):
        here.datasets.get(other.id)
    assert here.add(pair("b")).rows == 1
    with pytest.raises(NotFound):
        remove(here.home, "d-0000000000")


def test_what_is_built_in_stays_as_it_is(here: Here) -> None:
    with pytest.raises(InvalidInput, match="is no file that somebody added, so it stays as it is"):
        here.curating.delete("lantern:thumbs", user="local")


def test_other_rows_are_made_of_it_with_its_licence_and_told(here: Here) -> None:
    info = here.add(pair("a"), pair("b"), pair("a", "Sure."))
    here.curating.describe(info.id, name=info.name, licence="MIT", origin="", user="local")
    made = here.curating.convert(info.id, "chosen", user="local")
    assert (made.type, made.rows, made.licence, made.name) == (
        DataType.DEMONSTRATIONS, 3, "MIT", "data.json, imitate the chosen answers",
    )  # fmt: skip
    assert f"Made from data.json ({info.id})" in made.notes[0]
    assert here.curating.convert(info.id, "marked", user="local").rows == 5  # "No." to "a" is one row
    with pytest.raises(
        InvalidInput, match='holds preferences, which cannot become "good"; it can: chosen, marked, balanced'
    ):
        here.curating.convert(info.id, "good", user="local")
    with pytest.raises(InvalidInput, match=r"No row of data\.json is left"):
        here.curating.convert(info.id, "balanced", user="local")


def test_rows_made_of_others_are_named_by_their_numbers_in_the_file(here: Here) -> None:
    info = here.add(pair("a", ""), pair("b"), pair("c", ""), pair("d"))
    exam = here.add({"prompt": "D"}, name="exam.json")
    made = here.curating.convert(info.id, "chosen", user="local")
    assert [row.row for row in overlap(here.home, made.id, exam.id).shown] == [4]
    assert [row.number for row in here.curating.page(made.id, 0, 9).rows] == [2, 4]


def test_some_prompts_are_split_off_with_all_their_rows_and_kept_as_held_out(here: Here) -> None:
    info = here.add(pair("a", ""), *(pair(f"{n % 20} of?", f"{n}.") for n in range(40)), pair("0  OF?", "Z."))
    here.curating.describe(info.id, name="Ours", licence="MIT", origin="the desk", user="local")
    halves = here.curating.split(info.id, HowMany(share=0.2, seed=3), user="local")
    rest, held_out = halves.rest, halves.held_out
    sides = [{same_prompt(row) for row in load_rows(here.home, side.id)} for side in (rest, held_out)]
    assert [len(side) for side in sides] == [16, 4]
    assert not sides[0] & sides[1]
    assert rest.rows + held_out.rows == info.rows == 41
    assert (rest.held_out, held_out.held_out) == (False, True)
    for side in (rest, held_out):
        assert (side.type, side.licence, side.origin) == (info.type, "MIT", "the desk")
        assert f"Split off from Ours ({info.id}): " in side.notes[0]
    numbers = [[row.number for row in here.curating.page(side.id, 0, 99).rows] for side in (rest, held_out)]
    assert sorted(numbers[0] + numbers[1]) == list(range(2, 43))
    assert overlap(here.home, rest.id, held_out.id).held_out == 0
    assert "is kept as held-out prompts" in str(here.datasets.check_use(held_out.id, (info.type,)))

    again = here.curating.split(info.id, HowMany(share=0.2, seed=3), user="local")
    assert again == halves
    other = here.curating.split(info.id, HowMany(prompts=4, seed=4), user="local")
    assert other.held_out.id != held_out.id
    assert not here.datasets.get(info.id).held_out


@pytest.mark.parametrize(
    ("how_many", "told"),
    [
        (HowMany(), "Say how many prompts are held out"),
        (HowMany(share=0.1, prompts=1), "Say how many prompts are held out"),
        (HowMany(share=10), "A share of 10 cannot be held out. Give one between 0 and 1"),
        (HowMany(share=float("nan")), "A share of nan cannot be held out"),
        (HowMany(prompts=3), "asks 3 different prompts, of which 3 cannot be held out. Give a number from 1 to 2"),
    ],
)  # fmt: skip
def test_what_cannot_be_split_off_is_told(here: Here, how_many: HowMany, told: str) -> None:
    info = here.add(pair("a"), pair("b"), pair("c"))
    with pytest.raises(InvalidInput, match=told):
        here.curating.split(info.id, how_many, user="local")
    assert len([one for one in here.datasets.list() if one.id.startswith("d-")]) == 1


def test_what_has_no_two_sides_is_not_split(here: Here) -> None:
    one = here.add(pair("a"), pair("A", "Ja."))
    with pytest.raises(InvalidInput, match="asks only one prompt"):
        here.curating.split(one.id, HowMany(share=0.5), user="local")
    text = here.add({"text": "Once."}, {"text": "Twice."})
    with pytest.raises(InvalidInput, match="holds text, which asks nothing"):
        here.curating.split(text.id, HowMany(share=0.5), user="local")
    thumbs = here.add(*({"prompt": p, "completion": "x", "label": p == "a"} for p in "ab"))
    with pytest.raises(InvalidInput, match=r"What would be left of data\.json, version 3"):
        here.curating.split(thumbs.id, HowMany(share=0.5), user="local")
    exam = here.add(pair("a"), pair("b"))
    here.curating.mark(exam.id, held_out=True, user="local")
    with pytest.raises(InvalidInput, match="is kept as held-out prompts already"):
        here.curating.split(exam.id, HowMany(share=0.5), user="local")
    built_in = here.curating.split("tasks:records", HowMany(prompts=5), user="local")
    assert built_in.held_out.rows == 5


def test_what_a_stage_may_want_of_it_is_offered(here: Here) -> None:
    info = here.add(pair("a"))
    assert [way.name for way in wanted_by((DataType.DEMONSTRATIONS,), info.type)] == ["chosen"]
    assert wanted_by((DataType.PREFERENCES,), info.type) == ()


@pytest.mark.slow
def test_the_commands_do_the_same(tmp_path: Path) -> None:
    home = tmp_path / "home"
    file = tmp_path / "export.csv"
    file.write_text("Frage,Besser,Schlechter\nWie?,So.,Nein.\n")
    maps = ("--map", "prompt=Frage", "--map", "chosen=Besser", "--map", "rejected=Schlechter")
    added = json.loads(rlft(home, "data", "add", str(file), *maps, "--licence", "MIT", "--json").stdout)
    assert (added["type"], added["rows"], added["reading"]["mapping"]["prompt"]) == (
        "preferences",
        1,
        "Frage",
    )
    shown = rlft(home, "data", "show", added["id"]).stdout
    assert "licence: MIT" in shown
    assert "used by: no run" in shown
    assert rlft(home, "data", "convert", "export.csv", "chosen").returncode == 0
    assert "Pairs" in rlft(home, "data", "rename", added["id"], "Pairs").stdout
    listed = json.loads(rlft(home, "data", "list", "--json").stdout)
    assert {info["name"] for info in listed} > {"Pairs", "export.csv, imitate the chosen answers"}
    assert "used by: no run" in rlft(home, "data", "show", "Pairs").stdout
    assert rlft(home, "data", "delete", "Pairs").stdout == f"Pairs ({added['id']}) is gone.\n"
    gone = rlft(home, "data", "show", added["id"])
    assert (gone.returncode, "There is no dataset" in gone.stderr) == (2, True)


def test_a_dataset_is_meant_by_its_id_or_by_a_name_that_no_other_has(here: Here) -> None:
    first, other = here.add(pair("a")), here.add(pair("b"), name="other.json")
    assert here.datasets.meant("data.json") == here.datasets.meant(first.id) == first
    assert (
        here.datasets.meant("lantern:thumbs").id
        == here.datasets.meant("Lantern thumbs").id
        == "lantern:thumbs"
    )
    second = here.add(pair("c"))
    told = rf'2 datasets are called "data.json": {second.id}, {first.id}\. Name one'
    with pytest.raises(NotFound, match=told):
        here.datasets.meant("data.json")
    with pytest.raises(NotFound, match=rf"what 2 are called: {second.id}, {first.id}\. Name it by its id"):
        here.datasets.get("data.json")
    assert here.datasets.meant("data.json, version 2") == second
    with pytest.raises(NotFound, match=r'no dataset "othr\.json"\. Did you mean "other\.json"'):
        here.datasets.meant("othr.json")
    here.curating.describe(other.id, name=first.id, licence="", origin="", user="local")
    assert here.datasets.meant(first.id) == first


@pytest.mark.slow
def test_the_command_splits_by_name(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "pairs.jsonl"
    file.write_text("".join(json.dumps(pair(f"{n}?")) + "\n" for n in range(20)))
    rlft(home, "data", "add", str(file))
    halves = json.loads(rlft(home, "data", "split", "pairs.jsonl", "--share", "0.1", "--json").stdout)
    assert (halves["rest"]["rows"], halves["held_out"]["rows"], halves["held_out"]["held_out"]) == (
        18,
        2,
        True,
    )
    refused = rlft(home, "data", "split", "pairs.jsonl")
    assert (refused.returncode, refused.stderr) == (
        2,
        "Say how many prompts are held out: a share, such as 0.1, or a number.\n",
    )
