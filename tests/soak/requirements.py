"""What is promised about losing nothing and letting nobody in, and which tests show it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Requirement:
    """One promise; `tests` are node ids as pytest takes them, without parameters."""

    name: str
    promise: str
    tests: tuple[str, ...] = ()
    peers: str = ""  #: what others measured or state, with where that is from


NOTHING_LOST = (
    Requirement("R1", "The app may be killed at any time: training goes on, and a new one takes it up."),
    Requirement("R2", "A worker that was killed is noticed and explained, and its run can be resumed."),
    Requirement("R3", "A run that was stopped and resumed ends exactly as one that was never stopped."),
    Requirement("R4", "A checkpoint that was torn while it was saved is never used."),
    Requirement("R5", "A full disk is said clearly and spoils nothing that was saved before."),
    Requirement("R6", "A number that was taken in is never lost."),
    Requirement("R7", "A run starts once, and a device is held once."),
    Requirement("R8", "A database that is busy, locked or damaged is said and crashes nothing."),
    Requirement("R9", "A process of somebody else is never signalled."),
    Requirement("R10", "A clock that jumps fails no run."),
    Requirement("R11", "A flood of metrics slows nobody who reads."),
    Requirement("R12", "Many viewers at once are served."),
    Requirement("R13", "A run can be stopped at any time, and nothing of it stays."),
    Requirement("R14", "A loss that is not a number is flagged and never shown as zero."),
    Requirement("R15", "Running out of memory is said, with advice."),
    Requirement(
        "R16", "A broken data file is refused in a sentence, at the row, within bounds of time and memory."
    ),
    Requirement("R17", "A model that cannot be trained is refused before training, with what to do."),
    Requirement("R18", "A launcher starts each run once and believes only what the worker wrote."),
    Requirement("R19", "A day of a busy queue leaves app and keeper as large as they were."),
)

NOBODY_IN = (
    Requirement("S1", "Every event and server function asks who is calling and what he may."),
    Requirement("S2", "Pages of others, re-pointed names and frames get nowhere, on any route."),
    Requirement("S3", "Nobody beyond the machine gets in without signing in."),
    Requirement("S4", "Uploads, storage and attempts to sign in are bounded."),
    Requirement("S5", "A request names no file and no path."),
    Requirement("S6", "What users and models write is shown as text, wherever it is shown."),
    Requirement("S7", "No text of a user or a model goes into markup."),
    Requirement("S8", "No code of a model or checkpoint is ever executed."),
    Requirement("S9", "Chat templates are rendered in processes of their own, under limits."),
    Requirement("S10", "Data come from where they may, and no text of theirs becomes a query or an object."),
    Requirement("S11", "Exports hold no formula that a spreadsheet would run."),
    Requirement("S12", "Keys stand in no page, log, recipe or export."),
    Requirement("S13", "No name reaches a shell."),
    Requirement("S14", "Limits of use count by who is signed in, not by what a header claims."),
)

REQUIREMENTS = NOTHING_LOST + NOBODY_IN
