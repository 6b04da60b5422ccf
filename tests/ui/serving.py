"""Build and serve the app over a fake world.

Gradio opens an event loop and never closes it when it is built outside one; inside a running loop it takes that.
"""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI

from rlft_gui.server import make_app
from rlft_gui.server.access import Access
from rlft_gui.server.listening import listen
from rlft_gui.ui.build import build


def app_over(world: Any, access: Access | None = None) -> FastAPI:
    """Left out, whoever asks is the owner of the machine."""

    async def make() -> FastAPI:
        return make_app(world, access=access)

    return asyncio.run(make())


def blocks_over(world: Any) -> gr.Blocks:
    async def make() -> gr.Blocks:
        return build(world)

    return asyncio.run(make())


@contextmanager
def served(world: Any, access: Access | None = None) -> Iterator[str]:
    """The address of the app on a free port. Built in its thread too: Playwright keeps a loop running in this one."""
    listener = listen("127.0.0.1", 0)
    servers: list[uvicorn.Server] = []

    def run() -> None:
        servers.append(uvicorn.Server(uvicorn.Config(app_over(world, access), log_level="warning")))
        servers[0].run(sockets=[listener])

    thread = threading.Thread(target=run)
    thread.start()
    while thread.is_alive() and not (servers and servers[0].started):
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        servers[0].should_exit = True
        thread.join()
        listener.close()
