"""Files as people have them, dropped into the wizard in a browser: the commonest shapes, and one that says nothing."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.pages import field, go_on, open_wizard, wait_for_status
from tests.end_to_end.running import RunningApp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def table(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("cp1252")


def turns(number: int) -> list[dict[str, str]]:
    return [
        {"role": "user", "content": f"What is {number}?"},
        {"role": "assistant", "content": f"It is {number}."},
    ]


def lines(*rows: Any) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


FILES = {
    "alpaca.json": (json.dumps([{"instruction": f"Say {n}.", "input": "", "output": f"{n}."} for n in range(6)]).encode(), "alpaca"),
    "chat.jsonl": (lines(*({"messages": turns(n)} for n in range(6))), "messages"),
    "sharegpt.json": (
        json.dumps([{"conversations": [{"from": "human", "value": f"{n}?"}, {"from": "gpt", "value": f"{n}."}]} for n in range(6)]).encode(),
        "sharegpt",
    ),
    "notes.jsonl": (lines(*({"text": f"Note {n}. " * 600, "url": "x"} for n in range(6))), "text"),
    "table.csv": (table([["prompt", "completion"], *([f"Où est {n}?", f"À {n}."] for n in range(6))]), "prompt, completion"),
}  # fmt: skip


def dropped(page: Page, folder: Path, name: str, content: bytes, place: int = 1) -> None:
    file = folder / name
    file.write_bytes(content)
    page.locator(f"#file-{place} input[type=file]").set_input_files(file)


def test_the_commonest_shapes_are_read_and_a_spreadsheet_is_named_column_by_column(
    app: RunningApp, page: Page, tmp_path: Path
) -> None:
    open_wizard(page, "/new?fresh=1")
    go_on(page, 1)
    page.locator("input[value=sft]").check()
    go_on(page, 2)
    preview = page.locator("#preview-1")
    for name, (content, shape) in FILES.items():
        dropped(page, tmp_path, name, content)
        expect(preview.locator(".rl-b", has_text=name)).to_be_visible()
        expect(preview.locator(".rl-badge", has_text=re.compile(f"^{shape}$"))).to_be_visible()
        expect(preview).to_contain_text("6 rows to learn from")
    expect(preview).to_contain_text("was read as Windows-1252")

    pair = {"prompt": "What is up?", "chosen": "The sky.", "rejected": "Nothing."}
    dropped(page, tmp_path, "pairs.jsonl", lines(*(pair | {"prompt": f"What is {n}?"} for n in range(6))))
    expect(preview).to_contain_text("pairs.jsonl holds preferences")
    page.get_by_role("button", name="Imitate the chosen answers").click()
    expect(preview.locator(".rl-b", has_text="pairs.jsonl, imitate the chosen answers")).to_be_visible()

    rows = [["Nr", "Wer fragt", "Frage", "Antwort"]]
    rows += [
        [str(n), "Ann", f"Wie öffne ich Fach {n}?", f"Zweimal drehen, dann öffnet Fach {n}."]
        for n in range(40)
    ]
    dropped(page, tmp_path, "fragen.csv", table(rows))
    expect(preview).to_contain_text("fragen.csv was not stored yet")
    page.get_by_label("Prompt", exact=True).select_option("Frage")
    page.get_by_label("Answer", exact=True).select_option("Antwort")
    expect(preview).to_contain_text("These become demonstrations")
    expect(preview).to_contain_text("Wie öffne ich Fach 0?")
    page.get_by_role("button", name="Use these columns").click()
    expect(preview.locator(".rl-b", has_text="fragen.csv")).to_be_visible()
    expect(preview).to_contain_text("40 rows to learn from")
    expect(preview).to_contain_text("Columns not read: Nr, Wer fragt.")
    go_on(page, 3)

    page.locator("#sft-advanced > summary").click()
    field(page, "sft-max-steps").fill("4")
    field(page, "sft-probe-prompts").fill("8")
    go_on(page, 4)
    page.locator("#launch").click()
    page.wait_for_url(re.compile(r"/run\?run=sft-"))
    wait_for_status(page, "Succeeded")

    page.goto(page.url.split("/run")[0] + "/data")
    page.get_by_role("link", name="fragen.csv").click()
    expect(page.get_by_text("prompt is Frage, completion is Antwort")).to_be_visible()
    expect(page.get_by_role("button", name="Delete")).to_be_disabled()
    page.get_by_label("Find in the rows").fill("fach 39")
    expect(page.get_by_text("1 to 1 of 1 row")).to_be_visible()
    expect(page.get_by_text("Row 41", exact=True)).to_be_visible()
