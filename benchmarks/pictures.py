"""The pictures of the documentation: `python -m benchmarks.pictures` writes them to docs/pictures.

Needs LibreOffice, pdftoppm (poppler) and ImageMagick. They show the first sheet of the source
document's example as LibreOffice prints it.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from roi_xl import build_workbook
from roi_xl.text import LANGUAGES

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
DOTS_PER_INCH = "80"
COLOURS = "48"


def picture(language: str) -> Path:
    """The Summary sheet in a language as a PNG."""
    target = FOLDER / f"summary_{language}.png"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = build_workbook(folder / "roi.xlsx", language=language)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        convert = ["--headless", "--convert-to", "pdf", "--outdir", str(folder), str(book)]
        _run("soffice", profile, *convert)
        page = ["-png", "-r", DOTS_PER_INCH, "-f", "1", "-l", "1", "-singlefile"]
        _run("pdftoppm", *page, str(folder / "roi.pdf"), str(folder / "page"))
        small = ["-trim", "-bordercolor", "white", "-border", "8", "+dither", "-colors", COLOURS]
        _run("convert", str(folder / "page.png"), *small, f"PNG8:{target}")
    return target


def _run(program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise SystemExit(f"{program} is missing")
    subprocess.run([found, *arguments], check=True, capture_output=True, timeout=120)


def main() -> None:
    """Write all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        print(picture(language))


if __name__ == "__main__":
    main()
