"""What a page tells the browser about itself, and how often Gradio builds its application for it."""

import asyncio
from collections import Counter
from typing import Any

import gradio as gr
import pytest
from fastapi.testclient import TestClient
from gradio.routes import App

from rlft_gui.ui.build import PAGES
from rlft_gui.ui.lean_blocks import FOR_API_DOCUMENTATION, PUBLIC, LeanBlocks, without_links
from tests.ui.fakes_new import NewWorld
from tests.ui.serving import app_over, blocks_over
from tests.ui.traffic import configuration_bytes

#: kB of each page's configuration, at most a tenth above what it is.
MOST_KB = {
    "": 15, "new": 58, "runs": 34, "run": 39, "data": 19, "compare": 20, "vote": 16, "ratings": 16, "score": 15, "api": 14,
    "answers": 15,
}  # fmt: skip


@pytest.fixture(scope="module")
def demo() -> gr.Blocks:
    return blocks_over(NewWorld())


def test_configurations_stay_small() -> None:
    with TestClient(app_over(NewWorld()), base_url="http://127.0.0.1:7860") as client:
        sizes = {page.path: configuration_bytes(client.get(f"/{page.path}").text) for page in PAGES}

    assert {path: size for path, size in sizes.items() if size > 1000 * MOST_KB[path]} == {}


def test_nothing_but_the_public_endpoints_is_described_for_documentation(demo: gr.Blocks) -> None:
    described = {
        (demo.blocks[one["id"]].page, one["type"])
        for one in demo.config["components"]
        if set(one) & set(FOR_API_DOCUMENTATION)
    }

    assert described == {("api", PUBLIC)}
    # What is public needs those descriptions.
    assert {event.page for event in demo.fns.values() if event.api_visibility != "private"} == {"api"}


def test_a_page_links_each_module_once(demo: gr.Blocks) -> None:
    linked = Counter(
        (demo.blocks[one["id"]].page, tag)
        for one in demo.config["components"]
        for tag in one["props"].get("head", "").split("<")
        if tag.startswith("link")
    )

    assert len(linked) > len(PAGES)
    assert set(linked.values()) == {1}


def test_a_link_that_the_page_has_is_left_out_and_a_script_never() -> None:
    linked: set[str] = set()

    assert without_links('<link href="a"><script src="p"></script>', linked) == (
        '<link href="a"><script src="p"></script>'
    )
    assert without_links('<link href="a"><script src="p"></script><link href="b">', linked) == (
        '<script src="p"></script><link href="b">'
    )


def test_pages_are_laid_out_as_route_would() -> None:
    async def lay_out() -> tuple[gr.Blocks, gr.Blocks]:  # in a loop, or Gradio opens one and never closes it
        with LeanBlocks(analytics_enabled=False) as lean:
            gr.Markdown("one")
            lean.open_page("Two", "two", in_navbar=False)
            gr.Textbox("two")
        with gr.Blocks(analytics_enabled=False) as usual:
            gr.Markdown("one")
        with usual.route("Two", "two", show_in_navbar=False):
            gr.Textbox("two")
        return lean, usual

    lean, usual = asyncio.run(lay_out())

    assert _pages(lean) == _pages(usual)


def test_gradio_builds_its_application_as_often_as_for_an_empty_app(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three times: as blocks are made, as they are left, and as they are mounted. Each takes about 0.1 s."""
    made: list[int] = []
    create = App.create_app

    def count(*args: Any, **kwargs: Any) -> App:
        made.append(1)
        return create(*args, **kwargs)

    monkeypatch.setattr(App, "create_app", count)

    app_over(NewWorld())

    assert len(made) == 3


def _pages(blocks: gr.Blocks) -> list[Any]:
    """Names, addresses, and which types of components each page holds."""
    config: Any = blocks.config
    types = {one["id"]: one["type"] for one in config["components"]}
    return [
        (name, path, bar, [types[one] for one in config["page"][path]["components"]])
        for path, name, bar in config["pages"]
    ]
