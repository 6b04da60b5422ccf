"""The page of whoever is signed in: who that is, signing out, and for admins what was done by whom."""

import time
from html import escape

from fastapi.responses import HTMLResponse

from rlft_gui.domain.accounts import LOCAL_OWNER, AuditEntry, Role
from rlft_gui.server.sign_in_page import page
from rlft_gui.services import Services

MOST_SHOWN = 100  #: entries; `rlft audit-log` tells more
_MAY = {
    Role.VIEWER: "You may look at everything and change nothing.",
    Role.MEMBER: "You may change what is yours, and look at everything.",
    Role.ADMIN: "You may change everything.",
}


def account_page(services: Services, user: str) -> HTMLResponse:
    """Raises: NotAllowed, where there is no such account any more."""
    role = services.rights.role(user)
    who = "the owner of this machine" if user == LOCAL_OWNER else f"{user}, {role}"
    log = _log(services.accounts.audit_log(MOST_SHOWN, user=user)) if role is Role.ADMIN else ""
    content = f"""<h1>You are {escape(who)}</h1>
<p>{_MAY[role]}</p>
<form method="post" action="/sign-out"><button class="rl-btn primary">Sign out</button></form>
<form method="post" action="/sign-out-everywhere"><button class="rl-btn">Sign out everywhere</button></form>
<p><a href="/">Go to Home</a></p>
{log}"""
    return HTMLResponse(page("Account", content), headers={"Cache-Control": "no-store"})


def _log(entries: tuple[AuditEntry, ...]) -> str:
    rows = "".join(f"<li>{_line(one)}</li>" for one in entries)
    return f'<h2>What was done by whom</h2><ol class="rl-sign-log">{rows}</ol>'


def _line(one: AuditEntry) -> str:
    at = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.at))
    said = f"{one.user} {one.action} {one.subject}".strip()
    return f"<span>{at}, {escape(one.address)}</span> {escape(said)}"
