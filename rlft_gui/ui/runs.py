"""Runs."""

from typing import TYPE_CHECKING

import gradio as gr

from rlft_gui.ui.page import Page
from rlft_gui.ui.parts import frame, head

if TYPE_CHECKING:
    from rlft_gui.services import Services


def build(services: "Services", demo: gr.Blocks) -> None:
    frame(services)
    head("Runs", "This page is being built.", ("New pipeline", "/new", "primary"))


PAGE = Page("Runs", "runs", build)
