"""The whole user interface: the pages in the order of the navigation bar.

Adding a page is one file and one name in `PAGES`.
"""

import gradio as gr

from rlft_gui.services import Services
from rlft_gui.ui import compare, home, new, run, runs
from rlft_gui.ui.assets import style_tags
from rlft_gui.ui.page import Page
from rlft_gui.ui.parts import tell_problems

PAGES: tuple[Page, ...] = (
    home.PAGE,
    new.PAGE,
    runs.PAGE,
    run.PAGE,
    compare.PAGE,
)

STYLES = ("css/tokens.css", "css/kit.css", "css/gradio.css")


def build(services: Services) -> gr.Blocks:
    """Lay out every page. The first one is the start page."""
    start, *others = PAGES
    with gr.Blocks(title="rlft_gui", analytics_enabled=False) as demo:
        start.build(services, demo)
    for page in others:
        with demo.route(page.name, page.path, show_in_navbar=page.in_navbar):
            page.build(services, demo)
    tell_problems(demo)
    return demo


def head_tags() -> str:
    """Style sheets of all pages, as links that the browser may keep."""
    return style_tags(STYLES + tuple(style for page in PAGES for style in page.styles))
