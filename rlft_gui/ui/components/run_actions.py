"""What the buttons of a run do: stop, resume, delete, let its rows pass. Asked in place by the browser, decided by the services."""

from collections.abc import Callable
from typing import Any, Literal

from rlft_gui.domain._base import Frozen
from rlft_gui.services import Services
from rlft_gui.ui.components.part import Serve


class DoAsked(Frozen):
    run: str
    action: Literal["stop", "resume", "delete", "let_pass"]


def serve_actions(services: Services) -> Serve:
    """`call(server.run_do, {run, action})`."""
    acts: dict[str, Callable[..., object]] = {
        "stop": services.runs.stop,
        "resume": services.runs.resume,
        "delete": services.runs.delete,
        "let_pass": services.reviewing.let_pass,
    }

    def answer(asked: DoAsked, user: str) -> dict[str, Any]:
        acts[asked.action](asked.run, user=user)
        return {}

    return Serve("run_do", DoAsked, answer)
