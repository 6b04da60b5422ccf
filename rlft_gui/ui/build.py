"""The whole user interface: the pages in the order of the navigation bar.

Adding a page is one file and one name in `PAGES`.
"""

import gradio as gr

from rlft_gui.services import Services
from rlft_gui.ui.assets import style_tags
from rlft_gui.ui.components.part import tell_problems
from rlft_gui.ui.lean_blocks import LeanBlocks
from rlft_gui.ui.looks import looks_tags
from rlft_gui.ui.page import Page
from rlft_gui.ui.pages.answers import page as answers
from rlft_gui.ui.pages.api import page as api
from rlft_gui.ui.pages.compare import page as compare
from rlft_gui.ui.pages.data import page as data
from rlft_gui.ui.pages.home import page as home
from rlft_gui.ui.pages.new import page as new
from rlft_gui.ui.pages.ratings import page as ratings
from rlft_gui.ui.pages.run import page as run
from rlft_gui.ui.pages.runs import page as runs
from rlft_gui.ui.pages.score import page as score
from rlft_gui.ui.pages.vote import page as vote

PAGES: tuple[Page, ...] = (
    home.PAGE,
    new.PAGE,
    runs.PAGE,
    run.PAGE,
    data.PAGE,
    compare.PAGE,
    vote.PAGE,
    answers.PAGE,
    ratings.PAGE,
    score.PAGE,
    api.PAGE,
)

STYLES = tuple(
    f"rlft_gui/ui/components/{name}.css"
    for name in ("tokens", "kit", "gradio", "notice", "rows/rows", "adding/adding")
)


def build(services: Services) -> gr.Blocks:
    """Lay out every page. The first one is the start page."""
    start, *others = PAGES
    with LeanBlocks(title="rlft_gui", analytics_enabled=False) as demo:
        start.build(services, demo)
        for page in others:
            demo.open_page(page.name, page.path, page.in_navbar)
            page.build(services, demo)
    tell_problems(demo)
    return demo


def head_tags() -> str:
    """Style sheets of all pages, as links that the browser may keep, and how methods look."""
    return looks_tags() + style_tags(
        STYLES + tuple(f"rlft_gui/ui/{style}" for page in PAGES for style in page.styles)
    )
