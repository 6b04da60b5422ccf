"""What a method is: a card for the wizard and a way to unfold into stages with links. No torch here."""

from dataclasses import dataclass

from rlft_gui.domain.recipe import PipelineSpec


@dataclass(frozen=True)
class StageLink:
    """One stage of a method's plan. `parent` is the position of the stage whose adapter it continues, if any."""

    stage: str
    parent: int | None = None


@dataclass(frozen=True)
class Method:
    """What a user picks. Its stages run in order; each may continue the adapter of an earlier one."""

    name: str  #: as in YAML, e.g. "dpo"
    title: str
    palette: str  #: colour and shape key of the style sheet: base sft dpo rlhf rlaif cai grpo kto bon
    learns_from: str
    needs: str
    costs: str
    tag: str  #: two words on the card, or empty
    you_have: str  #: the row of "Which one should I use?"
    stages: tuple[StageLink, ...]

    def unfold(self, spec: PipelineSpec) -> tuple[StageLink, ...]:
        """The stages to run: those named in `spec.stages`, or all. A stage left out hands its place to `start_from`."""
        if not spec.stages:
            return self.stages
        kept = [link for link in self.stages if link.stage in spec.stages]
        names = [link.stage for link in kept]
        return tuple(
            StageLink(
                link.stage,
                names.index(self.stages[link.parent].stage)
                if link.parent is not None and self.stages[link.parent].stage in names
                else None,
            )
            for link in kept
        )
