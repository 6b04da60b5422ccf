"""How many steps lie between two probes that come by themselves."""

import pytest

from rlft_gui.training.run.probe_period import affordable


@pytest.mark.parametrize(
    ("total", "step", "look", "share", "period"),
    [
        (76, 0.07, 1.0, 0.15, 20),  # a short run on Lantern: looks are free up to 30 s
        (400, 0.07, 1.0, 0.15, 20),
        (100, 6.0, 15.0, 0.15, 20),  # 600 s of steps pay for 105 s of looks: 7, of which 5 lie between
        (100, 6.0, 30.0, 0.15, 50),  # for 3: one in the middle
        (100, 6.0, 60.0, 0.15, 100),  # for none between first and last
        (3, 6.0, 9.0, 0.15, 20),
        (10_000, 0.01, 10.0, 0.15, 5_000),  # 100 s of steps pay for 17 s, and 30 s are free: one between
        (100, 6.0, 30.0, 1.0, 20),  # no limit
    ],
)
def test_looks_stay_under_their_share(
    total: int, step: float, look: float, share: float, period: int
) -> None:
    assert affordable(total, step, look, share) == period


def test_all_looks_together_take_no_more_than_their_share() -> None:
    for look in (0.5, 3.0, 11.0, 29.0):
        for total in (50, 1_000, 20_000):
            period = affordable(total, 2.0, look, 0.15)
            looks = 2 + (total - 1) // period
            steps = total * 2.0
            assert looks * look <= max(30.0, 0.15 * (steps + looks * look)) or looks == 2
