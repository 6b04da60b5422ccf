"""What a visitor of a demo may do, and for how long."""

from rlft_gui.domain._base import Frozen

HOUR = 3600.0
MEGABYTE = 2**20


class Limits(Frozen):
    """Of one visitor, unless they are of all together.

    Attributes:
        idle_seconds, longest_seconds: a sandbox goes after so long unused, and after so long in any case.
        busy_seconds: one that was used since is never taken for a newcomer's sake.
        sandboxes, all_bytes: of all visitors together.
        answering: comparisons of all visitors that wait or are being answered.
        database_bytes: of one sandbox.
        panes, new_tokens, prompts: of one comparison.
        comparisons, tokens, scorings: in an hour; tokens are counted as the most that was asked for.
        votes, sets, datasets: in a sandbox's life.
    """

    idle_seconds: float = 2 * HOUR
    longest_seconds: float = 24 * HOUR
    busy_seconds: float = 300.0
    sandboxes: int = 200
    all_bytes: int = 4096 * MEGABYTE
    answering: int = 24
    database_bytes: int = 32 * MEGABYTE
    panes: int = 4
    new_tokens: int = 128
    prompts: int = 3
    comparisons: int = 30
    tokens: int = 20_000
    scorings: int = 60
    votes: int = 2_000
    sets: int = 20
    datasets: int = 5
