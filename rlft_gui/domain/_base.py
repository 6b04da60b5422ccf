"""The base of every fact in the vocabulary: frozen, and strict about unknown fields."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable fact. NaN and infinities survive JSON as the strings "NaN", "Infinity" and "-Infinity"."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")
