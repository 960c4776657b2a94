"""Small HTML pages: one file without scripts or anything from outside, well-formed XML too."""

from collections.abc import Iterable, Sequence
from html import escape

from roi_xl.text import current_language

CSS = """
:root { color: #222; background: #fff; font: 15px/1.5 Calibri, 微软雅黑, "Microsoft YaHei", DengXian,
  "PingFang SC", "Noto Sans CJK SC", sans-serif; }
body { max-width: 980px; margin: 24px auto; padding: 0 20px; }
h1 { font-size: 22px; margin: 0 0 14px; color: #1f3864; }
h2 { font-size: 17px; margin: 26px 0 8px; padding-bottom: 3px; color: #1f3864;
  border-bottom: 2px solid #1f3864; break-after: avoid; }
.note { color: #595959; font-size: 13px; }
.verdict { border-left: 6px solid #1f3864; background: #eef2f9; padding: 12px 18px; font-size: 17px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; background: #1f3864; color: #fff; padding: 5px 8px; }
td { border-bottom: 1px solid #d9d9d9; padding: 4px 8px; vertical-align: top; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; }
tr:last-child.total td { font-weight: bold; border-top: 2px solid #1f3864; }
svg { width: 100%; height: auto; display: block; font-family: inherit; }
tr, figure { break-inside: avoid; }
figure { margin: 0; }
@page { size: A4; margin: 14mm; }
@media print { body { max-width: none; margin: 0; padding: 0; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_LANGUAGES = {"zh": "zh-CN", "en": "en"}


def html_document(title: str, parts: Iterable[str]) -> str:
    """A page with this title as its heading, in the current language.

    Args:
        title: plain text.
        parts: elements, made of escaped text.
    """
    policy = f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}"/>'
    view = '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
    head = f'<meta charset="utf-8"/>{policy}{view}<title>{escape(title)}</title>'
    body = "\n".join((element("h1", escape(title)), *parts))
    return (
        f'<!DOCTYPE html>\n<html lang="{_LANGUAGES[current_language()]}" '
        f'xmlns="http://www.w3.org/1999/xhtml"><head>{head}<style>{CSS}</style></head>\n'
        f"<body>\n{body}\n</body></html>\n"
    )


def element(name: str, content: str, kind: str = "") -> str:
    """An element with content that is escaped already, and its class."""
    return f'<{name} class="{kind}">{content}</{name}>' if kind else f"<{name}>{content}</{name}>"


def paragraph(said: str, kind: str = "") -> str:
    """A paragraph of plain text."""
    return element("p", escape(said), kind)


def section(title: str, content: str) -> str:
    """A section under a heading of plain text."""
    return element("section", element("h2", escape(title)) + content)


def text_list(said: Iterable[str]) -> str:
    """A list of plain texts; nothing where there are none."""
    items = "".join(element("li", escape(line)) for line in said)
    return element("ul", items) if items else ""


def text_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, total: bool = False) -> str:
    """A table of plain texts; the first column is of words, the others are of numbers.

    Args:
        heads: the headings.
        rows: the cells.
        total: whether the last row is a total.
    """
    listed = list(rows)
    top = "".join(element("th", escape(h), "n" if i else "") for i, h in enumerate(heads))
    lines = [
        "".join(element("td", escape(cell), "n" if i else "") for i, cell in enumerate(row))
        for row in listed
    ]
    last = len(lines) - 1
    body = "".join(
        element("tr", line, "total" if total and i == last else "") for i, line in enumerate(lines)
    )
    return element("table", element("thead", element("tr", top)) + element("tbody", body))
