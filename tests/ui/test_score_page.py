"""The page of scores in a browser: text typed or from a file, one reward model or several, what goes wrong."""

import base64
import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.status import RunStatus
from rlft_gui.ui.pages.score.page import answers_of_upload
from rlft_gui.ui.pages.score.payloads import FileToRead
from tests.ui.fakes import make_run
from tests.ui.fakes_new import NewWorld
from tests.ui.visiting import PATIENCE_MS, Visit


def opened(visit: Visit, path: str = "/score?models=rm") -> Page:
    page = visit.open(path)
    page.locator(".rl-score[data-ready]").wait_for()
    return page


def score(page: Page, answers: str, prompt: str = "") -> None:
    page.locator("#score-prompt").fill(prompt)
    page.locator("#score-answers").fill(answers)
    page.locator("#score-run").click()


@pytest.mark.slow
@pytest.mark.parametrize("visit", [390, 1280], indirect=True)
def test_typed_answers_get_scores_with_their_place_and_can_be_kept(visit: Visit, tmp_path: Path) -> None:
    page = opened(visit)
    page.locator("#score-add").select_option("rated")
    page.locator("#score-terms").fill("length:1-2")
    score(page, "Short.\n---\nThis one is <b>longer</b>.", "Why?")

    cells = page.locator(".rl-score-table td[data-l='Manners · Reward model'] .rl-scored")
    expect(cells).to_have_count(2, timeout=PATIENCE_MS)
    expect(cells.first).to_contain_text("+0.60")
    expect(cells.first).to_contain_text("above 11 % of chosen, 61 % of rejected")
    expect(cells.first.locator(".rl-strip")).to_be_visible()
    expect(cells.first).to_contain_text("length:1-2")
    rated = page.locator(".rl-score-table td[data-l='Ratings · Reward model']").first
    expect(rated).to_contain_text("+1.60")
    expect(page.locator(".rl-score-text").nth(1)).to_contain_text("<b>longer</b>")

    with page.expect_download() as kept:
        page.get_by_role("button", name="JSONL").click()
    rows = [json.loads(line) for line in Path(kept.value.path()).read_text().splitlines()]
    assert [(row["model"], row["text"]) for row in rows][:2] == [("rm", "Short."), ("rated", "Short.")]
    assert rows[0]["prompt"] == "Why?"
    assert rows[0]["terms"] == {"length:1-2": 1}
    with page.expect_download() as kept:
        page.get_by_role("button", name="CSV").click()
    with Path(kept.value.path()).open(newline="") as file:
        assert [row["reward"] for row in csv.DictReader(file)] == ["0.6", "0.6", "2.6", "2.6"]


@pytest.mark.slow
def test_a_file_of_a_hundred_answers_is_asked_for_in_pieces_and_put_in_order(
    visit: Visit, world: NewWorld, tmp_path: Path
) -> None:
    file = tmp_path / "pairs.csv"
    rows = "".join(f"Question {at}?,{'x' * (at + 1)},No {at}.\n" for at in range(50))
    file.write_text(f"prompt,chosen,rejected\n{rows}")
    page = opened(visit)
    page.locator("#score-file").set_input_files(file)
    expect(page.locator("#score-chosen .rl-chip")).to_contain_text("pairs.csv, 100 answers")
    expect(page.locator("#score-file, #score-answers")).to_have_count(0)
    page.locator("#score-run").click()

    expect(page.locator("#scores .rl-sub").first).to_have_text("100 answers")
    assert [len(piece) for piece in world.scoring.asked] == [8, 64, 28]
    expect(page.locator(".rl-score-table tbody tr")).to_have_count(50)
    page.get_by_text("Highest").click()
    expect(page.locator(".rl-score-table tbody tr").first).to_contain_text("x" * 50)
    expect(page.locator(".rl-score-table tbody tr").first.locator("td").first).to_have_text("51")
    page.get_by_role("button", name="Show more of 50").click()
    expect(page.locator(".rl-score-table tbody tr")).to_have_count(100)


@pytest.mark.slow
def test_what_is_wrong_is_told_where_it_is_and_scores_that_are_there_stay(
    visit: Visit, tmp_path: Path
) -> None:
    page = opened(visit)
    page.locator("#score-run").click()
    expect(page.locator("#score-answers-problem")).to_contain_text("There is no answer to score.")

    prompts = tmp_path / "prompts.jsonl"
    prompts.write_text('{"prompt": "Why?"}\n{"prompt": "How?"}\n')
    page.locator("#score-file").set_input_files(prompts)
    refusal = page.locator("#score-file-problem")
    expect(refusal).to_contain_text("prompts.jsonl holds prompts and no answers")
    page.locator("#score-run").click()
    expect(page.locator("#score-answers-problem")).to_be_empty()
    expect(refusal).to_contain_text("prompts.jsonl holds prompts and no answers")

    score(page, "\n---\n".join([f"answer {at}" for at in range(8)] + ["dies"]))
    expect(page.get_by_role("alert").filter(has_text="Manners")).to_contain_text("ended in the middle")
    expect(page.locator(".rl-scored")).to_have_count(8)
    expect(page.locator(".rl-score-table tbody tr").nth(8)).to_contain_text("not scored")

    score(page, "No.", "why " * 100)
    expect(page.locator(".rl-scored")).to_contain_text("The prompt alone has 300 tokens")
    page.get_by_role("button", name="Remove Manners").click()
    page.locator("#score-run").click()
    expect(page.locator("#score-models-problem")).to_contain_text("No reward model is chosen.")


