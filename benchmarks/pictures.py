"""The pictures of the documentation: `python -m benchmarks.pictures` writes them to docs/pictures.

Needs LibreOffice, pdftotext and pdftoppm (poppler) and ImageMagick. They show sheets of an example as
LibreOffice prints them.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from roi_xl import build_workbook, examples
from roi_xl.text import LANGUAGES, text

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
EXAMPLE = "customer_service_large"
SHEETS = ("summary", "inputs", "sensitivity")
FOOTER = "0x42"  # dots at the foot of a page, cut off
DOTS_PER_INCH = "80"
COLOURS = "48"


def pictures(language: str) -> Iterator[Path]:
    """The first page of each of the sheets in a language as a PNG."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = build_workbook(folder / "roi.xlsx", examples.study(EXAMPLE), language=language)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        convert = ["--headless", "--convert-to", "pdf", "--outdir", str(folder), str(book)]
        _run("soffice", profile, *convert)
        pdf = str(folder / "roi.pdf")
        titles = [
            page.strip().partition("\n")[0] for page in _run("pdftotext", pdf, "-").split("\f")
        ]
        for sheet in SHEETS:
            title = text(f"workbook.sheet.{sheet}.title", language)
            number = str(titles.index(title) + 1)
            page = ["-png", "-r", DOTS_PER_INCH, "-f", number, "-l", number, "-singlefile"]
            _run("pdftoppm", *page, pdf, str(folder / "page"))
            target = FOLDER / f"{sheet}_{language}.png"
            cut = f"-gravity south -chop {FOOTER} -trim -bordercolor white -border 8"
            small = f"{cut} +dither -colors {COLOURS}".split()
            _run("convert", str(folder / "page.png"), *small, f"PNG8:{target}")
            yield target


def _run(program: str, *arguments: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise SystemExit(f"{program} is missing")
    done = subprocess.run(
        [found, *arguments], check=True, capture_output=True, encoding="utf-8", timeout=120
    )
    return done.stdout


def main() -> None:
    """Write all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        for picture in pictures(language):
            print(picture)


if __name__ == "__main__":
    main()
