"""How often and for what charts ask: only for what is drawn, and once."""

import json
from typing import Any

import pytest
from playwright.sync_api import Request, expect

from tests.ui.fakes_new import NewWorld
from tests.ui.visiting import Visit, plot


def curves_asked(visit: Visit) -> list[dict[str, Any]]:
    """What is asked of the server function `curves` from now on."""
    asked: list[dict[str, Any]] = []

    def listen(request: Request) -> None:
        if "/component_server" in request.url:
            body = json.loads(request.post_data or "{}")
            if body["fn_name"] == "curves":
                asked.append(body["data"])

    visit.page.on("request", listen)
    return asked


def test_a_run_is_asked_for_what_is_drawn_and_for_the_rest_once_it_is_opened(visit: Visit) -> None:
    asked = curves_asked(visit)
    page = visit.open("/run?run=tour-dpo")
    plot(page)

    assert [question["runs"] for question in asked] == [[["tour-dpo", ""]]], "asked once"
    assert {"pref/margin", "probe/gold", "probe/gold/low", "probe/gold/high"} <= set(asked[0]["names"])
    assert not {"lr", "tokens", "pref/chosen", "pref/rejected"} & set(asked[0]["names"])

    page.get_by_role("button", name="more curves").click()
    expect(page.get_by_role("button", name="Fewer curves")).to_be_visible()
    expect(page.get_by_text("Learning rate").first).to_be_visible()
    plot(page, 7)

    assert {"lr", "tokens", "pref/chosen", "pref/rejected"} <= set(asked[-1]["names"])


def test_the_axis_of_tokens_is_asked_for_when_it_is_chosen(visit: Visit) -> None:
    asked = curves_asked(visit)
    page = visit.open("/run?run=tour-sft&x=tokens")

    assert plot(page)["range"][1] > 10_000
    assert ["tokens" in question["names"] for question in asked] == [True]


@pytest.mark.parametrize("query", ["m=loss", "runs=tour-sft,tour-dpo&m=loss"])
def test_all_runs_with_a_metric_in_the_address_are_fetched_once(
    visit: Visit, world: NewWorld, query: str
) -> None:
    for run_id in ("beta-sweep", "beta-sweep-2"):
        world.runs.advance(run_id, 80)  # ended
    asked = curves_asked(visit)
    page = visit.open(f"/runs?{query}")
    plot(page)
    page.wait_for_load_state("networkidle")

    # Every ten seconds it is asked what is new, which a slow machine lives to see: that sends cursors along.
    whole = [question for question in asked if any(not cursor for _, cursor in question["runs"])]
    assert len(whole) == 1
    assert "loss" in whole[0]["names"]
