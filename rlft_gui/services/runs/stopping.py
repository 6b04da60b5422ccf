"""What stays of a run that stops, in sentences: what is certain when it is asked to, and where resume goes on later."""

from rlft_gui.data.generated import prompts_done
from rlft_gui.domain.home import Home
from rlft_gui.domain.reporting import LOADING
from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from rlft_gui.services.runs.outputs import output_of
from rlft_gui.storage import Storage


class Stopping:
    """Reads rows and the run's folder, and changes nothing."""

    def __init__(self, home: Home, storage: Storage) -> None:
        self._home = home
        self._storage = storage

    def resume_hint(self, run: Run) -> str:
        """Where resume goes on, of a run that has ended."""
        kept = self._kept(run)
        if self._answers(run):
            return (
                f"Resume goes on behind answer {kept}; nothing is drawn again."
                if kept
                else "No answer is there yet, so resume starts it from the beginning."
            )
        if self._makes_rows(run):
            return (
                f"Resume goes on behind prompt {kept}, and the rows made so far are kept."
                if kept
                else "No prompt is done yet, so resume starts it from the beginning."
            )
        if kept is None:
            return "It has no checkpoint yet, so resume starts it from the beginning."
        return f"Resume goes on from step {kept}."

    def answer(self, run: Run) -> str:
        """What a run does that is asked to stop now, and what is kept whatever happens to it."""
        return f"{self._does(run)} {self._keeps(run)}"

    def _does(self, run: Run) -> str:
        if run.status is RunStatus.QUEUED:
            return "It leaves the queue."
        if run.phase in (None, LOADING):
            return "It is still loading, so it ends at once."
        if self._answers(run):
            return "It ends within seconds, and the answers under way are drawn again on resume."
        if self._makes_rows(run):
            return "It ends within seconds, and the prompts under way are taken again on resume."
        return "It saves its last whole step, if it has made one, and ends."

    def _keeps(self, run: Run) -> str:
        kept = self._kept(run)
        if self._answers(run):
            return f"Its {kept} answers are kept." if kept else "No answer is there yet."
        if self._makes_rows(run):
            return f"The rows of {kept} prompts are kept." if kept else "No prompt is done yet."
        if kept is None:
            return "No checkpoint is there yet."
        return f"Its checkpoint of step {kept} is kept."

    def _kept(self, run: Run) -> int | None:
        """The answers or prompts that are done, or the step of the newest checkpoint."""
        if self._answers(run):
            count, failed = self._storage.answers.counts(run.id)
            return count - failed  # those are asked for anew
        if self._makes_rows(run):
            return prompts_done(self._home.run(run.id))
        return max((one.step for one in self._storage.reports.checkpoints(run.id)), default=None)

    def _makes_rows(self, run: Run) -> bool:
        return output_of(run) == "rows"

    def _answers(self, run: Run) -> bool:
        return output_of(run) == "answers"
