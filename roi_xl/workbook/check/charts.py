"""The rule about charts: native, flat, titled, with units, in colours everybody can tell apart."""

from collections.abc import Iterator
from xml.etree import ElementTree

from roi_xl.workbook.check.colour import OKABE_ITO
from roi_xl.workbook.check.declare import Fault, Skip, rule
from roi_xl.workbook.check.opened import Opened
from roi_xl.workbook.check.subject import Subject

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_AXES = ("catAx", "valAx", "dateAx", "serAx")


@rule(39, compares=True)
def charts_read_well(subject: Subject) -> Iterator[Fault | Skip]:
    """Each chart is native, 2-D, titled, with titled axes, Okabe–Ito colours and alt text."""
    expected = {title: len(ws._charts) for title, ws in subject.twin.sheets.items()}  # type: ignore[attr-defined]
    found = drawings(subject.file)
    if not any(expected.values()) and not any(found.values()):
        yield Skip("no_charts", applies=False)
        return
    if subject.file.saved_by == "openpyxl":
        yield Skip("charts_lost")
        return
    for title, count in expected.items():
        here = len(found.get(title, []))
        if title in subject.file.sheets and here < count:
            yield Fault(title, "", "chart_missing", str(here), str(count))
    own = subject.file.saved_by == "roi_xl"
    if not own:
        yield Skip("charts_rewritten")
    for title, frames in found.items():
        for name, alt, chart in frames:
            if chart is None:
                yield Fault(title, "", "chart_picture", name)
                continue
            if own and not alt.strip():
                yield Fault(title, "", "chart_alt", name)
            yield from _chart(title, name, chart, colours=own)


def _chart(title: str, name: str, chart: ElementTree.Element, *, colours: bool) -> Iterator[Fault]:
    plot = chart.find(f".//{_C}plotArea")
    if plot is None:
        return
    if chart.find(f".//{_C}view3D") is not None or any(e.tag.endswith("3DChart") for e in plot):
        yield Fault(title, "", "chart_3d", name)
    if not _said(chart.find(f"{_C}chart/{_C}title")):
        yield Fault(title, "", "chart_title", name)
    for axis in plot:
        kind = axis.tag.removeprefix(_C)
        deleted = axis.find(f"{_C}delete")
        gone = deleted is not None and deleted.get("val", "1") in ("1", "true")
        if kind in _AXES and not gone and not _said(axis.find(f"{_C}title")):
            yield Fault(title, "", "chart_axis", f"{name}: {kind}")
    if colours:
        for used in sorted(_colours(plot) - OKABE_ITO):
            yield Fault(title, "", "chart_colour", f"{name}: {used}", ", ".join(sorted(OKABE_ITO)))


def _said(title: ElementTree.Element | None) -> str:
    """The words of a title, typed or taken from a cell."""
    if title is None:
        return ""
    typed = "".join(e.text or "" for e in title.iter(f"{_A}t"))
    linked = "".join(e.text or "" for e in title.iter(f"{_C}f"))
    return (typed or linked).strip()


def _colours(plot: ElementTree.Element) -> set[str]:
    """The colours of series, points and markers; grid lines and texts are not data."""
    found: set[str] = set()
    for series in plot.iter(f"{_C}ser"):
        for shape in series.iter(f"{_C}spPr"):
            found |= {e.get("val", "").upper() for e in shape.iter(f"{_A}srgbClr")}
    return found


def drawings(opened: Opened) -> dict[str, list[tuple[str, str, ElementTree.Element | None]]]:
    """Sheet title → its drawn objects: name, alt text, and the chart (None for a picture)."""
    found: dict[str, list[tuple[str, str, ElementTree.Element | None]]] = {}
    for title, part in opened.sheet_parts.items():
        found[title] = []
        for kind, target in opened.relations(part).values():
            if kind == "drawing" and target in opened.parts:
                found[title] += _frames(opened, target)
    return found


def _frames(opened: Opened, part: str) -> Iterator[tuple[str, str, ElementTree.Element | None]]:
    targets = opened.relations(part)
    for anchor in ElementTree.fromstring(opened.parts[part]):
        properties = anchor.find(f".//{_XDR}cNvPr")
        if properties is None:
            continue
        name, alt = properties.get("name", ""), properties.get("descr", "")
        link = anchor.find(f".//{_C}chart")
        if link is not None:
            relation = next((v for k, v in link.attrib.items() if k.endswith("}id")), "")
            target = targets.get(relation, ("", ""))[1]
            if target in opened.parts:
                yield name, alt, ElementTree.fromstring(opened.parts[target])
        elif anchor.find(f".//{_XDR}pic") is not None:
            yield name, alt, None
