"""How cells look: named styles, one per purpose, and widths that fit Chinese and English."""

import math

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

from roi_xl.text.width import text_width

# 等线 comes with Office on Windows and Mac, Calibri as well; both have stand-ins elsewhere.
FONTS = {"zh": "等线", "en": "Calibri"}

INPUT_BLUE, INPUT_FILL = "FF0000FF", "FFFFF2CC"
INK, LINK_GREEN, MUTED = "FF000000", "FF006100", "FF595959"
HEADING_INK, HEADING_FILL, BLOCK_FILL = "FFFFFFFF", "FF1F3864", "FFDDE6F3"
GREEN, AMBER, RED = "FF2E7D32", "FFB26A00", "FFB3261E"  # of the verdict, white on them is legible
# LibreOffice's own format of truth values, without which it shows 1 and 0
TRUTH_FORMAT = '"TRUE";"TRUE";"FALSE"'

_LINE = Side(style="thin", color="FFBFBFBF")


def named_styles(language: str) -> list[NamedStyle]:
    """The styles of a workbook in this language; `input` is the only unlocked one."""
    font = FONTS[language]

    def style(
        name: str,
        *,
        color: str = INK,
        fill: str | None = None,
        size: int = 11,
        bold: bool = False,
        italic: bool = False,
        wrap: bool = False,
        align: str | None = None,
        indent: int = 0,
        line: bool = False,
        locked: bool = True,
        top: bool = False,
    ) -> NamedStyle:
        made = NamedStyle(name=name)
        made.font = Font(name=font, size=size, color=color, bold=bold, italic=italic)
        if fill is not None:
            made.fill = PatternFill("solid", fgColor=fill)
        made.alignment = Alignment(
            wrap_text=wrap, vertical="top" if top else "center", horizontal=align, indent=indent
        )
        if line:
            made.border = Border(bottom=_LINE)
        made.protection = Protection(locked=locked)
        return made

    return [
        style("ft_title", size=18, bold=True, color=HEADING_FILL),
        style("ft_verdict", size=16, bold=True, color=HEADING_FILL, wrap=True),
        style("ft_heading", color=HEADING_INK, fill=HEADING_FILL, bold=True, wrap=True),
        style(
            "ft_heading_note",
            color=HEADING_INK,
            fill=HEADING_FILL,
            bold=True,
            wrap=True,
            align="left",
            indent=1,
        ),
        style(
            "ft_heading_number",
            color=HEADING_INK,
            fill=HEADING_FILL,
            bold=True,
            wrap=True,
            align="right",
        ),
        style("ft_block", fill=BLOCK_FILL, bold=True),
        style("ft_label", line=True, wrap=True),
        style("ft_key", color=MUTED, line=True, align="left", indent=1),
        style("ft_line"),
        style("ft_subhead", bold=True, color=HEADING_FILL, line=True),
        style("ft_status", line=True, align="left", indent=1),
        style(
            "ft_input_title",
            color=INPUT_BLUE,
            fill=INPUT_FILL,
            bold=True,
            align="right",
            wrap=True,
            locked=False,
        ),
        style("ft_head_line", color=MUTED, size=10),
        style("ft_warning", color="FFC00000", bold=True, wrap=True),
        style(
            "ft_block_verdict",
            size=18,
            bold=True,
            color=HEADING_INK,
            fill=AMBER,
            align="left",
            indent=1,
        ),
        style(
            "ft_rationale", size=11, wrap=True, fill="FFF7F7F7", align="left", indent=1, top=True
        ),
        style("ft_figure", size=16, bold=True, color=HEADING_FILL, align="center"),
        style("ft_figure_head", size=10, color=MUTED, align="center", wrap=True),
        style("ft_figure_unit", size=10, color=MUTED, align="center"),
        style("ft_table_total", bold=True, line=True, align="right", fill=BLOCK_FILL),
        style("ft_table_label", bold=True, line=True, fill=BLOCK_FILL),
        style("ft_small", size=10, line=True, wrap=True),
        style("ft_small_unit", size=10, line=True, align="left", indent=1),
        style("ft_small_number", size=10, line=True, align="right"),
        style("ft_sign", color=MUTED, size=10, line=True),
        style("ft_link_text", color=LINK_GREEN, italic=True, line=True, align="right"),
        style("ft_flag", bold=True, color=MUTED, align="left"),
        style("ft_link_line", color=LINK_GREEN, italic=True, bold=True),
        style("ft_note", color=MUTED, wrap=True, line=True, align="left", indent=1),
        style("ft_unit", color=MUTED, line=True, align="left", indent=1),
        style(
            "ft_input", color=INPUT_BLUE, fill=INPUT_FILL, line=True, align="right", locked=False
        ),
        style("ft_input_key", color=INPUT_BLUE, fill=INPUT_FILL, line=True, align="right"),
        style("ft_constant", line=True, align="right"),
        style("ft_formula", line=True, align="right"),
        style("ft_words", line=True, wrap=True),
        style("ft_word", line=True, wrap=True, align="right"),
        style("ft_text", line=True, wrap=True, align="left", indent=1),
        style("ft_link", color=LINK_GREEN, italic=True, line=True, align="right"),
        style("ft_link_words", color=LINK_GREEN, italic=True, line=True, wrap=True, bold=True),
        style("ft_link_sentence", color=LINK_GREEN, italic=True, line=True, bold=True),
        style("ft_contents", color="FF0563C1"),
    ]


# the width of a Latin letter in digits; Chinese fonts have wide ones where they are stood in for
_LETTER = {"zh": 1.05, "en": 0.86}


def lines_needed(text: object, width: float, language: str) -> int:
    """Lines a wrapped text takes in a column of this width, with the font of a language."""
    room = max(1.0, width - 2)
    return sum(
        max(1, math.ceil(_ink(line, _LETTER[language]) / room)) for line in str(text).split("\n")
    )


def _ink(line: str, letter: float) -> float:
    """The width of a line in digits: a Chinese character takes two, most letters less than one."""
    wide = text_width(line) - len(line)
    return 2 * wide + letter * (len(line) - wide)
