"""Home, Runs and Run in a browser, over a fake world: what is drawn, what survives, what is said."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from rlft_gui.domain.errors import StorageTrouble
from rlft_gui.domain.run import Point
from rlft_gui.domain.status import RunStatus
from rlft_gui.ui.assets import PLOTLY, address
from tests.ui.fakes import make_run
from tests.ui.fakes_new import NewWorld
from tests.ui.visiting import PATIENCE_MS, Visit, plot

pytestmark = pytest.mark.slow

#: Chromium reports an unreachable address by itself; the tests about being offline expect it.
OFFLINE = re.compile("ERR_CONNECTION|Failed to load resource|Failed to fetch")


@pytest.mark.parametrize("visit", [390, 1280], indirect=True)
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/runs",
        "/run?run=beta-sweep",
        "/run?run=smol-first-try",
        "/run?run=beta-sweep-2",
        "/data",
        "/data?id=d-1",
        "/score",
    ],
)
def test_every_page_stands_wide_and_narrow(visit: Visit, path: str) -> None:
    page = visit.open(path)

    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator(".nav-holder [aria-current=page]")).to_have_count(1)
    page.wait_for_timeout(700)


def test_a_curve_grows_and_keeps_the_zoom(visit: Visit, world: NewWorld) -> None:
    page = visit.open("/run?run=beta-sweep")
    before = plot(page)
    page.evaluate(
        "Plotly.relayout(document.querySelector('.rl-plot'), {'xaxis.range[0]': 5, 'xaxis.range[1]': 20})"
    )

    world.runs.advance("beta-sweep", 60)
    page.wait_for_function("document.querySelector('.rl-plot').data[1].x.at(-1) === 60")

    after = plot(page)
    assert after["range"] == [5, 20]
    assert after["x"] == [*before["x"], *range(39, 61)]
    assert plot(page, 1)["range"] == [5, 20]
    expect(page.locator(".rl-run-top .rl-num").first).to_contain_text("Step 60 of 90")


def test_charts_wait_for_a_script_that_does_not_come_at_once(visit: Visit) -> None:
    tries: list[str] = []

    def fail_once(route: Route) -> None:
        tries.append(route.request.url)
        route.abort() if len(tries) == 1 else route.continue_()

    visit.page.route(f"**{address(PLOTLY)}", fail_once)
    page = visit.open("/run?run=beta-sweep")

    assert plot(page)["x"][0] == 1
    assert len(tries) == 2
    visit.errors = [error for error in visit.errors if "ERR_FAILED" not in error]


def test_pulling_over_a_plot_zooms_every_chart_and_a_double_click_shows_all_again(visit: Visit) -> None:
    page = visit.open("/run?run=tour-dpo")
    whole = plot(page)["range"]
    area = page.locator(".rl-plot .nsewdrag").first.bounding_box()
    assert area is not None
    middle = area["y"] + area["height"] / 2

    page.mouse.move(area["x"] + area["width"] / 4, middle)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] / 2, middle, steps=4)
    page.mouse.up()
    ranges = "[...document.querySelectorAll('.rl-plot')].map(it => String(it.layout.xaxis.range))"
    page.wait_for_function(f"was => new Set({ranges}).size === 1 && ({ranges})[0] !== String(was)", arg=whole)
    low, high = plot(page)["range"]
    assert whole[0] < low < high < whole[1]

    page.mouse.dblclick(area["x"] + area["width"] / 2, middle)
    page.wait_for_function(f"was => ({ranges}).every(range => range === String(was))", arg=whole)


def test_all_charts_of_a_run_end_where_the_longest_ends(visit: Visit, world: NewWorld) -> None:
    page = visit.open("/run?run=beta-sweep")
    plot(page)

    world.runs.advance("beta-sweep", 60)
    page.wait_for_function("document.querySelector('.rl-plot').data[1].x.at(-1) === 60")

    ends = "[...document.querySelectorAll('.rl-plot')].map(it => it.layout.xaxis.range[1])"
    page.wait_for_function(f"new Set({ends}).size === 1")  # one after the other
    assert page.evaluate(f"{ends}[0]") > 60


def test_the_best_probe_so_far_follows_each_new_probe(visit: Visit, world: NewWorld) -> None:
    page = visit.open("/run?run=beta-sweep")
    caption = page.locator(".rl-chart", has_text="Bars: 95 % interval").locator(".rl-cc")
    expect(caption).to_contain_text("Best so far: 0.61 at step 0.", timeout=PATIENCE_MS)

    world.runs.advance("beta-sweep", 60)

    expect(caption).to_contain_text("at step 55.", timeout=PATIENCE_MS)


def test_the_end_of_a_run_is_shown_without_a_reload(visit: Visit, world: NewWorld) -> None:
    page = visit.open("/run?run=beta-sweep")
    expect(page.locator(".rl-run-top .rl-badge").first).to_have_text("Running")

    world.runs.advance("beta-sweep", 90)

    expect(page.locator(".rl-run-top .rl-badge").first).to_have_text("Succeeded", timeout=PATIENCE_MS)
    link = page.get_by_role("link", name="Compare base, SFT and DPO")
    expect(link).to_have_attribute("href", re.compile(r"models=base%2Ctour-sft%2Cbeta-sweep"))


def test_a_value_that_is_not_finite_is_a_cross_and_never_zero(visit: Visit, world: NewWorld) -> None:
    world.runs.series["cards"]["loss"] += [Point(step=31, value=None, nonfinite="nan")]

    page = visit.open("/run?run=cards&table=1")

    assert plot(page)["crosses"] == [31]
    expect(page.locator(".rl-chart table tr", has_text="not a number").first).to_be_visible()


def test_a_stop_is_asked_in_place_and_can_be_taken_back(visit: Visit, world: NewWorld) -> None:
    page = visit.open("/run?run=beta-sweep")
    page.get_by_role("button", name="Stop").click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("beta-sweep keeps the rest.")

    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    assert world.runs.done == []

    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Stop now").click()
    expect(page.locator(".rl-run-top .rl-badge").first).to_have_text("Stopping", timeout=PATIENCE_MS)
    assert world.runs.done == [("stop", "beta-sweep", "local")]
    expect(page.get_by_role("heading", level=1)).to_be_focused()  # the button that was pressed is gone


def test_a_question_that_the_run_has_overtaken_is_taken_back(visit: Visit, world: NewWorld) -> None:
    page = visit.open("/run?run=beta-sweep")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("alertdialog")).to_have_count(1)

    world.runs.advance("beta-sweep", 90)

    expect(page.locator(".rl-run-top .rl-badge").first).to_have_text("Succeeded", timeout=PATIENCE_MS)
    expect(page.get_by_role("alertdialog")).to_have_count(0)


def test_a_refusal_is_told_beside_the_question(visit: Visit, world: NewWorld) -> None:
    page = visit.open("/run?run=cards")
    page.get_by_role("button", name="Delete").click()
    world.runs.runs["cards"] = world.runs.runs["cards"].model_copy(update={"status": RunStatus.RUNNING})

    page.get_by_role("button", name="Delete this run").click()

    expect(page.get_by_role("alertdialog")).to_contain_text("cards is running. Stop it first.")


def test_a_deleted_run_leads_back_to_the_list(visit: Visit, world: NewWorld) -> None:
    page = visit.open("/run?run=cards")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete this run").click()

    page.wait_for_url("**/runs?deleted=cards")
    assert "cards" not in world.runs.runs


def test_a_deletion_is_undone_where_it_leads(visit: Visit, world: NewWorld) -> None:
    world.runs.delete("cards", user="local")
    page = visit.open("/runs?deleted=cards")
    notice = page.locator(".rl-undo")
    expect(notice).to_contain_text("was deleted; the bin keeps it for 30 days")

    notice.get_by_role("button", name="Undo").click()

    expect(notice).to_have_count(0)
    expect(page.locator("table.rl-runs-t").first).to_contain_text(world.runs.get("cards").title)
    assert world.runs.done[-1] == ("restore", "cards", "local")
    assert "deleted=" not in page.url


def test_the_bin_restores_and_deletes_for_good_after_a_question(visit: Visit, world: NewWorld) -> None:
    world.runs.delete("cards", user="local")
    world.runs.delete("smol-first-try", user="local")
    page = visit.open("/runs")
    page.locator("details.rl-bin summary").click()
    expect(page.locator(".rl-bin-t tbody tr")).to_have_count(2, timeout=PATIENCE_MS)

    page.locator(".rl-bin-t tbody tr").first.get_by_role("button", name="Restore").click()
    expect(page.locator(".rl-bin-t tbody tr")).to_have_count(1)
    page.locator(".rl-bin-t").get_by_role("button", name="Delete for good").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete for good").click()

    expect(page.locator("details.rl-bin")).to_have_count(0)
    assert [action for action, _, _ in world.runs.done[-2:]] == ["restore", "purge"]


def test_a_run_that_others_continue_is_not_offered_for_deletion(visit: Visit, world: NewWorld) -> None:
    page = visit.open("/run?run=tour-sft")
    page.get_by_role("button", name="Delete").click()

    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("is needed")
    expect(dialog.get_by_role("button")).to_have_text(["Close"])


def test_an_unknown_run_is_a_sentence_with_a_way_on(visit: Visit) -> None:
    page = visit.open("/run?run=nobody")

    expect(page.locator("h1")).to_have_text("This run is not here")
    expect(page.get_by_role("link", name="All runs")).to_be_visible()


def test_the_view_of_a_run_is_in_its_address(visit: Visit) -> None:
    page = visit.open("/run?run=beta-sweep")
    page.locator(".rl-seg label", has_text="Tokens").click()
    page.get_by_role("slider", name="Smoothing").fill("0.5")
    page.get_by_role("button", name="Table").click()
    assert re.search(r"x=tokens.*smooth=0\.5.*table=1", page.url)

    page.reload()

    expect(page.get_by_role("radio", name="Tokens")).to_be_checked()
    expect(page.get_by_role("slider", name="Smoothing")).to_have_value("0.5")
    expect(page.locator(".rl-chart table").first).to_be_visible()
    assert plot(page)["x"][-1] == 900 * 38


def test_ticks_draw_runs_and_live_in_the_address(visit: Visit) -> None:
    page = visit.open("/runs?runs=tour-sft")
    assert plot(page)["lines"] == 1

    page.get_by_role("checkbox", name="Draw Lantern SFT, then DPO · DPO").check()

    page.wait_for_function("document.querySelector('.rl-plot').data.length === 8")
    assert "runs=tour-sft%2Ctour-dpo" in page.url
    expect(page.locator(".rl-end")).to_have_count(2)
    expect(page.get_by_role("link", name="Compare ticked")).to_have_attribute(
        "href", re.compile("models=base%2Ctour-sft%2Ctour-dpo")
    )


def test_six_runs_are_the_most(visit: Visit, world: NewWorld) -> None:
    for i in range(8):
        world.runs.add(make_run(f"more-{i}"))
    page = visit.open("/runs?runs=" + ",".join(f"more-{i}" for i in range(6)))

    expect(page.get_by_role("checkbox", name="Draw more-7")).to_be_disabled()
    expect(page.get_by_text("Six are drawn")).to_be_visible()


def test_before_the_first_points_one_line_says_what_will_be_drawn(visit: Visit, world: NewWorld) -> None:
    page = visit.open("/run?run=beta-sweep-2")
    curves = page.get_by_role("region", name="Curves")
    expect(curves).to_contain_text(
        "Loss or reward, and the probe on held-out prompts, are drawn here once the run has started.",
        timeout=PATIENCE_MS,
    )
    assert curves.evaluate("node => node.offsetHeight") < 120
    expect(page.locator(".rl-plot:visible")).to_have_count(0)

    world.runs.runs["beta-sweep-2"] = world.runs.get("beta-sweep-2").model_copy(update={"total_steps": 90})
    world.runs.advance("beta-sweep-2", 20)
    expect(curves.get_by_text("are drawn here")).to_be_hidden(timeout=PATIENCE_MS)
    assert plot(page)["x"] == list(range(1, 21))


def test_one_point_has_an_axis_of_whole_steps_and_a_whole_marker(visit: Visit, world: NewWorld) -> None:
    only = [Point(step=0, value=0.5)]
    world.runs.series["beta-sweep"] = {"probe/gold": only, "probe/kl/token": [Point(step=0, value=0.0)]}
    page = visit.open("/run?run=beta-sweep")
    expect(page.locator(".rl-plot .xtick").first).to_be_attached(timeout=PATIENCE_MS)

    for chart in page.locator(".rl-plot:visible").all():
        if chart.locator(".xtick").count():
            assert chart.locator(".xtick").all_text_contents() == ["step 0", "1"]
    clipped = "nodes => nodes.some(node => node.closest('[clip-path]') !== null)"
    markers = page.locator(".rl-plot:visible .scatterlayer .points path")
    assert not markers.evaluate_all(clipped)


def test_equal_curves_are_both_to_be_seen(visit: Visit, world: NewWorld) -> None:
    world.runs.add(make_run("twin", stage="dpo", method="dpo"), 0.61, 0.83)
    world.runs.series["twin"] = dict(world.runs.series["tour-dpo"])
    page = visit.open("/runs?runs=tour-dpo,twin,sft-again")
    plot(page)

    width = (
        "() => document.querySelector('.rl-plot').data.filter((_, i) => i % 4 === 1).map(it => it.line.width)"
    )
    assert page.evaluate(width) == [7, 2, 2]
    expect(page.locator(".rl-cc")).to_contain_text("the lower one is drawn wide")
    page.get_by_label("Metric").select_option("loss")  # in this world it is the same for all three
    page.wait_for_function(f"String(({width})()) === '12,7,2'")


def test_labels_of_lines_keep_what_tells_them_apart(visit: Visit, world: NewWorld) -> None:
    world.runs.add(make_run("kto", title="Lantern SFT, then KTO", method="kto", stage="kto"), 0.2, 0.4)
    page = visit.open("/runs?runs=tour-dpo,kto")
    plot(page)
    names = page.locator(".rl-end-name")
    expect(names).to_have_count(2)
    assert sorted(names.all_inner_texts()) == ["… DPO", "… KTO"]
    whole = "nodes => nodes.every(node => node.scrollWidth <= node.clientWidth)"
    assert names.evaluate_all(whole)

    telling = (
        f"async titles => (await import('{address('rlft_gui/ui/components/titles.js')}')).telling(titles)"
    )
    assert page.evaluate(telling, ["Tour", "Tour (copy)"]) == ["Tour", "Tour (copy)"]
    assert page.evaluate(telling, ["Lantern SFT, then DPO"] * 2) == ["", ""]
    assert page.evaluate(telling, ["Lantern SFT, then DPO", "Lantern SFT, then DPO (copy)"]) == [
        "… DPO",
        "… DPO (copy)",
    ]
    assert page.evaluate(telling, ["A run with small steps, seed 1", "A run with large steps, seed 1"]) == [
        "… small …",
        "… large …",
    ]
    others = ["sft-again", "Lantern SFT, then DPO", "Lantern SFT, then DPO (copy)"]
    assert page.evaluate(telling, others) == ["sft-again", "… DPO", "… DPO (copy)"]
    alike = [
        "Long name A, B then y",
        "Long name A, B then z",
        "Other name C, D then y",
        "Other name C, D then z",
    ]
    assert len(set(page.evaluate(telling, alike))) == len(alike)
    assert page.evaluate(telling, ["One that goes on and on until its end"]) == ["One that…its end"]


def test_a_long_title_keeps_the_table_of_runs_inside_its_card(visit: Visit, world: NewWorld) -> None:
    world.runs.add(make_run("long", title="A title that goes on " * 6))
    page = visit.open("/runs")
    page.get_by_role("link", name="A title that goes on").wait_for()

    table, card = page.locator(".rl-runs-t"), page.locator(".rl-card", has=page.locator(".rl-runs-t"))
    right = "node => node.getBoundingClientRect().right"
    assert table.evaluate(right) <= card.evaluate(right)


def test_filter_and_order_live_in_the_address_and_survive_a_reload(visit: Visit) -> None:
    page = visit.open("/runs")
    page.locator(".rl-seg label", has_text="Failed").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Steps").click()
    assert re.search(r"show=failed.*sort=steps", page.url)

    page.reload()

    expect(page.locator(".rl-runs-t tbody tr")).to_have_count(1)
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Steps")


def test_a_search_without_a_hit_says_so(visit: Visit) -> None:
    page = visit.open("/runs")
    page.get_by_role("searchbox").fill("no such run")

    expect(page.get_by_text("Nothing found for “no such run”.")).to_be_visible()
    page.get_by_role("button", name="Show all runs").click()
    expect(page.locator(".rl-runs-t tbody tr")).to_have_count(7)


def test_runs_without_a_common_metric_offer_one(visit: Visit) -> None:
    page = visit.open("/runs?runs=tour-sft&m=pref/margin")

    page.get_by_role("button", name=re.compile("^Show ")).click()

    assert plot(page)["lines"] == 1


def test_the_tour_is_the_page_before_the_first_run_and_starts_once(visit: Visit, world: NewWorld) -> None:
    world.runs.runs.clear()
    page = visit.open("/")
    page.get_by_role("button", name="Start the quick tour").dblclick()

    page.wait_for_url("**/run?run=*")
    assert len(world.launching.launched) == 1
    expect(page.locator("h1")).to_contain_text("Lantern SFT, then DPO · SFT")


def test_a_waiting_run_can_be_taken_out_of_the_queue_on_the_start_page(visit: Visit, world: NewWorld) -> None:
    page = visit.open("/")
    page.get_by_role("button", name="Remove from queue").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove from queue").click()

    expect(page.get_by_text("Queued")).to_have_count(0)
    assert world.runs.done == [("stop", "beta-sweep-2", "local")]


def test_a_log_wraps_follows_its_end_and_can_be_had_whole(
    visit: Visit, world: NewWorld, tmp_path: Path
) -> None:
    whole = tmp_path / "worker.log"
    whole.write_text("all of it")
    world.runs.logs["beta-sweep"] = whole
    page = visit.open("/run?run=beta-sweep")
    log, follow = (
        page.get_by_role("region", name="Lines of the log"),
        page.get_by_role("button", name="Follow"),
    )
    expect(log).to_contain_text("step 38")
    at_end = "node => node.scrollHeight - node.scrollTop - node.clientHeight < 24"
    assert log.evaluate("node => node.scrollWidth <= node.clientWidth")
    assert log.evaluate(at_end)

    world.runs.advance("beta-sweep", 60)
    expect(log).to_contain_text("step 60", timeout=PATIENCE_MS)
    assert log.evaluate(at_end)
    log.evaluate("node => { node.scrollTop = 0; }")
    expect(follow).to_be_visible()
    world.runs.advance("beta-sweep", 70)
    expect(log).to_contain_text("step 70", timeout=PATIENCE_MS)
    assert log.evaluate("node => node.scrollTop") == 0
    follow.click()
    assert log.evaluate(at_end)

    with page.expect_download() as download:
        page.locator("#log").get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "beta-sweep.log"
    assert download.value.path().read_text() == "all of it"


def test_an_address_that_leads_nowhere_is_a_page_of_the_app(visit: Visit) -> None:
    page = visit.open("/nonsense")
    expect(page).to_have_title("No such page · rlft_gui")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Compare").wait_for()
    page.get_by_role("link", name="Go to Home").click()
    expect(page.locator("h1")).to_have_text("Home", timeout=PATIENCE_MS)


def test_names_of_people_are_text_and_never_markup(visit: Visit, world: NewWorld) -> None:
    evil = "<img src=x onerror=alert(1)> ${alert(2)} {{value}} <b>bold</b>"
    world.runs.add(make_run("evil", title=evil, status=RunStatus.RUNNING, step=40))

    for path in ("/", "/runs?runs=evil", "/run?run=evil"):
        page = visit.open(path)
        expect(page.get_by_text(evil).first).to_be_visible()
        assert page.locator("img[src=x], .rl-part b:text-is('bold')").count() == 0


def test_light_and_dark_hold_on_every_page(visit: Visit) -> None:
    page = visit.open("/run?run=beta-sweep")
    plot(page)
    page.get_by_role("button", name="Switch between light and dark").click()
    expect(page.locator("html")).to_have_class(re.compile("dark"))
    page.wait_for_function(
        "document.querySelector('.rl-plot').data[1].line.color.toUpperCase() === '#F69500'"
    )

    visit.open("/")

    expect(page.locator("html")).to_have_class(re.compile("dark"))


def test_an_app_that_went_away_is_told_in_one_line_until_it_is_back(visit: Visit) -> None:
    page = visit.open("/run?run=beta-sweep")
    plot(page)
    visit.context.set_offline(True)
    expect(page.locator(".rl-off")).to_contain_text("Training goes on", timeout=PATIENCE_MS)
    expect(page.locator(".rl-off")).to_have_count(1)

    visit.context.set_offline(False)
    page.get_by_role("button", name="Try now").click()

    expect(page.locator(".rl-off")).to_have_count(0, timeout=PATIENCE_MS)
    visit.errors = [error for error in visit.errors if not OFFLINE.search(error)]


def test_the_pill_leads_to_the_run(visit: Visit) -> None:
    page = visit.open("/runs")

    pill = page.locator(".rl-top a")
    expect(pill).to_have_text("1 running, 42 %")
    expect(pill).to_have_attribute("href", "/run?run=beta-sweep")


def test_what_the_database_cannot_do_is_told_in_the_same_line(
    visit: Visit, world: NewWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged() -> None:
        raise StorageTrouble("/home/rlft.db is damaged: <b>disk image</b>.")

    with monkeypatch.context() as patch:
        patch.setattr(world.runs, "overview", damaged)
        page = visit.page
        page.goto(visit.address)
        expect(page.locator(".rl-off span")).to_have_text(
            "/home/rlft.db is damaged: <b>disk image</b>.", timeout=PATIENCE_MS
        )

    page.get_by_role("button", name="Try now").click()

    expect(page.locator(".rl-off")).to_have_count(0, timeout=PATIENCE_MS)


def test_a_click_on_continue_before_the_draft_is_read_is_not_lost(
    visit: Visit, world: NewWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The opening's answer would lead back to the first step, so the button comes with it."""
    monkeypatch.setattr(world.launching, "prepare", lambda: time.sleep(1.5))
    page = visit.open("/new")
    expect(page.locator("#next-1")).to_be_hidden()

    page.locator("#next-1").click()

    expect(page.locator(".rl-wizard")).to_have_attribute("data-ready", "2")
    expect(page.locator("#next-2")).to_be_visible()


