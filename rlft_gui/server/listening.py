"""Where the app listens: on loopback names, and on others once somebody could sign in from there."""

import re
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from urllib.parse import urlencode

import fastapi
import uvicorn

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.garbage import not_collecting
from rlft_gui.server.app import make_app
from rlft_gui.server.forwarded import proxies
from rlft_gui.server.guard import LOOPBACK
from rlft_gui.server.opening import link_file
from rlft_gui.server.peer import is_loopback
from rlft_gui.server.sign_in import SignIn
from rlft_gui.services import Services

#: Longer than any page waits between two questions: who asks over a connection that is being closed gets no answer.
IDLE_CONNECTION_SECONDS = 75


HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


def serve(
    services: Services,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = False,
    allow_hosts: tuple[str, ...] = (),
    trust_proxy: tuple[str, ...] = (),
    frame_hosts: tuple[str, ...] = (),
) -> None:
    """Serve until interrupted; prints the address once connections are accepted, and the link that signs in.

    Args:
        services: what pages show and change.
        host: address to listen on.
        port: port to listen on; 0 takes a free one.
        open_browser: open the app in a browser.
        allow_hosts: names besides those of this machine by which requests may call the app.
        trust_proxy: addresses or networks of proxies whose X-Forwarded-For and -Proto are believed.
        frame_hosts: hosts whose pages may frame the app.

    Raises:
        InvalidInput: the port is taken, the token of this machine cannot be used, a name or an address is none, or
            others could reach the host and nobody could sign in from there.
    """
    names = called(host, allow_hosts)
    framing, believed = host_names("--frame-host", frame_hosts), proxies(trust_proxy)
    check_reachable(services, host)
    token = services.signing_in.token()
    access = SignIn(services.signing_in, services.accounts)
    listener = listen(host, port)
    link = f"{address_here(listener, host)}?{urlencode({'token': token})}"
    serve_on(
        listener,
        host,
        lambda: make_app(services, names, access, proxies=believed, frame_hosts=framing),
        told=f"(Ctrl+C ends the app; training goes on)\nSign in as this machine's owner: {link}",
        opened=link_file(services.home.path, link) if open_browser else None,
    )


def serve_on(
    listener: socket.socket,
    host: str,
    make: Callable[[], fastapi.FastAPI],
    *,
    told: str,
    opened: str | None,
) -> None:
    """Serve until interrupted. `told` follows the address; `opened` is what a browser is opened on."""
    with not_collecting():
        app = make()
    sys.stdout.write(f"rlft_gui is at {_address(listener, host)}  {told}\n")
    sys.stdout.flush()
    if opened:
        threading.Thread(target=webbrowser.open, args=(opened,), daemon=True).start()
    config = uvicorn.Config(
        app,
        log_level="warning",
        timeout_keep_alive=IDLE_CONNECTION_SECONDS,
        proxy_headers=False,  # by `Forwarded` alone
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[listener])


def _address(listener: socket.socket, host: str) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}/"


def address_here(listener: socket.socket, host: str) -> str:
    """Where a browser on this machine finds it: on every address of the machine it can be opened here by this one only."""
    return _address(listener, host if is_loopback(host) else "127.0.0.1")


def check_reachable(services: Services, host: str) -> None:
    """Refuse a host that others can reach while none of them could sign in.

    Raises:
        InvalidInput: with what to do.
    """
    if not is_loopback(host) and not services.accounts.list():
        raise InvalidInput(
            f"Others can reach {host}, and nobody has an account here, so the app does not listen there. Make one "
            "first: rlft user add NAME --role admin. Or use 127.0.0.1, and from elsewhere a tunnel: "
            "ssh -L 7860:127.0.0.1:7860 THIS_MACHINE."
        )


def called(host: str, allow_hosts: tuple[str, ...]) -> tuple[str, ...]:
    """The names by which requests may call an app that listens on `host`.

    Raises:
        InvalidInput: others can reach it, and by no name; or a name is none.
    """
    allowed = host_names("--allow-host", allow_hosts)
    if not is_loopback(host) and not allowed:
        raise InvalidInput(
            f"To listen on {host}, say by which name browsers will call: --allow-host NAME. Requests with any other "
            "name are refused, for that is how other sites' pages would reach this app."
        )
    return (*LOOPBACK, host, *allowed)


def host_names(option: str, typed: tuple[str, ...]) -> tuple[str, ...]:
    """Names of hosts in small letters; empty ones, as an unset variable leaves them, are passed over.

    Raises:
        InvalidInput: one is no name, but an address with a scheme or a path, say.
    """
    names = tuple(name.strip().lower() for name in typed if name.strip())
    for name in names:
        if not HOST_NAME.fullmatch(name):
            raise InvalidInput(f"{option} takes a name such as lab.example.org, found {name!r}.")
    return names


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; taken before the slow start, so that a wrong address is told at once."""
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


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
