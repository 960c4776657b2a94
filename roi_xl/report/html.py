"""The report as one HTML page: no file from outside, no script, both languages, A4."""

import datetime as dt
from collections.abc import Iterable
from html import escape

from roi_xl.case.study import Study
from roi_xl.report.page import SYMBOLS, Figure, ReportPage, Section, Table, report_page
from roi_xl.text import speaking

FONTS = """:root { font-family: Calibri, Carlito, 微软雅黑, "Microsoft YaHei", 等线, DengXian, "PingFang SC",
  "Noto Sans CJK SC", "WenQuanYi Zen Hei", sans-serif; }
:lang(zh) { font-family: 微软雅黑, "Microsoft YaHei", 等线, DengXian, "PingFang SC", "Noto Sans CJK SC",
  "WenQuanYi Zen Hei", Calibri, sans-serif; }
"""
CSS = (
    FONTS
    + """
:root { color: #222; background: #fff; font-size: 14px; line-height: 1.4; }
body { max-width: 960px; margin: 16px auto; padding: 0 18px; }
h1 { font-size: 1.5em; margin: 0; color: #1f3864; }
h2 { font-size: 1.08em; margin: 14px 0 4px; color: #1f3864; break-after: avoid; }
.about, .note, footer { color: #595959; margin: 2px 0; }
.note, footer { font-size: .88em; }
.warning { margin: 4px 0 0; color: #b3261e; font-weight: bold; }
.verdict { margin: 8px 0 6px; padding: 7px 14px; color: #fff; font-size: 1.35em; font-weight: bold; }
.green { background: #2e7d32; } .amber { background: #b26a00; }
.red { background: #b3261e; } .grey { background: #757575; }
.why { margin: 0 0 8px; }
.figures { display: grid; grid-template-columns: repeat(5, 1fr); gap: 8px; margin: 0; }
.figures div { border: 1px solid #bfbfbf; border-top: 3px solid #1f3864; padding: 5px 8px; }
.figures dt { font-size: .88em; color: #595959; }
.figures dd { margin: 0; }
.figures .value { font-size: 1.3em; font-weight: bold; white-space: nowrap; color: #1f3864; }
table { border-collapse: collapse; width: 100%; font-size: .93em; }
th { text-align: right; background: #1f3864; color: #fff; padding: 3px 6px; }
td { border-bottom: 1px solid #d9d9d9; padding: 2px 6px; vertical-align: top; text-align: right;
  font-variant-numeric: tabular-nums; white-space: nowrap; }
.w { text-align: left; white-space: normal; }
.strong td { font-weight: bold; background: #eef2f9; }
.charts, .beside { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; align-items: start; }
.charts { margin-top: 10px; }
.chart { border: 1px solid #d9d9d9; padding: 3px; break-inside: avoid; }
svg { width: 100%; height: auto; display: block; font-family: inherit; }
ul { margin: 2px 0; padding-left: 18px; }
.sign { display: grid; grid-template-columns: repeat(3, 1fr); gap: 24px; margin: 26px 0 8px; }
.sign div { border-top: 1px solid #222; padding-top: 2px; break-inside: avoid; }
tr, .verdict, .figures { break-inside: avoid; }
thead { display: table-header-group; }
@page { size: A4; margin: 10mm 12mm; }
@media (max-width: 700px) {
  .charts, .beside { grid-template-columns: 1fr; } .figures { grid-template-columns: 1fr 1fr; }
  table { display: block; overflow-x: auto; }
}
@media print {
  :root { font-size: 8pt; line-height: 1.2; }
  body { max-width: none; margin: 0; padding: 0; }
  h2 { margin: 5px 0 2px; }
  th, td { padding: 1px 5px; }
  .verdict { margin: 4px 0; padding: 4px 12px; }
  .why { margin: 0 0 4px; }
  .figures div { padding: 3px 6px; }
  .charts { margin-top: 6px; gap: 6px; }
  .sign { margin: 20px 0 4px; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
TAGS = {"zh": "zh-CN", "en": "en"}


def html_page(study: Study, language: str | None = None, today: dt.date | None = None) -> str:
    """A study's report as a page.

    Args:
        study: the study; its selected scenario is what the page is about.
        language: `zh` or `en`; None is the current language.
        today: the day the page is made, and to which the age of prices counts; None leaves it out.

    Returns:
        an HTML document, well-formed XML as well; text from outside is escaped.
    """
    with speaking(language):
        page = report_page(study, today)
    return document(page.title, page.language, CSS, POLICY, "\n".join(_body(page)))


def document(title: str, language: str, css: str, policy: str, body: str) -> str:
    """An HTML document around a body."""
    head = (
        '<meta charset="utf-8"/>'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f"<title>{escape(title)}</title><style>{css}</style>"
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{TAGS[language]}" xmlns="http://www.w3.org/1999/xhtml">'
        f"<head>{head}</head>\n<body>\n{body}\n</body></html>\n"
    )


def _body(page: ReportPage) -> Iterable[str]:
    yield tag("h1", escape(page.title))
    yield tag("p", escape(page.about), "about")
    for warning in page.warnings:
        yield tag("p", f"⚠ {escape(warning)}", "warning")
    yield tag("div", f"{SYMBOLS[page.colour]} {escape(page.verdict)}", f"verdict {page.colour}")
    yield tag("p", escape(page.rationale), "why")
    yield figures(page.figures)
    yield _section(page, "annual")
    charts = [tag("div", svg, "chart") for svg in page.charts.values()]
    risks = _section(page, "risks")
    if risks:
        charts.append(f"<div>{risks}</div>")
    if charts:
        yield tag("div", "".join(charts), "charts")
    for key in ("scenarios", "alternatives", "assumptions"):
        yield _section(page, key)
    signs = "".join(
        f'<div>{escape(role)} <span class="note">({escape(page.sign_words)})</span></div>'
        for role in page.sign_off
    )
    yield tag("div", signs, "sign")
    yield tag("footer", escape(page.footer))


def figures(found: Iterable[Figure]) -> str:
    """The five figures side by side."""
    boxes = "".join(
        f'<div><dt>{escape(f.label)}</dt><dd class="value">{escape(f.value)}</dd>'
        f'<dd class="note">{escape(f.note)}</dd></div>'
        for f in found
    )
    return tag("dl", boxes, "figures")


def _section(page: ReportPage, key: str) -> str:
    section = page.sections.get(key)
    return "" if section is None else section_html(section)


def section_html(section: Section) -> str:
    """A heading with its table, lines and note."""
    parts = [tag("h2", escape(section.title))]
    if section.table is not None:
        parts.append(table_html(section.table))
    if section.lines:
        parts.append(tag("ul", "".join(tag("li", escape(line)) for line in section.lines)))
    if section.note:
        parts.append(tag("p", escape(section.note), "note"))
    return "".join(parts)


def table_html(table: Table) -> str:
    """A table with words to the left and numbers to the right."""

    def cells(name: str, row: Iterable[str]) -> str:
        return "".join(
            tag(name, escape(said), "w" if i in table.words else "") for i, said in enumerate(row)
        )

    rows = "".join(
        tag("tr", cells("td", row), "strong" if i in table.strong else "")
        for i, row in enumerate(table.rows)
    )
    return f"<table><thead><tr>{cells('th', table.head)}</tr></thead><tbody>{rows}</tbody></table>"


def tag(name: str, inside: str, kind: str = "") -> str:
    """An element around markup."""
    opened = f'{name} class="{kind}"' if kind else name
    return f"<{opened}>{inside}</{name}>"
