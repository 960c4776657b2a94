"""The report as PDF, set by typst.

Compared for this: typst (PyPI, Apache-2.0) is one wheel per system without other parts, imports in
milliseconds and sets this page in well under a second; 81 MB installed. WeasyPrint would take the HTML
page as it is, but needs Pango from the system, which pip cannot install on Windows, and takes over a
second to import. A headless browser is no library; xhtml2pdf and fpdf2 lay out neither grids nor SVG of
this kind, and PyMuPDF's licence (AGPL) does not fit. So the page's content is laid out a second time
here, in typst's language; the figures, words and charts are those of the HTML page.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from roi_xl.case.study import Study
from roi_xl.errors import BadInput, OutputError
from roi_xl.report.page import SYMBOLS, ReportPage, Section, Table, report_page
from roi_xl.text import speaking, text

LATIN = ("Calibri", "Carlito", "Liberation Sans", "Arial", "DejaVu Sans")
CHINESE = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "DengXian",
    "Hiragino Sans GB",
    "Heiti SC",
    "SimHei",
    "SimSun",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Songti SC",
    "Droid Sans Fallback",
    "AR PL UMing CN",
)
_COLOURS = {"green": "2e7d32", "amber": "b26a00", "red": "b3261e", "grey": "757575"}
_SYMBOL_FONTS = ("DejaVu Sans", "Segoe UI Symbol", "Apple Symbols", "Noto Sans Symbols 2")

PREAMBLE = """#set page(paper: "a4", margin: (x: 12mm, top: 9mm, bottom: 9mm))
#set text(size: 8pt, font: ({fonts}), lang: "{language}", fill: rgb("#222222"))
#set par(leading: 0.5em, spacing: 0.65em)
#set document(title: {title})
#let navy = rgb("#1f3864")
#let grey = rgb("#595959")
#let heading2(said) = block(above: 7pt, below: 3pt, sticky: true,
  text(size: 9pt, weight: "bold", fill: navy, said))
#let note(said) = block(above: 4pt, below: 4pt, text(size: 7pt, fill: grey, said))
#let sheet(columns, align, strong, ..cells) = table(columns: columns, align: align,
  inset: (x: 3.5pt, y: 2.1pt), stroke: (x, y) => (bottom: 0.4pt + rgb("#d9d9d9")),
  fill: (x, y) => if y == 0 {{ navy }} else if strong.contains(y - 1) {{ rgb("#eef2f9") }}, ..cells)
"""


def pdf_page(study: Study, language: str, today: dt.date | None = None) -> bytes:
    """A study's report as PDF bytes.

    Args:
        study: the study; its selected scenario is what the page is about.
        language: `zh` or `en`.
        today: the day the page is made; None leaves it out.

    Raises:
        BadInput: typst is not installed, or no font for Chinese characters that the page holds.
        OutputError: typst failed.
    """
    typst = _typst()
    with speaking(language):
        page = report_page(study, today)
        families = set(typst.Fonts().families())
        fonts = choose_fonts(families, page.language, needs_chinese(page))
        charts = {
            f"{key}.svg": _with_fonts(svg, fonts).encode("utf-8")
            for key, svg in page.charts.items()
        }
        source = typst_source(page, fonts)
        options: dict[str, Any] = {}
        if today is not None:
            # one page of a day is one file: typst would write the time of day
            noon = dt.datetime(today.year, today.month, today.day, 12, tzinfo=dt.UTC)
            options["timestamp"] = int(noon.timestamp())
        return _compile(typst, {"main": source.encode("utf-8"), **charts}, options)


def _typst() -> Any:
    try:
        import typst
    except ImportError:
        raise BadInput("no_typst") from None
    return typst


def _compile(typst: Any, files: dict[str, bytes], options: dict[str, Any]) -> bytes:
    try:
        made: bytes = typst.compile(files, format="pdf", **options)
    except typst.TypstError as error:
        reason = " ".join(str(error).split())[:300]
        raise OutputError("pdf_failed", program="typst", reason=reason) from None
    return made


def needs_chinese(page: ReportPage) -> bool:
    """Whether the page holds a Chinese character, as a project's name in an English report may."""
    return any(unicodedata.east_asian_width(c) in "WF" for c in typst_source(page, ["-"]))


def choose_fonts(families: Iterable[str], language: str, chinese: bool) -> list[str]:
    """The fonts to set the page in, of those installed.

    Raises:
        BadInput: Chinese characters are needed and no font has them.
    """
    known = {name.casefold(): name for name in families}
    latin = [known[n.casefold()] for n in LATIN if n.casefold() in known]
    han = [known[n.casefold()] for n in CHINESE if n.casefold() in known]
    symbols = [known[n.casefold()] for n in _SYMBOL_FONTS if n.casefold() in known]
    if chinese and not han:
        raise BadInput("no_chinese_font", fonts=", ".join(CHINESE[:4]))
    first = [*han, *latin] if language == "zh" else [*latin, *han]
    return list(dict.fromkeys([*first, *symbols])) or ["Libertinus Serif"]


def _with_fonts(svg: str, fonts: Sequence[str]) -> str:
    names = ", ".join(f"'{name}'" for name in fonts)
    return svg.replace("<svg ", f'<svg font-family="{names}" ', 1)


