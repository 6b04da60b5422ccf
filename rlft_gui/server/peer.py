"""Whether a request comes from a program of this machine, as far as a request can tell."""

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

#: What proxies add and `Forwarded` leaves. It takes the other such headers off and notes that there were some.
VIA = "via"


def is_from_here(request: HTTPConnection) -> bool:
    """Whether peer and Host are this machine, and no proxy stands between."""
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    is_passed_on = VIA in request.headers or getattr(request.state, "was_forwarded", False)
    return is_loopback(address_of(request)) and is_loopback(host) and not is_passed_on


def address_of(request: HTTPConnection) -> str:
    """The peer's address; "" if it has none, as on a socket of the file system."""
    return request.client.host if request.client else ""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
