"""A server that answers as OpenAI-compatible ones do, word by word over real HTTP, and misbehaves on demand."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "served-model-7b"


@dataclass
class ChatServer:
    """What the server does, and what it was asked.

    Attributes:
        script: for each request in turn "reply", a status such as "500", "hang" (no byte), "hang after 2" (words),
            "break after 2", "mute" (no word, then the usual end), "endless" (words), "endless line" (no event ever ends),
            "lump" (all in one piece, no count of tokens), "halves" (of a character), "open" (nothing behind the end),
            "rubbish", or "html"; after its end, replies.
        refuses: arguments that it answers with status 400.
        names: whether it says which argument that was.
        pause: seconds between two words.
    """

    script: list[str] = field(default_factory=list)
    refuses: tuple[str, ...] = ()
    names: bool = True
    pause: float = 0.0
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    url: str = ""
    closing: threading.Event = field(default_factory=threading.Event)


@contextmanager
def chat_server(**how: Any) -> Iterator[ChatServer]:
    """A server on a free port, gone afterwards. It says the last message backwards, word by word."""
    told = ChatServer(**how)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.asked.append(body)
            told.keys.append(self.headers.get("Authorization", ""))
            _answer(self, told, body)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
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


def answer_to(prompt: str) -> str:
    return " ".join(reversed(prompt.split()))


def _answer(handler: BaseHTTPRequestHandler, told: ChatServer, body: dict[str, Any]) -> None:
    refused = [name for name in told.refuses if name in body]
    if refused:
        named = f": {refused[0]}" if told.names else ""
        _send(handler, 400, json.dumps({"error": {"message": f"Unsupported parameter{named}"}}))
        return
    act, _, after = (told.script.pop(0) if told.script else "reply").partition(" after ")
    if act.isdigit():
        _send(handler, int(act), json.dumps({"error": {"message": "Not now."}}))
    elif act == "html":
        _send(handler, 200, "<html>Please log in.</html>")
    elif act == "hang" and not after:
        told.closing.wait(30)
    elif act == "reply" or after:
        _stream(handler, told, body, act, int(after or 10**6))
    else:
        _misbehave(handler, told, body, act)


def _misbehave(handler: BaseHTTPRequestHandler, told: ChatServer, body: dict[str, Any], act: str) -> None:
    _begin(handler)
    if act == "mute":
        _event(handler, body, {}, "stop")
    elif act == "endless":
        while not told.closing.is_set() and _event(handler, body, {"content": "more "}, None):
            continue
    elif act == "endless line":
        while not told.closing.is_set() and _write(handler, b"data: " + b"x" * 10**5):
            continue
    elif act == "lump":
        _event(handler, body, {"content": answer_to(body["messages"][-1]["content"])}, "stop")
    elif act == "halves":
        _event(handler, body, {"content": "a\ud83d"}, None)
        _event(handler, body, {"content": "\ude00 \ud83d!"}, "stop")
    elif act == "open":
        _event(handler, body, {"content": "All said."}, "stop")
        told.closing.wait(30)
    elif act == "rubbish":
        _write(handler, b"data: \xff\xff\xff\n\n")


def _begin(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.end_headers()


def _stream(
    handler: BaseHTTPRequestHandler, told: ChatServer, body: dict[str, Any], act: str, most: int
) -> None:
    words = answer_to(body["messages"][-1]["content"]).split(" ")
    _begin(handler)
    for number, word in enumerate(words):
        if number == most:
            if act == "hang":
                told.closing.wait(30)
            return
        _event(handler, body, {"content": word if number == 0 else f" {word}"}, None)
        if told.pause and told.closing.wait(told.pause):
            return
    _event(handler, body, {}, "stop", {"prompt_tokens": 1, "completion_tokens": 42, "total_tokens": 43})
    _write(handler, b"data: [DONE]\n\n")


def _event(
    handler: BaseHTTPRequestHandler,
    body: dict[str, Any],
    delta: dict[str, str],
    reason: str | None,
    usage: dict[str, int] | None = None,
) -> bool:
    """Whether anybody still listens."""
    chunk = {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": MODEL,
        "choices": [{"index": 0, "delta": delta, "finish_reason": reason}],
        "usage": usage,
    }
    return _write(handler, f"data: {json.dumps(chunk)}\n\n".encode())


def _write(handler: BaseHTTPRequestHandler, data: bytes) -> bool:
    try:
        handler.wfile.write(data)
        handler.wfile.flush()
    except OSError:
        return False
    return True


def _send(handler: BaseHTTPRequestHandler, status: int, text: str) -> None:
    handler.send_response(status)
    kind = "application/json" if text.startswith("{") else "text/html"
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(text)))
    handler.end_headers()
    handler.wfile.write(text.encode())