def typst_source(page: ReportPage, fonts: Sequence[str]) -> str:
    """The page in typst's language; every word of it is a quoted text."""
    names = ", ".join(quoted(name) for name in fonts) + ","
    parts = [
        PREAMBLE.format(fonts=names, language=page.language, title=quoted(page.title)),
        f'#block(below: 6pt, text(size: 14pt, weight: "bold", fill: navy, {quoted(page.title)}))',
        f"#note({quoted(page.about)})",
    ]
    parts += [
        f'#block(above: 3pt, below: 3pt, text(weight: "bold", fill: rgb("#b3261e"), '
        f"{quoted('⚠ ' + warning)}))"
        for warning in page.warnings
    ]
    verdict = quoted(f"{SYMBOLS[page.colour]} {page.verdict}")
    parts.append(
        f'#block(width: 100%, fill: rgb("#{_COLOURS[page.colour]}"), inset: (x: 8pt, y: 5pt), '
        f'above: 5pt, below: 5pt, text(size: 12pt, weight: "bold", fill: white, {verdict}))'
    )
    parts.append(f"#block({quoted(page.rationale)})")
    parts.append(_figures(page))
    if "annual" in page.sections:
        parts.append(_section(page.sections["annual"]))
    parts.append(_charts(page))
    for key in ("scenarios", "alternatives", "assumptions"):
        if key in page.sections:
            parts.append(_section(page.sections[key]))
    parts.append(_sign_off(page))
    parts.append(f"#note({quoted(page.footer)})")
    return "\n".join(filter(None, parts)) + "\n"


def _figures(page: ReportPage) -> str:
    boxes = ", ".join(
        'block(width: 100%, height: 39pt, stroke: (top: 1.5pt + navy, rest: 0.5pt + rgb("#bfbfbf")), '
        "inset: 4pt, stack(spacing: 4pt, "
        f"text(size: 7pt, fill: grey, {quoted(f.label)}), "
        f'text(size: 11pt, weight: "bold", fill: navy, {quoted(f.value)}), '
        f"text(size: 6.5pt, fill: grey, {quoted(f.note)})))"
        for f in page.figures
    )
    return f"#grid(columns: (1fr,) * {len(page.figures)}, gutter: 5pt, {boxes})"


def _charts(page: ReportPage) -> str:
    cells = [
        f'block(stroke: 0.5pt + rgb("#d9d9d9"), image("{key}.svg", width: 100%, alt: {quoted(_alt(key))}))'
        for key in page.charts
    ]
    if "risks" in page.sections:
        cells.append(f"[{_section(page.sections['risks'])}]")
    if not cells:
        return ""
    return f"#v(4pt)\n#grid(columns: (1fr, 1fr), gutter: 6pt, {', '.join(cells)})"


def _alt(key: str) -> str:
    return text(f"report.chart.{key}.alt")


def _section(section: Section) -> str:
    parts = [f"#heading2({quoted(section.title)})"]
    if section.table is not None:
        parts.append(_table(section.table))
    if section.lines:
        lines = ", ".join(f"[#{quoted(line)}]" for line in section.lines)
        parts.append(f"#list(spacing: 4pt, {lines})")
    if section.note:
        parts.append(f"#note({quoted(section.note)})")
    return "\n".join(parts)


def _table(table: Table) -> str:
    count = len(table.head)
    blank = {
        i for i in range(count) if table.rows and not any(row[i] for row in table.rows)
    }  # to be written into by hand
    columns = ", ".join("1.4fr" if i == 0 else "1fr" if i in table.words | blank else "auto"
                        for i in range(count))  # fmt: skip
    if not table.words - {0}:
        columns = ", ".join(["1.3fr", *["1fr"] * (count - 1)])
    align = ", ".join("left" if i in table.words else "right" for i in range(count))
    strong = "".join(f"{row}, " for row in sorted(table.strong))
    head = ", ".join(_cell(said, 'weight: "bold", fill: white') for said in table.head)
    rows = ", ".join(
        _cell(said, 'weight: "bold"' if i in table.strong else "")
        for i, row in enumerate(table.rows)
        for said in row
    )
    return f"#sheet(({columns}), ({align}), ({strong}), table.header({head}), {rows})"


def _cell(said: str, style: str) -> str:
    return f"text({style + ', ' if style else ''}size: 7.4pt, {quoted(said)})"


def _sign_off(page: ReportPage) -> str:
    cells = ", ".join(
        f"block(width: 100%, stroke: (top: 0.6pt), inset: (top: 3pt), "
        f"text({quoted(f'{role} ({page.sign_words})')}))"
        for role in page.sign_off
    )
    return (
        "#block(breakable: false, above: 20pt, grid(columns: (1fr,) * "
        f"{len(page.sign_off)}, gutter: 16pt, {cells}))"
    )


def quoted(said: str) -> str:
    r"""A text of typst's language, which nothing in it can end.

    Example:
        >>> quoted('say "#x"')
        '"say \\"#x\\""'
    """
    safe = said.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + safe.replace("\n", " ").replace("\r", " ") + '"'
