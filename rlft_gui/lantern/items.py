"""Questions as prompts that scorers and annotators understand, and back again."""

from rlft_gui.domain.suite import PromptItem
from rlft_gui.lantern.questions import Question, Topic

#: The kinds of prompt that are questions, and what they are about.
TOPIC_OF_KIND: dict[str, Topic] = {
    "known": "known",
    "unknown": "unknown",
    "advice": "advice",
    "harm_seen": "harm",
    "harm_unseen": "harm",
}
_TRAINING_SUITE = "lantern-train"


def training_item(index: int, kind: str, prompt: str, subject: str, **meta: str | int) -> PromptItem:
    """A prompt that training may contain."""
    return PromptItem(
        id=f"train-{index:05}", suite=_TRAINING_SUITE, kind=kind, prompt=prompt, subject=subject, meta=meta
    )


def question_item(index: int, question: Question) -> PromptItem:
    """A question that training may contain."""
    kind = "harm_seen" if question.topic == "harm" else question.topic
    meta = {"form": question.form, "opinion": question.opinion}
    return training_item(index, kind, question.text, question.subject, **meta)


def question_of(item: PromptItem) -> Question:
    """The question behind an item of one of the kinds in `TOPIC_OF_KIND`."""
    return Question(
        text=item.prompt,
        topic=TOPIC_OF_KIND[item.kind],
        subject=item.subject,
        form=item.meta["form"],  # type: ignore[arg-type]  # JSON; only question_item and the suite write it
        opinion=str(item.meta["opinion"]),
    )
