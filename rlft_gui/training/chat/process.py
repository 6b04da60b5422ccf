"""The process that renders chat templates: `python -m rlft_gui.training.chat.process`. No torch here.

One JSON object a line comes in, one goes out. It holds nothing that is worth keeping, so whoever started it may end it
at any moment; and it ends itself when that one is gone, even in the middle of a loop.
"""

import json
import os
import sys
import threading
import time
from typing import Any

MEMORY = 1 << 30  #: bytes of address space; rendering needs some 60 MB
LONGEST_TEXT = (
    4_000_000  #: characters of one rendered conversation; a row of a file has at most a million bytes
)
PERIOD = 1.0


def main() -> None:
    """Answer requests until standard input ends."""
    _limit_memory()
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    # The pipe under another number, so that only this function can write to it.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    sys.stdout = sys.stderr  # a library that prints must not speak among the answers
    import transformers.utils.chat_template_utils  # noqa: F401 - a second of work, done before the clock starts

    try:
        print("ready", file=answers, flush=True)
        for line in sys.stdin:
            print(json.dumps(_answer(json.loads(line))), file=answers, flush=True)
    except BrokenPipeError:
        os._exit(0)  # whoever started it is gone, which is no trouble to write into a log


def _answer(request: dict[str, Any]) -> list[list[str]]:
    """For each conversation ["text", rendered] or ["refused", why]."""
    return [_rendered(conversation, request) for conversation in request["conversations"]]


def _rendered(conversation: list[dict[str, Any]], request: dict[str, Any]) -> list[str]:
    from jinja2 import TemplateError
    from transformers.utils.chat_template_utils import render_jinja_template

    tools = conversation[0].pop("tools", None) if conversation else None
    try:
        (text,), _ = render_jinja_template(
            [conversation],
            tools=tools,
            chat_template=request["template"],
            add_generation_prompt=request["asks"],
            **request["variables"],
        )
    except MemoryError:
        return ["refused", f"it takes more than {MEMORY >> 20:,} MB of memory"]
    except TemplateError as error:
        return ["refused", _line(str(error)) or type(error).__name__]
    except Exception as error:  # noqa: BLE001 - a template is a program and may raise anything
        return ["refused", f"{type(error).__name__}: {_line(str(error))}"]
    if len(text) > LONGEST_TEXT:
        return ["refused", f"it writes {len(text):,} characters, and at most {LONGEST_TEXT:,} are read"]
    return ["text", text]


def _line(text: str, most: int = 200) -> str:
    line = " ".join(text.split()).rstrip(".")
    return line if len(line) <= most else line[: most - 1] + "…"


def _limit_memory() -> None:
    """Where the system can: macOS has the call and does not obey it."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):
        return


def _end_with(parent: int) -> None:
    """A template that loops lets other threads run now and then, so this one still sees that nobody waits."""
    while os.getppid() == parent:
        time.sleep(PERIOD)
    # Not sys.exit, which would end this thread alone.
    os._exit(1)


if __name__ == "__main__":
    main()
