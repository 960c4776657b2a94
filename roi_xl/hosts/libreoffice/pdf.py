"""The Summary as PDF: a workbook built for printing that sheet alone, exported by LibreOffice."""

import datetime as dt
import tempfile
from pathlib import Path

from roi_xl.case.study import Study
from roi_xl.errors import BadInput, OutputError
from roi_xl.hosts.libreoffice.program import find_program, run

_FILTER = "pdf:calc_pdf_Export"
_BLANK = "XFD1048576"  # prints as an empty page, which LibreOffice leaves out


def summary_pdf(study: Study, language: str, stamp: dt.datetime | None = None) -> bytes:
    """The pages of the Summary of a study.

    Args:
        study: the study; its chosen scenario is the one in force.
        language: `zh` or `en`.
        stamp: the day that the age of prices counts to.

    Raises:
        BadInput: LibreOffice is not here.
        OutputError: it failed, or took longer than it may.
    """
    program = find_program("soffice")
    if program is None:
        raise BadInput("no_pdf_maker")
    with tempfile.TemporaryDirectory(prefix="roi_xl_", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        book = folder / "summary.xlsx"
        book.write_bytes(printed(study, language, stamp))
        said = _convert(program, folder, book)
        made = folder / "out" / "summary.pdf"
        if not made.exists():
            raise OutputError("pdf_failed", program=program, reason=said or "-")
        return made.read_bytes()


def printed(study: Study, language: str, stamp: dt.datetime | None = None) -> bytes:
    """The workbook of a study, of which nothing but the Summary prints."""
    from roi_xl.workbook.build import make_book
    from roi_xl.workbook.save import finished

    book = make_book(study, language, stamp)
    for sheet in book.workbook.worksheets:
        if sheet.title != book.title("summary"):
            sheet.print_area = _BLANK
            sheet.print_title_rows = None
    return finished(book, book.stamp)


def _convert(program: str, folder: Path, book: Path) -> str:
    """Run LibreOffice with a profile of its own, beside any that is open; what it said."""
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nologo", "--nodefault"),
        *("--convert-to", _FILTER, "--outdir", str(folder / "out"), str(book)),
    ]
    done = run(command)
    return " ".join(f"{done.out} {done.err}".split())[:300]
