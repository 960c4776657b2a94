"""The Summary as PDF: a workbook that prints only that sheet, exported by LibreOffice."""

import datetime as dt
import tempfile
from pathlib import Path

from roi_xl.case.study import Study
from roi_xl.errors import BadInput, OutputError
from roi_xl.hosts.libreoffice.program import find_program, run

_FILTER = "pdf:calc_pdf_Export"
_BLANK_CELL = "XFD1048576"  # prints as an empty page, which LibreOffice omits


def summary_pdf(study: Study, language: str, stamp: dt.datetime | None = None) -> bytes:
    """The Summary of a study as PDF bytes.

    Args:
        study: the study, of which the selected scenario is printed.
        language: `zh` or `en`.
        stamp: the date to which the age of prices counts; None is today.

    Raises:
        BadInput: LibreOffice was not found.
        OutputError: it failed or timed out.
    """
    program = find_program("soffice")
    if program is None:
        raise BadInput("no_pdf_maker")
    with tempfile.TemporaryDirectory(prefix="roi_xl_", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        book = folder / "summary.xlsx"
        book.write_bytes(printing_workbook(study, language, stamp))
        output = _convert(program, folder, book)
        pdf = folder / "out" / "summary.pdf"
        if not pdf.exists():
            raise OutputError("pdf_failed", program=program, reason=output or "-")
        return pdf.read_bytes()


def printing_workbook(study: Study, language: str, stamp: dt.datetime | None = None) -> bytes:
    """The workbook of a study, of which only the Summary prints."""
    from roi_xl.workbook.build import make_book
    from roi_xl.workbook.save import finished

    book = make_book(study, language, stamp)
    for sheet in book.workbook.worksheets:
        if sheet.title != book.title("summary"):
            sheet.print_area = _BLANK_CELL
            sheet.print_title_rows = None
    return finished(book, book.stamp)


def _convert(program: str, folder: Path, book: Path) -> str:
    """The output of LibreOffice, run with a separate profile beside any that is open."""
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nologo", "--nodefault"),
        *("--convert-to", _FILTER, "--outdir", str(folder / "out"), str(book)),
    ]
    done = run(command)
    return " ".join(f"{done.out} {done.err}".split())[:300]
