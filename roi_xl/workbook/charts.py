"""Native charts in one look: titles, axis titles with units, Okabe–Ito colours, texts for the blind."""

from collections.abc import Sequence

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart import Series as ChartSeries
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.drawing.text import Font as DrawingFont
from openpyxl.utils import get_column_letter, quote_sheetname

from roi_xl.colours import GRID, OKABE_ITO
from roi_xl.workbook.sheet_writer import Page
from roi_xl.workbook.styles import FONTS

Series = tuple[
    str | None, str
]  # the cell of its name (None where the title says it) and its values


def bars(
    page: Page,
    anchor: str,
    key: str,
    categories: str,
    series: Sequence[Series],
    *,
    horizontal: bool = False,
    overlap: int | None = None,
    size: tuple[float, float] = (15.0, 7.5),
    number_format: str = "#,##0",
) -> None:
    """A bar chart of ranges of cells, values written on the bars where there is one series."""
    chart = BarChart()
    chart.type = "bar" if horizontal else "col"
    chart.gapWidth = 60
    chart.overlap = overlap
    _fill(page, chart, key, categories, series, number_format)
    if horizontal:
        chart.x_axis.scaling.orientation = "maxMin"
        chart.y_axis.crosses = "max"
    chart.x_axis.tickLblPos = "low"
    chart.x_axis.tickLblSkip = 1
    if len(series) == 1:
        _label_values(chart, number_format)
    _place(page, chart, anchor, key, size)


def lines(
    page: Page,
    anchor: str,
    key: str,
    categories: str,
    series: Sequence[Series],
    *,
    size: tuple[float, float] = (15.0, 7.5),
    number_format: str = "#,##0",
) -> None:
    """A line chart over a shared axis; lines differ in dash as well as in colour."""
    chart = LineChart()
    _fill(page, chart, key, categories, series, number_format)
    dashes = ("solid", "dash", "sysDot")
    for i, line in enumerate(chart.series):
        line.smooth = False
        line.marker.symbol = "none"
        line.graphicalProperties.line.width = 28_000
        line.graphicalProperties.line.dashStyle = dashes[i % len(dashes)]
    chart.x_axis.tickLblPos = "low"
    chart.x_axis.tickLblSkip = chart.x_axis.tickMarkSkip = 6  # type: ignore[attr-defined]
    _place(page, chart, anchor, key, size)


def _fill(
    page: Page,
    chart: BarChart | LineChart,
    key: str,
    categories: str,
    series: Sequence[Series],
    number_format: str,
) -> None:
    book = page.book
    for name, values in series:
        added = ChartSeries(Reference(range_string=values))
        added.tx = None if name is None else SeriesLabel(strRef=StrRef(name))
        chart.series.append(added)
    chart.set_categories(Reference(range_string=categories))
    for i, drawn in enumerate(chart.series):
        colour = OKABE_ITO[i % len(OKABE_ITO)]
        drawn.graphicalProperties = GraphicalProperties(
            solidFill=colour, ln=LineProperties(solidFill=colour)
        )
        if isinstance(chart, BarChart):
            drawn.invertIfNegative = False
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
    chart.y_axis.number_format = number_format
    chart.y_axis.majorGridlines = ChartLines(
        spPr=GraphicalProperties(ln=LineProperties(solidFill=GRID))
    )
    chart.legend = None if len(series) == 1 else chart.legend
    if chart.legend is not None:
        chart.legend.position = "b"


def _characters(font: str, size: int, *, bold: bool = False) -> CharacterProperties:
    face = DrawingFont(typeface=font)
    return CharacterProperties(sz=size, b=bold, latin=face, ea=face)


def _font(title: object, font: str, size: int, *, bold: bool = False) -> None:
    for paragraph in title.tx.rich.p:  # type: ignore[attr-defined]
        paragraph.pPr = ParagraphProperties(defRPr=_characters(font, size, bold=bold))
        for run in paragraph.r or ():
            run.rPr = _characters(font, size, bold=bold)


def _label_values(chart: BarChart, number_format: str) -> None:
    labels = DataLabelList()
    labels.showVal = True
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    labels.numFmt = number_format
    chart.dataLabels = labels


def _place(
    page: Page, chart: BarChart | LineChart, anchor: str, key: str, size: tuple[float, float]
) -> None:
    chart.width, chart.height = size  # type: ignore[assignment]
    page.ws.add_chart(chart, anchor)
    page.book.chart_texts.setdefault(page.ws.title, []).append(page.book.say(f"chart.{key}.alt"))


def cells(page: Page, first: tuple[int, int], last: tuple[int, int]) -> str:
    """A range of a sheet, from (row, column) to (row, column), as charts refer to it."""
    corners = (f"${get_column_letter(column)}${row}" for row, column in (first, last))
    return f"{quote_sheetname(page.ws.title)}!{':'.join(corners)}"
