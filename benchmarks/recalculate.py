"""Recalculating a filled workbook, against programs that evaluate its formulas."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Job, Row, compare, installed
from roi_xl import Case, build_workbook, evaluate_case, read_case


def rows(quick: bool) -> Iterator[Row]:
    """Each peer loads the same workbook, recalculates it and, where it can, writes it."""
    from tests.hosts.office import convert, soffice

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        filled = build_workbook(folder / "filled.xlsx", Case(daily_requests=5000))
        (folder / "out").mkdir()

        def ours() -> None:
            command = [sys.executable, "-m", "roi_xl", "calc", str(filled)]
            more = ["--write", str(folder / "out.xlsx"), "--force"]
            subprocess.run([*command, *more], check=True, capture_output=True)

        peers: dict[str, tuple[Job, float | None]] = {}
        if soffice():
            peers["LibreOffice, headless, to .xlsx"] = (
                lambda: convert([filled], folder / "out", "xlsx"),
                1.0,
            )
        if installed("formulas"):
            peers["formulas (in a process of its own)"] = (lambda: formulas(filled), 1.0)
        if peers:
            what = "calc --write of a filled workbook, start of Python included"
            yield from compare(what, ours, peers, runs=1 if quick else 3)
        if installed("formualizer"):
            yield from compare(
                "reading a filled workbook and its results, in one process",
                lambda: evaluate_case(read_case(filled)),
                {"formualizer: load and evaluate_all": (lambda: formualizer(filled), None)},
                runs=1 if quick else 5,
            )


def formualizer(path: Path) -> None:
    """Load and evaluate everything."""
    import formualizer as fz

    fz.load_workbook(str(path)).evaluate_all()


def formulas(path: Path) -> None:
    """Load, compile and evaluate everything."""
    code = f"import formulas; formulas.ExcelModel().loads({str(path)!r}).finish().calculate()"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
