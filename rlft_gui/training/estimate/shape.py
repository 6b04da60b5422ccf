"""What of a model decides how much memory it takes."""

from rlft_gui.domain._base import Frozen


class ModelShape(Frozen):
    """Counts of numbers, as config.json and the headers of the weights tell them.

    Attributes:
        parameters: all of them; what two layers share counts once.
        stored: bytes of its weights on disk.
        inner: width within the feed-forward part of a layer, for one token.
        queries, keys: width of all query heads of a layer, and of all its key heads.
        adapted: numbers of a LoRA of rank 1 on every linear layer; `adapted_attention` on those of the attention.
        linears: how many linear layers there are, the head for words left out; `linears_attention` of the attention.
    """

    parameters: int
    stored: int
    vocabulary: int
    width: int
    inner: int
    layers: int
    queries: int
    keys: int
    adapted: int
    adapted_attention: int
    linears: int
    linears_attention: int
    context: int | None = None
