"""Rows of data as a browser shows them."""

from collections.abc import Mapping
from typing import Any

from rlft_gui.ui.components.rows.payloads import ExampleRow


def example(row: Mapping[str, Any]) -> ExampleRow:
    """Of a row's columns, those that are learnt from."""
    return ExampleRow.model_validate({name: row[name] for name in ExampleRow.model_fields if name in row})
