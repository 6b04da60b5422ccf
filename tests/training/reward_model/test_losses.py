"""The losses of reward models, worked out by hand."""

from math import exp, log
from typing import Any

import pytest

from rlft_gui.training.reward_model.losses import bradley_terry, squared_error

pytestmark = pytest.mark.slow


def tensor(*values: Any) -> Any:
    import torch

    return torch.tensor(values)


def test_bradley_terry_is_the_likelihood_of_the_labels() -> None:
    # Leads of log 3 and -log 3: probabilities 3/4 and 1/4.
    loss = bradley_terry(tensor(log(3), 0.0), tensor(0.0, log(3)))
    assert loss == pytest.approx((-log(3 / 4) - log(1 / 4)) / 2)


def test_a_margin_is_what_the_lead_must_exceed() -> None:
    # A lead of 1 with margin 1 is as undecided as no lead.
    assert bradley_terry(tensor(1.0), tensor(0.0), margin=tensor(1.0)) == pytest.approx(log(2))
    assert bradley_terry(tensor(1.0), tensor(0.0), margin=tensor(0.0)) == pytest.approx(log(1 + exp(-1)))


def test_a_soft_label_is_matched_where_the_lead_is_its_log_odds() -> None:
    import torch

    # Cross-entropy of 3/4 with σ(log 3) = 3/4: its entropy, the least there is.
    least = -(3 / 4 * log(3 / 4) + 1 / 4 * log(1 / 4))
    lead = torch.tensor([log(3)], requires_grad=True)
    loss = bradley_terry(lead, tensor(0.0), preference=tensor(0.75))
    assert loss.item() == pytest.approx(least)
    loss.backward()
    assert lead.grad == pytest.approx(0.0, abs=1e-6)


def test_a_sure_label_is_plain_bradley_terry_and_an_even_one_prefers_no_lead() -> None:
    chosen, rejected = tensor(0.7, -0.2), tensor(0.1, 0.4)
    plain = bradley_terry(chosen, rejected)
    assert bradley_terry(chosen, rejected, preference=tensor(1.0, 1.0)) == pytest.approx(plain.item())
    even = [
        bradley_terry(tensor(lead), tensor(0.0), preference=tensor(0.5)).item() for lead in (-1.0, 0.0, 1.0)
    ]
    assert even[1] == pytest.approx(log(2))
    assert even[0] == pytest.approx(even[2])
    assert even[0] > even[1]


def test_soft_labels_and_margins_go_together() -> None:
    # z = 2 - 0 - 1 = 1.
    loss = bradley_terry(tensor(2.0), tensor(0.0), margin=tensor(1.0), preference=tensor(0.8))
    assert loss == pytest.approx(0.8 * log(1 + exp(-1)) + 0.2 * log(1 + exp(1)))


def test_centring_pulls_the_sum_of_a_pairs_rewards_to_nothing() -> None:
    free = bradley_terry(tensor(3.0), tensor(1.0))
    assert bradley_terry(tensor(3.0), tensor(1.0), centering=0.01) == pytest.approx(free.item() + 0.01 * 16)
    assert bradley_terry(tensor(1.0), tensor(-1.0), centering=0.01) == pytest.approx(free.item())


def test_squared_error_leaves_out_what_is_not_rated() -> None:
    import torch

    predicted = torch.tensor([[1.0, 5.0], [0.0, 2.0]], requires_grad=True)
    ratings = torch.tensor([[3.0, float("nan")], [0.0, 1.0]])
    loss = squared_error(predicted, ratings)
    assert loss.item() == pytest.approx((4 + 0 + 1) / 3)
    loss.backward()
    assert predicted.grad is not None
    assert predicted.grad.tolist() == [[pytest.approx(-4 / 3), 0.0], [0.0, pytest.approx(2 / 3)]]
