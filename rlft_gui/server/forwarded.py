"""What a proxy says of a request: believed of the named ones alone, and read once, here.

Whoever connects can send these headers, and Gradio reads some of them by itself: the address of every file and call in its
configuration follows X-Forwarded-Host. So none goes further than this. The host itself stays what Host says, also behind a
proxy, for a page on a name that was re-pointed here could send any other header along.
"""

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from rlft_gui.domain.errors import InvalidInput

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

PREFIX = b"x-forwarded-"
SAID_BY_PROXIES = frozenset([b"forwarded", b"x-real-ip", b"x-gradio-server"])
SECURE = {"http": "https", "ws": "wss"}


class Forwarded:
    """Puts client and scheme right where a named proxy says them, and takes such headers off every request."""

    def __init__(self, app: ASGIApp, proxies: tuple[Network, ...]) -> None:
        self.app = app
        self.proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        told = [(name.lower(), value) for name, value in scope["headers"] if _is_told(name.lower())]
        kept = [(name, value) for name, value in scope["headers"] if not _is_told(name.lower())]
        state = {**scope.get("state", {}), "was_forwarded": bool(told)}
        scope = {**scope, "headers": kept, "state": state}
        if self._is_proxy(_address((scope.get("client") or ("", 0))[0])):
            self._believe(scope, told)
        await self.app(scope, receive, send)

    def _believe(self, scope: dict[str, Any], told: list[tuple[bytes, bytes]]) -> None:
        if client := self._client(list(_values(told, b"x-forwarded-for"))):
            scope["client"] = (client, 0)
        if list(_values(told, b"x-forwarded-proto"))[-1:] == ["https"]:
            scope["scheme"] = SECURE.get(scope["scheme"], scope["scheme"])

    def _client(self, hops: list[str]) -> str | None:
        """The last address that no proxy of ours has; what stands before it anybody may have written."""
        for hop in reversed(hops):
            address = _address(hop)
            if not self._is_proxy(address):
                return str(address) if address else None
        return None

    def _is_proxy(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self.proxies)


def proxies(named: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and networks (10.0.0.0/8) as they were typed.

    Raises:
        InvalidInput: one is neither.
    """
    return tuple(map(_network, named))


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        raise InvalidInput(
            f"--trust-proxy takes an address such as 172.20.0.2 or a network such as 10.0.0.0/8, found {text!r}."
        ) from None


def _is_told(name: bytes) -> bool:
    return name.startswith(PREFIX) or name in SAID_BY_PROXIES


def _values(headers: list[tuple[bytes, bytes]], wanted: bytes) -> Iterator[str]:
    for name, value in headers:
        if name == wanted:
            yield from (part.strip() for part in value.decode("latin-1").split(","))


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
