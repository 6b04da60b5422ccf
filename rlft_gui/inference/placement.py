"""Where answers are computed: which device, how many threads, and what to tell the person about it.

A training run goes first. While one is live, answers leave the GPU alone, and on the CPU they keep to one thread.
Macs' own GPUs are left out: training does not use them either.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Placement:
    device: str  #: as torch calls it
    title: str  #: as people call it
    threads: int
    note: str | None  #: a sentence, where something is not as one would expect


def place(training_is_live: bool, usual_threads: int) -> Placement:
    """Choose for one request. `usual_threads` is how many torch takes by itself."""
    import torch

    if not torch.cuda.is_available():
        note = "A training run is using the processor, so the answers keep to one core and come more slowly."
        threads = 1 if training_is_live else usual_threads
        return Placement("cpu", "CPU", threads, note if training_is_live else None)
    if training_is_live:
        note = "A training run holds the GPU, so the answers come from the CPU, on one core."
        return Placement("cpu", "CPU", 1, note)
    return Placement("cuda", torch.cuda.get_device_name(), usual_threads, None)
