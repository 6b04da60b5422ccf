"""Who really answers, and that neighbours do not matter. Real PEFT adapters on a tiny Llama."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.comparison import Generation, GenerationStatus, Sampling
from rlft_gui.domain.home import Home
from rlft_gui.inference import loaded as loaded_module
from rlft_gui.inference import room, row_counts
from rlft_gui.inference.engine import Engine
from rlft_gui.inference.loaded import LoadedModel
from rlft_gui.inference.protocol import Ask, BasedModel, GenerationRequest, Reply
from rlft_gui.inference.row_counts import Trial
from rlft_gui.training.models.loading import load_base
from rlft_gui.training.models.sampling import sample
from tests.inference.tiny_models import (
    add_checkpoint,
    add_full_checkpoint,
    babbles,
    make_base,
    says,
)

pytestmark = [
    pytest.mark.slow,
    # PEFT calls transformers under a name that is on its way out.
    pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing.*:FutureWarning"),
    pytest.mark.filterwarnings("ignore:Adapter .* was active which is now deleted"),
]

PROMPT = "hello you"


def asking(
    panes: Sequence[BasedModel], prompts: Sequence[str], sampling: Sampling, draws: int = 1
) -> GenerationRequest:
    """Every prompt asked of every pane, with one seed or several."""
    asks = [
        Ask(pane=pane, prompt_index=index, draw=draw, conversation=index, seed=sampling.seed + draw)
        for index in range(len(prompts))
        for draw in range(draws)
        for pane in range(len(panes))
    ]
    conversations = tuple(({"role": "user", "content": prompt},) for prompt in prompts)
    return GenerationRequest(
        id="x", panes=tuple(panes), conversations=conversations, asks=tuple(asks), sampling=sampling
    )


class World:
    """A home with runs on one base, and an engine that answers for it."""

    def __init__(self, folder: Path) -> None:
        self.base = make_base(folder / "base")
        self.home = Home(folder / "home")
        self.engine = Engine(self.home)

    def pane(self, run_id: str | None = None, step: int | None = None) -> BasedModel:
        return BasedModel(base=str(self.base), run_id=run_id, step=step)

    def told(
        self,
        panes: Sequence[BasedModel],
        prompts: Sequence[str] = (PROMPT,),
        sampling: Sampling | None = None,
        is_cancelled: Callable[[], bool] = lambda: False,
        training_is_live: bool = False,
    ) -> list[Reply]:
        replies: list[Reply] = []
        sampling = sampling or Sampling(max_new_tokens=8, temperature=1.0)
        request = asking(panes, prompts, sampling).model_copy(update={"training_is_live": training_is_live})
        self.engine.answer(request, replies.append, is_cancelled)
        return replies

    def answers(self, panes: Sequence[BasedModel], **asked: object) -> list[Generation]:
        """The last word on every pane and prompt: by prompt, then by pane."""
        last: dict[tuple[int, int], Generation] = {}
        for reply in self.told(panes, **asked):  # type: ignore[arg-type]
            last |= {(answer.prompt_index, answer.pane): answer for answer in reply.answers}
        return [last[key] for key in sorted(last)]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("world"))
    for run_id, step, recipe in (
        ("ones", 10, says("one")),
        ("ones", 20, says("ten")),
        ("twos", 5, says("two")),
        ("babble-a", 1, babbles(1)),
        ("babble-b", 1, babbles(2)),
    ):
        add_checkpoint(world.home, run_id, step, world.base, recipe)
    return world


def test_every_pane_is_written_by_the_checkpoint_it_names(world: World) -> None:
    panes = [
        world.pane("twos"),
        world.pane(),
        world.pane("ones", 10),
        world.pane("ones"),
        world.pane("ones", 20),
    ]
    answers = world.answers(panes)
    words = [set(answer.text.split()) for answer in answers]
    assert [answer.checkpoint for answer in answers] == ["twos@5", "base", "ones@10", "ones@20", "ones@20"]
    assert words[0] == {"two"}
    assert len(words[1]) > 1
    assert words[2:] == [{"one"}, {"ten"}, {"ten"}]
    assert {(answer.tokens, answer.finish) for answer in answers} == {(8, "cut at the limit")}


def test_the_checkpoint_is_told_from_the_loaded_folder_not_from_the_request(tmp_path: Path) -> None:
    world = World(tmp_path)
    add_checkpoint(world.home, "run", 1, world.base, says("one"))
    [first] = world.answers([world.pane("run")])
    add_checkpoint(world.home, "run", 2, world.base, says("two"))
    [later] = world.answers([world.pane("run")])
    assert (first.checkpoint, first.text.split()[0]) == ("run@1", "one")
    assert (later.checkpoint, later.text.split()[0]) == ("run@2", "two")


def test_a_checkpoint_written_anew_under_the_same_step_is_read_anew(tmp_path: Path) -> None:
    world = World(tmp_path)
    path = add_checkpoint(world.home, "run", 1, world.base, says("one"))
    [before] = world.answers([world.pane("run")])
    shutil.rmtree(path)
    add_checkpoint(world.home, "run", 1, world.base, says("two"))
    [after] = world.answers([world.pane("run")])
    assert (before.text.split()[0], after.text.split()[0]) == ("one", "two")


@pytest.mark.parametrize("most_exact", [loaded_module.FLOAT64_PARAMETERS, 0], ids=["float64", "fixed rows"])
@pytest.mark.parametrize("top_p", [1.0, 0.8])
def test_an_answer_is_the_same_alone_and_among_others(
    world: World, monkeypatch: pytest.MonkeyPatch, most_exact: int, top_p: float
) -> None:
    monkeypatch.setattr(loaded_module, "FLOAT64_PARAMETERS", most_exact)
    monkeypatch.setattr(world, "engine", Engine(world.home))
    panes = [world.pane(), world.pane("babble-a"), world.pane("babble-b"), world.pane("ones")]
    different = 0
    for seed in range(3):
        sampling = Sampling(max_new_tokens=24, temperature=1.0, top_p=top_p, seed=seed)
        among = world.answers(panes, sampling=sampling)
        alone = [world.answers([pane], sampling=sampling)[0] for pane in panes]
        assert [answer.text for answer in among] == [answer.text for answer in alone]
        behind = world.answers(panes, prompts=["one two three four", PROMPT], sampling=sampling)[len(panes) :]
        assert [answer.text for answer in behind] == [answer.text for answer in alone]
        different += len({answer.text for answer in among}) == len(panes)
    assert different > 1, "adapters that answer alike would prove nothing"


def forward_passes(loaded: LoadedModel) -> list[tuple[int, int]]:
    """Rows and tokens of every forward pass from now on."""
    passes: list[tuple[int, int]] = []
    loaded.model.get_input_embeddings().register_forward_hook(
        lambda _module, _in, out: passes.append((out.shape[0], out.shape[1]))
    )
    return passes


@pytest.mark.parametrize(("proven", "rows"), [((2, 4), 4), ((), 8)])
def test_what_is_not_exact_computes_in_proven_rows_and_reads_each_prompt_once_by_itself(
    world: World, monkeypatch: pytest.MonkeyPatch, proven: tuple[int, ...], rows: int
) -> None:
    monkeypatch.setattr(loaded_module, "FLOAT64_PARAMETERS", 0)
    monkeypatch.setattr(row_counts, "_try", lambda *_: Trial(equal=proven, seconds={2: 1, 4: 2, 8: 5}))
    monkeypatch.setattr(world, "engine", Engine(world.home))
    world.engine._row_counts._trials.clear()
    panes = [world.pane("babble-a"), world.pane(), world.pane("ones")]
    world.answers(panes)
    passes = forward_passes(*world.engine.shelf.models)
    sampling = Sampling(max_new_tokens=40, temperature=1.0, seed=1)
    answers = world.answers(panes, sampling=sampling)
    assert len({answer.tokens for answer in answers}) > 1, "rows that end together would prove nothing"
    reading = [one for one in passes if one[1] > 1]
    assert [one[0] for one in reading] == [1, 1, 1]
    longest = max(answer.tokens for answer in answers)
    assert passes[len(reading) :] == [(rows, 1)] * (longest - 1)


def test_rows_that_cost_much_are_told_in_the_note(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loaded_module, "FLOAT64_PARAMETERS", 0)
    monkeypatch.setattr(row_counts, "_try", lambda *_: Trial(equal=(), seconds={2: 1, 4: 2, 8: 5}))
    monkeypatch.setattr(world, "engine", Engine(world.home))
    world.engine._row_counts._trials.clear()
    first, later = (
        [reply.note for reply in world.told([world.pane()]) if reply.event == "started"] for _ in range(2)
    )
    assert first == [None]
    assert later[0] is None
    assert "always computes 8 of them, which takes 5.0 times as long as 2 would" in str(later[1])


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        ({"use_dora": True}, "odd@1 has DoRA, so it answers apart"),
        ({"modules_to_save": ["lm_head"]}, "whole modules in place of the base's (modules_to_save), so it"),
    ],
    ids=["DoRA", "modules_to_save"],
)
@pytest.mark.filterwarnings("ignore:.*register_forward_hook.*")
def test_an_adapter_that_is_more_than_lora_answers_by_peft_and_says_so(
    tmp_path: Path, shape: dict[str, Any], told: str
) -> None:
    from peft import PeftModel

    world = World(tmp_path)
    path = add_checkpoint(world.home, "odd", 1, world.base, babbles(4), **shape)
    add_checkpoint(world.home, "plain", 1, world.base, babbles(5))
    sampling = Sampling(max_new_tokens=24, temperature=1.0)
    model, tokenizer = load_base(str(world.base), "cpu")
    by_peft = PeftModel.from_pretrained(model, path).double().eval()
    [expected] = sample(by_peft, tokenizer, [[{"role": "user", "content": PROMPT}]], sampling)

    panes = [world.pane("plain"), world.pane("odd"), world.pane()]
    alone = [world.answers([pane], sampling=sampling)[0].text for pane in panes]
    among = [answer.text for answer in world.answers(panes, sampling=sampling)]
    assert among == alone
    assert among[1] == expected.text
    assert len(set(among)) == 3
    notes = [reply.note for reply in world.told(panes) if reply.event == "started"]
    assert told in str(notes[-1])


def test_tokens_are_counted_as_the_probe_counts_them_the_end_token_too(world: World) -> None:
    sampling = Sampling(max_new_tokens=40, temperature=1.0, seed=1)
    [answer] = world.answers([world.pane()], sampling=sampling)
    assert answer.finish == "ended by itself"
    [loaded] = world.engine.shelf.models
    model, tokenizer = loaded.model, loaded.tokenizer
    [own] = sample(
        model, tokenizer, [[{"role": "user", "content": PROMPT}]], sampling, adapter_names=["__base__"]
    )
    assert answer.text == own.text
    assert answer.tokens == len(own.token_ids)


def test_seeds_differ_and_the_greedy_answer_ignores_them(world: World) -> None:
    def text(seed: int, temperature: float) -> str:
        sampling = Sampling(max_new_tokens=30, temperature=temperature, seed=seed)
        return world.answers([world.pane("babble-a")], sampling=sampling)[0].text

    assert text(1, 1.0) == text(1, 1.0) != text(2, 1.0)
    assert text(1, 0.0) == text(2, 0.0)


def test_the_base_in_a_mixed_batch_is_the_base_without_any_adapter(world: World) -> None:
    from rlft_gui.training.models.loading import load_base
    from rlft_gui.training.models.sampling import sample

    model, tokenizer = load_base(str(world.base), "cpu")
    sampling = Sampling(max_new_tokens=60, temperature=1.0, seed=3)
    [plain] = sample(model.double(), tokenizer, [[{"role": "user", "content": PROMPT}]], sampling)
    mixed = world.answers([world.pane("babble-a"), world.pane()], sampling=sampling)
    assert mixed[1].text == plain.text


def test_a_full_model_and_another_base_answer_beside_the_rest(world: World, tmp_path: Path) -> None:
    add_full_checkpoint(world.home, "full", 7, world.base)
    other = make_base(tmp_path / "other", seed=5)
    add_checkpoint(world.home, "elsewhere", 2, other, says("nine"))
    panes = [world.pane("ones"), world.pane("full"), world.pane("elsewhere"), world.pane()]
    answers = world.answers(panes)
    assert [answer.checkpoint for answer in answers] == ["ones@20", "full@7", "elsewhere@2", "base"]
    assert set(answers[2].text.split()) == {"nine"}
    assert answers[1].text != answers[3].text


def test_each_full_checkpoint_answers_with_its_own_weights(world: World) -> None:
    from rlft_gui.training.models.loading import load_base
    from rlft_gui.training.models.sampling import sample

    sampling = Sampling(max_new_tokens=8, temperature=1.0)
    paths = [add_full_checkpoint(world.home, "whole", step, world.base, seed=step) for step in (3, 4)]
    alone = []
    for path in paths:
        model, tokenizer = load_base(str(path), "cpu")
        prompts = [[{"role": "user", "content": PROMPT}]]
        alone.append(sample(model.double(), tokenizer, prompts, sampling)[0].text)
    panes = [world.pane("whole", 3), world.pane(), world.pane("whole", 4), world.pane("ones")]
    answers = world.answers(panes)
    assert [answers[0].text, answers[2].text] == alone
    assert alone[0] != alone[1]


def test_a_full_checkpoint_written_anew_under_the_same_step_is_read_anew(world: World) -> None:
    path = add_full_checkpoint(world.home, "rewritten", 3, world.base, seed=1)
    before = world.answers([world.pane("rewritten", 3)])[0].text
    shutil.rmtree(path)
    add_full_checkpoint(world.home, "rewritten", 3, world.base, seed=2)
    assert world.answers([world.pane("rewritten", 3)])[0].text != before


def test_a_full_checkpoint_replaced_while_it_is_read_is_no_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = add_full_checkpoint(world.home, "fleeting", 3, world.base, seed=1)
    honest = loaded_module.load_base  # type: ignore[attr-defined]  # as it is imported there

    def replaced_meanwhile(source: str, device: str) -> object:
        found = honest(source, device)
        (path / "model.safetensors").touch()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(loaded_module, "load_base", replaced_meanwhile)
        answer = world.answers([world.pane("fleeting", 3)])[0]
    assert "fleeting@3 was replaced while it was being read" in str(answer.error)
    assert world.answers([world.pane("fleeting", 3)])[0].error is None


def forget_sums(path: Path) -> None:
    """Make the checkpoint one of version 0.2.0, whose marker has no sums."""
    marker = path / "complete.json"
    marker.write_text(json.dumps({**json.loads(marker.read_text()), "files": None}))


def test_a_pane_that_cannot_answer_says_why_and_the_others_go_on(world: World, tmp_path: Path) -> None:
    changed = make_base(tmp_path / "changed", seed=8)
    path = add_checkpoint(world.home, "stale", 1, changed, says("two"))
    marker = path / "complete.json"
    marker.write_text(marker.read_text().replace(str(changed), str(world.base)))
    broken = add_checkpoint(world.home, "broken", 1, world.base, says("two"))
    (broken / "adapter_model.safetensors").write_bytes(b"\x00" * 64)
    old = shutil.copytree(broken, world.home.run("old").checkpoint(1))
    forget_sums(old)
    (world.home.run("torn").checkpoint(4)).mkdir(parents=True)
    names = ("stale", "old", "torn", "broken")
    answers = world.answers([*(world.pane(name) for name in names), world.pane("ones", 10)])
    assert [answer.status.value for answer in answers] == ["failed"] * 4 + ["done"]
    assert "stale@1 was trained on the base model" in str(answers[0].error)
    assert "weights of checkpoint old@1 cannot be read" in str(answers[1].error)
    assert "Checkpoint broken@1 is damaged: its file adapter_model.safetensors" in str(answers[3].error)
    assert "torn has no complete checkpoint" in str(answers[2].error)
    assert all(answer.checkpoint is None for answer in answers[:4])


def test_an_adapter_that_would_change_the_base_is_refused(world: World) -> None:
    from safetensors.torch import load_file, save_file

    path = add_checkpoint(world.home, "greedy", 1, world.base, says("two")) / "adapter_model.safetensors"
    weights = load_file(path)
    [first] = list(weights.values())[:1]
    save_file(weights | {"base_model.model.lm_head.weight": first.clone()}, path)
    forget_sums(path.parent)
    [answer] = world.answers([world.pane("greedy")])
    assert "no part of a LoRA adapter" in str(answer.error)


def test_a_prompt_that_fills_the_context_is_refused_alone(world: World) -> None:
    too_long, fine = world.answers([world.pane()], prompts=["one " * 300, PROMPT])
    assert "Shorten the prompt" in str(too_long.error)
    assert fine.status is GenerationStatus.DONE


def test_answers_grow_together_and_a_cancelled_one_keeps_what_it_has(world: World) -> None:
    seen: list[Reply] = []
    panes = [world.pane("ones"), world.pane("twos")]
    steps = iter(range(10_000))
    sampling = Sampling(max_new_tokens=200, temperature=0)
    seen = world.told(panes, [PROMPT, PROMPT], sampling, is_cancelled=lambda: next(steps) > 100)
    growing = [reply.answers for reply in seen if reply.answers and not reply.answers[0].status.is_ended]
    assert growing
    assert all({answer.pane for answer in answers} == {0, 1} for answers in growing)
    assert all(answers[0].tokens == answers[1].tokens for answers in growing)
    ends = {
        (answer.prompt_index, answer.pane): answer
        for reply in seen
        for answer in reply.answers
        if answer.status.is_ended
    }
    assert {answer.finish for answer in ends.values()} == {"stopped"}
    assert ends[0, 0].tokens == ends[0, 1].tokens > 90
    assert ends[1, 0].tokens == 0


def test_a_base_that_was_rebuilt_is_loaded_anew(tmp_path: Path) -> None:
    world = World(tmp_path)
    [before] = world.answers([world.pane()])
    make_base(world.base, seed=4)
    add_checkpoint(world.home, "run", 1, world.base, says("two"))
    after, run = world.answers([world.pane(), world.pane("run")])
    assert before.text != after.text
    assert run.error is None


def test_more_adapters_than_fit_push_out_the_oldest(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loaded_module, "MOST_ADAPTERS", 2)
    monkeypatch.setattr(world, "engine", Engine(world.home))
    for run_id in ("ones", "twos", "babble-a", "babble-b", "ones"):
        [answer] = world.answers([world.pane(run_id)])
        assert answer.status is GenerationStatus.DONE
    [loaded] = world.engine.shelf.models
    assert [slot.split("#")[0] for slot in loaded.plugged] == ["babble-b@1", "ones@20"]
    four = [world.pane("ones"), world.pane("twos"), world.pane("babble-a"), world.pane("babble-b")]
    words = [set(answer.text.split()) for answer in world.answers(four)]
    assert words[:2] == [{"ten"}, {"two"}]


def test_beside_a_live_training_run_the_answers_keep_to_one_core_and_say_so(world: World) -> None:
    import torch

    busy = world.told([world.pane()], training_is_live=True)[0]
    threads_when_busy = torch.get_num_threads()
    free = world.told([world.pane()])[0]
    assert "training run" in str(busy.note)
    assert threads_when_busy == 1
    assert free.note is None


def test_several_seeds_of_all_panes_are_what_each_seed_gives_alone(world: World) -> None:
    panes = [world.pane("babble-a"), world.pane("babble-b"), world.pane()]
    sampling = Sampling(max_new_tokens=12, temperature=1.0, seed=3)
    last: dict[tuple[int, int, int], Generation] = {}

    def tell(reply: Reply) -> None:
        last.update({answer.place: answer for answer in reply.answers})

    world.engine.answer(asking(panes, [PROMPT], sampling, draws=5), tell, lambda: False)
    assert len(last) == 15
    for draw in range(5):
        own = sampling.model_copy(update={"seed": 3 + draw})
        alone = [answer.text for answer in world.answers(panes, sampling=own)]
        assert [last[0, pane, draw].text for pane in range(3)] == alone
        assert last[0, 0, draw].seed == 3 + draw
    assert len({answer.text for answer in last.values()}) > 5


def talk(*said: str) -> tuple[dict[str, str], ...]:
    """A conversation in which user and assistant take turns."""
    return tuple(
        {"role": "assistant" if place % 2 else "user", "content": text} for place, text in enumerate(said)
    )


def test_each_pane_goes_on_from_its_own_history_and_too_long_a_one_fails_alone(world: World) -> None:
    sampling = Sampling(max_new_tokens=10, temperature=1.0, seed=1)
    histories = (talk("one", "two", PROMPT), talk("one", "nine nine nine nine", PROMPT), talk("you " * 300))
    panes = [world.pane("babble-a"), world.pane("babble-b"), world.pane()]
    asks = tuple(
        Ask(pane=pane, prompt_index=1, draw=0, conversation=pane, seed=sampling.seed) for pane in range(3)
    )
    request = GenerationRequest(
        id="x", panes=tuple(panes), conversations=histories, asks=asks, sampling=sampling
    )
    last: dict[int, Generation] = {}
    world.engine.answer(
        request, lambda reply: last.update({one.pane: one for one in reply.answers}), lambda: False
    )
    assert "Shorten the prompt" in str(last[2].error)
    for pane in (0, 1):
        one = request.model_copy(update={"asks": (asks[pane],)})
        alone: dict[int, Generation] = {}
        world.engine.answer(
            one,
            lambda reply, alone=alone: alone.update({a.pane: a for a in reply.answers}),  # type: ignore[misc]
            lambda: False,
        )
        assert last[pane].text == alone[pane].text
        assert last[pane].finish is not None


def test_models_of_several_bases_are_written_in_turns(world: World, tmp_path: Path) -> None:
    other = make_base(tmp_path / "other", seed=6)
    panes = [world.pane(), BasedModel(base=str(other), named=str(other))]
    replies = world.told(panes, sampling=Sampling(max_new_tokens=200, temperature=0))
    order = [reply.answers[0].pane for reply in replies if reply.answers]
    assert len({tuple(order[start : start + 2]) for start in range(0, 4, 2)} & {(0, 1), (1, 0)}) >= 1
    ended = [reply.answers[0] for reply in replies if reply.answers and reply.answers[0].status.is_ended]
    assert {answer.checkpoint for answer in ended} == {"base", f"base:{other}"}


def test_models_for_which_there_is_no_room_answer_after_the_others(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bases = [str(make_base(tmp_path / f"base-{number}", seed=number)) for number in range(3)]
    monkeypatch.setattr(world, "engine", Engine(world.home))
    # Room for one model and a half beside what is loaded.
    size = room.needed(Path(bases[0]), "cpu")
    assert size > 0
    monkeypatch.setattr(
        room, "free", lambda _: int(1.8 * size / room.SHARE) - size * len(world.engine.shelf.models)
    )
    panes = [BasedModel(base=base) for base in bases]
    answers = world.answers(panes)
    assert [answer.status.value for answer in answers] == ["done"] * 3
    assert len(world.engine.shelf.models) == 1, "the least recently used went first"
    monkeypatch.setattr(room, "free", lambda _: size // 2)
    [crowded] = world.answers([BasedModel(base=bases[0])])
    assert "needs about" in str(crowded.error)


def test_a_model_that_does_not_load_says_so_and_the_others_go_on(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = str(make_base(tmp_path / "other", seed=9))
    honest = loaded_module.load_base  # type: ignore[attr-defined]  # as it is imported there

    def breaks(source: str, device: str) -> object:
        if source == other:
            raise RuntimeError("an operator is missing")
        return honest(source, device)

    monkeypatch.setattr(loaded_module, "load_base", breaks)
    broken, fine = world.answers([BasedModel(base=other, named=other), world.pane("ones")])
    assert "RuntimeError: an operator is missing" in str(broken.error)
    assert fine.status is GenerationStatus.DONE


def test_a_model_that_fails_while_it_writes_loses_its_answers_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    panes = [world.pane(), world.pane("ones")]
    world.answers(panes)
    [loaded] = [model for model in world.engine.shelf.models if "ones" in " ".join(model.plugged)]
    steps = iter(range(10_000))

    def breaks(*_: object) -> None:
        if next(steps) == 3:
            raise MemoryError("no room left")

    hook = loaded.model.register_forward_pre_hook(breaks)
    first, second = world.answers([world.pane(), world.pane("ones")], prompts=[PROMPT, "one"])[::2]
    hook.remove()
    assert "MemoryError: no room left" in str(first.error)
    assert first.text != "", "what was written stays"
    assert second.status is GenerationStatus.DONE
