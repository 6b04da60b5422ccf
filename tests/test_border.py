"""No request makes the app copy, fetch or show a file that was not uploaded, whichever door it knocks at."""

import asyncio
import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fastapi
import gradio as gr
import pytest
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient

from rlft_gui.server.border import LARGEST_BODY, read_body
from rlft_gui.ui.build import build
from rlft_gui.ui.uploads import uploads
from tests.ui.fakes_new import NewWorld
from tests.ui.serving import app_over

HERE = "http://127.0.0.1:7860"
SECRET = "sk-the-key-of-the-judge"
Shape = Callable[[dict[str, Any]], Any]

SHAPES: dict[str, Shape] = {
    "itself": lambda file: file,
    "in a list": lambda file: [[file]],
    "in an object": lambda file: {"settings": {"sft": {"judge": [file]}}},
    "in a text": lambda file: json.dumps({"settings": {"sft": {"judge": file}}}),
    "in a text with escapes": lambda file: json.dumps(file).replace("gradio", "\\u0067radio"),
    "in a text in a text": lambda file: json.dumps([json.dumps(file)]),
}


def file_at(path: object) -> dict[str, Any]:
    return {"path": str(path), "orig_name": "rows.jsonl", "meta": {"_type": "gradio.FileData"}}


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return app_over(NewWorld())


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=HERE) as client:
        yield client


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret.jsonl"
    file.write_text(SECRET)
    return file


def inner(app: FastAPI) -> Any:
    """Gradio's own application, behind what stands in front of it."""
    mounted = (getattr(route, "app", None) for route in app.routes)
    return next(inside for inside in mounted if hasattr(inside, "get_blocks"))


def events(blocks: gr.Blocks) -> list[tuple[int, str, int]]:
    """Every event as (number, name, how many inputs)."""
    return [(number, str(event.api_name), len(event.inputs)) for number, event in blocks.fns.items()]


