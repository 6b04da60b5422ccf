"""A small server that speaks as OpenAI-compatible ones do, over real HTTP, and misbehaves on demand.

It judges in Lantern's words by gold. `script` says what comes of each request in turn; after its end, replies.
"""

import json
import math
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from rlft_gui.lantern.gold import score
from rlft_gui.lantern.recognising import item_of

_ASKED = re.compile(r"Question: (.*) Answer A: (.*) Answer B: (.*) Which answer is better\?", re.DOTALL)


@dataclass
class JudgeServer:
    """What the server does, and what it was asked.

    Attributes:
        script: for each request in turn "reply", a status such as "500" or "429 after 2", "hang", "html" (no JSON), or
            "says TEXT" (a reply of that text).
        with_logprobs: whether replies say how likely both labels were: 0.8 for the better one.
        refuses: arguments that it answers with status 400.
    """

    script: list[str] = field(default_factory=list)
    with_logprobs: bool = False
    refuses: tuple[str, ...] = ()
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    url: str = ""
    closing: threading.Event = field(default_factory=threading.Event)

    def next(self) -> str:
        return self.script.pop(0) if self.script else "reply"


@contextmanager
def judge_server(**how: Any) -> Iterator[JudgeServer]:
    """A server on a free port, gone afterwards."""
    told = JudgeServer(**how)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.asked.append(body)
            told.keys.append(self.headers.get("Authorization", ""))
            _answer(self, told, body)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield told
    finally:
        told.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(handler: BaseHTTPRequestHandler, told: JudgeServer, body: dict[str, Any]) -> None:
    refused = [name for name in told.refuses if name in body]
    if refused:
        _send(handler, 400, {"error": {"message": f"Unsupported parameter: {refused[0]}", "code": "bad"}})
        return
    act, _, rest = told.next().partition(" ")
    if act == "hang":
        told.closing.wait(30)
    elif act == "html":
        _send(handler, 200, "<html>Please log in.</html>")
    elif act.isdigit():
        wait = rest.removeprefix("after ")
        _send(handler, int(act), {"error": {"message": "Not now."}}, {"Retry-After": wait} if wait else {})
    else:
        _send(handler, 200, _completion(told, body, rest))


def _completion(told: JudgeServer, body: dict[str, Any], text: str) -> dict[str, Any]:
    better = _better(body["messages"][-1]["content"])
    choice: dict[str, Any] = {"index": 0, "finish_reason": "stop", "logprobs": None}
    choice["message"] = {"role": "assistant", "content": text or better}
    if told.with_logprobs and body.get("logprobs"):
        likely = [{"token": label, "logprob": math.log(0.8 if label == better else 0.2)} for label in "AB"]
        choice["logprobs"] = {"content": [{**likely["AB".index(better)], "top_logprobs": likely}]}
    return {
        "id": "c",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": body["model"],
        "choices": [choice],
    }


def _better(text: str) -> str:
    """The label of the better answer by gold; A for anything that is no comparison of Lantern's."""
    match = _ASKED.search(text)
    if match is None:
        return "A"
    prompt, first, second = match.groups()
    item = item_of(prompt)
    return "A" if score(item, first)["gold"] >= score(item, second)["gold"] else "B"


def _send(
    handler: BaseHTTPRequestHandler, status: int, content: object, headers: dict[str, str] | None = None
) -> None:
    body = content.encode() if isinstance(content, str) else json.dumps(content).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "text/html" if isinstance(content, str) else "application/json")
    handler.send_header("Content-Length", str(len(body)))
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
