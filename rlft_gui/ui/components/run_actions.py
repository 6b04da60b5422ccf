"""What the buttons of a run do: stop, resume, delete, let its rows pass. Asked in place by the browser, decided by the services."""

from collections.abc import Callable

from rlft_gui.services import Services
from rlft_gui.ui.components.payloads import RUN_ACTION, ActionAsked
from rlft_gui.ui.contract import Nothing, Served, serve


def serve_actions(services: Services) -> Served:
    acts: dict[str, Callable[..., object]] = {
        "stop": services.runs.stop,
        "resume": services.runs.resume,
        "delete": services.runs.delete,
        "approve": services.reviewing.approve,
    }

    def answer(asked: ActionAsked, user: str) -> Nothing:
        acts[asked.action](asked.run, user=user)
        return Nothing()

    return serve(RUN_ACTION, answer)
