"""Colours as a reader sees them: resolved from cells, with the contrast of WCAG."""

import re
from typing import Any

from openpyxl.styles.colors import COLOR_INDEX

BLACK, WHITE = "000000", "FFFFFF"
# Okabe and Ito 2008, with the grey that accompanies it
OKABE_ITO = frozenset(
    ("000000", "E69F00", "56B4E9", "009E73", "F0E442", "0072B2", "D55E00", "CC79A7", "999999")
)
LEAST_CONTRAST = 4.5  # WCAG 2.1, level AA, ordinary text
_THEME = ("FFFFFF", "000000", "EEECE1", "1F497D", "4F81BD", "C0504D", "9BBB59", "8064A2")


def rgb(color: Any, otherwise: str) -> str:
    """Six hexadecimal digits of an openpyxl colour."""
    if color is None:
        return otherwise
    if color.type == "rgb" and isinstance(color.rgb, str):
        return str(color.rgb)[-6:].upper()
    if color.type == "indexed" and 0 <= color.indexed < len(COLOR_INDEX):
        return str(COLOR_INDEX[color.indexed])[-6:].upper()
    if color.type == "theme" and 0 <= color.theme < len(_THEME):
        return _THEME[color.theme]
    return otherwise


def ink(cell: Any) -> str:
    """The colour of a cell's text."""
    return rgb(cell.font.color if cell.font else None, BLACK)


def ground(cell: Any) -> str:
    """The colour behind a cell's text."""
    fill = cell.fill
    return rgb(fill.fgColor, WHITE) if fill is not None and fill.fill_type == "solid" else WHITE


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio of two colours, 1 (the same) to 21 (black on white).

    Source:
        WCAG 2.1, definitions of contrast ratio and relative luminance.

    Example:
        >>> contrast("000000", "FFFFFF")
        21.0
    """
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return round((light + 0.05) / (dark + 0.05), 2)


def _luminance(colour: str) -> float:
    parts = [int(p, 16) / 255 for p in re.findall("..", colour)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