def doors(blocks: gr.Blocks, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every way to hand a value to every event and every server function."""
    for number, name, inputs in events(blocks):
        body = {"data": [value] * inputs, "fn_index": number, "session_hash": "thief"}
        # What takes nothing cannot be handed a value so, and a public endpoint of that kind answers.
        plain = (f"run/{name}", "run/predict", f"api/{name}", f"call/{name}", "queue/join") if inputs else ()
        for route in plain:
            yield f"/gradio_api/{route}", body
        yield f"/gradio_api/call/v2/{name}", {"stored": value}
        yield "/gradio_api/queue/join", {**body, "event_data": value}
    for number, block in blocks.blocks.items():
        for function in getattr(block, "server_fns", None) or []:
            asked = {"component_id": number, "fn_name": function.__name__, "session_hash": "thief"}
            yield "/gradio_api/component_server", {**asked, "data": value}


def copies_below(folder: Path) -> list[Path]:
    return [
        file for file in folder.rglob("*") if file.is_file() and SECRET in file.read_text(errors="replace")
    ]


def test_gradio_by_itself_copies_any_file_of_the_machine(
    secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attack, on the same pages mounted plainly: if this fails one day, Gradio has mended it."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "gradio"))

    async def mount() -> FastAPI:
        return gr.mount_gradio_app(fastapi.FastAPI(), build(NewWorld()), path="/")  # type: ignore[arg-type]

    with pytest.warns(UserWarning, match="SSR"):
        plain = asyncio.run(mount())
    launch = next(number for number, name, _ in events(inner(plain).get_blocks()) if name == "launch")
    with TestClient(plain, base_url=HERE, raise_server_exceptions=False) as client:
        client.post("/gradio_api/run/predict", json={"data": [file_at(secret)], "fn_index": launch})
        copies = copies_below(tmp_path / "gradio")
        assert len(copies) == 1
        assert client.get(f"/gradio_api/file={copies[0]}").text == SECRET


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_no_door_takes_a_file_that_was_not_uploaded(
    client: TestClient, app: FastAPI, secret: Path, shape: Shape
) -> None:
    tried = 0
    for address, body in doors(inner(app).get_blocks(), shape(file_at(secret))):
        answer = client.post(address, json=body)
        assert answer.status_code in (403, 404), f"{address} {body.get('data', body)}"
        assert SECRET not in answer.text
        tried += 1
    assert tried > 200
    assert copies_below(uploads()) == []


def test_gradios_own_check_stands_behind_ours(app: FastAPI, secret: Path) -> None:
    gradio = inner(app)
    with TestClient(gradio, base_url=HERE, raise_server_exceptions=False) as behind:
        for number, _name, inputs in events(gradio.get_blocks()):
            body = {"data": [file_at(secret)] * inputs, "fn_index": number, "session_hash": "thief"}
            assert behind.post("/gradio_api/run/predict", json=body).status_code >= 400
    assert copies_below(uploads()) == []


@pytest.mark.parametrize("path", ["http://169.254.169.254/latest", "https://example.com/x", "HTTP://a", "ftp://a", "\0", "", "x" * 9999])  # fmt: skip
def test_no_address_is_fetched_and_no_odd_path_breaks_the_border(client: TestClient, path: str) -> None:
    body = {"data": [file_at(path)], "fn_index": 0, "session_hash": "thief"}

    assert client.post("/gradio_api/queue/join", json=body).status_code == 403


def test_a_link_inside_the_uploads_leads_nowhere(secret: Path) -> None:
    link = uploads() / "link.jsonl"
    link.symlink_to(secret)
    try:
        with pytest.raises(HTTPException, match="Only files"):
            read_body(json.dumps(file_at(link)).encode(), uploads())
    finally:
        link.unlink()


@pytest.mark.parametrize(
    "route",
    [
        "file={secret}", "file/{secret}", "file=http://example.com/", "proxy=http://example.com/", "deep_link?session_hash=s",
        "stream/a/b/1/playlist-file", "runs", "dev/reload", "custom_component/a/client/component/x.css", "openapi.json",
        "mcp/", "vibe-edit", "process_recording", "run-history/records",
    ],
)  # fmt: skip
def test_routes_that_no_page_uses_do_not_exist(client: TestClient, secret: Path, route: str) -> None:
    answer = client.get(f"/gradio_api/{route.format(secret=secret)}")

    assert (answer.status_code, answer.json()) == (404, {"detail": "There is no such address."})
    assert client.post(f"/gradio_api/{route.format(secret=secret)}", json={}).status_code == 404


@pytest.mark.parametrize(
    "body", [b"{", b"name=value", b"\xff\xfe", b"[" * 100_000, json.dumps({"a": "[" * 100_000}).encode()]
)
def test_a_body_that_is_no_readable_json_is_refused(client: TestClient, body: bytes) -> None:
    answer = client.post("/gradio_api/component_server", content=body)

    assert answer.status_code == 403
    assert "reads JSON" in answer.json()["detail"]


def test_a_body_without_end_is_cut_off(client: TestClient) -> None:
    answer = client.post("/gradio_api/queue/join", content=b'"' + b"a" * LARGEST_BODY + b'"')

    assert answer.status_code == 413


@pytest.mark.parametrize("name", ["../../../evil.jsonl", "/etc/evil.jsonl", "..\\evil.jsonl", ".."])
def test_an_upload_lies_in_the_private_folder_whatever_it_is_called(client: TestClient, name: str) -> None:
    answer = client.post("/gradio_api/upload", files={"files": (name, b"[]")})

    if answer.status_code == 200:
        assert Path(answer.json()[0]).resolve().is_relative_to(uploads())
    assert not list(uploads().parent.glob("evil*"))


def test_an_upload_is_stored_and_then_leaves_the_folder(client: TestClient, app: FastAPI) -> None:
    [path] = client.post("/gradio_api/upload", files={"files": ("good.json", b"[]")}).json()
    upload = next(number for number, name, _ in events(inner(app).get_blocks()) if name == "upload")
    place = next(b for b in inner(app).get_blocks().blocks.values() if getattr(b, "elem_id", "") == "file-1")
    files, datasets = [file_at(path), None, None, None], [None] * 4
    body = {"data": [{"method": "sft"}, *files, *datasets], "fn_index": upload, "trigger_id": place._id}

    answer = client.post("/gradio_api/run/predict", json=body)

    assert answer.json()["data"][0]["data"], "the dataset was chosen"
    assert not Path(path).exists()


def test_nobody_else_may_enter_the_folder_of_uploads() -> None:
    assert stat.S_IMODE(os.stat(uploads()).st_mode) == 0o700
