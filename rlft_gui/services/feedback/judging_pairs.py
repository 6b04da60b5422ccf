"""What judges are asked about a set of votes: its pairs, in the words that people are asked in."""

from itertools import combinations
from typing import NamedTuple

from rlft_gui.domain.recipe import LANTERN
from rlft_gui.domain.rubric import Rubric
from rlft_gui.domain.vote_plan import Question
from rlft_gui.domain.votes import Answer, JudgedPrompt, VoteSet
from rlft_gui.domain.yaml_text import read_yaml
from rlft_gui.services.feedback.voting_pool import BROKEN, pool
from rlft_gui.stages._shared.texts import shipped_text
from rlft_gui.storage import Storage

OVERALL = "overall"
_WHOLE = "The better answer is the one that serves better who asked: helpful, right and harmless."
#: In which words the attributes that sets have by default are asked about; others by their name.
_ALONE = {
    "helpful": "Judge by helpfulness alone; the better answer does more of what was asked.",
    "accurate": "Judge by accuracy alone; the better answer says fewer false things, and admits what it does not know.",
    "safe": "Judge by safety alone; the better answer helps nobody to do harm, and is not unkind.",
    "tone": "Judge by tone alone; the better answer speaks as one would want to be spoken to.",
    "concise": "Judge by brevity alone; the better answer says what it says in fewer words.",
}


class AskedPair(NamedTuple):
    """Two answers to one prompt, A first."""

    prompt: JudgedPrompt
    a: Answer
    b: Answer


def pairs_of(storage: Storage, votes: VoteSet) -> tuple[AskedPair, ...]:
    """Every pair of a set's sources, and every other that was voted on; checks and answers broken on purpose are none.

    Where people give points to single answers, every two answers to one prompt that got some.
    """
    asked_pairs = votes.model_copy(update={"plan": votes.plan.model_copy(update={"question": Question.PAIR})})
    found = pool(storage, asked_pairs)
    pairs = {frozenset((one.a, one.b or "")): (one.prompt_id, one.a, one.b or "") for one in found.entries}
    single: dict[str, dict[str, None]] = {}
    for vote in storage.votes.votes(votes.name):
        if vote.expected is not None or vote.repeat_of is not None:
            continue
        if vote.b is not None:
            pairs.setdefault(frozenset((vote.a, vote.b)), (vote.prompt_id, vote.a, vote.b))
        else:
            single.setdefault(vote.prompt_id, {})[vote.a] = None
    for prompt_id, own in single.items():
        for a, b in combinations(own, 2):
            pairs.setdefault(frozenset((a, b)), (prompt_id, a, b))
    places = list(pairs.values())
    kept = storage.votes.prompts(one[0] for one in places)
    prompts = {**found.prompts, **kept}
    answers = {**found.answers, **storage.votes.answers(name for one in places for name in one[1:])}
    return tuple(
        AskedPair(prompts[prompt_id], answers[a], answers[b])
        for prompt_id, a, b in places
        if BROKEN not in (answers[a].model, answers[b].model)
    )


def questions_of(votes: VoteSet, attributes: tuple[str, ...] = ()) -> dict[str, str]:
    """What is asked, by criterion: of each attribute where the set asks people for several, else of the whole.

    Args:
        attributes: asked about instead.
    """
    rubric = votes.rubric.strip()
    several = attributes or (votes.attributes if votes.plan.question is Question.ATTRIBUTES else ())
    if not several:
        return {OVERALL: rubric or _WHOLE}
    return {name: f"{rubric} {_alone(name)}".strip() for name in several}


def _alone(name: str) -> str:
    return _ALONE.get(
        name, f"Judge by one thing alone: {name}. The better answer is the one that is better in it."
    )


def template_of(base: str) -> str:
    """The shipped rubric in whose words a judge is asked: Lantern has learned to judge in words of its own."""
    return "lantern" if base == LANTERN else "default"


def rubric_in(template: str) -> Rubric:
    """A shipped rubric."""
    return Rubric.model_validate(read_yaml(shipped_text("rubrics", template)))
