"""A failed run's page: what went wrong, what to do, and one button that does it."""

import pytest
from playwright.sync_api import expect

from rlft_gui.domain.failure import FailureKind
from tests.ui.fakes_new import NewWorld
from tests.ui.visiting import Visit

pytestmark = pytest.mark.slow


def test_the_one_primary_button_of_a_failed_run_does_what_is_advised(visit: Visit, world: NewWorld) -> None:
    page = visit.open("/run?run=smol-first-try")
    failure = page.get_by_label("Why this run failed")
    expect(failure.get_by_role("heading", name="Out of GPU memory")).to_be_visible()
    expect(failure).to_contain_text("batch size 8 instead of 16")
    expect(failure.get_by_label("End of the log")).to_be_hidden()
    failure.get_by_text("lines of the log").click()
    expect(failure.get_by_label("End of the log")).to_be_visible()
    expect(page.locator("main .rl-run-top .rl-btn.primary, .rl-run-top .rl-btn.primary")).to_have_count(1)
    failure.get_by_role("button", name="Start anew with batch size 8").click()
    expect(failure).to_be_visible()
    page.wait_for_timeout(200)
    assert ("mend", "smol-first-try", "local") in world.runs.done


def test_settings_that_do_not_fit_lead_to_the_form(visit: Visit, world: NewWorld) -> None:
    run = world.runs.get("smol-first-try")
    world.runs.runs[run.id] = run.model_copy(update={"failure": FailureKind.BAD_RECIPE})
    page = visit.open("/run?run=smol-first-try")
    link = page.get_by_label("Why this run failed").get_by_role("link", name="Change and run again")
    expect(link).to_have_attribute("href", "/new?clone=smol-first-try")


def test_the_table_of_runs_says_briefly_why_one_failed(visit: Visit) -> None:
    page = visit.open("/runs?show=failed")
    expect(page.get_by_text("Out of GPU memory.")).to_be_visible()
