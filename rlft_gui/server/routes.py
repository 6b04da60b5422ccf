"""Addresses of our own beside Gradio's: health, our files, and the logs of runs."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import fastapi
from fastapi.responses import FileResponse, Response, StreamingResponse

from rlft_gui.domain.errors import NotFound
from rlft_gui.server.headers import A_DAY, FOR_EVER
from rlft_gui.services import Services
from rlft_gui.services.calling import calling
from rlft_gui.ui.assets import FAVICON, KINDS, compressed, find, version
from rlft_gui.ui.identity import current_user

#: How our files may go over the wire, best first. Browsers ask for brotli on https and on this machine only.
CODINGS: tuple[Literal["br", "gzip"], ...] = ("br", "gzip")


def add_routes(app: fastapi.FastAPI, services: Services) -> None:
    app.add_api_route("/healthz", _healthz)
    app.add_api_route("/favicon.ico", _favicon)
    app.add_api_route("/rl/{wanted}/{name:path}", _asset)
    app.add_api_route("/logs/{run_id}", _log_route(services))


async def _healthz() -> dict[str, str]:
    return {"status": "ok"}


async def _favicon() -> FileResponse:
    file = find(FAVICON)
    assert file is not None
    return FileResponse(file, media_type=KINDS[file.suffix], headers={"Cache-Control": A_DAY})


def _log_route(services: Services) -> Callable[[fastapi.Request, str], StreamingResponse]:
    def log(request: fastapi.Request, run_id: str) -> StreamingResponse:
        try:
            with calling(current_user(request)):
                file = services.runs.log_file(run_id)
        except NotFound as error:
            raise fastapi.HTTPException(404, str(error)) from None
        # Streamed and without a length, because the run may write on meanwhile.
        kept = {"Content-Disposition": f'attachment; filename="{run_id}.log"', "Cache-Control": "no-store"}
        return StreamingResponse(_lines(file), media_type="text/plain; charset=utf-8", headers=kept)

    return log


def _lines(file: Path) -> Iterator[bytes]:
    with file.open("rb") as log:
        yield from log


def _asset(request: fastapi.Request, wanted: str, name: str) -> Response:
    """Not a coroutine, for the first to ask for a file has it compressed."""
    file = find(name)
    if file is None:
        raise fastapi.HTTPException(404, f"There is no file {name}.")
    # An address with another hash is from a page that was loaded before an upgrade.
    kept = {"Cache-Control": FOR_EVER if wanted == version() else "no-cache", "Vary": "Accept-Encoding"}
    kind = KINDS[file.suffix]
    accepted = re.findall(r"\w+", request.headers.get("accept-encoding", ""))
    for coding in CODINGS:
        if coding in accepted:
            headers = {**kept, "Content-Encoding": coding}
            return Response(compressed(name, coding), media_type=kind, headers=headers)
    return FileResponse(file, media_type=kind, headers=kept)
