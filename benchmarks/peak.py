"""One attempt of one run in a process of its own, and the most memory that it held in each phase.

    python -m benchmarks.peak RECIPE HOME     prints {"phase": bytes} as its last line

Memory is what the process would need alone: resident on a processor (VmHWM, set back at each phase), allocated on CUDA.
"""

import json
import sys
from pathlib import Path

from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import Recipe
from rlft_gui.stages import stage
from rlft_gui.training.testing import RecordingReporter

SELF = Path("/proc/self")


class PeakReporter(RecordingReporter):
    """Notes the peak of a phase when the next one begins."""

    peaks: dict[str, int]
    now = "starting"

    def phase(self, phase: str) -> None:
        super().phase(phase)
        self.note(phase)

    def note(self, following: str = "") -> None:
        self.peaks[self.now] = max(self.peaks.get(self.now, 0), peak())
        self.now = following


def main(recipe_file: str, home: str) -> None:
    recipe = Recipe.model_validate_json(Path(recipe_file).read_bytes())
    folder = Home(Path(home)).run(recipe.run_id)
    folder.path.mkdir(parents=True, exist_ok=True)
    folder.recipe.write_bytes(Path(recipe_file).read_bytes())
    reporter = PeakReporter(folder)
    reporter.peaks = {}
    stage(recipe.stage).train(recipe, reporter)
    reporter.note()
    print(json.dumps(reporter.peaks))


def peak() -> int:
    """Since it was last asked."""
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        peak = int(torch.cuda.max_memory_reserved())
        torch.cuda.reset_peak_memory_stats()
        return peak
    status = (SELF / "status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    (SELF / "clear_refs").write_text("5")  # sets it back to what is held now
    return 1024 * int(kilobytes)


if __name__ == "__main__":
    main(*sys.argv[1:])
