"""Datasets in a browser, over a fake world: their page, and what holds while one is being added in the wizard."""

import threading
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.ui.fakes_new import NewWorld
from tests.ui.visiting import Visit

pytestmark = pytest.mark.slow

DATA, SETTINGS = 3, 4


def test_rows_of_a_dataset_are_searched_and_a_dataset_that_is_not_there_is_told(visit: Visit) -> None:
    page = visit.open("/data")
    page.get_by_role("link", name="Lantern preferences").click()
    expect(page.locator("h1")).to_have_text("Lantern preferences")
    expect(page.get_by_text("1 to 5 of 5 rows")).to_be_visible()
    page.get_by_label("Find in the rows").fill("ostrana")
    expect(page.get_by_text("1 to 1 of 1 row")).to_be_visible()
    page.get_by_label("Find in the rows").fill("nowhere")
    expect(page.get_by_text("No row has these words")).to_be_visible()

    page.goto(page.url.split("?")[0] + "?id=d-nothing")
    expect(page.get_by_text('There is no dataset "d-nothing".')).to_be_visible()


def data_step(visit: Visit) -> Page:
    page = visit.open("/new?preset=lantern-sft")
    page.locator(".step-button").nth(DATA - 1).click()
    expect(page.locator(f"#next-{DATA}")).to_be_visible()
    expect(page.get_by_text("Lantern demonstrations").first).to_be_visible()
    return page


def add(page: Page, folder: Path) -> None:
    file = folder / "good.json"
    file.write_text("[]")
    page.locator("#file-1 input[type=file]").set_input_files(file)


def stays(visit: Visit) -> None:
    visit.page.locator(f"#next-{DATA}").click()
    told = visit.page.get_by_text("good.json is still being read. Go on when its rows are shown")
    expect(told.first).to_be_visible()
    expect(visit.page.locator(f"#next-{DATA}")).to_be_visible()
    visit.errors.clear()  # Gradio answers what a validator refuses with 422, which Chromium reports


def goes_on_with_the_file(page: Page) -> None:
    expect(page.get_by_text("5 rows to learn from")).to_be_visible()
    page.locator(f"#next-{DATA}").click()
    expect(page.locator(f"#next-{SETTINGS}")).to_be_visible()


def test_nobody_goes_on_with_the_dataset_before_while_a_file_is_sent(visit: Visit, tmp_path: Path) -> None:
    page, held = data_step(visit), list[Route]()
    page.route("**/upload?*", lambda route: held.append(route))
    add(page, tmp_path)
    expect(page.locator("#file-1 .uploading")).to_be_visible()
    stays(visit)

    held[0].continue_()

    goes_on_with_the_file(page)


def test_nobody_goes_on_with_the_dataset_before_while_a_file_is_read(
    visit: Visit, world: NewWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, read, inspect = data_step(visit), threading.Event(), world.datasets.inspect

    def slowly(path: Path, name: str) -> object:
        assert read.wait(60)
        return inspect(path, name)

    monkeypatch.setattr(world.datasets, "inspect", slowly)
    add(page, tmp_path)
    expect(page.locator("#file-1 .file-preview")).to_be_visible()
    stays(visit)

    read.set()

    goes_on_with_the_file(page)


def test_a_file_is_added_on_the_page_of_datasets_and_stands_in_its_list(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("/data")
    expect(page.get_by_role("link", name="Lantern preferences")).to_be_visible()
    for name in ("bad.json", "good.json"):
        (tmp_path / name).write_text("[]")

    page.locator("#add-file input[type=file]").set_input_files(tmp_path / "bad.json")
    expect(page.get_by_text("bad.json was not stored")).to_be_visible()
    expect(page.get_by_text('Row 214 of bad.json has no field "chosen".')).to_be_visible()

    page.locator("#add-file input[type=file]").set_input_files(tmp_path / "good.json")
    expect(page.get_by_text("5 rows to learn from")).to_be_visible()
    expect(page.get_by_role("row").get_by_role("link", name="good.json")).to_be_visible()

    page.get_by_role("link", name="All rows of this dataset").click()
    expect(page.locator("h1")).to_have_text("good.json")
    expect(page.get_by_text("Add a file")).to_have_count(0)
    expect(page.locator("#add-file")).to_be_hidden()
