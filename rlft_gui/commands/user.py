"""`rlft user`: who may sign in besides the machine's owner; and `rlft audit-log`: what was done by whom."""

import json
import sys
import time
from typing import Annotated

import typer

from rlft_gui.commands.shared import DEFAULT_HOME, USER, HomeOption, JsonOption, open_home, told
from rlft_gui.domain.accounts import Role
from rlft_gui.domain.errors import InvalidInput

user_app = typer.Typer(help="Who may sign in besides the owner of this machine.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="The account's name.")]
RoleHelp = "viewer looks, member changes what is theirs, admin everything."
StdinOption = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@user_app.command("add")
@told
def add(
    name: NameArgument,
    role: Annotated[Role, typer.Option(help=RoleHelp)] = Role.MEMBER,
    password_stdin: StdinOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Let somebody sign in by name and password."""
    accounts = open_home(home).accounts
    made = accounts.add(name, role, _password(password_stdin), user=USER)
    typer.echo(f"{made.name} may sign in as {made.role}.")


@user_app.command("list")
@told
def list_users(as_json: JsonOption = False, home: HomeOption = DEFAULT_HOME) -> None:
    """Tell who may sign in."""
    found = open_home(home).accounts.list()
    if as_json:
        typer.echo(json.dumps([one.model_dump(mode="json", exclude={"password"}) for one in found]))
    elif not found:
        typer.echo("Nobody but the owner of this machine. `rlft user add NAME` makes an account.", err=True)
    else:
        for one in found:
            typer.echo(f"{one.name:40} {one.role:8} since {_day(one.created_at)}")


@user_app.command("role")
@told
def role(
    name: NameArgument,
    role: Annotated[Role, typer.Argument(help=RoleHelp)],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Change what somebody may do, from their next request on."""
    open_home(home).accounts.set_role(name, role, user=USER)
    typer.echo(f"{name} is {role} now.")


@user_app.command("password")
@told
def password(
    name: NameArgument, password_stdin: StdinOption = False, home: HomeOption = DEFAULT_HOME
) -> None:
    """Set a new password and end all sessions of the account."""
    accounts = open_home(home).accounts
    accounts.get(name)  # before anybody types
    accounts.set_password(name, _password(password_stdin), user=USER)
    typer.echo(f"{name} has a new password and is signed out everywhere.")


@user_app.command("remove")
@told
def remove(name: NameArgument, home: HomeOption = DEFAULT_HOME) -> None:
    """Take an account away and end its sessions. Its runs, data and votes stay."""
    open_home(home).accounts.remove(name, user=USER)
    typer.echo(f"{name} cannot sign in any more.")


@told
def audit_log(
    last: Annotated[int, typer.Option(help="How many entries.", min=1, max=10_000)] = 50,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Tell who did what, newest first."""
    found = open_home(home).accounts.audit_log(last, user=USER)
    if as_json:
        typer.echo(json.dumps([one.model_dump() for one in found]))
        return
    for one in found:
        at = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(one.at))
        typer.echo(
            f"{at}  {_shown(one.user):16} {one.action:22} {_shown(one.subject)}  from {one.address or '?'}"
        )


def _password(is_piped: bool) -> str:
    """Raises: InvalidInput: it was typed differently the second time, or there is no terminal."""
    if is_piped:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise InvalidInput("There is no terminal to type a password on. Send it by --password-stdin.")
    first = typer.prompt("Password", hide_input=True)
    if typer.prompt("The same again", hide_input=True) != first:
        raise InvalidInput("The two passwords differ. Try again.")
    return str(first)


def _shown(text: str) -> str:
    """Names that strangers typed must not reach the terminal as commands to it."""
    return "".join(one if one.isprintable() else "?" for one in text)


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(seconds))
