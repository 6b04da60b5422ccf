"""How many steps lie between two probes: what a person asked for, or what keeps them under their share of the time."""

from math import ceil

#: Where nothing is asked for, probes come no closer than this, and no check is made before.
USUAL = 20
PERIOD = "steps between probes"  #: its name in the plan
SPARED = "seconds spared by it"  #: in the plan: what a first probe took that was taken over
#: Seconds that looks may take in any run: a curve of two points says little of a short one.
FREE_SECONDS = 30.0


def affordable(total_steps: int, step_seconds: float, look_seconds: float, share: float) -> int:
    """Steps between two looks so that all of a run's looks stay under their share of its time, or under FREE_SECONDS.

    The first and the last look are made in any case; `total_steps` says that there is none between them.

    Args:
        share: of the time of steps and looks together, above 0; 1 sets no limit.
    """
    if share >= 1:
        return USUAL
    budget = max(FREE_SECONDS, share / (1 - share) * total_steps * step_seconds)
    between = int(budget / max(look_seconds, 1e-9)) - 2
    return total_steps if between < 1 else max(USUAL, ceil(total_steps / (between + 1)))
