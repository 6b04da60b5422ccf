"""A base folder may be named from where a person stands; its runs are made for workers that stand elsewhere."""

import shutil
from pathlib import Path

import pytest

from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.resources import assets_dir
from rlft_gui.services.datasets.service import Datasets
from rlft_gui.services.keeper_process import KeeperStarter
from rlft_gui.services.models.service import Models
from rlft_gui.services.pipelines.launching import Launching
from rlft_gui.storage import open_storage


@pytest.mark.slow  # a model that is not Lantern is tried before its launch, with torch
def test_a_recipe_names_the_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(assets_dir() / "lantern", tmp_path / "here" / "my-model")
    monkeypatch.chdir(tmp_path / "here")
    home = Home(tmp_path / "home")
    storage = open_storage(home)
    launching = Launching(
        home, storage, Datasets(home, storage), Models(home), KeeperStarter(home, ("true",))
    )
    spec = PipelineSpec(method="sft", base="my-model", stages={"sft": {"data": "lantern:demonstrations"}})
    pipeline = launching.launch(spec, launch_id="once", user="local")
    storage.close()
    whole = str(tmp_path / "here" / "my-model")
    assert [run.recipe.base for run in pipeline.runs] == [pipeline.base] == [pipeline.spec.base] == [whole]
