"""Reads the number that a text says, exactly, however people, LaTeX and language models write it.

The same value: 1234, 1,234, 1{,}234, 1 234 (any space), $1,234.00 and 1.234e3; likewise .5, 0.5, 0,5, 1/2, \\frac{1}{2}
and ½. Units and percent signs are passed over: 3 % is 3. A comma before three digits groups thousands; where it cannot
(0,5 or 2,75) it is a decimal comma. What can be read in no single way, such as 1.2.3, 1,2,3 or 12/25/2026, is no number;
nor are powers such as 2^10, other than of ten behind a factor.

Left out: numbers in words, and words that multiply (5 million is 5). All patterns are bounded or possessive, so that time
grows with the length of a text and no faster.
"""

import re
import unicodedata
from fractions import Fraction

#: Digits and marks of a number; longer ones, and exponents of more than three digits, are taken for nobody's answer.
LONGEST = 400

_SPACES = " \u00a0\u2007\u2009\u202f"
_MINUS = str.maketrans(dict.fromkeys("\u2212\u2013\ufe63\uff0d", "-"))
_REWRITTEN = (
    (re.compile(r"\{,\}"), ","),
    (re.compile(r"\\!"), ""),
    (re.compile(r"\\[,;:]"), "\u2009"),
    (re.compile("[\u00bc-\u00be\u2150-\u215e]"), lambda match: _apart(match, _vulgar(match[0]))),
    (
        re.compile(r"\\[dt]?frac(?:\{(-?\d{1,99})\}|(\d))(?:\{(\d{1,99})\}|(\d))"),
        lambda match: _apart(match, f"{match[1] or match[2]}/{match[3] or match[4]}"),
    ),
    (re.compile(r"(?<=\d) ?/ ?(?=\d)"), "/"),
    (re.compile(r"(?<=\d) ?(?:×|x|\*|·|\\times|\\cdot) ?10 ?\^ ?\{?([+-]?\d{1,9})\}?"), r"e\1"),
    (re.compile(r"(?:(?<![\d.,])\d[\d.,]*+)? ?\^ ?\{?[+-]?\d{1,9}\}?"), " power "),
)
_NUMBER = re.compile(
    rf"""
    ((?<![\w)\]}}])-)?                    # the dash of 3-2 is no sign
    (?:\\?[$€£¥₹][ ]?)?
    (?<![^\W_])                           # x2 and km2 are names
    (
      (?!0)\d{{1,3}}([{_SPACES}])\d{{3}}(?:\3\d{{3}}){{0,9}}(?:[.,]\d++)?(?!\d|[.,/]\d)  # 1 234
      | \d{{1,3}}[ ]\d{{1,99}}/\d{{1,99}}(?!\d|[.,/]\d)                                  # 2 1/2
      | (?:\d++|(?=\.\d))(?:[.,/]\d++)*+(?:[eE][+-]?\d++)?
    )
    """,
    re.VERBOSE,
)
_ENGLISH = re.compile(r"(?!0)\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?")  # groups of two are India's
_CONTINENTAL = re.compile(r"\d+,\d+|(?!0)\d{1,3}(?:\.\d{3})+,\d+")
_PLAIN = re.compile(r"\d*\.?\d+(?:[eE][+-]?\d{1,3})?")
_RATIO = re.compile(r"(?:(\d+) )?(\d+)/(\d+)")
_MARKED = re.compile(r"####[ \t]*([^\n]*)")
_BOX = "\\boxed{"


def answered(text: str) -> Fraction | None:
    """The number that an answer ends in: behind its last "####", or in its last box, or else its last number.

    None where there is none, or it can be read in no single way.
    """
    found = _written(_marked(text) or _boxed(text) or text)
    return _value(found[-1]) if found else None


def right_answer(text: str) -> Fraction | None:
    """The one number of a right answer, with or without a unit; None where there is none or more than one."""
    found = _written(_marked(text) or _boxed(text) or text)
    return _value(found[0]) if len(found) == 1 else None


def _written(text: str) -> list[re.Match[str]]:
    """All that is written like a number."""
    return list(_NUMBER.finditer(_rewritten(text)))


def _marked(text: str) -> str | None:
    """What follows the last "####" on its line, if that is one number with a unit at most: it also begins headings."""
    lines = _MARKED.findall(text)
    return next(
        (line for line in reversed(lines) if not _is_heading(line) and len(_written(line)) == 1), None
    )


def _is_heading(line: str) -> bool:
    """As "1. Add the cards" or "Step 2"."""
    return re.match(r"\d+[.):]\s+\w|[^\W\d_]", line) is not None


def _boxed(text: str) -> str | None:
    start = text.rfind(_BOX)
    if start < 0:
        return None
    start, depth = start + len(_BOX), 1
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return text[start:place]
    return text[start:]


def _rewritten(text: str) -> str:
    """In plain characters, with a slash in fractions and an e before exponents."""
    text = text.translate(_MINUS)
    for pattern, replacement in _REWRITTEN:
        text = pattern.sub(replacement, text)
    return text


def _vulgar(sign: str) -> str:
    return unicodedata.normalize("NFKC", sign).replace("\u2044", "/")


def _apart(match: re.Match[str], fraction: str) -> str:
    """A fraction behind a digit is the rest of a mixed number."""
    is_mixed = match.start() > 0 and match.string[match.start() - 1].isdecimal()
    return f" {fraction}" if is_mixed else fraction


def _value(found: re.Match[str]) -> Fraction | None:
    size = _size(found[2])
    return None if size is None else -size if found[1] else size


def _size(written: str) -> Fraction | None:
    if len(written) > LONGEST:
        return None
    if ratio := _RATIO.fullmatch(written):
        whole, top, bottom = (int(part or 0) for part in ratio.groups())
        return whole + Fraction(top, bottom) if bottom else None
    written = re.sub(f"[{_SPACES}]", "", written)
    if _ENGLISH.fullmatch(written):
        written = written.replace(",", "")
    elif _CONTINENTAL.fullmatch(written):
        written = written.replace(".", "").replace(",", ".")
    return Fraction(written) if _PLAIN.fullmatch(written) else None
