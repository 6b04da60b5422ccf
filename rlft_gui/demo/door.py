"""Services for whoever asks: pages are built once, with these, and each call goes to the caller's own.

Every call passes a gate (gates.py). What has no gate is refused, so a method that is new is not offered until somebody has
thought about it. Methods are looked up as they are called and never before, so a page may keep whatever it likes of these.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from rlft_gui.demo.limits import Limits
from rlft_gui.demo.sandboxes import Sandbox, Sandboxes
from rlft_gui.domain.errors import NotAllowed
from rlft_gui.services import Services
from rlft_gui.services.calling import caller
from rlft_gui.services.notice import Notice

NOT_OFFERED = (
    "The demo does not offer this. Install rlft_gui to do it on your own machine, with your own data."
)


@dataclass(frozen=True)
class Call:
    """One call of a method of the services, by a visitor."""

    demo: "Demo"
    visitor: str
    part: str
    method: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]

    def look(self) -> Any:
        """Call it on the visitor's own services; on those that all share while he has none."""
        with self.demo.sandboxes.using(self.visitor) as sandbox:
            return self.on(sandbox.services if sandbox else self.demo.sandboxes.looking)

    def on(self, services: Services) -> Any:
        return getattr(getattr(services, self.part), self.method)(*self.args, **self.kwargs)

    @cached_property
    def asked(self) -> Mapping[str, Any]:
        """The arguments by name, with defaults."""
        method = getattr(type(getattr(self.demo.sandboxes.looking, self.part)), self.method)
        bound = inspect.signature(method).bind(None, *self.args, **self.kwargs)
        bound.apply_defaults()
        return bound.arguments


#: What the method returns, or an RlftError that says why not.
Gate = Callable[[Call], Any]


@dataclass(frozen=True)
class Demo:
    """What is offered (`gates`, by (part of the services, method)), within which limits, to visitors with these sandboxes; `notice` says so on every page."""

    sandboxes: Sandboxes
    limits: Limits
    gates: Mapping[tuple[str, str], Gate]
    notice: Notice

    def call(self, part: str, method: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Raises NotAllowed: nobody is asking, or it is not offered."""
        visitor = caller()
        if not visitor:
            raise NotAllowed("Nobody is known to be asking, so nothing is answered. Load the page again.")
        gate = self.gates.get((part, method))
        if gate is None:
            raise NotAllowed(NOT_OFFERED)
        return gate(Call(self, visitor, part, method, args, kwargs))

    def look_after(self) -> None:
        """Called now and then: what is over goes, and what a killed app left behind is ended."""
        self.sandboxes.settle()
        self.sandboxes.expire()

    def services(self) -> Services:
        """As pages take them."""
        return cast(Services, _Parts(self))


class _Parts:
    """Looks like `Services`."""

    def __init__(self, demo: Demo) -> None:
        self._demo = demo

    @property
    def notice(self) -> Notice:
        return self._demo.notice

    def __getattr__(self, part: str) -> "_Part":
        if part not in Services.__dataclass_fields__:
            raise AttributeError(part)
        return _Part(self._demo, part)


class _Part:
    """Looks like one of the services, `Services.runs` say."""

    def __init__(self, demo: Demo, part: str) -> None:
        self._demo = demo
        self._part = part

    def __getattr__(self, method: str) -> Any:
        if method.startswith("_"):
            raise AttributeError(method)
        demo, part = self._demo, self._part

        def call(*args: Any, **kwargs: Any) -> Any:
            return demo.call(part, method, args, kwargs)

        return call


__all__ = ["NOT_OFFERED", "Call", "Demo", "Gate", "Sandbox"]
