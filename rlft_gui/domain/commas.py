"""Numbers with a comma, as half of the world writes them."""

import re
from typing import Any


def with_a_point(found: Any) -> str:
    """Advice behind a refusal of 0,7, with a space before it; empty for whatever else was found."""
    if not isinstance(found, str) or not re.fullmatch(r"-?[0-9]+,[0-9]+", found.strip()):
        return ""
    return f" Write {found.strip().replace(',', '.')} with a point."
