"""A model that judges single answers in the inference process, as it does in training (training/rewards/judge.py).

One judge stays loaded: who asks another has it replaced. Judges behind a server are asked by whoever wants to know.
"""

from collections.abc import Callable
from typing import Any

from rlft_gui.domain import judge_names as names
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.inference.placement import place
from rlft_gui.inference.protocol import Reply
from rlft_gui.inference.scoring import JudgingRequest
from rlft_gui.training.judges import Judge
from rlft_gui.training.models.loading import base_stamp, load_base
from rlft_gui.training.rewards.judge import LiveScore, References


class Judging:
    """The judge that is loaded in one home."""

    def __init__(self, home: Home, usual_threads: int) -> None:
        self._home = home
        self._usual_threads = usual_threads
        self._loaded: dict[tuple[Any, ...], tuple[Any, Any]] = {}

    def answer(
        self, request: JudgingRequest, tell: Callable[[Reply], None], is_cancelled: Callable[[], bool]
    ) -> None:
        """Judge all answers; nothing is told where `is_cancelled` says so before.

        Raises:
            NotFound, InvalidInput: the judge is not there, cannot be loaded, or cannot read so much.
        """
        import torch

        placement = place(request.training_is_live, self._usual_threads)
        torch.set_num_threads(placement.threads)
        tell(Reply(event="started", device=placement.title, note=placement.note))
        score = LiveScore(
            self._judge(request, placement.device),
            request.rubric,
            References(lambda: self._model(request.base, placement.device)),
        )
        if is_cancelled():
            return
        rows = [{"prompt": list(prompt)} for prompt in request.prompts]
        tell(Reply(event="judged", judged=tuple(score(rows, request.texts))))

    def _judge(self, request: JudgingRequest, device: str) -> Judge:
        from rlft_gui.training.judges.biased import BiasedJudge
        from rlft_gui.training.judges.local import LocalJudge

        name = names.parse(request.judge)
        if name.kind == "biased":
            return BiasedJudge(names.biases(name.argument), seed=0)
        if name.kind not in ("base", "model"):
            raise InvalidInput(f'"{request.judge}" is no model that can be loaded as a judge.')
        source = request.base if name.kind == "base" else name.argument
        return LocalJudge(*self._model(source, device), request.rubric)

    def _model(self, source: str, device: str) -> tuple[Any, Any]:
        source = self._home.located(source)
        key = (source, device, base_stamp(source))
        if key not in self._loaded:
            self._loaded = {key: load_base(source, device)}
        return self._loaded[key]
