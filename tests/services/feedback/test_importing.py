"""Files of other tools become votes: whole or not at all, and once. Rows are those that the tools write."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.data.files.limits import Limits
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.domain.votes import Choice, Rater, RaterKind, Vote, VoteSet
from rlft_gui.services.feedback.importing import SAID_BEFORE, Imported, Importing
from rlft_gui.services.feedback.rating import Rating
from rlft_gui.services.feedback.votes import Votes
from rlft_gui.storage import Storage, open_storage
from tests.fakes.homes import fresh_home


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    storage = open_storage(fresh_home(tmp_path))
    yield storage
    storage.close()


def _import(storage: Storage, path: Path, **others: Any) -> Imported:
    return Importing(storage, Votes(storage)).import_file(path, path.name, user="local", **others)


def _written(folder: Path, rows: object, name: str = "verdicts.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def _alpaca(preference: object, number: int = 0, **others: object) -> dict[str, object]:
    return {
        "instruction": f"Question {number}?",
        "output_1": "The baseline's answer.",
        "output_2": f"Answer {number}.",
        "generator_1": "gpt4",
        "generator_2": "alpaca",
        "dataset": "koala" if number % 2 else "vicuna",
        "annotator": "weighted_alpaca_eval_gpt4_turbo",
        "preference": preference,
        **others,
    }


def test_alpaca_eval_becomes_soft_votes_of_a_judge(storage: Storage, tmp_path: Path) -> None:
    path = _written(tmp_path, [_alpaca(1.25), _alpaca(1.5, 1), _alpaca(2, 2), _alpaca(0, 3)])
    found = _import(storage, path)
    assert (found.set, found.votes, found.models, found.dropped) == ("verdicts", 4, ("alpaca", "gpt4"), {})
    (rater,) = found.raters
    assert (rater.rater.name, rater.rater.kind) == ("weighted_alpaca_eval_gpt4_turbo", RaterKind.JUDGE)
    votes = storage.votes.votes("verdicts")
    assert [(vote.verdict.choice, vote.verdict.share) for vote in votes] == [
        (Choice.A, 0.75),
        (Choice.TIE, 0.5),
        (Choice.B, 0.0),
        (Choice.TIE, 0.5),  # older files call a draw 0
    ]
    answers = storage.votes.answers([votes[0].a, str(votes[0].b)])
    assert [answers[one].model for one in (votes[0].a, str(votes[0].b))] == ["gpt4", "alpaca"]
    prompts = storage.votes.prompts(vote.prompt_id for vote in votes)
    assert [prompts[vote.prompt_id].kind for vote in votes] == ["vicuna", "koala", "vicuna", "koala"]


def test_a_published_win_rate_comes_out_to_the_printed_digit(storage: Storage, tmp_path: Path) -> None:
    """AlpacaEval prints the mean of (preference − 1) and s / √n. By hand: mean 0.385, s² = 0.6695 / 4."""
    given = [1.0, 1.025, 2.0, 1.5, 1.4]
    _import(storage, _written(tmp_path, [_alpaca(each, number) for number, each in enumerate(given)]))
    baseline, alpaca = sorted(Rating(storage, Votes(storage)).rate().models, key=lambda one: -len(one.name))[
        ::-1
    ]
    assert alpaca.baseline == baseline.name == "gpt4"
    assert alpaca.win is not None
    assert alpaca.win.se is not None
    assert (round(alpaca.win.rate, 4), round(alpaca.win.se, 4)) == (38.5, 18.2962)
    assert (alpaca.wins, alpaca.losses, alpaca.draws) == (1, 3, 1)


def test_what_the_annotator_did_not_say_is_left_out_and_counted(storage: Storage, tmp_path: Path) -> None:
    path = tmp_path / "verdicts.json"
    said = [1.2, None, float("nan"), 7, 0.5, -1]
    rows = [json.dumps(_alpaca(each, number)) for number, each in enumerate(said)]
    path.write_text(f"[{', '.join(rows)}]", encoding="utf-8")
    found = _import(storage, path)
    assert found.votes == 1
    assert found.dropped == {
        "the annotator gave no preference": 1,
        "NaN or Infinity stands in the row, which is no JSON": 1,
        "the preference lies outside of 1 to 2": 3,
    }
    assert "Rows left out: 1: the annotator gave no preference" in storage.votes.sets()[0].note


def test_the_same_file_is_one_set_packed_or_not(storage: Storage, tmp_path: Path) -> None:
    plain = _written(tmp_path, [_alpaca(1.2)])
    packed = tmp_path / "copy.json.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    first, second, third = _import(storage, plain), _import(storage, packed), _import(storage, plain)
    assert [one.is_new for one in (first, second, third)] == [True, False, False]
    assert {one.set for one in (first, second, third)} == {"verdicts"}
    assert len(storage.votes.votes()) == second.votes == 1
    other = tmp_path / "other"
    other.mkdir()
    assert _import(storage, _written(other, [_alpaca(1.3)])).set == "verdicts 2"


def test_a_vote_that_was_taken_back_does_not_come_back_with_the_file(
    storage: Storage, tmp_path: Path
) -> None:
    path = _written(tmp_path, [_alpaca(1.2), _alpaca(1.9, 1)])
    _import(storage, path)
    storage.votes.withdraw(1, by="Anna")
    assert _import(storage, path).votes == 1
    models = Rating(storage, Votes(storage)).rate("verdicts").models
    assert {one.votes for one in models} == {1}


def test_ratings_follow_each_vote_and_each_that_is_taken_back(storage: Storage, tmp_path: Path) -> None:
    _import(storage, _written(tmp_path, [_alpaca(each, number) for number, each in enumerate([1, 1, 2])]))
    rating, votes = Rating(storage, Votes(storage)), storage.votes.votes()

    def counted() -> list[int]:
        return [one.votes for one in rating.rate("verdicts").models]

    assert counted() == [3, 3]
    others = [one.model_copy(update={"rater": Rater(name="Ben", kind=RaterKind.JUDGE)}) for one in votes]
    (new,) = storage.votes.add(others[:1])
    assert counted() == [4, 4]
    storage.votes.withdraw(new, by="Anna")
    assert counted() == [3, 3]
    storage.votes.add(others[1:])
    assert counted() == [5, 5]
    assert rating.rate().pairs == 5


def test_the_last_word_of_a_rater_on_two_answers_counts_in_ratings_as_in_data(
    storage: Storage, tmp_path: Path
) -> None:
    rows = [_alpaca(each, number) for number, each in enumerate([1, 1, 2])]
    _import(storage, _written(tmp_path, rows))
    rating = Rating(storage, Votes(storage))
    assert (rating.rate().pairs, rating.rate("verdicts").pairs) == (3, 3)
    (first, *_) = storage.votes.votes()
    assert first.b
    turned = first.model_copy(update={"a": first.b, "b": first.a})  # the other answer wins now
    (new,) = storage.votes.add([turned])
    found = rating.rate("verdicts")
    assert (found.pairs, [(one.wins, one.losses) for one in found.models if one.win]) == (3, [(2, 1)])
    assert found.account == "4 votes: 3 count, 1 was voted anew later."
    storage.votes.withdraw(new, by="Anna")
    assert [(one.wins, one.losses) for one in rating.rate("verdicts").models if one.win] == [(1, 2)]


def test_what_is_said_twice_is_one_vote_and_is_told(storage: Storage, tmp_path: Path) -> None:
    rows = [_alpaca(each, number) for number, each in enumerate([1.25, 2])]
    swapped = rows[1] | {
        "output_1": rows[1]["output_2"], "output_2": rows[1]["output_1"], "generator_1": "alpaca",
        "generator_2": "gpt4", "preference": 1,
    }  # fmt: skip
    found = _import(storage, _written(tmp_path, [*rows, rows[0], swapped, _alpaca(1.5, 0)]))
    assert (found.votes, found.dropped) == (3, {SAID_BEFORE: 2})
    assert found.raters[0].votes == 3
    assert [vote.verdict.share for vote in storage.votes.votes()] == [0.75, 1, 0.5], "changes of mind stay"
    assert Rating(storage, Votes(storage)).rate().pairs == 2


def test_the_same_verdicts_are_one_set_however_they_are_written(storage: Storage, tmp_path: Path) -> None:
    rows = [_alpaca(each, number) for number, each in enumerate([1.25, 2])]
    _import(storage, _written(tmp_path, rows))
    lines = tmp_path / "lines.jsonl"
    lines.write_text("\n".join(json.dumps(row, sort_keys=True) for row in rows), encoding="utf-8")
    again = _import(storage, lines)
    assert (again.set, again.is_new, len(storage.votes.votes())) == ("verdicts", False, 2)


def test_a_file_that_has_grown_counts_in_ratings_over_all_once(storage: Storage, tmp_path: Path) -> None:
    rows = [_alpaca(each, number) for number, each in enumerate([1, 2, 2])]
    _import(storage, _written(tmp_path, rows[:2]))
    grown = _import(storage, _written(tmp_path, rows, "grown.json"))
    assert (grown.set, grown.votes) == ("grown", 3)
    rating = Rating(storage, Votes(storage))
    assert (rating.rate().pairs, rating.rate("verdicts").pairs) == (3, 2)


def test_zeros_of_older_files_are_draws_and_it_is_said(storage: Storage, tmp_path: Path) -> None:
    found = _import(storage, _written(tmp_path, [_alpaca(2), _alpaca(0, 1)]))
    assert (found.votes, found.notes) == (
        2,
        ('1 × "preference" 0 was read as a draw, as older files have it.',),
    )
    assert storage.votes.votes()[1].verdict.choice is Choice.TIE


def test_an_import_lets_others_write_and_is_not_there_before_it_is_whole(
    storage: Storage, tmp_path: Path
) -> None:
    rows = [_alpaca(1.25, number) for number in range(1_000)]
    path, seen = _written(tmp_path, rows), []

    def meanwhile(told: str) -> None:
        other = open_storage(Home(tmp_path))
        seen.append((told, other.votes.sets(), other.votes.votes(), other.votes.revision()))
        other.votes.add_set(VoteSet(name=told))
        other.close()

    found = _import(storage, path, on_progress=meanwhile)
    assert [told for told, *_ in seen] == [
        "500 rows read", "1,000 rows read", "400 of 1,000 votes stored", "800 of 1,000 votes stored",
        "1,000 of 1,000 votes stored",
    ]  # fmt: skip
    assert [(votes, revision) for _, _, votes, revision in seen] == [((), (0, 0))] * 5
    assert not any(one.name == "verdicts" for _, sets, *_ in seen for one in sets)
    assert (found.votes, len(storage.votes.votes())) == (1_000, 1_000)


def test_an_import_that_was_broken_off_counts_nothing_and_is_done_again(
    storage: Storage, tmp_path: Path
) -> None:
    rows = [_alpaca(1.25, number) for number in range(1_000)]
    path = _written(tmp_path, rows)

    def killed(told: str) -> None:
        if told == "400 of 1,000 votes stored":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _import(storage, path, on_progress=killed)
    rating = Rating(storage, Votes(storage))
    assert (storage.votes.sets(), storage.votes.votes(), rating.rate().pairs) == ((), (), 0)
    other = _import(storage, _written(tmp_path, [_alpaca(2, 5_000)], "other.json"))
    assert (other.votes, rating.rate().pairs) == (1, 1)
    found = _import(storage, path)
    assert (found.set, found.votes, found.is_new) == ("verdicts", 1_000, True)
    assert len({vote.prompt_id for vote in storage.votes.votes("verdicts")}) == 1_000
    assert rating.rate().pairs == 1_001, "votes that are older than the last one read count too"
    assert _import(storage, path).is_new is False


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([_alpaca(1.2), _alpaca("x", 1)], r"row 2: \"preference\" is text, and a number from 1 to 2"),
        ([_alpaca(0), _alpaca(0.5, 1), _alpaca(1, 2)], r"every \"preference\" lies from 0 to 1"),
        ([_alpaca(0.2), _alpaca(0.9, 1)], r"every \"preference\" lies from 0 to 1"),
        ([_alpaca(7)], "1: the preference lies outside of 1 to 2"),
        ([_alpaca(1.2), {"instruction": "?"}], "row 2: it is not like the rows before it"),
        ([_alpaca(1.2), 7], "row 2 is a number"),
        ([_alpaca(1.2, output_1=None)], r"row 1: \"output_1\" is null"),
        (
            [{"question": "?", "answer": "!"}],
            "holds no verdicts that are known here .its columns: question, answer",
        ),
        ([_alpaca(None)], "holds no verdict that can be used .1: the annotator gave no preference"),
        ([_alpaca(1.2, output_2="half \ud800")], "1: the row holds half a character"),
        ([_alpaca(1.2, generator_1="alpaca")], "1: both answers are by one model"),
        ([], "it has no rows"),
    ],
)
def test_a_file_with_a_fault_is_refused_whole(
    storage: Storage, tmp_path: Path, rows: object, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said) as told:
        _import(storage, _written(tmp_path, rows))
    assert "\n" not in str(told.value)
    assert storage.votes.sets() == ()
    assert storage.votes.votes() == ()


def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(storage: Storage, tmp_path: Path) -> None:
    cut = tmp_path / "cut.json.gz"
    cut.write_bytes(gzip.compress(json.dumps([_alpaca(1.2)]).encode())[:-20])
    for path, said in (
        (cut, "damaged or cut-off gzip"),
        (tmp_path / "none.json", "cannot be read: No such file"),
    ):
        with pytest.raises(InvalidInput, match=said):
            _import(storage, path)
    with pytest.raises(InvalidInput, match="more than 2 rows"):
        _import(storage, _written(tmp_path, [_alpaca(1.2, n) for n in range(3)]), limits=Limits(rows=2))


def _label_studio(side: str, **task: object) -> dict[str, object]:
    data = {"prompt": "How do I water a cactus?", "answer1": "Daily.", "answer2": "Seldom.", **task}
    return {
        "id": 1,
        "data": data,
        "annotations": [
            {
                "completed_by": {"id": 3, "email": "ann@example.org"},
                "lead_time": 12.5,
                "result": [{"from_name": "pairwise", "type": "pairwise", "value": {"selected": side}}],
            },
            {"completed_by": 4, "was_cancelled": True, "result": [{"value": {"selected": "left"}}]},
            {"completed_by": 5, "result": [{"from_name": "pairwise", "value": {"selected": "left"}}]},
        ],
    }


def test_label_studio_gives_a_vote_of_each_person(storage: Storage, tmp_path: Path) -> None:
    found = _import(storage, _written(tmp_path, [_label_studio("right", model1="base", model2="dpo")]))
    assert (found.format, found.models, found.votes) == ("Label Studio", ("base", "dpo"), 2)
    assert {one.rater.name for one in found.raters} == {"ann@example.org", "Label Studio annotator 5"}
    assert {one.rater.kind for one in found.raters} == {RaterKind.PERSON}
    first, second = storage.votes.votes()
    assert (first.verdict.choice, first.seconds, first.left) == (Choice.B, 12.5, "a")
    assert (second.verdict.choice, second.seconds) == (Choice.A, None)


def test_the_small_json_of_label_studio_is_read_too(storage: Storage, tmp_path: Path) -> None:
    path = tmp_path / "small.jsonl"
    rows = [
        {
            "id": 1,
            "prompt": f"Q{n}",
            "answer1": "A",
            "answer2": "B",
            "pairwise": {"selected": "right"},
            "annotator": 2,
        }
        for n in range(2)
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = _import(storage, path)
    assert (found.models, found.votes) == (("answer1", "answer2"), 2)
    assert found.raters[0].rater.name == "Label Studio annotator 2"


def _promptfoo(provider: str, passed: bool, *parts: dict[str, object], **others: object) -> dict[str, object]:
    return {
        "provider": {"id": f"openai:{provider}", "label": provider},
        "prompt": {"raw": '[{"role": "user", "content": "Name a river."}]', "label": "p"},
        "response": {"output": f"The {provider}."},
        "success": passed,
        "score": float(passed),
        "testIdx": 0,
        "gradingResult": {"pass": passed, "score": 1, "reason": "", "componentResults": list(parts)},
        **others,
    }


def _part(kind: str, passed: bool) -> dict[str, object]:
    return {"pass": passed, "score": 1, "reason": "", "assertion": {"type": kind}}


def _thumbs(storage: Storage) -> list[tuple[str, str, bool | None]]:
    answers = storage.votes.answers(vote.a for vote in storage.votes.votes())
    return [
        (answers[vote.a].model, vote.rater.name, vote.verdict.is_good) for vote in _of_kind(storage, "thumb")
    ]


def _of_kind(storage: Storage, kind: str) -> list[Vote]:
    return [vote for vote in storage.votes.votes() if vote.kind == kind]


def test_promptfoo_gives_thumbs_of_assertions_and_of_people_apart(storage: Storage, tmp_path: Path) -> None:
    results = [
        _promptfoo("large", True, _part("contains", True), _part("llm-rubric", True)),
        _promptfoo("small", True, _part("contains", False), _part("human", True)),
        _promptfoo("none", True, gradingResult={"pass": True, "reason": "No assertions"}),
        _promptfoo("broken", False, response=None, error="timed out"),
    ]
    file = {"evalId": "e1", "results": {"version": 3, "prompts": [], "results": results, "stats": {}}}
    found = _import(storage, _written(tmp_path, file))
    assert _thumbs(storage) == [
        ("large", "promptfoo assertions", True),
        ("small", "promptfoo assertions", False),
        ("small", "promptfoo reviewer", True),
    ]
    assert found.dropped == {"no assertion and no person judged it": 1, "there is no answer to judge": 1}
    assert {one.rater.name: one.rater.kind for one in found.raters} == {
        "promptfoo assertions": RaterKind.JUDGE,
        "promptfoo reviewer": RaterKind.PERSON,
    }
    rated = Rating(storage, Votes(storage)).rate(raters=RaterKind.JUDGE)
    assert (rated.pairs, rated.from_thumbs) == (1, 1), "of one prompt a good answer beats a bad one"


def test_promptfoos_choice_of_the_best_becomes_pairs(storage: Storage, tmp_path: Path) -> None:
    results = [
        _promptfoo(name, name == "large", _part("select-best", name == "large"))
        for name in ("large", "small", "tiny")
    ]
    found = _import(storage, _written(tmp_path, {"results": {"results": results}}))
    assert (found.votes, _of_kind(storage, "thumb")) == (2, []), "who is not best is not called bad"
    assert [one.rater.name for one in found.raters] == ["promptfoo select-best"]
    models = {one.name: one.win for one in Rating(storage, Votes(storage)).rate(baseline="large").models}
    assert models["small"] is not None
    assert models["small"].rate == 0


def test_models_and_annotators_that_begin_alike_stay_apart(storage: Storage, tmp_path: Path) -> None:
    path = "/mnt/models/" + "a" * 80 + "/step-00000000"
    rows = [
        _alpaca(1.2, number, generator_1=f"{path}100", generator_2=f"{path}200", annotator=f"{path}{number}")
        for number in range(2)
    ]
    found = _import(storage, _written(tmp_path, rows))
    assert (found.votes, found.models, found.dropped) == (2, (f"{path}100", f"{path}200"), {})
    assert {one.rater.name for one in found.raters} == {f"{path}0", f"{path}1"}
    titles = storage.votes.titles(found.models)
    assert {len(title) for title in titles.values()} == {80}, "screens have them shortened"
    assert len(set(titles.values())) == 2


@pytest.mark.parametrize("column", ["generator_1", "annotator"])
def test_a_name_that_is_too_long_is_refused_with_its_row(
    storage: Storage, tmp_path: Path, column: str
) -> None:
    rows = [_alpaca(1.2), _alpaca(1.2, 1, **{column: "x" * 301})]
    with pytest.raises(
        InvalidInput, match=f'row 2: "{column}" has 301 characters, and a name has 300 at most'
    ):
        _import(storage, _written(tmp_path, rows))
    assert storage.votes.sets() == ()
