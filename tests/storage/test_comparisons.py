from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.comparison import Comparison, Generation, GenerationStatus, Pane, Sampling
from rlft_gui.storage import Storage, open_storage
from tests.fakes.homes import fresh_home


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    storage = open_storage(fresh_home(tmp_path))
    yield storage
    storage.close()


def a_comparison(comparison_id: str = "c1") -> Comparison:
    return Comparison(
        id=comparison_id,
        base="lantern",
        panes=(Pane(model="base", title="Lantern"), Pane(model="r1", title="Try · DPO", palette="dpo")),
        prompts=("one", "two"),
        item_ids=("known-01", None),
        sampling=Sampling(seed=7),
        generations=tuple(
            Generation(pane=pane, prompt_index=prompt) for prompt in range(2) for pane in range(2)
        ),
        status=GenerationStatus.WAITING,
        version=1,
        created_at=1.0,
    )


def written(one: Generation, text: str, status: GenerationStatus = GenerationStatus.WRITING) -> Generation:
    return one.model_copy(
        update={"text": text, "status": status, "checkpoint": "base", "scores": {"gold": 0.5}}
    )


def test_what_was_stored_comes_back_whole(storage: Storage) -> None:
    storage.comparisons.add(a_comparison())
    assert storage.comparisons.get("c1") == a_comparison()
    assert storage.comparisons.get("c2") is None
    assert storage.comparisons.state("c2") is None


def test_every_change_is_a_new_version(storage: Storage) -> None:
    new = a_comparison()
    storage.comparisons.add(new)
    assert storage.comparisons.start("c1", device="CPU", note="One core.")
    assert storage.comparisons.write("c1", [written(new.generations[3], "hello")])
    assert storage.comparisons.state("c1") == (3, GenerationStatus.WRITING)
    now = storage.comparisons.get("c1")
    assert now is not None
    assert (now.device, now.note, now.version) == ("CPU", "One core.", 3)
    assert now.generations[3].text == "hello"
    assert now.generations[3].scores == {"gold": 0.5}
    assert now.generations[:3] == new.generations[:3]


def test_what_has_ended_never_changes_again(storage: Storage) -> None:
    new = a_comparison()
    storage.comparisons.add(new)
    done = [written(one, "done", GenerationStatus.DONE) for one in new.generations]
    assert storage.comparisons.end("c1", done)
    ended = storage.comparisons.get("c1")
    assert not storage.comparisons.write("c1", [written(new.generations[0], "late")])
    assert not storage.comparisons.start("c1", device="late", note=None)
    assert not storage.comparisons.end("c1", new.generations)
    assert storage.comparisons.get("c1") == ended
    assert ended is not None
    assert ended.status is GenerationStatus.DONE


def test_one_failed_answer_fails_the_comparison(storage: Storage) -> None:
    new = a_comparison()
    storage.comparisons.add(new)
    *fine, last = [written(one, "done", GenerationStatus.DONE) for one in new.generations]
    storage.comparisons.end("c1", [*fine, last.model_copy(update={"status": GenerationStatus.FAILED})])
    assert storage.comparisons.state("c1") == (2, GenerationStatus.FAILED)


def test_the_list_is_newest_first_and_keeps_answers_apart(storage: Storage) -> None:
    for number in range(4):
        storage.comparisons.add(a_comparison(f"c{number}"))
    storage.comparisons.write("c2", [written(a_comparison().generations[0], "only here")])
    listed = storage.comparisons.list(limit=3)
    assert [one.id for one in listed] == ["c3", "c2", "c1"]
    assert [one.generations[0].text for one in listed] == ["", "only here", ""]