def test_ratings_say_first_which_model_was_better(visit: Visit) -> None:
    page = visit.open("/ratings?votes=first+look")

    expect(page.locator(".rl-head-row p")).to_contain_text("DPO <b>bold</b> was best", timeout=PATIENCE_MS)
    rows = page.locator("#models tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(2)).to_contain_text("Baseline")
    expect(rows.nth(0).locator("svg.rl-mark")).to_have_count(2)
    expect(page.locator(".rl-note")).to_contain_text("pairs by judges are not")
    expect(page.locator("#kinds")).to_contain_text("Harm, seen")
    expect(page.locator("#criteria")).to_contain_text("helpful")
    expect(page.locator("#raters")).to_contain_text("Krippendorff")
    vote = page.get_by_role("main").get_by_role("link", name="Vote", exact=True)
    expect(vote).to_have_attribute("href", "/vote?votes=first+look")
    expect(page.get_by_role("link", name="Train on these votes")).to_have_attribute(
        "href", "/new?votes=first+look"
    )


def test_set_baseline_and_raters_stand_in_the_address(visit: Visit) -> None:
    page = visit.open("/ratings?votes=first+look")

    page.get_by_label("Baseline").select_option("tour-sft@80")
    page.wait_for_url("**/ratings?votes=first+look&baseline=tour-sft%4080")
    expect(page.locator("#models tbody tr", has=page.locator(".rl-badge"))).to_contain_text("SFT")
    page.get_by_text("Judges", exact=True).click()
    page.wait_for_url("**&raters=judge")
    expect(page.locator(".rl-note")).to_contain_text("pairs by people are not")

    page.reload()
    expect(page.get_by_label("Baseline")).to_have_value("tour-sft@80", timeout=PATIENCE_MS)
    expect(page.get_by_role("radio", name="Judges", exact=True)).to_be_checked()

    page.get_by_label("Votes", exact=True).select_option("a few")
    expect(page.locator(".rl-head-row p")).to_contain_text("Too early to tell: 75 % of 4 votes")
    page.wait_for_url("**/ratings?votes=a+few")


def test_judges_stand_beside_people_with_the_share_of_each(visit: Visit) -> None:
    page = visit.open("/ratings?votes=first+look")

    judges = page.locator("#judges").locator("xpath=ancestor-or-self::section[1]")
    expect(judges).to_contain_text("72 % [63, 80]", timeout=PATIENCE_MS)
    expect(judges).to_contain_text("96 verdicts, 4 ties left out")
    expect(judges).to_contain_text("judges decide 100 (56 %) and people 30 (17 %); 50 (28 %) wait for people")


@pytest.mark.parametrize("visit", [390, 1280], indirect=True)
@pytest.mark.parametrize("votes", ["first+look", "none"])
def test_ratings_stand_wide_and_narrow(visit: Visit, votes: str) -> None:
    page = visit.open(f"/ratings?votes={votes}")

    wanted = "#raters" if votes != "none" else ".rl-note.bad"
    expect(page.locator(wanted)).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("h1")).to_have_count(1)


def test_without_votes_the_page_says_how_to_get_some(visit: Visit, world: NewWorld) -> None:
    kept, world.votes.pairs = world.votes.pairs, {}
    try:
        page = visit.open("/ratings")
        expect(page.locator(".rl-void")).to_contain_text("No votes yet", timeout=PATIENCE_MS)
        expect(page.get_by_role("link", name="Train on these votes")).to_have_count(0)
    finally:
        world.votes.pairs = kept
