"""Files of cases, against programs that only read and write them."""

import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.cases import made_up
from benchmarks.measure import Job, Row, compare, installed
from roi_xl.batch.portfolio import ROWS_AT_ONCE
from roi_xl.batch.run import Batch, run_batch
from roi_xl.batch.sheet_xml import OutColumn, rows_xml

SHEET = "xl/worksheets/sheet1.xml"


def rows(quick: bool) -> Iterator[Row]:
    """CSV to CSV, writing a worksheet, and reading one."""
    with tempfile.TemporaryDirectory() as folder:
        yield from csv_rows(Path(folder), quick)
        yield from written_sheet(Path(folder), quick)
        yield from read_sheet(Path(folder), quick)


def csv_rows(folder: Path, quick: bool) -> Iterator[Row]:
    """CSV to CSV; the peers read the cases and write the finished table without computing it."""
    from pyarrow import csv

    length = 10_000 if quick else 1_000_000
    cases, out, theirs = (folder / n for n in ("cases.csv", "out.csv", "theirs.csv"))
    made_up(length).to_csv(cases, index=False)
    batch = Batch(str(cases), str(out), "en", force=True)
    run_batch(batch)
    finished: Any = csv.read_csv(out)

    def arrow() -> None:
        csv.read_csv(cases)
        csv.write_csv(finished, theirs)

    what = f"CSV → CSV, {length:,} rows"
    only = "only reading and writing the same files"
    peers: dict[str, tuple[Job, float | None]] = {f"pyarrow, {only}": (arrow, 1.5)}
    yield from compare(what, lambda: run_batch(batch), peers, runs=1 if quick else 3)
    frame = finished.to_pandas()

    def with_pandas() -> None:
        pd.read_csv(cases)
        frame.to_csv(theirs, index=False)

    peers = {f"pandas, {only}": (with_pandas, 2.0)}
    yield from compare(what, lambda: run_batch(batch), peers, runs=1)


def written_sheet(folder: Path, quick: bool) -> Iterator[Row]:
    """A worksheet of 10 columns of numbers: our streamed rows, openpyxl and XlsxWriter."""
    length = 2_000 if quick else 100_000
    values: Any = np.random.default_rng(1).uniform(0, 1e6, (10, length))
    as_rows = values.T.tolist()

    shell = empty_workbook()
    head, tail = re.split(rb"<sheetData ?/>|<sheetData></sheetData>", shell.pop(SHEET))

    def ours() -> None:
        with zipfile.ZipFile(folder / "ours.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as z:
            with z.open(SHEET, "w") as sheet:
                sheet.write(head + b"<sheetData>")
                for start in range(0, length, ROWS_AT_ONCE):
                    columns = [
                        OutColumn(letter, 0, column[start : start + ROWS_AT_ONCE])
                        for letter, column in zip("ABCDEFGHIJ", values, strict=True)
                    ]
                    sheet.write(rows_xml(start + 1, columns).encode())
                sheet.write(b"</sheetData>" + tail)
            for name, part in shell.items():
                z.writestr(name, part)

    def openpyxl() -> None:
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in as_rows:
            sheet.append(row)
        book.save(folder / "theirs.xlsx")

    def xlsxwriter() -> None:
        import xlsxwriter

        with xlsxwriter.Workbook(folder / "theirs.xlsx", {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(as_rows):
                sheet.write_row(number, 0, row)

    peers: dict[str, tuple[Job, float | None]] = {"openpyxl, write_only": (openpyxl, 1.0)}
    if installed("xlsxwriter"):
        peers["XlsxWriter, constant_memory"] = (xlsxwriter, 1.0)
    what = f"writing a worksheet, {length:,} rows × 10 columns"
    yield from compare(what, ours, peers, runs=1 if quick else 2)
    read = pd.read_excel(folder / "ours.xlsx", header=None, engine="openpyxl", nrows=1_000)
    np.testing.assert_array_equal(read.to_numpy(), values.T[:1_000])


def empty_workbook() -> dict[str, bytes]:
    """The parts of a workbook with one empty sheet."""
    from openpyxl import Workbook

    saved = io.BytesIO()
    Workbook().save(saved)
    with zipfile.ZipFile(saved) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read_sheet(folder: Path, quick: bool) -> Iterator[Row]:
    """Reading cases from a worksheet in which every tenth row has error cells."""
    from openpyxl import load_workbook

    from roi_xl.batch.xlsx_reader import XlsxSource

    length = 1_000 if quick else 50_000
    cases, sheet = folder / "cases.csv", folder / "sheet.xlsx"
    frame = made_up(length)
    # without any investment there is no return on it
    costs = ["training_hours", "data_preparation_hours", "engineer_hours_per_iteration"]
    frame.loc[::10, costs] = 0.0
    frame.to_csv(cases, index=False)
    run_batch(Batch(str(cases), str(sheet), "en", force=True))

    def openpyxl() -> None:
        book = load_workbook(sheet, read_only=True, data_only=True)
        for row in book["Cases"].iter_rows(values_only=True):
            tuple(row)

    def calamine() -> None:
        from python_calamine import CalamineWorkbook

        with CalamineWorkbook.from_path(sheet) as book:
            for title in book.sheet_names:
                book.get_sheet_by_name(title).to_python(skip_empty_area=False)

    what = f"reading cases from a worksheet, {length:,} rows"
    peers: dict[str, tuple[Job, float | None]] = {
        "python-calamine alone, which loses the errors": (calamine, 1.3),
        "openpyxl, read_only": (openpyxl, 1.0),
    }
    yield from compare(what, lambda: XlsxSource(sheet), peers, runs=1 if quick else 2)
