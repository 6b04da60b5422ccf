"""Lay out components for a test."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import gradio as gr

Made = TypeVar("Made")


def laid_out(make: Callable[[], Made]) -> Made:
    """What `make` builds inside an app. Gradio leaves event loops open that it makes itself, so it is given one, in
    a thread, because the browser tests keep one running in this one."""

    async def inside() -> Made:
        with gr.Blocks():
            return make()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(inside())).result()
