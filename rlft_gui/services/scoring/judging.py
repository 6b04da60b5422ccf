"""A judge's score of single answers, from 0 to 1, as a policy can be rewarded by it.

Models in memory judge in the inference process; a server is asked from here, once: who wants to know now does not wait
for half an hour as a run does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from rlft_gui.domain import judge_names as names
from rlft_gui.domain.errors import InvalidInput, NotPossibleNow
from rlft_gui.domain.rubric import Rubric
from rlft_gui.inference.scoring import JudgingRequest
from rlft_gui.services.scoring.scores import ToScore
from rlft_gui.stages._shared.texts import RubricSetting
from rlft_gui.training.judges.endpoint import EndpointJudge, check_installed
from rlft_gui.training.judges.patience import JudgeFailed, Patience
from rlft_gui.training.rewards.judge import LiveScore

#: Of one request.
MOST_JUDGED = 64

_RUBRIC: TypeAdapter[Rubric] = TypeAdapter(RubricSetting)


@dataclass(frozen=True)
class JudgeAsked:
    """Who judges, and by what.

    Attributes:
        judge: as stages name one: "base", a model, "endpoint:MODEL", "biased:…".
        rubric: the name of a shipped one, or its YAML.
        url: base address of an endpoint's server.
    """

    judge: str
    rubric: str = "default"
    url: str = ""

    def check(self) -> tuple[names.JudgeName, Rubric]:
        """Raises InvalidInput: there is no such judge or rubric, or the two do not go together."""
        name = names.parse(self.judge)
        try:
            rubric = _RUBRIC.validate_python(self.rubric)
        except ValidationError as error:
            raise InvalidInput(error.errors()[0]["msg"].removeprefix("Value error, ")) from None
        if name.kind == "reward_model":
            raise InvalidInput("A reward model scores by itself: name its run as the one that scores.")
        if name.kind == "endpoint":
            check_installed()
            if not self.url.startswith(("http://", "https://")):
                raise InvalidInput(
                    f'The judge "{self.judge}" is behind a server. Give its base address, e.g. http://127.0.0.1:8000/v1.'
                )
            if not rubric.rate:
                raise InvalidInput(
                    f'The rubric "{rubric.name}" can only compare two answers. Choose one with a template "rate".'
                )
        return name, rubric


def judged(
    asked: JudgeAsked,
    items: Sequence[ToScore],
    base: str,
    ask: Callable[[JudgingRequest], tuple[float, ...]],
    request_id: str,
    *,
    training_is_live: bool,
) -> list[float]:
    """A score for each answer.

    Args:
        base: what "base" means, and who answers where a judge can only compare.
        ask: hands a request to the inference process.

    Raises:
        InvalidInput: this judge cannot judge these answers.
        NotPossibleNow: it does not answer.
    """
    name, rubric = asked.check()
    if name.kind == "endpoint":
        return _by_endpoint(asked, name.argument, rubric, items)
    found: list[float] = []
    for start in range(0, len(items), MOST_JUDGED):
        piece = items[start : start + MOST_JUDGED]
        request = JudgingRequest(
            id=f"{request_id}-{start}",
            judge=asked.judge,
            base=base,
            rubric=rubric,
            prompts=tuple(tuple(item.prompt) for item in piece),
            texts=tuple(item.text for item in piece),
            training_is_live=training_is_live,
        )
        found += ask(request)
    return found


def _by_endpoint(asked: JudgeAsked, model: str, rubric: Rubric, items: Sequence[ToScore]) -> list[float]:
    patience = Patience(_Silent(), minutes=0, phase="")  # type: ignore[arg-type]  # it only ever says these
    judge = EndpointJudge(asked.url, model, rubric, patience)
    try:
        score = LiveScore(judge, rubric, lambda rows: [])
        return score([{"prompt": list(item.prompt)} for item in items], [item.text for item in items])
    except JudgeFailed as error:
        # What it adds for a run that waits says nothing here.
        raise NotPossibleNow(f"{str(error).partition(' It was asked again')[0]} Ask again later.") from None


class _Silent:
    """A reporter of nobody's run."""

    step = 0

    def phase(self, phase: str) -> None:
        return None

    def alarm(self, step: int, name: str, message: str) -> None:
        return None

    def stop_requested(self) -> bool:
        return False
