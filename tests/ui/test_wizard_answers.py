"""What the wizard does when it cannot go on at once: the last button says that it was pressed, and an error is brought into sight."""

import threading
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from rlft_gui.domain.errors import NotPossibleNow
from tests.ui.fakes_new import NewWorld
from tests.ui.test_adding_data import add, data_step
from tests.ui.visiting import Visit

pytestmark = pytest.mark.slow


def test_the_button_says_that_it_was_pressed_until_the_launch_is_answered(
    visit: Visit, world: NewWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, answered, launch = visit.open("/new?preset=lantern-sft"), threading.Event(), world.launching.launch

    def slowly(*asked: Any, **how: Any) -> Any:
        assert answered.wait(60)
        if refused:
            raise NotPossibleNow(refused)
        return launch(*asked, **how)

    monkeypatch.setattr(world.launching, "launch", slowly)
    button = page.locator("#launch")
    for refused in ("The disk is full.", ""):
        answered.clear()
        expect(button).to_have_text("Launch 1 stage")
        button.click()
        expect(button).to_have_text("Launching…")
        expect(button).to_be_disabled()
        answered.set()
        if refused:
            expect(page.get_by_text(refused)).to_be_visible()
            expect(button).to_be_enabled()
    page.wait_for_url("**/run?run=*")


def test_an_error_above_what_is_seen_is_brought_into_sight(visit: Visit, tmp_path: Path) -> None:
    page, held = data_step(visit), list[Route]()
    page.route("**/upload?*", lambda route: held.append(route))
    add(page, tmp_path)
    expect(page.locator("#file-1 .uploading")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 420})
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    expect(page.locator("#data-1")).not_to_be_in_viewport()

    page.locator("#next-3").click()

    error = page.locator("#data-1 div.validation-error")
    expect(error).to_be_in_viewport(ratio=0.8)  # its box ends in some empty pixels that are cut
    expect(page.locator("#data-1 input")).to_be_in_viewport(ratio=1)
    visit.errors.clear()  # Gradio answers what a validator refuses with 422, which Chromium reports
    held[0].continue_()


@pytest.mark.parametrize("visit", [700], indirect=True)
def test_the_header_in_its_compact_form_asks_no_name_that_is_not_there(visit: Visit) -> None:
    """Gradio measured it again while its names were gone: `getBoundingClientRect` of null, which a visit fails on."""
    for path in ("/new?fresh=1", "/new?preset=lantern-sft"):
        page = visit.open(path)
        expect(page.locator(".stepper.compact")).to_be_visible()
        page.wait_for_timeout(700)
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator(".stepper:not(.compact) .step-label")).to_have_count(5)
