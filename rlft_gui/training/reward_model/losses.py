"""What reward models are trained to make smaller: Bradley-Terry on pairs, squared error on ratings."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def bradley_terry(
    chosen: "Tensor",
    rejected: "Tensor",
    margin: "Tensor | None" = None,
    preference: "Tensor | None" = None,
    centering: float = 0.0,
) -> "Tensor":
    """Mean negative log-likelihood of the labels (Bradley and Terry 1952; Ouyang et al. 2022, equation 1).

    With z = chosen − rejected − margin it is −log σ(z), or with a preference p the cross-entropy with the soft label,
    −p log σ(z) − (1 − p) log σ(−z). Touvron et al. 2023, "Llama 2", for the margin; Lee et al. 2023, "RLAIF", for soft
    labels. Added is `centering` × mean (chosen + rejected)², which pulls rewards towards a mean of 0 (Eisenstein et al.
    2023).

    Args:
        chosen, rejected: rewards, shape (pairs,).
        margin: by how much chosen should lead, shape (pairs,); left out, 0.
        preference: probability that chosen is better, shape (pairs,); left out, 1.
    """
    from torch.nn.functional import logsigmoid

    z = chosen - rejected if margin is None else chosen - rejected - margin
    losses = -logsigmoid(z)
    if preference is not None:
        losses = preference * losses - (1 - preference) * logsigmoid(-z)
    return losses.mean() + centering * ((chosen + rejected) ** 2).mean()


def squared_error(predicted: "Tensor", ratings: "Tensor") -> "Tensor":
    """Mean squared error over the ratings that are there.

    Args:
        predicted: shape (rows, attributes).
        ratings: z-scored, shape (rows, attributes), NaN where a row has no rating for the attribute.
    """
    import torch

    is_rated = ~torch.isnan(ratings)
    errors = (predicted - torch.where(is_rated, ratings, predicted)) ** 2
    return errors.sum() / is_rated.sum().clamp(min=1)
