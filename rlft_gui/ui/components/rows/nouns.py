"""What rows are called, by their type."""

from rlft_gui.domain.dataset import DataType

#: What rows of a type are called, and what they hold.
NOUNS = {
    DataType.DEMONSTRATIONS: ("demonstrations", "prompts with a good answer"),
    DataType.PREFERENCES: ("preferences", "prompts with a chosen and a rejected answer"),
    DataType.PROMPTS: ("prompts", "prompts alone"),
    DataType.THUMBS: ("thumbs", "prompts with an answer marked good or bad"),
    DataType.RATINGS: ("ratings", "prompts with an answer and its scores"),
    DataType.CANDIDATES: ("candidates", "prompts with several answers"),
    DataType.TEXT: ("texts", "documents, of which every word is learnt"),
}
