"""The order in which a trainer meets its rows."""

from itertools import chain, islice

import torch
from accelerate.data_loader import SeedableRandomSampler

from rlft_gui.training.rows import TOKENS
from rlft_gui.training.run.longest_first import _Order, longest_first, row_lengths, rows_longest_first

LENGTHS = [3, 9, 1, 7, 8, 2, 5, 9, 4, 6]


class OneRowTwice:
    batch_size, gradient_accumulation = 1, 2


def test_the_longest_come_first_the_very_longest_last_of_them_and_the_others_as_they_came() -> None:
    order = [5, 1, 0, 4, 7, 2, 9, 3, 8, 6]

    found = longest_first(order, LENGTHS, 4)

    assert found == [3, 4, 1, 7, 5, 0, 2, 9, 8, 6]
    assert [LENGTHS[place] for place in found[:4]] == [7, 8, 9, 9]


def test_a_run_with_fewer_rows_than_two_steps_take_goes_from_short_to_long() -> None:
    assert longest_first([2, 0, 1], [5, 4, 6], 8) == [1, 0, 2]


def test_a_row_is_as_long_as_its_prompt_with_its_longest_answer() -> None:
    pair = {TOKENS: {"prompt": [1, 2], "chosen": [3], "rejected": [4, 5, 6]}}
    prompt = {TOKENS: {"prompt": [1, 2]}}
    assert row_lengths([pair, prompt]) == [5, 2]


def test_rows_themselves_are_put_in_that_order() -> None:
    rows = [{TOKENS: {"prompt": [0] * length}} for length in LENGTHS]
    assert row_lengths(rows_longest_first(rows, OneRowTwice())) == [7, 8, 9, 9, 3, 1, 2, 5, 4, 6]


def test_only_the_first_epoch_begins_so_and_every_epoch_has_every_row_once() -> None:
    drawn = SeedableRandomSampler(LENGTHS, data_seed=7)
    usual = [list(drawn), list(drawn)]
    order = _Order(SeedableRandomSampler(LENGTHS, data_seed=7), LENGTHS, 4)
    epochs = [list(order), list(order)]

    assert epochs[0] == longest_first(usual[0], LENGTHS, 4) != usual[0]
    assert epochs[1] == usual[1]
    assert [sorted(epoch) for epoch in epochs] == [list(range(len(LENGTHS)))] * 2


def test_whoever_goes_on_in_an_epoch_meets_the_rest_of_it() -> None:
    straight = _Order(SeedableRandomSampler(LENGTHS, data_seed=7), LENGTHS, 4)
    both = list(chain(straight, straight))
    torch.manual_seed(0)  # another process
    resumed = _Order(SeedableRandomSampler(LENGTHS, data_seed=7), LENGTHS, 4)
    resumed.set_epoch(0)
    assert list(islice(resumed, 3, None)) == both[3:10]
    resumed.set_epoch(1)
    assert list(resumed) == both[10:]
