"""A comparison of several models that has ended, and a clock that tests set, for votes over real rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rlft_gui.domain.comparison import Comparison, Generation, GenerationStatus, Pane, Sampling
from rlft_gui.domain.vote_plan import VotePlan
from rlft_gui.domain.votes import VoteSet
from rlft_gui.services.feedback.votes import Votes
from rlft_gui.services.feedback.voting import Voting
from rlft_gui.storage import Storage, open_storage
from tests.fakes.homes import fresh_home

PANES = (
    Pane(model="base", title="Base of everything"),
    Pane(model="tour-dpo", title="Quick tour · DPO", palette="dpo"),
    Pane(model="tour-rlhf", title="Quick tour · RLHF", palette="rlhf"),
)
CHECKPOINTS = ("base", "tour-dpo@40", "tour-rlhf@60")


def answer_of(pane: int, prompt: int) -> str:
    """Words that tell which model wrote them to tests alone: the base says "zero", the others "one" and "two"."""
    said = ("zero", "one", "two")[pane]
    return f"{said} answers question {prompt} in so many plain words"


def compared(
    storage: Storage,
    name: str,
    prompts: int,
    panes: int = 2,
    texts: dict[tuple[int, int], str] | None = None,
    written: int | None = None,
) -> str:
    """The source of a comparison that has ended, or of which only the first prompts are answered (`written`).

    `texts` by pane and prompt where they are not `answer_of`.
    """
    done, writing = GenerationStatus.DONE, GenerationStatus.WRITING
    generations = [
        Generation(
            pane=pane,
            prompt_index=index,
            checkpoint=CHECKPOINTS[pane],
            text=(texts or {}).get((pane, index), answer_of(pane, index)),
            tokens=20,
            finish="ended by itself",
            status=done if written is None or index < written else writing,
            scores={"gold": float(pane)},
        )
        for index in range(prompts)
        for pane in range(panes)
    ]
    storage.comparisons.add(
        Comparison(
            id=name,
            base="lantern",
            panes=PANES[:panes],
            prompts=tuple(f"Question {index}?" for index in range(prompts)),
            item_ids=(None,) * prompts,
            sampling=Sampling(),
            generations=tuple(generations),
            status=done if written is None else writing,
            version=1,
            created_at=1.0,
        )
    )
    return f"comparison:{name}"


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


class Case:
    """Voting over a fresh home."""

    def __init__(self, path: Path) -> None:
        self.storage = open_storage(fresh_home(path))
        self.clock = Clock()
        self.votes = Votes(self.storage)
        self.voting = Voting(self.storage, self.votes, self.clock)

    def a_set(
        self,
        prompts: int,
        *,
        panes: int = 2,
        sources: Sequence[str] = (),
        name: str = "week 1",
        **plan: object,
    ) -> str:
        """A set over a new comparison; without repeats and checks unless `plan` says so."""
        found = tuple(sources) or (compared(self.storage, f"c-{name.replace(' ', '-')}", prompts, panes),)
        asked = VotePlan.model_validate({"repeats": 0, "checks": 0} | plan)
        return self.voting.create(VoteSet(name=name, sources=found, plan=asked), user="local").name
