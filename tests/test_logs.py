"""No key, token, cookie or password stands in a log, whoever writes it and however."""

import json
import logging
import subprocess
import sys

import pytest

from rlft_gui.logs import HIDDEN, clean

KEY = "a-Key-of-the-judge-123"
LEAKS = {
    "a key of the environment": f"asked with {KEY}",
    "a token in an address": f"GET /?token={KEY}&x=1",
    "a second parameter": f"/page?a=1&api_key={KEY}",
    "a header": f"Authorization: Bearer {KEY}",
    "a basic header": f"Authorization: Basic {KEY}",
    "headers as a dictionary": str({"authorization": f"Bearer {KEY}"}),
    "raw headers": str([(b"authorization", f"Bearer {KEY}".encode())]),
    "a cookie": f"Cookie: session={KEY}; theme=dark",
    "a cookie that is set": f"set-cookie: rlft={KEY}; HttpOnly",
    "a password in an address": f"https://ana:{KEY}@judge.example/v1",
    "json": json.dumps({"password": KEY}),
    "a hub token": "hf_abcdefghijklmnop1234",
}


@pytest.mark.parametrize("text", LEAKS.values(), ids=LEAKS)
def test_what_lets_somebody_in_is_removed(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if text.startswith("asked"):
        assert clean(text) == text, "unknown, it is a word like any other"
        monkeypatch.setenv("RLFT_JUDGE_API_KEY", KEY)
    cleaned = clean(text)
    assert KEY not in cleaned
    assert "abcdefgh" not in cleaned
    assert HIDDEN in cleaned


@pytest.mark.parametrize("text", ["step 5 of 10, loss=0.3", "GET /runs 200 0.010 s", "token count = 512", "https://a.example/b"])  # fmt: skip
def test_other_lines_stay_as_they_are(text: str) -> None:
    assert clean(text) == text


WRITE = """
import logging, sys, traceback
from rlft_gui.logs import set_up
if sys.argv[1] != "bare": set_up(logging.INFO, as_json=sys.argv[1] == "json")
key = "a-Key-of-the-judge-123"
for name in ("rlft_gui.keeper.loop", "uvicorn.error", "httpx", "transformers"):
    logger = logging.getLogger(name)
    logger.addHandler(logging.StreamHandler(sys.stdout))
    logger.warning("Authorization: Bearer %s", key)
    logger.warning("asked %r", {"cookie": "session=" + key})
    try: raise ValueError("https://ana:" + key + "@judge.example/")
    except ValueError:
        logger.exception("failed")
        traceback.print_exc()
raise ValueError("?token=" + key)
"""


@pytest.mark.parametrize("how", ["bare", "text", "json"])
def test_no_logger_no_handler_and_no_traceback_leaks(how: str) -> None:
    done = subprocess.run([sys.executable, "-c", WRITE, how], capture_output=True, text=True, check=False)
    if how == "bare":
        assert done.stdout.count(KEY) >= 12, "the attack works where nothing is cleaned"
        return
    assert KEY not in done.stdout + done.stderr
    assert HIDDEN in done.stdout
    assert "ValueError" in done.stderr
    if how == "json":
        lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
        assert {line["level"] for line in lines} == {"warning", "error"}
        assert any("trace" in line for line in lines)


def test_a_line_whose_values_do_not_fit_is_no_failure_of_the_program() -> None:
    from rlft_gui.logs import _cleaning

    record = _cleaning(logging.LogRecord)("a", 30, "f", 1, "%d", ("x",), None)
    assert record.args == ("x",)
