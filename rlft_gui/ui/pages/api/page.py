"""What programs may ask, on a page of its own, so that no other page carries it."""

import gradio as gr

from rlft_gui.services import Services
from rlft_gui.ui.components.part import frame, head
from rlft_gui.ui.page import Page
from rlft_gui.ui.pages.api.endpoints import Endpoints
from rlft_gui.ui.pages.api.public import publish


def build(services: Services, demo: gr.Blocks) -> None:
    frame(services)
    endpoints = Endpoints(services).all()
    *names, last = (f"/{one.__name__}" for one in endpoints)
    head("API", f"Programs on this machine can ask for {', '.join(names)} and {last}, as docs/api.md tells.")
    for endpoint in endpoints:
        publish(endpoint)


PAGE = Page("API", "api", build, in_navbar=False)
