"""Uploads have an end: by caller, in all, and in time; and nothing is left of those that failed."""

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from gradio.route_utils import GradioUploadFile

from rlft_gui.server.spool import KEPT_SECONDS, Quota, Spool
from rlft_gui.ui.uploads import uploads
from tests.server.bare import ByHeader, asking, bare_app, guarded_app

UPLOAD = "/gradio_api/upload"


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return guarded_app(access=ByHeader())


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with asking(app) as asked:
        yield asked


def send(client: TestClient, user: str, size: int, count: int = 1) -> Any:
    files = [("files", (f"{user}{n}.json", os.urandom(8) + b"x" * size)) for n in range(count)]
    return client.post(UPLOAD, files=files, headers={"x-user": user})


def held(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def test_gradio_by_itself_takes_upload_after_upload(tmp_path: Path) -> None:
    with asking(bare_app(tmp_path)) as bare:
        for _ in range(5):
            assert send(bare, "eve", 80_000_000).status_code == 200
    assert held(tmp_path) > 400_000_000


def test_uploads_of_one_caller_are_bounded_and_leave_room_for_others(client: TestClient) -> None:
    statuses = [send(client, "eve", 90_000_000).status_code for _ in range(5)]

    assert statuses == [200, 200, 200, 413, 413]
    assert send(client, "ana", 1000).status_code == 200
    assert "300 MB" in send(client, "eve", 90_000_000).text
    assert send(client, "eve", 1000).status_code == 200, "a small one still fits"
    for file in uploads().rglob("eve*"):
        file.unlink()
    assert send(client, "eve", 90_000_000).status_code == 200, "what was stored counts no more"
    for file in uploads().rglob("eve*"):
        file.unlink()


def test_many_small_files_are_too_many(client: TestClient) -> None:
    assert send(client, "ben", 10, count=21).status_code == 413
    assert not list(uploads().rglob("ben*"))
    assert send(client, "ben", 10, count=20).status_code == 200
    assert "20 of your uploads wait" in send(client, "ben", 10).text


class Cut:
    """A request whose sender goes after some of it; or tells no length and sends without end."""

    def __init__(self, size: int) -> None:
        self.head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="cut.json"\r\n\r\n'
        self.left = size
        self.sent: list[Any] = []

    def scope(self) -> dict[str, Any]:
        headers = [(b"host", b"127.0.0.1:7860"), (b"content-type", b"multipart/form-data; boundary=b"), (b"x-user", b"cut")]  # fmt: skip
        return {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http", "path": UPLOAD,
            "raw_path": UPLOAD.encode(), "query_string": b"", "headers": headers, "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 7860), "root_path": "",
        }  # fmt: skip

    async def receive(self) -> dict[str, Any]:
        if self.head:
            head, self.head = self.head, b""
            return {"type": "http.request", "body": head, "more_body": True}
        if self.left <= 0:
            return {"type": "http.disconnect"}
        self.left -= 1_000_000
        return {"type": "http.request", "body": b"x" * 1_000_000, "more_body": True}

    async def send(self, message: Any) -> None:
        self.sent.append(message)


def cut(app: Any, size: int) -> Cut:
    request = Cut(size)

    async def go() -> None:
        try:
            await app(request.scope(), request.receive, request.send)
        except Exception:  # noqa: BLE001 - what a library raises for a sender who has gone
            return

    asyncio.run(go())
    return request


def test_a_cancelled_upload_leaves_nothing(app: FastAPI, tmp_path: Path) -> None:
    bare = tmp_path / "gradio"
    cut(bare_app(bare), 3_000_000)
    assert held(bare) >= 2_000_000, "without us the half of a file stays"

    before = held(uploads())
    cut(app, 3_000_000)
    assert held(uploads()) == before


def test_a_body_that_tells_no_length_is_cut_off(app: FastAPI) -> None:
    before = held(uploads())
    request = cut(app, 900_000_000)

    assert request.sent[0]["status"] == 413
    assert request.left > 500_000_000
    assert held(uploads()) == before


def test_what_nobody_fetches_goes(tmp_path: Path) -> None:
    now = [0.0]
    spool = Spool(tmp_path, clock=lambda: now[0])
    known, stray = tmp_path / "hash" / "a.json", tmp_path / "tmpabc"
    known.parent.mkdir()
    known.write_text("x")
    stray.write_text("y")
    os.utime(stray, (time.time() - 120,) * 2)
    assert spool.arrived("ana", [known]) is None

    spool.begin()
    spool.sweep()
    assert stray.exists(), "it may be what is being written"
    spool.end()
    spool.sweep()
    assert not stray.exists()
    assert known.exists()
    now[0] = KEPT_SECONDS + 1
    spool.sweep()
    assert not known.exists()
    assert (spool.files, spool.bytes) == (0, 0)


def test_uploads_are_bounded_in_all_and_by_the_disk(tmp_path: Path) -> None:
    small = Spool(tmp_path, Quota(of_one=100, total=150, left_free=0))
    small.coming("ana", 100)
    assert small.refusal("ben", 60) == (
        413,
        "The app holds as many uploads as it may. Try again in some minutes.",
    )

    status, told = Spool(tmp_path, Quota(left_free=10**15)).refusal("ana", 1) or (0, "")
    assert status == 507
    assert "disk is almost full" in told


def test_a_full_disk_is_a_sentence(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: Any) -> None:
        raise OSError(28, "No space left on device", "/tmp/x")

    monkeypatch.setattr(GradioUploadFile, "write", full)
    answer = send(client, "zoe", 100)

    assert (answer.status_code, "disk is full" in answer.text) == (507, True)
