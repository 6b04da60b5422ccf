"""The wizard as it lies on a screen: its foot in sight, its settings in columns, its ready pipelines behind a search."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.ui.test_accessibility import PHONE, faults, wizard_at
from tests.ui.visiting import Visit

pytestmark = pytest.mark.slow

WIDE: ViewportSize = {"width": 1280, "height": 700}
FORWARD = {1: "#next-1", 2: "#next-2", 3: "#next-3", 4: "#next-4", 5: "#launch"}
#: What the point in the middle of the focused element belongs to, if that is not the element or around it.
COVERED = """() => {
    const held = document.activeElement, box = held.getBoundingClientRect();
    const seen = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
    return held.contains(seen) || seen?.contains(held) ? '' : `${held.outerHTML.slice(0, 80)} under ${seen?.outerHTML.slice(0, 80)}`;
}"""
PLACES = """() => [...document.querySelectorAll('#group-sft .rl-set:not([hidden])')]
    .filter(node => node.checkVisibility())
    .map(node => { const box = node.getBoundingClientRect(); return [Math.round(box.top + scrollY), Math.round(box.left)]; })"""


def settings(page: Page) -> None:
    page.locator(".rl-wizard[data-ready='5']").wait_for(state="attached")
    page.locator("#back-5").click()
    page.locator(".rl-wizard[data-ready='4']").wait_for(state="attached")
    expect(page.locator("#group-sft")).to_be_visible()


@pytest.mark.parametrize("step", FORWARD)
def test_the_button_that_goes_on_is_in_sight_however_far_one_scrolls(visit: Visit, step: int) -> None:
    page = visit.open("/new?fresh=1")
    wizard_at(step)(page)
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        for end in ("0", "document.documentElement.scrollHeight"):
            page.evaluate(f"scrollTo(0, {end})")
            expect(page.locator(FORWARD[step])).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [1280, 390])
def test_what_takes_the_focus_is_never_under_the_foot(visit: Visit, width: int) -> None:
    page = visit.open("/new?preset=lantern-dpo")
    settings(page)
    page.set_viewport_size({"width": width, "height": 600})
    page.locator("#sft-advanced > summary").click()
    page.locator("#pipeline-title-control").focus()
    seen = 0
    while not page.evaluate("() => document.activeElement.matches('.rl-bottom button')"):
        assert page.evaluate(COVERED) == ""
        page.keyboard.press("Tab")
        seen += 1
    assert seen > 20


def test_settings_stand_in_two_columns_in_the_order_of_the_tab_key_and_in_one_on_a_phone(
    visit: Visit,
) -> None:
    page = visit.open("/new?preset=lantern-dpo")
    settings(page)
    page.locator("#sft-advanced > summary").click()

    wide = page.evaluate(PLACES)
    assert len({left for _, left in wide}) == 2
    assert wide == sorted(wide), "read from left to right, row by row"

    page.set_viewport_size(PHONE)
    narrow = page.evaluate(PLACES)
    assert len({left for _, left in narrow}) == 1
    assert len(narrow) == len(wide)


def test_a_ready_pipeline_is_found_by_typing_and_opened_with_the_keyboard(visit: Visit) -> None:
    page = visit.open("/new?fresh=1")
    wizard_at(1)(page)
    presets = page.locator("#ready-to-run")
    expect(presets.get_by_role("link")).to_have_count(0)

    presets.get_by_role("searchbox").fill("kto")
    expect(presets.get_by_role("link")).to_have_count(1)
    expect(presets.get_by_role("status")).to_have_text(re.compile(r"^1 of \d+$"))
    presets.get_by_role("searchbox").fill("nobody says this")
    expect(presets).to_contain_text("No pipeline says “nobody says this”")
    assert faults(page) == []

    presets.get_by_role("searchbox").fill("then kto")
    for _ in range(2):  # the fold, then the link
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".rl-wizard[data-ready='5']").wait_for(state="attached")
    expect(page.locator("#review")).to_contain_text("Lantern SFT, then KTO")


def test_what_was_unfolded_stays_so_through_a_search(visit: Visit) -> None:
    page = visit.open("/new?fresh=1")
    wizard_at(1)(page)
    presets = page.locator("#ready-to-run")
    presets.locator("summary", has_text="RLHF").click()
    shown = presets.get_by_role("link").count()
    assert shown > 1

    presets.get_by_role("searchbox").fill("dpo")
    expect(presets.locator("summary", has_text="DPO")).to_be_visible()
    presets.get_by_role("searchbox").fill("")

    expect(presets.locator("details[open]")).to_have_count(1)
    expect(presets.get_by_role("link")).to_have_count(shown)
