"""What is asked of whom: the conversation behind each answer, and the answers that are still to come."""

from collections.abc import Sequence

from rlft_gui.domain.comparison import Comparison, Generation, GenerationStatus, ModelRef
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.turns import Message
from rlft_gui.inference.protocol import Ask, BasedModel, GenerationRequest

MOST_DRAWS = 5  #: seeds of every pane at first
MOST_AGAIN = 50  #: of one pane, for one prompt
MOST_SEED = 2**31
#: Of all that is sent to a model in one go; a request must stay a line.
MOST_CHARACTERS = 3_000_000


def first_answers(panes: int, prompts: int, draws: int, seed: int) -> tuple[Generation, ...]:
    """All that a new comparison asks for, by prompt, then by draw."""
    return tuple(
        one for prompt in range(prompts) for one in answers_to(prompt, panes=panes, draws=draws, seed=seed)
    )


def answers_to(prompt: int, *, panes: int, draws: int, seed: int) -> tuple[Generation, ...]:
    return tuple(_generation(pane, prompt, draw, seed) for draw in range(draws) for pane in range(panes))


def answers_again(
    comparison: Comparison, pane: int | None, prompt_index: int | None
) -> tuple[Generation, ...]:
    """What to draw anew: with the next seed where there is an answer, with the same where it failed.

    Raises:
        InvalidInput: there is no such pane or prompt, or it was drawn often enough.
    """
    panes = _chosen(pane, len(comparison.panes), "pane")
    prompts = _chosen(prompt_index, len(comparison.prompts), "prompt")
    if comparison.chat:
        prompts = [index for index in prompts if index == len(comparison.prompts) - 1]
    if not prompts:
        raise InvalidInput(
            "Only the last turn of a conversation can be drawn again: later turns go on from what was said."
        )
    return tuple(
        _next(comparison, index, pane, draw)
        for index in prompts
        for draw in range(comparison.draws)
        for pane in panes
    )


def request_for(comparison: Comparison, wanted: Sequence[Generation], *, live: bool) -> GenerationRequest:
    """What the inference process is asked.

    Raises:
        InvalidInput: it would be too long.
    """
    conversations: dict[str, int] = {}
    told: list[tuple[Message, ...]] = []
    asks = []
    for one in wanted:
        messages = conversation(comparison, one)
        number = conversations.setdefault(repr(messages), len(told))
        if number == len(told):
            told.append(messages)
        asks.append(
            Ask(
                pane=one.pane,
                prompt_index=one.prompt_index,
                draw=one.draw,
                conversation=number,
                seed=one.seed,
            )
        )
    size = sum(len(message["content"]) for messages in told for message in messages)
    if size > MOST_CHARACTERS:
        raise InvalidInput(
            f"This conversation has grown to {size:,} characters over all panes; {MOST_CHARACTERS:,} are the most. Begin a "
            "new comparison."
        )
    panes = tuple(_based(pane.model, comparison.base) for pane in comparison.panes)
    return GenerationRequest(
        id=comparison.id,
        panes=panes,
        conversations=tuple(told),
        asks=tuple(asks),
        sampling=comparison.sampling,
        training_is_live=live,
    )


def conversation(comparison: Comparison, wanted: Generation) -> tuple[Message, ...]:
    """All that a pane is told before it answers: in a conversation, what it has said itself before.

    A turn that it could not answer is left out.
    """
    messages: list[Message] = []
    if comparison.system:
        messages.append({"role": "system", "content": comparison.system})
    for turn in range(wanted.prompt_index if comparison.chat else 0):
        said = _said(comparison, turn, wanted)
        if said is not None:
            messages.append({"role": "user", "content": comparison.prompts[turn]})
            messages.append({"role": "assistant", "content": said.text})
    messages.append({"role": "user", "content": comparison.prompts[wanted.prompt_index]})
    return tuple(messages)


def _said(comparison: Comparison, turn: int, wanted: Generation) -> Generation | None:
    """What the pane answered in an earlier turn, in this line of seeds: the newest where it was drawn again."""
    line = wanted.draw % comparison.draws
    own = [
        one
        for one in comparison.draws_of(turn, wanted.pane)
        if one.draw % comparison.draws == line and one.status is GenerationStatus.DONE and one.text
    ]
    return own[-1] if own else None


def _next(comparison: Comparison, prompt_index: int, pane: int, line: int) -> Generation:
    own = [one for one in comparison.draws_of(prompt_index, pane) if one.draw % comparison.draws == line]
    newest = own[-1]
    is_lost = newest.status is GenerationStatus.FAILED
    draw = newest.draw if is_lost else newest.draw + comparison.draws
    if draw >= MOST_AGAIN:
        raise InvalidInput(
            f"This pane has answered with {MOST_AGAIN} seeds, which is the most. Begin a new comparison."
        )
    return _generation(pane, prompt_index, draw, comparison.sampling.seed)


def _generation(pane: int, prompt_index: int, draw: int, seed: int) -> Generation:
    return Generation(pane=pane, prompt_index=prompt_index, draw=draw, seed=(seed + draw) % MOST_SEED)


def _chosen(one: int | None, count: int, what: str) -> list[int]:
    if one is None:
        return list(range(count))
    if not 0 <= one < count:
        raise InvalidInput(f"There is no {what} {one + 1} in this comparison; it has {count}.")
    return [one]


def _based(model: str, base: str) -> BasedModel:
    ref = ModelRef.parse(model)
    return BasedModel(base=ref.named or base, **ref.model_dump())
