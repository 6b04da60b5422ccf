"""`rlft token`: the link that signs the machine's owner in."""

from typing import Annotated
from urllib.parse import urlencode

import typer

from rlft_gui.commands.shared import DEFAULT_HOME, USER, HomeOption, open_home, told


@told
def token(
    new: Annotated[
        bool,
        typer.Option("--new", help="Make a new one; the old one, and whoever signed in with it, is out."),
    ] = False,
    bare: Annotated[bool, typer.Option("--bare", help="Print the token alone, for scripts.")] = False,
    port: Annotated[int, typer.Option(help="The port of the app.", min=1, max=65535)] = 7860,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Print the link that opens the app on this machine."""
    signing_in = open_home(home).signing_in
    secret = signing_in.renew_token(user=USER) if new else signing_in.token()
    typer.echo(secret if bare else f"http://127.0.0.1:{port}/?{urlencode({'token': secret})}")
