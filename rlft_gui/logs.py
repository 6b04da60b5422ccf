"""Where lines of a log go, and what never stands in one: keys, tokens, cookies, passwords.

Records are cleaned as they are made, so every handler of every library gets them clean; what is written past all
loggers (a traceback that a library prints) is cleaned on its way to standard error.
"""

import json
import logging
import os
import re
import sys
from collections.abc import Callable
from enum import StrEnum
from io import TextIOBase
from typing import Any, TextIO


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


HIDDEN = "[removed]"
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
SECRET_VARIABLE = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD)S?$")
LEAST = 6  #: letters; a shorter value would be found in any text

_NAMES = r"(?:access_|refresh_|id_|auth_|session_?)?(?:token|key|secret|password|passwd|code)|api[_-]?key|signature|sig"
#: What is kept of a find is its first group.
PATTERNS = (
    re.compile(r"(?i)(\b(?:proxy-)?authorization['\"]?\s*[:=,]\s*b?['\"]?)[^\r\n'\"]+"),
    re.compile(r"(?i)(\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{6,}"),
    re.compile(r"(?i)(\b(?:set-)?cookie['\"]?\s*[:=,]\s*b?['\"]?)[^\r\n'\"]+"),
    re.compile(rf"(?i)([?&;\s]|^)((?:{_NAMES})=)[^&\s'\"#;]+"),
    re.compile(rf"(?i)((?:'|\")(?:{_NAMES})(?:'|\")\s*:\s*(?:'|\"))[^'\"]+"),
    re.compile(r"(\w[\w+.-]*://)[^/\s@'\"]+(?=@)"),
    re.compile(r"\b(hf_|sk-|ghp_)[A-Za-z0-9_-]{8,}"),
)


def clean(text: str) -> str:
    """The text without what lets somebody in."""
    for value in _secrets():
        text = text.replace(value, HIDDEN)
    for pattern in PATTERNS:
        text = pattern.sub(lambda found: "".join(filter(None, found.groups())) + HIDDEN, text)
    return text


def set_up(
    level: int = logging.INFO, *, as_json: bool = False, style: str = FORMAT, dates: str | None = None
) -> None:
    """Log to standard error, cleanly, from now on in this process."""
    if not isinstance(sys.stderr, _Clean):
        sys.stderr = _Clean(sys.stderr)
    made = logging.getLogRecordFactory()
    if not getattr(made, "is_clean", False):
        logging.setLogRecordFactory(_cleaning(made))
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if as_json else logging.Formatter(style, dates))
    logging.basicConfig(level=level, handlers=[handler])


def _cleaning(made: Callable[..., logging.LogRecord]) -> Callable[..., logging.LogRecord]:
    def make(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = made(*args, **kwargs)
        try:
            record.msg, record.args = clean(record.getMessage()), ()
        except (TypeError, ValueError):
            return record  # a line whose values do not fit it: logging tells of that itself
        if record.exc_info and record.exc_info[0] is not None:
            # A formatter takes this text where there is one.
            record.exc_text = clean(logging.Formatter().formatException(record.exc_info))
        return record

    make.is_clean = True  # type: ignore[attr-defined]
    return make


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        return json.dumps(line | ({"trace": record.exc_text} if record.exc_text else {}), ensure_ascii=False)


class _Clean(TextIOBase):
    """Standard error, a write at a time."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(clean(text))
        return len(text)

    def flush(self) -> None:
        self._stream.flush()

    def fileno(self) -> int:
        return self._stream.fileno()

    def isatty(self) -> bool:
        return self._stream.isatty()


def _secrets() -> list[str]:
    """Values of the environment whose names say what they are; the longest first, for one may hold another."""
    found = (v for name, v in os.environ.items() if SECRET_VARIABLE.search(name.upper()) and len(v) >= LEAST)
    return sorted(found, key=len, reverse=True)
