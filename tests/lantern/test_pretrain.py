from pathlib import Path

import pytest

from rlft_gui.lantern import pool, pretrain
from rlft_gui.lantern.suite import suite


def test_rows_begin_with_a_document_and_lose_none() -> None:
    encoded = [[1, 2, 3], [4, 5], [6, 7, 8, 9], [10]]
    assert pretrain._rows(encoded, length=5) == [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]]


def test_a_document_longer_than_a_row_is_cut() -> None:
    assert pretrain._rows([[1, 2, 3, 4], [5]], length=3) == [[1, 2, 3], [5]]


@pytest.mark.slow
def test_only_the_answers_have_labels() -> None:
    user, assistant, end = 3, 4, 1
    row = [user, 9, 9, assistant, 7, 8, end, user, 9, assistant, 6, end]
    ids, labels = pretrain._tensors([row, row[:7]], assistant, end)
    assert ids.tolist() == [row, row[:7] + [0] * 5]
    no = -100
    assert labels.tolist() == [
        [no, no, no, no, 7, 8, end, no, no, no, 6, end],
        [no, no, no, no, 7, 8, end, no, no, no, no, no],
    ]


def test_the_learning_rate_warms_up_and_falls_to_a_twentieth() -> None:
    rates = [pretrain._learning_rate(step, 1000) for step in range(1001)]
    assert rates[0] < rates[30] < rates[59]
    assert max(rates) == pytest.approx(4e-3, rel=0.02)
    assert rates[-1] == pytest.approx(4e-3 / 20)


@pytest.mark.slow
def test_a_build_is_complete_and_a_missed_gate_is_said_to_be_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rlft_gui.lantern import check

    monkeypatch.setattr(check, "suite", lambda: suite(16))
    monkeypatch.setattr(pretrain, "_THREADS", 1)
    monkeypatch.setattr(pretrain, "DOCUMENTS", 400)
    monkeypatch.setattr(pretrain, "_TOKENIZER_DOCUMENTS", 400)
    monkeypatch.setattr(pool, "PROMPTS", 20)
    lines: list[str] = []
    pretrain.build(tmp_path, seed=1, progress=lines.append)
    assert lines[0] == "making 400 conversations"
    report = check.check(tmp_path)
    assert not report.is_passed
    assert "MISSED" in str(report)
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "rlft lantern build --seed 1" in card
    assert card.count("**missed**") == sum(not gate.is_met for gate in report.gates)
    assert len((tmp_path / "pool.jsonl").read_text(encoding="utf-8").splitlines()) == 20
