"""Where the app listens: on loopback names only, for there is no sign-in yet."""

import ipaddress
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable

import fastapi
import uvicorn

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.garbage import not_collecting
from rlft_gui.server.app import make_app
from rlft_gui.server.guard import LOOPBACK
from rlft_gui.services import Services

#: Longer than any page waits between two questions: who asks over a connection that is being closed gets no answer.
IDLE_CONNECTION_SECONDS = 75


def serve(services: Services, host: str = "127.0.0.1", port: int = 7860, open_browser: bool = False) -> None:
    """Serve until interrupted; prints the address once connections are accepted.

    Raises:
        InvalidInput: the host is not loopback, or the port is taken.
    """
    serve_app(lambda hosts: make_app(services, hosts=hosts), host, port, open_browser)


def serve_app(
    make: Callable[[tuple[str, ...]], fastapi.FastAPI], host: str, port: int, open_browser: bool
) -> None:
    """As `serve`; `make` is given the names by which a request may call the app."""
    listener = listen(host, port)
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listener.getsockname()[1]}/"
    with not_collecting():
        app = make((*LOOPBACK, host))
    sys.stdout.write(f"rlft_gui is at {address}  (Ctrl+C ends the app; training goes on)\n")
    sys.stdout.flush()
    if open_browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    config = uvicorn.Config(app, log_level="warning", timeout_keep_alive=IDLE_CONNECTION_SECONDS)
    uvicorn.Server(config).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; taken before the slow start, so that a wrong address is told at once."""
    if not is_loopback(host):
        raise InvalidInput(
            f"rlft_gui has no sign-in yet, so it listens on this machine only; found host {host}. "
            "Use 127.0.0.1, and from elsewhere a tunnel: ssh -L 7860:127.0.0.1:7860 THIS_MACHINE."
        )
    try:
        listener = socket.create_server((host, port), family=_family(host), backlog=128)
    except OSError as error:
        raise InvalidInput(
            f"Port {port} on {host} cannot be used: {error.strerror}. Choose another with --port, or 0 for any."
        ) from None
    # Connections inherit it. asyncio sets it only on sockets that name their protocol, which these do not; without it
    # the second half of an answer waits 40 ms for the browser to confirm the first.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
