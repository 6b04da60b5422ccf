"""The colours and shapes of methods, from their declarations into the head of every page.

Style sheets and modules know them by their keys only, so a new method brings its own. They draw data and nothing else.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict

from rlft_gui.methods import LOOKS, Look


def looks_tags(looks: Iterable[Look] = LOOKS) -> str:
    """A style with `--m-KEY` and the class `rl-m-KEY`, whose `--c` it is; and what looks.js reads."""
    known = list(looks)
    light = "".join(f"--m-{look.key}:{look.light};" for look in known)
    dark = "".join(f"--m-{look.key}:{look.dark};" for look in known)
    classes = "".join(f".rl-m-{look.key}{{--c:var(--m-{look.key})}}" for look in known)
    facts = json.dumps({look.key: asdict(look) for look in known})
    return (
        f"<style>:root{{{light}}}.dark{{{dark}}}{classes}</style>"
        f'<script type="application/json" id="rl-looks">{facts}</script>'
    )
