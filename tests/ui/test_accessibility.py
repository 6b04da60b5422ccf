"""Every page by axe, light and dark, and by the size of what one touches on a phone."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from rlft_gui.ui.assets import address
from tests.ui.fakes import make_run
from tests.ui.fakes_new import NewWorld
from tests.ui.test_run import generating
from tests.ui.test_vote_page import votable
from tests.ui.visiting import PATIENCE_MS, Visit

pytestmark = pytest.mark.slow

THEME = "rlft_gui/ui/components/theme.js"
#: As its button does, also where there is none.
TOGGLE = f"async () => (await import('{address(THEME)}')).toggleTheme()"
PHONE: ViewportSize = {"width": 390, "height": 900}
LEAST_TARGET = 24
GRAVE = ("serious", "critical")

#: What is touched and smaller than that. A label counts with its control, an ::after that reaches beyond counts too.
SMALL_TARGETS = """least => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
    .filter(node => node.checkVisibility() && node.getBoundingClientRect().height > 1)
    .map(node => {
        const box = (node.closest('label') ?? node).getBoundingClientRect(), after = getComputedStyle(node, '::after');
        const beyond = after.content === 'none' ? 0 : -2 * Math.min(0, parseFloat(after.top) || 0);
        return [Math.min(box.width, box.height) + beyond, node.outerHTML.slice(0, 120)];
    })
    .filter(([size]) => size < least - 0.5)"""


def wizard_at(last: int) -> Callable[[Page], None]:
    def walk(page: Page) -> None:
        for step in range(1, last + 1):
            page.locator(f".rl-wizard[data-ready='{step}']").wait_for(state="attached")
            if step == 2:
                page.locator("input[value=dpo]").check()
            if step < last:
                page.locator(f"#next-{step}").click()

    return walk


def answered(page: Page) -> None:
    page.locator(".rl-compare[data-ready]").wait_for()
    page.locator("#compare-run").click()
    page.locator(".rl-pane .rl-badge", has_text="Done").nth(2).wait_for()


def tabled(page: Page) -> None:
    page.locator(".rl-answers[data-ready]").wait_for()
    page.locator("rl-scatter .js-plotly-plot").wait_for()


def scored(page: Page) -> None:
    page.locator(".rl-score[data-ready]").wait_for()
    page.locator("#score-add").select_option("rated")
    page.locator("#score-prompt").fill("Why?")
    page.locator("#score-answers").fill("Because it is so.\n---\n" + "It goes on. " * 60)
    page.locator("#score-run").click()
    page.locator(".rl-strip").nth(1).wait_for()


def two_turns(page: Page) -> None:
    """With everything open: settings, the export, an address that is typed, two seeds, what scores."""
    page.locator(".rl-compare[data-ready]").wait_for()
    page.locator("summary", has_text="More settings").click()
    page.get_by_label("Answers each").fill("2")
    answered(page)
    page.get_by_label("Go on, in all panes").fill("And then?")
    page.keyboard.press("Enter")
    page.locator(".rl-pane .rl-badge", has_text="Done").nth(5).wait_for()
    page.locator("#compare-add").select_option("by address")
    page.get_by_role("button", name="Score with…").click()
    page.locator("#score-judge").fill("endpoint:m")
    page.locator("#score-url").fill("not an address")
    page.get_by_role("button", name="Ask this judge").click()
    page.locator("#score-judge-problem .rl-i").wait_for()
    page.locator("#score-judge").fill("base")
    page.get_by_role("button", name="Ask this judge").click()
    page.locator(".rl-scr", has_text="Judge base").last.wait_for()
    page.locator("summary", has_text="Export").click()


def over_steps(page: Page) -> None:
    answered(page)
    page.locator(".rl-seg label", has_text="Over steps").click()
    page.locator(".rl-film-card .rl-plot").last.wait_for()


def asked_to_delete(page: Page) -> None:
    page.get_by_role("button", name="Delete").click()


def binned(page: Page) -> None:
    read(page)
    page.locator(".rl-undo").wait_for()
    page.get_by_role("button", name="Empty the bin").click()


def named(page: Page) -> None:
    page.get_by_label("Your name").fill("Anna")


def voting(page: Page) -> None:
    """A first vote was cast, the second pair is on screen."""
    named(page)
    page.locator("#vote-sets").get_by_role("button", name="Go on").first.click()
    page.locator("#vote-prompt").wait_for()


def voted(page: Page) -> None:
    voting(page)
    page.keyboard.press("a")
    page.get_by_text("You chose").wait_for()
    page.keyboard.press("?")
    page.keyboard.press("n")


def choosing_runs(page: Page) -> None:
    page.get_by_label("What is asked").select_option("attributes")
    page.get_by_text("Order, raters, rubric, name").click()
    page.get_by_text("Runs, joined by").wait_for()


def choosing_a_judge(page: Page) -> None:
    page.get_by_label("Judge", exact=True).select_option("A model behind a server")
    page.get_by_label("Address of its server").wait_for()
    read(page)


def read(page: Page) -> None:
    """Until the last part has drawn what it asked for."""
    expect(page.locator(".rl-sks:visible")).to_have_count(0, timeout=PATIENCE_MS)


STATES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "home": ("/", read),
    "runs": ("/runs", read),
    "live run": ("/run?run=beta-sweep", read),
    "finished run, all curves": ("/run?run=tour-dpo&more=1", read),
    "failed run": ("/run?run=smol-first-try", read),
    "queued run": ("/run?run=beta-sweep-2", read),
    "stopped run, delete asked": ("/run?run=cards", asked_to_delete),
    "a run just deleted, bin open": ("/runs?deleted=binned&bin=1", binned),
    "rows": ("/run?run=maker", read),
    "model": ("/new?fresh=1", wizard_at(1)),
    "method": ("/new?fresh=1", wizard_at(2)),
    "data": ("/new?fresh=1", wizard_at(3)),
    "settings": ("/new?fresh=1", wizard_at(4)),
    "review": ("/new?fresh=1", wizard_at(5)),
    "datasets": ("/data", read),
    "a dataset": ("/data?id=lantern:preferences", read),
    "an address that leads nowhere": ("/nonsense", read),
    "answers": ("/answers?columns=batch-gone:base batch-gone:tour-sft@80 probe:tour-dpo&new=1", tabled),
    "ratings": ("/ratings?votes=first+look", read),
    "ratings of few votes": ("/ratings?votes=a+few", read),
    "a judge to vote": ("/ratings?votes=first+look#have-judge", choosing_a_judge),
    "scores": ("/score?models=rm", scored),
    "compare": ("/compare?models=base,tour-sft,tour-dpo&prompt=Why", answered),
    "vote, nothing chosen": ("/vote", choosing_runs),
    "vote on pairs": ("/vote?votes=pair", voted),
    "vote by attributes": ("/vote?votes=attributes", voting),
    "vote by a critique": ("/vote?votes=critique", voting),
    "a conversation": ("/compare?models=base,tour-sft,tour-dpo&prompt=Why", two_turns),
    "time machine": ("/compare?models=base,tour-dpo@40,tour-dpo@80&prompt=Why", over_steps),
}


#: Not among what axe does by itself: a button must be named by the words that it shows.
ALL = {"rules": {"label-content-name-mismatch": {"enabled": True}}}
#: What may differ between light and dark; the rest is judged once.
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}


def faults(page: Page, **options: object) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [
        f"{fault['id']}: {node['html']}"
        for fault in found
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_grave_and_nothing_is_too_small_to_touch(
    visit: Visit, world: NewWorld, state: str
) -> None:
    generating(world)
    votable(world)
    world.runs.bin.binned["binned"] = make_run("binned")
    address, reach = STATES[state]
    page = visit.open(address)
    reach(page)

    assert faults(page, **ALL) == []
    page.evaluate(TOGGLE)
    assert faults(page, **COLOURS) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate(SMALL_TARGETS, LEAST_TARGET) == []


def test_no_part_of_a_page_is_painted_by_the_style_of_another(visit: Visit) -> None:
    page = visit.open("/new?fresh=1")
    wizard_at(5)(page)
    page.locator(".rl-part.rl-review .rl-card").first.wait_for()

    painted = "nodes => new Set(nodes.map(node => getComputedStyle(node).backgroundColor)).size"
    assert page.locator(".rl-part").evaluate_all(painted) == 1


def test_enter_twice_on_delete_deletes_nothing(visit: Visit, world: NewWorld) -> None:
    page = visit.open("/run?run=cards")
    page.get_by_role("button", name="Delete").focus()

    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("alertdialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Delete")).to_be_focused()
    assert world.runs.done == []


@pytest.mark.parametrize("path", ["/", "/run?run=beta-sweep"])
def test_every_question_puts_the_safe_answer_first_under_enter(visit: Visit, path: str) -> None:
    page = visit.open(path)
    page.get_by_role("button", name="Remove from queue" if path == "/" else "Stop", exact=True).click()

    expect(page.get_by_role("button", name="Keep")).to_be_focused()
