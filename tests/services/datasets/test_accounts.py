"""What became of a run's rows is told whole: by the file's reading, and by the worker."""

from pathlib import Path

from rlft_gui.domain.dataset import RowAccount
from rlft_gui.services import open_services
from rlft_gui.services.datasets.accounts import data_account, told
from tests.fakes.pipelines import pipeline

ROWS = [
    '{"prompt": "a", "completion": "x"}',
    '{"prompt": "b", "completion": ""}',
    '{"prompt": "c", "completion": "y"}',
    '{"prompt": "d", "completion": "z"}',
]


def test_the_losses_in_reading_and_in_training_stand_together(tmp_path: Path) -> None:
    services = open_services(tmp_path / "home")
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(ROWS))
    info = services.datasets.store(file, file.name, user="local")
    run = pipeline("sft", settings={"data": info.id}).runs[0]

    before = data_account(services.datasets, run)
    assert (before.read, before.trained, before.dropped) == (4, None, {"the answer is empty": 1})

    worker = RowAccount(given=3, trained=1, held_out=1, cut=1, dropped={"the prompt is too long": 1})
    account = data_account(services.datasets, run.model_copy(update={"row_account": worker}))
    assert (account.read, account.trained, account.held_out, account.cut) == (4, 1, 1, 1)
    assert account.dropped == {"the answer is empty": 1, "the prompt is too long": 1}
    assert account.read == 1 + 1 + sum(account.dropped.values())
    assert told(account) == [
        ("Rows", "4 read, 1 trained on, 1 held out, 1 shortened"),
        ("Rows dropped", "1: the answer is empty; 1: the prompt is too long"),
    ]


def test_rows_that_are_gone_are_told_by_the_worker_alone(tmp_path: Path) -> None:
    services = open_services(tmp_path)
    run = pipeline("sft", settings={"data": "d-0000000000"}).runs[0]
    worker = RowAccount(given=3, trained=3)
    account = data_account(services.datasets, run.model_copy(update={"row_account": worker}))
    assert (account.read, account.trained, account.dropped) == (3, 3, {})
