"""Rows of data as a browser shows them."""

from collections.abc import Mapping
from typing import Any

from rlft_gui.domain.turns import said
from rlft_gui.ui.components.rows.payloads import ExampleRow


def example(row: Mapping[str, Any]) -> ExampleRow:
    """Of a row's columns, those that are learnt from."""
    return ExampleRow.model_validate(
        {name: _shown(row[name]) for name in ExampleRow.model_fields if name in row}
    )


def _shown(value: Any) -> Any:
    """Turns with what they say, calls of tools included; anything else as it is."""
    if isinstance(value, list):
        return [_shown(one) for one in value]
    return (
        {"role": value["role"], "content": said(value)}
        if isinstance(value, dict) and "role" in value
        else value
    )
