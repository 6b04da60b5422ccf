"""Rewards as a list to fill in and as text behind it: both say the same, whichever is typed into."""

import pytest
from playwright.sync_api import Locator, Page, expect

from rlft_gui.domain.dataset import DataType
from tests.ui.fakes_new import NewWorld, make_dataset
from tests.ui.test_accessibility import COLOURS, PHONE, SMALL_TARGETS, TOGGLE, faults
from tests.ui.visiting import Visit

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def prompts(world: NewWorld) -> None:
    prompts = make_dataset("lantern:prompts", DataType.PROMPTS, name="Lantern prompts")
    world.datasets.infos["lantern:prompts"] = prompts


def rewards(visit: Visit) -> Locator:
    page = visit.open("/new?preset=lantern-rlhf")
    page.locator(".rl-wizard[data-ready='5']").wait_for(state="attached")
    page.locator("#back-5").click()
    found = page.locator("#ppo-rewards")
    expect(found.locator(".rl-term")).to_have_count(1)
    return found


def add(editor: Locator, term: str) -> None:
    editor.get_by_text("Add a term").click()
    editor.get_by_role("button", name=term, exact=True).click()


def recipe(page: Page) -> Locator:
    page.locator("#next-4").click()
    page.locator(".rl-wizard[data-ready='5']").wait_for(state="attached")
    return page.locator("#recipe")


def test_a_term_is_added_filled_in_and_launched_as_it_stands(visit: Visit) -> None:
    editor = rewards(visit)
    add(editor, "Keywords")
    expect(editor.get_by_label("Good words")).to_be_focused()
    visit.page.keyboard.type("thanks, please")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.type("idiot")
    editor.get_by_label("Weight of Keywords").fill("-0.5")
    editor.get_by_text("As text").click()

    text = "reward_model: 1\nkeywords:good=thanks, please;bad=idiot: -0.5"
    expect(editor.get_by_label("Rewards, as text")).to_have_value(text)
    expect(recipe(visit.page)).to_contain_text("keywords:good=thanks, please;bad=idiot")


def test_what_is_typed_as_text_fills_the_list_and_a_wrong_one_stays_with_its_sentence(visit: Visit) -> None:
    editor = rewards(visit)
    editor.get_by_text("As text").click()
    text = editor.get_by_label("Rewards, as text")
    text.fill("length:5-20: 2\nbeauty: 1")
    text.press("Tab")

    expect(editor.locator(".rl-err")).to_contain_text(
        'There is no reward "beauty". Choose from: reward_model'
    )
    expect(text).to_have_value("length:5-20: 2\nbeauty: 1")
    expect(editor.get_by_label("Most words")).to_have_value("20")
    expect(editor.get_by_label("Term", exact=True)).to_have_value("beauty")
    visit.page.locator("#next-4").click()
    expect(text).to_be_focused()
    expect(text).to_have_attribute("aria-invalid", "true")

    editor.get_by_role("button", name="Remove Another term").click()
    expect(editor.get_by_text("Add a term")).to_be_focused()
    expect(recipe(visit.page)).to_contain_text("length:5-20: 2.0")


def test_a_weight_on_its_way_is_not_changed_under_the_fingers_and_refused_if_it_stays_so(
    visit: Visit,
) -> None:
    editor = rewards(visit)
    weight = editor.get_by_label("Weight of Reward model")
    weight.fill("")
    weight.press_sequentially("0.5x")
    expect(weight).to_have_value("0.5x")
    weight.press("Tab")
    expect(editor.locator(".rl-err")).to_contain_text("\"reward_model\" takes a number, found '0.5x'")
    weight.fill("0.5")
    weight.press("Tab")
    expect(editor.locator(".rl-err")).to_be_empty()


def test_a_veto_is_one_term_without_a_weight(visit: Visit) -> None:
    rewards(visit)
    visit.page.locator("#ppo-advanced > summary").click()
    veto = visit.page.locator("#ppo-veto")
    add(veto, "Length")
    expect(veto.get_by_label("Fewest words")).to_be_focused()
    expect(veto.get_by_text("Add a term")).to_have_count(0)
    expect(veto.get_by_label("Weight")).to_have_count(0)
    expect(visit.page.locator("#ppo-veto-below")).to_be_visible()
    expect(recipe(visit.page)).to_contain_text("veto: length:5-60")


def test_axe_finds_nothing_grave_in_it_and_it_fits_a_phone(visit: Visit) -> None:
    editor = rewards(visit)
    for term in ("Length", "Format", "Pattern"):
        add(editor, term)
    editor.get_by_text("As text").click()
    editor.get_by_text("Add a term").click()

    assert faults(visit.page) == []
    visit.page.evaluate(TOGGLE)
    assert faults(visit.page, **COLOURS) == []
    visit.page.set_viewport_size(PHONE)
    assert visit.page.evaluate(SMALL_TARGETS, 24) == []
