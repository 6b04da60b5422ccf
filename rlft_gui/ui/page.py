"""What a page is. Adding one is one file with a `PAGE` and one name in the tuple of rlft_gui.ui.build."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rlft_gui.services import Services

#: What the browser is told about a component: gr.update(…), gr.skip(), gr.validate(…), or a new value.
Update = Any


@dataclass(frozen=True)
class Page:
    """One address of the app.

    Attributes:
        name: as in the navigation bar.
        path: "" is the start page.
        build: lays the page out; called inside its route, so `demo.load(…)` belongs to this page alone.
        styles: the page's own style sheets below rlft_gui/ui/, beside those of every page.
        in_navbar: whether the bar links to it.
    """

    name: str
    path: str
    build: Callable[[Services, gr.Blocks], None]
    styles: tuple[str, ...] = ()
    in_navbar: bool = True
