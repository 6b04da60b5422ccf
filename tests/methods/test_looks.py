"""A method is told from every other by colour and by shape, on light and on dark."""

import re

import pytest

from rlft_gui.methods import LOOKS, Look

SURFACE = {"light": "#FFFFFF", "dark": "#131924"}
LEAST_CONTRAST = 3.0  # WCAG 2.2, 1.4.11: graphical objects


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    shares = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("field", ["key", "light", "dark", "shape", "symbol"])
def test_no_two_methods_share_a_colour_or_a_shape(field: str) -> None:
    """Before, iterated rounds looked like RLAIF."""
    values = [getattr(look, field) for look in LOOKS]
    assert len(set(values)) == len(values)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.key)
def test_a_colour_stands_out_from_its_surface(look: Look) -> None:
    for surface, behind in SURFACE.items():
        color = getattr(look, surface)
        assert re.fullmatch("#[0-9A-F]{6}", color)
        assert contrast(color, behind) >= LEAST_CONTRAST, surface
