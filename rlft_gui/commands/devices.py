"""`rlft devices`: what this machine has, how busy it is, and which run holds how much of it."""

from typing import TYPE_CHECKING

import typer

from rlft_gui.commands.shared import DEFAULT_HOME, HomeOption, JsonOption, open_home, told

if TYPE_CHECKING:
    from rlft_gui.services.devices import Devices, Holder

_GB = 1e9


@told
def devices(as_json: JsonOption = False, home: HomeOption = DEFAULT_HOME) -> None:
    """Processor, memory, GPUs and disk, and what each live run holds of them."""
    found = open_home(home).devices.look()
    typer.echo(found.model_dump_json() if as_json else "\n".join(_lines(found)))


def _lines(found: "Devices") -> list[str]:
    machine = found.machine
    gpus = [
        f"GPU {gpu.index}      {gpu.name}: {gpu.memory_used / _GB:.1f} of {gpu.memory_total / _GB:.1f} GB"
        f"{'' if gpu.percent is None else f', {gpu.percent} % busy'}"
        for gpu in found.gpus
    ]
    return [
        f"processor  {machine.cpu_count} cores",
        f"memory     {machine.memory_used / _GB:.1f} of {machine.memory_total / _GB:.1f} GB",
        *(gpus or [f"GPU        {name}" for name in machine.gpus] or ["GPU        none found"]),
        f"disk       {machine.disk_free / _GB:.1f} GB free",
        *(_held(holder) for holder in found.held),
    ]


def _held(holder: "Holder") -> str:
    gpus = "".join(f", {size / _GB:.1f} GB of GPU {index}" for index, size in holder.gpus.items())
    memory = f"{holder.memory / _GB:.1f} GB{gpus}" if holder.memory else "starting"
    return f"{holder.run}  {holder.stage}, {memory}  {holder.title}"
