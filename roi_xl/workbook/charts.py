"""Native charts in one look: titles, colours as in the report, alt texts; numbers with their units."""

from collections.abc import Sequence

from openpyxl.chart import BarChart, Reference, ScatterChart
from openpyxl.chart import Series as ChartSeries
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, NumRef, StrRef
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.drawing.text import Font as DrawingFont
from openpyxl.utils import get_column_letter, quote_sheetname

from roi_xl.colours import BLUE, GRID, OKABE_ITO, ORANGE, VERMILION
from roi_xl.workbook.sheet_writer import Page
from roi_xl.workbook.styles import FONTS

Series = tuple[
    str | None, str
]  # the cell of its name (None where the title says it) and its values
LOW_COLOUR, HIGH_COLOUR = ORANGE, BLUE  # of a driver at its low and its high, as in the report
_Chart = BarChart | ScatterChart


def columns(
    page: Page,
    anchor: str,
    key: str,
    categories: str,
    series: Sequence[Series],
    *,
    size: tuple[float, float] = (15.0, 7.5),
    number_format: str = "0%",
    categories_format: str = "#,##0",
) -> None:
    """A column chart over ranges of cells, without gaps, as a histogram has none."""
    chart = BarChart()
    chart.type, chart.gapWidth = "col", 5
    _fill(page, chart, key, categories, series, number_format)
    chart.x_axis.number_format = categories_format
    chart.x_axis.tickLblPos = "low"
    chart.x_axis.tickLblSkip = 8
    _place(page, chart, anchor, key, size)


def tornado(
    page: Page,
    anchor: str,
    categories: str,
    series: Sequence[Series],
    *,
    size: tuple[float, float] = (15.0, 7.5),
) -> None:
    """Bars to both sides of today's result, the widest on top; low and high in their own colours."""
    chart = BarChart()
    chart.type, chart.gapWidth, chart.overlap = "bar", 40, 100
    _fill(page, chart, "tornado", categories, series, "#,##0", (LOW_COLOUR, HIGH_COLOUR))
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.crosses = "max"
    chart.x_axis.tickLblPos = "low"
    chart.x_axis.tickLblSkip = 1
    _place(page, chart, anchor, "tornado", size)


def cumulative(
    page: Page,
    anchor: str,
    months: str,
    line: Series,
    mark: tuple[str | None, str, str],
    last: int,
    *,
    size: tuple[float, float] = (15.0, 7.5),
) -> None:
    """The running total of the cash flow, with a mark where it has repaid the investment.

    Args:
        page: the sheet.
        anchor: the cell of the upper left corner.
        months: the range of months.
        line: the running total.
        mark: the cell of its name, of its month and of its height.
        last: the last month shown.
        size: centimetres across and down.
    """
    chart = ScatterChart()
    chart.style, chart.scatterStyle = 2, "lineMarker"
    chart.visible_cells_only = False  # the mark stands in a closed column
    name, at, height = mark
    for title, x, y in ((line[0], months, line[1]), (name, at, height)):
        added = ChartSeries(Reference(range_string=y))
        added.xVal = AxDataSource(numRef=NumRef(f=x))
        added.yVal, added.val = added.val, None
        added.tx = None if title is None else SeriesLabel(strRef=StrRef(title))
        chart.series.append(added)
    _look(page, chart, "cashflow", "#,##0")
    total, point = chart.series
    total.smooth = point.smooth = False
    total.marker = Marker(symbol="none")
    total.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=BLUE, w=28_000))
    point.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    point.marker = Marker(
        symbol="diamond",
        size=12,
        spPr=GraphicalProperties(solidFill=VERMILION, ln=LineProperties(solidFill=VERMILION)),
    )
    chart.x_axis.number_format = "0"
    chart.x_axis.majorGridlines = None
    chart.x_axis.scaling.min, chart.x_axis.scaling.max = 0, last
    chart.x_axis.majorUnit = 6 if last <= 60 else 12  # type: ignore[union-attr]
    chart.x_axis.tickLblPos = "low"
    _place(page, chart, anchor, "cashflow", size)


def _fill(
    page: Page,
    chart: _Chart,
    key: str,
    categories: str,
    series: Sequence[Series],
    number_format: str,
    colours: Sequence[str] = OKABE_ITO,
) -> None:
    for name, values in series:
        added = ChartSeries(Reference(range_string=values))
        added.tx = None if name is None else SeriesLabel(strRef=StrRef(name))
        chart.series.append(added)
    chart.set_categories(Reference(range_string=categories))
    for i, drawn in enumerate(chart.series):
        drawn.graphicalProperties = GraphicalProperties(
            solidFill=colours[i], ln=LineProperties(solidFill=colours[i])
        )
        if isinstance(chart, BarChart):
            drawn.invertIfNegative = False
    _look(page, chart, key, number_format)


def _look(page: Page, chart: _Chart, key: str, number_format: str) -> None:
    """Title, axes and legend."""
    book = page.book
    chart.title = book.say(f"chart.{key}.title")
    font = FONTS[book.language]
    _font(chart.title, font, 1100, bold=True)
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        axis.txPr = RichText(
            p=[Paragraph(pPr=ParagraphProperties(defRPr=_characters(font, 900)), endParaRPr=None)]
        )
    chart.y_axis.number_format = number_format
    chart.y_axis.majorGridlines = ChartLines(
        spPr=GraphicalProperties(ln=LineProperties(solidFill=GRID))
    )
    chart.legend = None if len(chart.series) == 1 else chart.legend
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


def _place(page: Page, chart: _Chart, anchor: str, key: str, size: tuple[float, float]) -> None:
    chart.width, chart.height = size  # type: ignore[assignment]
    page.ws.add_chart(chart, anchor)
    page.book.chart_texts.setdefault(page.ws.title, []).append(page.book.say(f"chart.{key}.alt"))


def cells(page: Page, first: tuple[int, int], last: tuple[int, int]) -> str:
    """A range of a sheet, from (row, column) to (row, column), as charts refer to it."""
    corners = (f"${get_column_letter(column)}${row}" for row, column in (first, last))
    return f"{quote_sheetname(page.ws.title)}!{':'.join(corners)}"
