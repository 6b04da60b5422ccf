"""Win rates with length taken out (Dubois et al. 2024): what the rate would be if both answers were as long.

logit P(win) = strength + effect · tanh(difference of lengths / its standard deviation), read off at difference 0. AlpacaEval
has two more things in it: a term for how hard each instruction is, from a table that is fetched from a hub, and the votes on two
models made to be long and short, which hold the effect in place. Ours knows the votes alone.
"""

import warnings
from typing import NamedTuple

import numpy as np

from rlft_gui.services.feedback.rating_table import Codes, Numbers

FEWEST_VOTES = 20
_FARTHEST = 15.0  #: nats; beyond this the votes do not tell strength from length
_BLOCKS = 1_000


class Controlled(NamedTuple):
    """In percent."""

    rate: float
    low: float
    high: float


def length_controlled(won: Numbers, longer: Numbers, prompt: Codes) -> Controlled | None:
    """The rate at equal length; None where the votes do not tell.

    Args:
        won: shares that go to the model.
        longer: by how many characters its answer is longer than the other.
    """
    if len(won) < FEWEST_VOTES or np.ptp(longer) == 0 or np.ptp(won) == 0:
        return None
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    design = np.column_stack([np.ones(len(won)), np.tanh(longer / longer.std(ddof=1))])
    place = np.random.default_rng(0).permutation(int(prompt.max()) + 1) % _BLOCKS
    robust = {"groups": place[prompt]}
    if len(np.unique(robust["groups"])) < 3:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of perfect separation, which is told below
        try:
            fit = GLM(won, design, family=Binomial()).fit(cov_type="cluster", cov_kwds=robust, use_t=True)
        except np.linalg.LinAlgError:  # one odd length tells one odd vote: the effect runs away
            return None
    if not fit.converged or np.abs(fit.params).max() > _FARTHEST:
        return None
    rate, low, high = 100 / (1 + np.exp(-np.array([fit.params[0], *fit.conf_int()[0]])))
    return Controlled(float(rate), float(low), float(high))
