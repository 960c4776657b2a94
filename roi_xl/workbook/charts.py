"""Native charts in one look: titles, axis titles with units, Okabe–Ito colours, texts for the blind."""

from collections.abc import Sequence

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.drawing.text import Font as DrawingFont
from openpyxl.utils import get_column_letter, quote_sheetname

from roi_xl.colours import GRID, OKABE_ITO
from roi_xl.workbook.book import Page
from roi_xl.workbook.style import FONTS


def bars(
    page: Page,
    anchor: str,
    key: str,
    categories: str,
    values: Sequence[str],
    *,
    horizontal: bool = False,
    overlap: int | None = None,
    size: tuple[float, float] = (15.0, 7.5),
    number_format: str = "#,##0",
) -> None:
    """A bar chart; `values` are one range of cells a series, whose first cell is its name."""
    chart = BarChart()
    chart.type = "bar" if horizontal else "col"
    chart.gapWidth = 60
    chart.overlap = overlap
    if horizontal:
        chart.x_axis.scaling.orientation = "maxMin"
        chart.y_axis.crosses = "max"
    _fill(page, chart, key, categories, values, number_format)
    if len(values) == 1:
        _label_values(chart, number_format)
    _place(page, chart, anchor, key, size)


def lines(
    page: Page,
    anchor: str,
    key: str,
    categories: str,
    values: Sequence[str],
    *,
    size: tuple[float, float] = (15.0, 7.5),
    number_format: str = "#,##0",
) -> None:
    """A line chart over a shared axis; `values` are one range a series, first cell its name."""
    chart = LineChart()
    _fill(page, chart, key, categories, values, number_format)
    dashes = (None, "dash", "sysDot")
    for i, series in enumerate(chart.series):
        series.smooth = False
        series.marker.symbol = "none"
        series.graphicalProperties.line.width = 28_000
        series.graphicalProperties.line.dashStyle = dashes[i % 3]
    chart.x_axis.tickLblPos = "low"
    _place(page, chart, anchor, key, size)


def _fill(
    page: Page,
    chart: BarChart | LineChart,
    key: str,
    categories: str,
    values: Sequence[str],
    fmt: str,
) -> None:
    book = page.book
    for span in values:
        chart.add_data(Reference(range_string=span), titles_from_data=True, from_rows=_is_row(span))
    chart.set_categories(Reference(range_string=categories))
    for i, series in enumerate(chart.series):
        colour = OKABE_ITO[i % len(OKABE_ITO)]
        series.graphicalProperties = GraphicalProperties(
            solidFill=colour, ln=LineProperties(solidFill=colour)
        )
        if isinstance(chart, BarChart):
            series.invertIfNegative = False
    chart.title = book.say(f"chart.{key}.title")
    chart.x_axis.title = book.say(f"chart.{key}.x")
    chart.y_axis.title = book.say(f"chart.{key}.y")
    font = FONTS[book.language]
    _font(chart.title, font, 1200, bold=True)
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        _font(axis.title, font, 900)
        axis.txPr = RichText(
            p=[Paragraph(pPr=ParagraphProperties(defRPr=_characters(font, 900)), endParaRPr=None)]
        )
    chart.y_axis.number_format = fmt
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=GRID))
    chart.legend = None if len(values) == 1 else chart.legend
    if chart.legend is not None:
        chart.legend.position = "b"


def _is_row(span: str) -> bool:
    first, last = span.rsplit("!", 1)[1].replace("$", "").split(":")
    return first.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == last.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _characters(font: str, size: int, *, bold: bool = False) -> CharacterProperties:
    face = DrawingFont(typeface=font)
    return CharacterProperties(sz=size, b=bold, latin=face, ea=face)


def _font(title: object, font: str, size: int, *, bold: bool = False) -> None:
    for paragraph in title.tx.rich.p:  # type: ignore[attr-defined]
        paragraph.pPr = ParagraphProperties(defRPr=_characters(font, size, bold=bold))
        for run in paragraph.r or ():
            run.rPr = _characters(font, size, bold=bold)


def _label_values(chart: BarChart, number_format: str) -> None:
    from openpyxl.chart.label import DataLabelList

    labels = DataLabelList()
    labels.showVal = True
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    labels.numFmt = number_format
    chart.dataLabels = labels


def _place(
    page: Page, chart: BarChart | LineChart, anchor: str, key: str, size: tuple[float, float]
) -> None:
    chart.width, chart.height = size
    page.ws.add_chart(chart, anchor)
    page.chart_texts.append(page.book.say(f"chart.{key}.alt"))


def cells(page: Page, first: tuple[int, int], last: tuple[int, int]) -> str:
    """A range of a sheet, from (row, column) to (row, column), as charts refer to it."""
    corners = (f"${get_column_letter(column)}${row}" for row, column in (first, last))
    return f"{quote_sheetname(page.ws.title)}!{':'.join(corners)}"
