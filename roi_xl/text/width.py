"""How wide a text is: a Chinese character takes two columns of a terminal or a sheet."""

import unicodedata


def text_width(text: object) -> int:
    """The columns of the longest line."""
    return max(
        (sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in line))
        for line in str(text).split("\n")
    )
