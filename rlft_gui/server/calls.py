"""Whether a call is one that our pages could make. Gradio looks things up without care, so a wrong number would end in
an error 500 without a word."""

import re
from typing import Any

import gradio as gr
from fastapi import HTTPException

SESSION = re.compile(r"[A-Za-z0-9_-]{1,64}")

_RELOAD = "Reload the page: it may be from before an upgrade."


class Calls:
    """What the blocks of an app can be asked for."""

    def __init__(self, blocks: gr.Blocks) -> None:
        self._blocks = blocks
        self._functions = {
            number: frozenset(function.__name__ for function in getattr(block, "server_fns", None) or ())
            for number, block in blocks.blocks.items()
        }

    def names(self) -> frozenset[str]:
        """Everything that can be called, by the name that limits and figures know it by."""
        events = (str(event.api_name) for event in self._blocks.fns.values())
        return frozenset(events).union(*self._functions.values())

    def check(self, route: tuple[str, ...], asked: dict[str, Any]) -> str:
        """The name of what is called; "" where nothing is.

        Raises:
            HTTPException: there is no such thing, or it cannot be called so.
        """
        if route == ("component_server",):
            return self._function(asked)
        if route[0] == "run" or route == ("queue", "join"):
            return self._event(route, asked)
        if route == ("cancel",):
            self._cancelled(asked)
        return ""

    def forget(self, session: str) -> None:
        """Free what Gradio keeps of a session. It makes anew what it needs if that is used again."""
        states, queue = self._blocks.state_holder, self._blocks._queue
        states.session_data.pop(session, None)
        states.time_last_used.pop(session, None)
        queue.pending_messages_per_session.pop(session, None)
        for event in queue.pending_event_ids_session.pop(session, ()):
            if (known := queue.event_ids_to_events.get(event)) is not None:
                known.alive = False  # nobody is left to tell

    def _function(self, asked: dict[str, Any]) -> str:
        number, name = asked.get("component_id"), asked.get("fn_name")
        _session(asked, is_needed=True)
        if not _is_number(number) or not isinstance(name, str) or name not in self._functions.get(number, ()):
            raise HTTPException(
                404, f"There is no function {_short(name)} in part {_short(number)}. {_RELOAD}"
            )
        if "data" not in asked:
            raise HTTPException(400, f'The function {name} was asked nothing: "data" is missing.')
        return name

    def _event(self, route: tuple[str, ...], asked: dict[str, Any]) -> str:
        _session(asked, is_needed=route[0] == "queue")
        event = self._found(route, asked.get("fn_index"))
        given = asked.get("data")
        if not isinstance(given, list):
            raise HTTPException(400, f'"data" holds a list of values, found {_short(given)}.')
        if len(given) != len(event.inputs):
            raise HTTPException(
                400, f"This event takes {len(event.inputs)} values, found {len(given)}. {_RELOAD}"
            )
        return str(event.api_name)

    def _found(self, route: tuple[str, ...], number: object) -> Any:
        if number is None and len(route) > 1:
            for event in self._blocks.fns.values():
                if event.api_name == route[1]:
                    return event
        if _is_number(number) and number in self._blocks.fns:
            return self._blocks.fns[number]
        raise HTTPException(404, f"There is no event {_short(number)}. {_RELOAD}")

    def _cancelled(self, asked: dict[str, Any]) -> None:
        """Gradio takes whatever event is named off its queue, whoever asks."""
        session = _session(asked, is_needed=True)
        event = self._blocks._queue.event_ids_to_events.get(str(asked.get("event_id")))
        if event is not None and event.session_hash != session:
            raise HTTPException(403, "This event is of another session, so it was not cancelled.")


def checked_session(session: object) -> str:
    """Raises: HTTPException, where it is no name of a session."""
    if not isinstance(session, str) or not SESSION.fullmatch(session):
        raise HTTPException(
            400, f"A session is named by up to 64 letters and digits, found {_short(session)}. {_RELOAD}"
        )
    return session


def _session(asked: dict[str, Any], *, is_needed: bool) -> str | None:
    session = asked.get("session_hash")
    return None if session is None and not is_needed else checked_session(session)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _short(value: object) -> str:
    """What was found, as far as a sentence holds it."""
    text = (
        value
        if isinstance(value, str)
        else type(value).__name__
        if isinstance(value, dict | list)
        else str(value)
    )
    return repr(text[:40])
