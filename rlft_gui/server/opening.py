"""Opens the link that signs in without telling it to the whole machine: everybody sees the arguments of a browser's process."""

import os
from html import escape
from pathlib import Path


def link_file(home: Path, link: str) -> str:
    """The address of a page in the home, which its owner alone can read and which leads on to `link`."""
    file = home / "open.html"
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as page:
        page.write(
            f'<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>rlft_gui</title>'
            f'<meta http-equiv="refresh" content="0; url={escape(link)}"><a href="{escape(link)}">Open rlft_gui</a>\n'
        )
    return file.as_uri()
