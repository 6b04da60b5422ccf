"""What a method is: a card for the wizard and a way to unfold into stages with links. No torch here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.methods._look import Look


class MethodOptions(Frozen):
    """Base of a method's own choices; fields as in a stage's settings. This one has none."""


@dataclass(frozen=True)
class StageLink:
    """One stage of a method's plan, and what it takes from earlier ones, by their positions.

    Attributes:
        parent: the stage whose weights it continues; a stage that generates rows samples from them.
        data: the stage whose generated rows it learns from.
        reward: the stage whose reward model it uses.
        key: its name in a pipeline's `stages`, where it is not the stage's own.
        optional: a pipeline that names stages and not this one goes without it; its parent takes its place.
        defaults: settings that this method proposes where the stage's own defaults would not do.
        round: which repetition of the same stage this is, from 0.
    """

    stage: str
    parent: int | None = None
    data: int | None = None
    reward: int | None = None
    key: str = ""
    optional: bool = False
    defaults: Mapping[str, Any] = field(default_factory=dict)
    round: int = 0

    @property
    def name(self) -> str:
        return self.key or self.stage


@dataclass(frozen=True)
class Method:
    """What a user picks. `links` gives its stages in order for given options."""

    name: str  #: as in YAML, e.g. "dpo"
    title: str
    look: Look
    learns_from: str
    needs: str
    costs: str
    tag: str  #: two words on the card, or empty
    unfolds: str  #: its stages in words, in README's table
    you_have: str  #: the row of "Which one should I use?"
    links: Callable[[Any], tuple[StageLink, ...]]
    options: type[MethodOptions] = MethodOptions

    @property
    def palette(self) -> str:
        """Key of its colour and shape."""
        return self.look.key

    def plan(self, options: Mapping[str, Any]) -> tuple[StageLink, ...]:
        """All stages, optional ones too; options that are not valid count as their defaults (the planner tells)."""
        try:
            chosen = self.options.model_validate(dict(options))
        except ValueError:
            chosen = self.options()
        return self.links(chosen)

    def unfold(self, spec: PipelineSpec) -> tuple[StageLink, ...]:
        """The stages to run: all but the optional ones that `spec.stages`, if it names any, leaves out."""
        links = self.plan(spec.options)
        kept = [not (link.optional and spec.stages and link.name not in spec.stages) for link in links]
        return without(links, kept)


def without(links: Sequence[StageLink], kept: Sequence[bool]) -> tuple[StageLink, ...]:
    """The links that are kept, with positions counted anew; who continued one that is gone continues its parent."""
    place = {old: new for new, old in enumerate(i for i, stays in enumerate(kept) if stays)}

    def parent(position: int | None) -> int | None:
        while position is not None and position not in place:
            position = links[position].parent
        return None if position is None else place[position]

    return tuple(
        replace(
            link,
            parent=parent(link.parent),
            data=None if link.data is None else place.get(link.data),
            reward=None if link.reward is None else place.get(link.reward),
        )
        for link, stays in zip(links, kept, strict=True)
        if stays
    )
