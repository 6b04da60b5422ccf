"""Compare in a browser, over a fake world: what starts by itself, what is listed, where things stand."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.ui.fakes import make_run
from tests.ui.fakes_new import NewWorld
from tests.ui.visiting import PATIENCE_MS, Visit

pytestmark = pytest.mark.slow


def wait_until_answered(page: Page, panes: int) -> None:
    done = page.locator(".rl-pane .rl-badge", has_text="Done")
    expect(done).to_have_count(panes, timeout=PATIENCE_MS)


def test_a_comparison_that_a_run_offers_is_answered_without_a_second_click(
    visit: Visit, world: NewWorld
) -> None:
    page = visit.open("/run?run=tour-dpo")
    page.get_by_role("link", name="Compare base, SFT and DPO").click()

    wait_until_answered(page, 3)
    assert len(world.comparing.comparisons) == 1
    assert re.search(r"comparison=c-27", page.url)
    page.reload()
    wait_until_answered(page, 3)
    assert len(world.comparing.comparisons) == 1, "a reload shows what was answered"


@pytest.mark.parametrize(
    "address", ["/compare?models=base,tour-sft", "/compare?models=base,tour-sft&prompt=Why"]
)
def test_an_address_that_no_page_of_ours_led_to_starts_nothing(
    visit: Visit, world: NewWorld, address: str
) -> None:
    page = visit.open(address)
    page.locator(".rl-compare[data-ready]").wait_for()

    expect(page.locator("span.rl-chip", has_text="Base, Lantern")).to_be_visible()
    expect(page.locator("span.rl-chip", has_text="SFT")).to_be_visible()
    page.wait_for_timeout(500)
    assert world.comparing.comparisons == {}


def test_earlier_comparisons_tell_how_they_were_sampled_and_the_list_follows(visit: Visit) -> None:
    page = visit.open("/compare?models=base,tour-sft&prompt=First")
    page.locator(".rl-compare[data-ready]").wait_for()
    page.get_by_label("Temperature").fill("0.3")
    page.get_by_label("Seed").fill("7")
    page.get_by_role("button", name="Run").click()
    wait_until_answered(page, 2)
    expect(page.locator(".rl-recent li")).to_have_count(0)

    page.get_by_label("Prompt", exact=True).fill("Second")
    page.get_by_role("button", name="Run").click()

    row = page.locator(".rl-recent li")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("First")
    expect(row).to_contain_text("temperature 0.3")
    expect(row).to_contain_text("seed 7")


def test_panes_stand_in_line_whatever_their_titles(visit: Visit, world: NewWorld) -> None:
    world.runs.add(
        make_run("long", title="A title that goes on for so long that it takes several lines of its pane")
    )
    page = visit.open("/compare?models=base,long,tour-dpo&prompt=Why")
    page.locator(".rl-compare[data-ready]").wait_for()
    page.get_by_role("button", name="Run").click()
    wait_until_answered(page, 3)

    for piece in (".rl-ans", ".rl-meta"):
        tops = page.locator(piece).evaluate_all(
            "nodes => nodes.map(node => node.getBoundingClientRect().top)"
        )
        assert len(set(tops)) == 1, piece


def test_enter_twice_starts_one_comparison(visit: Visit, world: NewWorld) -> None:
    page = visit.open("/compare?models=base,tour-sft&prompt=Why")
    page.locator(".rl-compare[data-ready]").wait_for()
    # In one go, so that the second comes before the first is answered.
    page.get_by_label("Prompt", exact=True).evaluate(
        """field => {
          const enter = () => new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true});
          field.dispatchEvent(enter());
          field.dispatchEvent(enter());
        }"""
    )
    wait_until_answered(page, 2)
    assert len(world.comparing.comparisons) == 1


def test_whoever_removes_models_by_keyboard_keeps_the_place_in_the_row(visit: Visit) -> None:
    page = visit.open("/compare?models=base,tour-sft,tour-dpo")
    page.locator(".rl-compare[data-ready]").wait_for()
    removers = page.locator("span.rl-chip button")
    expect(removers).to_have_count(3)

    removers.nth(1).press("Enter")
    expect(removers).to_have_count(2)
    expect(removers.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(removers).to_have_count(1)
    expect(removers.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#compare-add")).to_be_focused()
