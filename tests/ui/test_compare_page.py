"""Compare in a browser, over a fake world: what starts by itself, what is listed, where things stand."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from rlft_gui.services.pipelines import catalogue
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
    expect(page.locator(".rl-panes-holder")).to_contain_text("ress Run to have these two models answer")
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


def ready(page: Page) -> None:
    page.locator(".rl-compare[data-ready]").wait_for()


def ran(visit: Visit, models: str = "base,tour-sft,tour-dpo") -> Page:
    """A comparison that was answered."""
    page = visit.open(f"/compare?models={models}&prompt=Why")
    ready(page)
    page.get_by_role("button", name="Run", exact=True).click()
    wait_until_answered(page, models.count(",") + 1)
    return page


def test_a_reload_in_mid_stream_goes_on_where_it_was(visit: Visit, world: NewWorld) -> None:
    world.comparing.words = 1
    page = visit.open("/compare?models=base,tour-sft&prompt=Why")
    ready(page)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".rl-ans").first).to_contain_text("The capital")
    page.reload()
    expect(page.locator(".rl-pane .rl-badge", has_text="Writing").first).to_be_visible()
    assert not next(iter(world.comparing.comparisons.values())).status.is_ended
    wait_until_answered(page, 2)
    assert len(world.comparing.comparisons) == 1
    expect(page.locator(".rl-ans").nth(1)).to_contain_text("hesitate to ask me.")


def test_nothing_moves_while_answers_are_written(visit: Visit, world: NewWorld) -> None:
    world.comparing.words = 1
    item = next(item for item in catalogue.suite() if item.kind == "unknown")
    page = visit.open(f"/compare?models=base,tour-sft,tour-dpo&prompt={item.prompt}")
    ready(page)
    page.get_by_role("button", name="Run", exact=True).click()
    foot = page.locator(".rl-meta").first
    expect(page.locator(".rl-ans").first).to_contain_text("The")
    top = foot.evaluate("node => node.getBoundingClientRect().top")
    expect(page.locator(".rl-ans").nth(1)).to_contain_text("another question")
    assert foot.evaluate("node => node.getBoundingClientRect().top") == top


def test_a_conversation_goes_on_in_all_panes_and_one_pane_is_drawn_again(
    visit: Visit, world: NewWorld
) -> None:
    page = ran(visit)
    page.get_by_label("Go on, in all panes").fill("And of Peru?")
    page.keyboard.press("Enter")
    wait_until_answered(page, 6)
    expect(page.locator("h2.rl-prompt")).to_have_text(["Why", "And of Peru?"])
    expect(page.get_by_role("button", name="Next seed in the pane of Base").first).to_be_disabled()

    page.get_by_role("button", name="Next seed in the pane of Base").last.click()
    expect(page.locator(".rl-seed", has_text="seed 1, 2 of 2")).to_be_visible()
    wait_until_answered(page, 6)
    page.get_by_role("button", name="Answer before, of Base").click()
    expect(page.locator(".rl-seed", has_text="seed 0, 1 of 2")).to_be_visible()
    assert len(world.comparing.comparisons) == 1
    page.reload()
    wait_until_answered(page, 6)
    expect(page.locator("h2.rl-prompt")).to_have_text(["Why", "And of Peru?"])


def test_the_seed_switch_reaches_every_answer_of_every_turn(visit: Visit) -> None:
    page = visit.open("/compare?models=base,tour-sft&prompt=Why")
    ready(page)
    page.locator("summary", has_text="More settings").click()
    page.get_by_label("Answers each").fill("3")
    page.get_by_role("button", name="Run", exact=True).click()
    wait_until_answered(page, 2)
    page.get_by_label("Go on, in all panes").fill("And of Peru?")
    page.keyboard.press("Enter")
    wait_until_answered(page, 4)
    page.get_by_role("button", name="Next 3 seeds in all, turn 2").click()
    seeds = page.locator(".rl-seed > span")
    expect(seeds).to_have_text(["seed 0, 1 of 3"] * 2 + ["seed 3, 4 of 6"] * 2)
    switch = page.get_by_role("radiogroup", name="Seed")
    expect(switch.get_by_role("radio")).to_have_count(6)
    expect(switch.get_by_role("radio", name="3")).to_be_checked()
    switch.locator("label", has_text="1").click()
    expect(seeds).to_have_text(["seed 1, 2 of 3"] * 2 + ["seed 1, 2 of 6"] * 2)
    switch.locator("label", has_text="5").click()
    expect(seeds).to_have_text(["seed 2, 3 of 3"] * 2 + ["seed 5, 6 of 6"] * 2)
    page.get_by_role("button", name="Next 3 seeds in all, turn 2").click()
    many = page.get_by_role("combobox", name="Seed", exact=True)
    expect(many).to_have_value("8")
    expect(seeds).to_have_text(["seed 2, 3 of 3"] * 2 + ["seed 8, 9 of 9"] * 2)
    many.select_option("4")
    expect(seeds).to_have_text(["seed 1, 2 of 3"] * 2 + ["seed 4, 5 of 9"] * 2)


def test_words_are_marked_against_any_pane(visit: Visit) -> None:
    page = ran(visit)
    page.get_by_role("button", name="Mark against this pane, Lantern SFT, then DPO · DPO").click()
    expect(page.get_by_role("radio", name="Lantern SFT, then DPO · DPO")).to_be_checked()
    expect(page.locator(".rl-pane").nth(0).locator("ins").first).to_be_visible()
    expect(page.locator(".rl-pane").nth(2).locator("ins")).to_have_count(0)
    assert "mark=pane+3" in page.url
    page.locator(".rl-seg label", has_text="Off").click()
    expect(page.locator(".rl-ans ins")).to_have_count(0)


def scores_of(page: Page, words: str) -> list[str]:
    """The figures of a score, pane by pane."""
    rows = page.locator(".rl-scr", has_text=words)
    expect(rows.first).to_be_visible()
    return rows.locator("> :last-child").all_inner_texts()


@pytest.mark.parametrize("visit", [390, 1280], indirect=True)
def test_a_reward_model_rules_and_a_judge_score_what_is_shown(visit: Visit, world: NewWorld) -> None:
    world.runs.add(make_run("rm", title="Manners", stage="reward_model", method="rlhf"))
    page = ran(visit, "base,tour-sft")
    expect(page.locator("#compare-scoring")).to_be_hidden()
    page.get_by_role("button", name="Score with…").click()

    page.get_by_role("button", name="Score with this model").click()
    expect(page.locator(".rl-scr", has_text="Reward: Manners")).to_have_count(2)
    assert scores_of(page, "Reward: Manners") == ["+0.50", "+2.50"]

    page.get_by_label("Rules").fill("length:1-5\nkeywords:bad=capital")
    page.get_by_role("button", name="Score by these rules").click()
    assert scores_of(page, "length:1-5") == ["0", "0"]
    assert scores_of(page, "keywords:bad=capital") == ["−1", "−1"]

    page.get_by_label("Judge", exact=True).fill("base")
    page.get_by_role("button", name="Ask this judge").click()
    assert scores_of(page, "Judge base") == ["0.25", "0.50"]
    bars = page.locator(".rl-scr", has_text="Judge base").locator(".rl-dv > i")
    widths = bars.evaluate_all(
        "nodes => nodes.map(node => node.offsetWidth / node.parentElement.offsetWidth)"
    )
    assert widths == pytest.approx([0.25, 0.5], abs=0.02)

    page.reload()
    assert scores_of(page, "Reward: Manners") == ["+0.50", "+2.50"]
    assert scores_of(page, "Judge base") == ["0.25", "0.50"]
    expect(page.locator("#compare-scoring")).to_be_hidden()


def test_what_cannot_score_is_told_below_its_field_and_the_answers_stay(
    visit: Visit, world: NewWorld
) -> None:
    page = ran(visit, "base,tour-sft")
    (before,) = world.comparing.comparisons.values()
    page.get_by_role("button", name="Score with…").click()
    rules, judge = page.locator("#score-terms-problem"), page.locator("#score-judge-problem")
    page.get_by_role("button", name="Score by these rules").click()
    expect(rules).to_contain_text("There is no rule yet.")
    page.get_by_label("Rules").fill("lenght:1-5")
    page.get_by_role("button", name="Score by these rules").click()
    expect(rules).to_contain_text('There is no reward "lenght:1-5".')

    page.get_by_role("button", name="Ask this judge").click()
    expect(judge).to_contain_text("No judge is named.")
    page.get_by_label("Judge", exact=True).fill("endpoint:m")
    page.get_by_role("button", name="Ask this judge").click()
    expect(judge).to_contain_text("Give its base address")
    page.get_by_label("Judge's address").fill("http://127.0.0.1:9/v1")
    page.get_by_label("Judge's address").press("Enter")
    expect(judge).to_contain_text("The server at http://127.0.0.1:9/v1 failed")
    expect(rules).to_contain_text("There is no reward")
    expect(page.locator(".rl-ans").first).to_contain_text("The capital")
    assert tuple(world.comparing.comparisons.values()) == (before,)


def test_a_deleted_comparison_comes_back(visit: Visit, world: NewWorld) -> None:
    page = ran(visit, "base,tour-sft")
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".rl-pane")).to_have_count(0)
    assert "comparison=" not in page.url
    page.get_by_role("button", name="Undo").click()
    wait_until_answered(page, 2)
    assert next(iter(world.comparing.comparisons.values())).deleted_at is None
    assert "comparison=c-27" in page.url


def test_an_export_is_a_file(visit: Visit) -> None:
    page = ran(visit, "base,tour-sft")
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV, for tables").click()
    assert download.value.suggested_filename == "comparison-c-27.csv"


def test_what_is_wrong_with_a_setting_stands_below_it_and_opens_what_hides_it(visit: Visit) -> None:
    page = visit.open("/compare?models=base,tour-sft&prompt=Why")
    ready(page)
    page.get_by_label("Temperature").fill("NaN")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#compare-temperature-problem")).to_contain_text(
        "Temperature takes a number, found 'NaN'."
    )
    expect(page.get_by_label("Temperature")).to_be_focused()
    page.get_by_label("Temperature").fill("0.7")
    page.locator("summary", has_text="More settings").click()
    page.get_by_label("Answers each").fill("9")
    page.locator("summary", has_text="More settings").click()
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_label("Answers each")).to_be_focused()
    page.get_by_label("Answers each").fill("2")
    page.get_by_role("button", name="Run", exact=True).click()
    wait_until_answered(page, 2)
    page.locator(".rl-seg label", has_text="1").last.click()
    expect(page.locator(".rl-seed").first).to_contain_text("seed 1, 2 of 2")


def test_many_lines_are_one_prompt_until_somebody_says_otherwise(visit: Visit, world: NewWorld) -> None:
    page = visit.open("/compare?models=base&prompt=Why")
    ready(page)
    page.get_by_label("Prompt", exact=True).fill("\n".join(f"Prompt {number}" for number in range(100)))
    page.get_by_label("Ask each of 100 lines").check()
    expect(page.locator(".rl-lines")).to_contain_text("20 are the most at once")
    page.get_by_label("Prompt", exact=True).fill("One\nTwo\nThree")
    page.get_by_role("button", name="Run", exact=True).click()
    wait_until_answered(page, 3)
    assert next(iter(world.comparing.comparisons.values())).prompts == ("One", "Two", "Three")


def test_an_endpoint_is_added_by_hand_and_never_by_a_strangers_link(visit: Visit, world: NewWorld) -> None:
    page = visit.open("/compare?models=base,endpoint:m@http://host.test/v1&prompt=Why")
    ready(page)
    expect(page.locator("#compare-models-problem")).to_contain_text("m at host.test, which nobody added")
    expect(page.locator("span.rl-chip")).to_have_count(1)
    page.locator("#compare-add").select_option("by address")
    expect(page.get_by_label("Model", exact=True)).to_be_focused()
    page.get_by_label("Model", exact=True).fill("m")
    page.keyboard.press("Enter")
    expect(page.locator("#compare-endpoint-problem")).to_contain_text("The address is empty")
    page.get_by_label("Address", exact=True).fill("http://host.test/v1")
    page.keyboard.press("Enter")
    expect(page.locator("span.rl-chip", has_text="m at host.test")).to_be_visible()
    page.get_by_role("button", name="Run", exact=True).click()
    wait_until_answered(page, 2)
    assert next(iter(world.comparing.comparisons.values())).panes[1].title == "m at host.test"
    page.reload()
    expect(page.locator("span.rl-chip", has_text="m at host.test")).to_be_visible()


def test_what_a_link_names_by_address_is_added_by_a_button_that_shows_the_address(visit: Visit) -> None:
    page = visit.open("/compare?models=base,endpoint:m@http://host.test/v1&prompt=Why")
    ready(page)
    expect(page.locator("#compare-models-problem")).to_contain_text("so it was left out")
    page.get_by_role("button", name="Add m at host.test…").click()
    expect(page.get_by_label("Model", exact=True)).to_have_value("m")
    expect(page.get_by_label("Address", exact=True)).to_have_value("http://host.test/v1")
    expect(page.locator("span.rl-chip")).to_have_count(1)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("span.rl-chip", has_text="m at host.test")).to_be_visible()
    expect(page.locator("#compare-models-problem")).to_be_empty()
    expect(page.get_by_role("button", name="Add m at host.test…")).to_have_count(0)


def test_the_time_machine_shows_the_answer_of_each_checkpoint_on_the_runs_curves(visit: Visit) -> None:
    page = visit.open("/run?run=tour-dpo")
    page.get_by_role("link", name="Time machine").click()
    slider = page.get_by_role("slider", name="Checkpoint")
    expect(slider).to_have_attribute("aria-valuetext", "Step 80")
    expect(page.locator(".rl-pane .rl-badge")).to_have_text("Done", timeout=PATIENCE_MS)
    expect(page.locator(".rl-ans")).to_contain_text("I do not know")
    slider.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "Step 40")
    expect(page.locator(".rl-ans")).to_contain_text("Lima.")
    page.wait_for_function("document.querySelectorAll('.rl-plot')[1]?.layout?.shapes?.at(-1)?.x0 === 40")
    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "Start")
    expect(page.locator(".rl-who")).to_have_text("Base")
    expect(page.locator(".rl-film-card")).to_contain_text("The answer changed 2 times.")
    expect(page.locator(".rl-slider label")).to_have_text("Start, step 0 of 80")
    page.reload()
    expect(page.get_by_role("slider", name="Checkpoint")).to_be_visible()


def chart_head(page: Page, title: str) -> Locator:
    """What stands above a chart."""
    return page.locator("figure.rl-chart", has=page.locator("h3", has_text=title)).locator(".rl-cv")


def test_the_time_machine_tells_what_was_measured_at_the_step_and_as_the_runs_page_does(
    visit: Visit, world: NewWorld
) -> None:
    for name in ("probe/kl/token", "probe/kl/seq"):
        points = world.runs.series["tour-sft"][name]
        world.runs.series["tour-sft"][name] = [point for point in points if point.step != 40]
    page = visit.open("/run?run=tour-sft")
    loss = chart_head(page, "Loss")
    expect(loss).to_contain_text("smoothed")
    newest = loss.locator("b").inner_text()

    page = visit.open("/compare?models=base,tour-sft@40,tour-sft@80&prompt=Why&show=steps")
    ready(page)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(chart_head(page, "Loss")).to_contain_text("step 80, smoothed", timeout=PATIENCE_MS)
    expect(chart_head(page, "Loss").locator("b")).to_have_text(newest)
    page.get_by_role("slider", name="Checkpoint").press("ArrowLeft")
    expect(chart_head(page, "Loss")).to_contain_text("step 40, smoothed")
    expect(chart_head(page, "KL to base")).to_have_text("not measured at step 40")
    expect(page.locator(".rl-film-card")).to_contain_text(re.compile(r"Step 30: [\d.]+\. Step 50: [\d.]+\."))
    page.get_by_role("slider", name="Checkpoint").press("Home")
    expect(chart_head(page, "Loss")).to_have_text("not measured at step 0")
    expect(chart_head(page, "KL to base")).to_contain_text("step 0")


def test_checkpoints_of_an_earlier_comparison_are_told_by_their_steps(visit: Visit) -> None:
    page = ran(visit, "base,tour-sft@40,tour-sft@80")
    page.get_by_label("Prompt", exact=True).fill("Second")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".rl-recent li")).to_contain_text("· SFT, steps 40 and 80")


@pytest.mark.parametrize("visit", [390, 1280], indirect=True)
def test_a_long_name_of_a_score_keeps_to_two_lines(visit: Visit, world: NewWorld) -> None:
    world.runs.add(
        make_run("rm", title="Lantern with a reward model and PPO", stage="reward_model", method="rlhf")
    )
    page = ran(visit)
    page.get_by_role("button", name="Score with…").click()
    page.get_by_role("button", name="Score with this model").click()
    row = page.locator(".rl-scr", has_text="Reward: Lantern with a reward model").first
    expect(row).to_be_visible()
    assert row.locator("> :first-child").evaluate("node => node.offsetHeight") <= 40
