"""Bytes by hand-checked numbers on a model so small that they can be counted, and what autograd keeps on a real one."""

from dataclasses import replace
from typing import Any

import pytest

from rlft_gui.resources import assets_dir
from rlft_gui.services.models.shape import read_shape
from rlft_gui.training.estimate import memory
from rlft_gui.training.estimate.held import Drawing, Effort, Held, Learning, Moment, Reading, Trained
from rlft_gui.training.estimate.memory import Device, Parts, needed
from rlft_gui.training.estimate.shape import ModelShape

#: Two layers, four wide, eight within; one head of queries and one of keys half as wide; ten words.
SHAPE = ModelShape(
    parameters=1_000,
    stored=2_000,
    vocabulary=10,
    width=4,
    inner=8,
    layers=2,
    queries=4,
    keys=2,
    adapted=50,
    adapted_attention=20,
    linears=14,
    linears_attention=8,
)
LORA, FULL = Trained("lora", 3, "all-linear"), Trained("full", 3, "all-linear")
CPU = Device("cpu", process=7, total=10**9, free=8 * 10**6)
GPU = replace(CPU, kind="cuda")
#: Of a token in a layer: 4 × 8 within, 4 × 4 of the norms, 2 × 4 queries, 2 × 2 keys.
OF_LAYER = 60


def parts(trained: Trained | None, *moments: Moment, device: Device = CPU, **more: Any) -> Parts:
    held = Held(trained, more.get("beside", ()), moments, Effort(1), more.get("judge", 0))
    return needed(SHAPE, held, device)


def test_an_adapter_of_rank_three_is_kept_with_the_base_and_twice_in_adam() -> None:
    found = parts(LORA, Learning(1, 1, "none"))
    assert found["process"] == 7
    assert found["weights"] == 4 * (1_000 + 3 * 50)
    assert found["optimizer"] == 8 * 3 * 50
    attention = parts(Trained("lora", 3, "attention"), Learning(1, 1, "none"))
    assert attention["weights"] == 4 * (1_000 + 3 * 20)


def test_the_file_of_the_weights_counts_while_it_is_read() -> None:
    assert parts(None)["copies"] == 2_000
    assert "copies" not in parts(None, device=GPU)


def test_activations_of_an_adapter_are_each_layers_and_what_each_adapter_makes_of_its_input() -> None:
    found = parts(LORA, Learning(rows=5, tokens=100, head="none"))
    assert found["activations"] == pytest.approx(memory._HEAP * 500 * 4 * (2 * OF_LAYER + 3 * 14))
    assert "logits" not in found


def test_weights_that_are_trained_keep_what_each_norm_multiplies_with_them() -> None:
    found = parts(FULL, Learning(rows=5, tokens=100, head="none"))
    assert found["activations"] == pytest.approx(memory._HEAP * 500 * 4 * 2 * (OF_LAYER + 2 * 4))
    assert "gradients" not in found, "they come on the way back"
    assert parts(FULL, Learning(5, 100, "tiles"))["gradients"] == 4 * 10 * 4, "those of the head come first"
    assert found["optimizer"] == 8 * 1_000


def test_gradients_that_are_there_already_are_counted_beside_the_activations() -> None:
    found = parts(FULL, Learning(rows=5, tokens=100, head="none", accumulates=True))
    assert found["gradients"] == 4 * 1_000


def test_the_end_of_a_small_step_of_a_whole_model_is_its_peak() -> None:
    found = parts(FULL, Learning(1, 1, "none"))
    assert (found["gradients"], found["copies"]) == (4_000, 4_000)
    assert "activations" not in found


def test_gradient_checkpointing_keeps_the_state_before_each_layer_and_one_layer_whole() -> None:
    found = parts(LORA, Learning(5, 100, "none", is_checkpointed=True))
    assert found["activations"] == pytest.approx(memory._HEAP * 500 * 4 * (2 * 4 + OF_LAYER))


@pytest.mark.parametrize(
    ("rows", "words", "numbers"),
    [(5, 10, 500 * 10), (50, 10, 4_096 * 10), (5, 50_000, 500 * 32_768)],
)
def test_the_head_for_words_takes_a_tile_at_once(rows: int, words: int, numbers: int) -> None:
    held = Held(LORA, (), (Learning(rows, 100, "tiles"),), Effort(1))
    found = needed(SHAPE.model_copy(update={"vocabulary": words}), held, CPU)
    assert found["logits"] == pytest.approx(8.25 * 4 * numbers)