@pytest.mark.slow
@pytest.mark.parametrize("visit", [390, 1280], indirect=True)
def test_a_judge_is_asked_once_whatever_reward_models_score(visit: Visit) -> None:
    page = opened(visit)
    page.locator("#score-add").select_option("rated")
    page.get_by_text("Ask a judge too").click()
    page.locator("#score-judge").fill("endpoint:judge-1")
    expect(page.locator("#score-url")).to_be_visible()
    score(page, "One.")
    expect(page.get_by_role("alert").filter(has_text="Manners")).to_contain_text("Give its base address")

    page.locator("#score-judge").fill("base")
    page.locator("#score-rubric").select_option("brief")
    score(page, "One.")
    expect(page.locator(".rl-scored")).to_have_count(2)
    expect(page.locator(".rl-scored").first).to_contain_text("judge")
    expect(page.locator(".rl-scored").nth(1)).not_to_contain_text("judge")


@pytest.mark.slow
@pytest.mark.parametrize("visit", [390, 1280], indirect=True)
def test_a_file_that_was_chosen_is_shown_and_can_be_taken_away(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / f"{'a-long-name-' * 12}.csv"
    file.write_text("prompt,answer\nWhy?,Because.\nHow?,So.\n")
    page = opened(visit)
    page.locator("#score-answers").fill("Typed before.")
    page.locator("#score-file").set_input_files(file)
    shown = page.locator("#score-chosen")
    expect(shown).to_contain_text(f"{file.name}, 2 answers")
    expect(shown).to_contain_text('Its column "answer" is read as the answer to "prompt".')
    page.locator("#score-terms").fill("gold\nlength:1-2")
    page.locator("#score-run").click()
    expect(page.locator(".rl-score-table tbody tr")).to_have_count(2)

    page.get_by_role("button", name=f"Take {file.name} away").click()
    expect(shown).to_have_count(0)
    expect(page.locator("#score-file")).to_be_focused()
    expect(page.locator("#score-answers")).to_have_value("Typed before.")


@pytest.mark.slow
def test_gold_is_written_as_in_compare(visit: Visit) -> None:
    page = opened(visit)
    page.locator("#score-terms").fill("gold\nlength:1-2")
    score(page, "Lima.", "What is the capital of Peru?")
    parts = page.locator(".rl-scored .rl-kv")
    expect(parts).to_have_count(2)
    expect(parts.filter(has_text="gold").locator(".rl-num")).to_have_text(re.compile(r"^[+−]\d\.\d$"))
    expect(parts.filter(has_text="length").locator(".rl-num")).to_have_text("1")


@pytest.mark.slow
@pytest.mark.parametrize("status", [RunStatus.QUEUED, RunStatus.RUNNING])
def test_a_reward_model_that_is_on_its_way_is_told_with_its_run(
    visit: Visit, world: NewWorld, monkeypatch: pytest.MonkeyPatch, status: RunStatus
) -> None:
    coming = make_run("rm-2", title="Manners", stage="reward_model", method="rlhf", status=status)
    monkeypatch.setattr(world.scoring, "on_their_way", (coming,))
    monkeypatch.setattr(world.scoring, "_offered", ())
    page = visit.open("/score")
    none = page.locator("#score-none")
    expect(none).to_contain_text("A reward model is on its way")
    said = "waits for its turn" if status is RunStatus.QUEUED else "is at work"
    expect(none).to_contain_text(f"Manners · Reward model {said}.")
    expect(none.get_by_role("link")).to_have_attribute("href", re.compile(r"/run\?run=rm-2$"))


def upload(name: str, content: bytes) -> FileToRead:
    return FileToRead(name=name, content=base64.b64encode(content).decode())


def test_an_upload_is_read_by_its_own_name_and_never_as_a_path() -> None:
    found = answers_of_upload(upload("../../etc/rows.csv", b"prompt,completion\nHi?,Hello.\n"))
    assert [(answer.row, answer.text) for answer in found.answers] == [(2, "Hello.")]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (FileToRead(name="rows.csv", content="???"), "rows.csv did not arrive whole"),
        (FileToRead(name="rows.csv", content="A" * 12_000_000), "rows.csv has more than 8 MB"),
        (upload("rows.jsonl", b'{"text": "%d"}\n' * 1), ""),
        (
            upload("rows.jsonl", b"".join(b'{"text": "row %d"}\n' % at for at in range(5_001))),
            "5,001 answers",
        ),
    ],
)
def test_uploads_that_cannot_be_used_are_told(asked: FileToRead, sentence: str) -> None:
    if not sentence:
        assert len(answers_of_upload(asked).answers) == 1
        return
    with pytest.raises(InvalidInput, match=sentence):
        answers_of_upload(asked)