def test_ppo_writes_all_words_at_answers_and_keeps_passes_in_an_eighth_of_what_is_free() -> None:
    learning = Learning(rows=2, tokens=10, head="answers", answer=5)
    alone = parts(LORA, learning)
    assert alone["logits"] == 6 * 4 * (2 * 5) * 10
    of_pass = 20 * 4 * (2 * OF_LAYER + 3 * 14)
    assert alone["activations"] == pytest.approx(memory._HEAP * of_pass)
    kept = parts(LORA, replace(learning, kept_rows=8))
    assert kept["activations"] == pytest.approx(4 * alone["activations"]), "all four passes"
    room_for_one = 8 * (of_pass + 400 + 4_000) + 8
    short = parts(LORA, replace(learning, kept_rows=8), device=replace(CPU, free=room_for_one))
    assert short["activations"] == pytest.approx(2 * alone["activations"])


def test_a_cache_holds_keys_and_values_of_every_layer_and_one_layer_twice() -> None:
    found = parts(None, Drawing(rows=10, prompt=30, answer=20))
    assert found["cache"] == 500 * (2 * 2 * 2) * 4 * 1.5
    bounded = parts(None, Drawing(rows=10, prompt=30, answer=20, fits=True), device=replace(CPU, total=80))
    assert "cache" not in bounded or bounded["cache"] == 15


def test_reading_writes_words_in_portions() -> None:
    found = parts(None, Reading(tokens=1_000, words=100, keeps_cache=True))
    assert found["logits"] == 3 * 4 * 100 * 10
    assert found["cache"] == 1_000 * 8 * 4


def test_models_beside_are_as_large_and_a_judge_of_its_own_as_large_as_it_is() -> None:
    found = parts(FULL, Learning(1, 1, "none"), beside=("reference", "probe_base"), judge=50)
    assert (found["reference"], found["probe_base"], found["judge"]) == (4_000, 4_000, 200)


def test_on_cuda_a_base_beneath_an_adapter_is_half_as_wide_and_no_heap_is_in_the_way() -> None:
    found = parts(LORA, Learning(5, 100, "none"), device=GPU)
    assert found["weights"] == 2 * 1_000 + 4 * 150
    assert found["activations"] == 500 * 2 * (2 * (OF_LAYER + 8) + 42)


def test_on_cuda_whole_models_are_trained_in_float32_and_kept_in_bfloat16_meanwhile() -> None:
    found = parts(FULL, Learning(50, 100, "none"), device=GPU)
    assert (found["weights"], found["copies"]) == (4 * 1_000, 2 * 1_000)
    ppo = parts(FULL, Learning(50, 100, "answers"), device=GPU)
    assert "copies" not in ppo, "its loop computes in float32"
    assert ppo["activations"] == 5_000 * 4 * 2 * (OF_LAYER + 8)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*gradient_checkpointing")  # PEFT asks by the old name
@pytest.mark.parametrize("tuning", ["lora", "full"])
def test_autograd_keeps_of_lanterns_layers_what_was_counted(tuning: Any) -> None:
    from peft import get_peft_model

    from rlft_gui.training.models.adapters import new_adapter
    from rlft_gui.training.models.loading import load_base

    shape = read_shape(assets_dir() / "lantern", "Lantern")
    assert shape is not None
    model: Any = load_base("lantern", "cpu")[0].train().requires_grad_(tuning == "full")
    if tuning == "lora":
        model = get_peft_model(model, new_adapter(model, rank=4, alpha=4, targets="all-linear"))
    count = memory._Count(shape, Trained(tuning, 4, "all-linear"), CPU)
    of_token = count.of_token(Learning(1, 128, "tiles"))
    # The norm behind the last layer is left out, which weighs little beside more layers than these four.
    assert _kept(model, 256) - _kept(model, 128) == pytest.approx(128 * of_token, rel=0.05)


def _kept(model: Any, tokens: int) -> int:
    """Bytes that autograd keeps of the layers for one row, without the weights."""
    import torch

    storages = {parameter.untyped_storage().data_ptr() for parameter in model.parameters()}
    total = 0

    def note(tensor: Any) -> Any:
        nonlocal total
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in storages:
            storages.add(storage.data_ptr())
            total += storage.nbytes()
        return tensor

    inner = model.get_base_model() if hasattr(model, "peft_config") else model
    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        state = inner.base_model(input_ids=torch.ones(1, tokens, dtype=torch.long), use_cache=False)
    del state
    return total
