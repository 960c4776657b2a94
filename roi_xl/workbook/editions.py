"""The editions of a workbook: what its cells call, how its file ends, who finishes it."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from roi_xl.errors import BadInput
from roi_xl.workbook.book import Book

Finisher = Callable[[Book, dict[str, bytes]], bytes]


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition; `module` has the function `finish` that makes a file of a book's parts.

    It is named, not imported: what makes an edition is made of workbooks, so it imports them.
    """

    ending: str
    module: str


EDITIONS = {
    "plain": Edition(".xlsx", "roi_xl.workbook.write"),
    "udf": Edition(".xlsm", "roi_xl.excel.macro_book"),
}


def edition_for(path: Path, named: str | None = None) -> str:
    """The edition to write: the one named, else the first that has the file's ending.

    Raises:
        BadInput: there is no such edition, or none with this ending.
    """
    if named is not None and named not in EDITIONS:
        raise BadInput("edition", found=named, allowed=", ".join(EDITIONS))
    chosen = [named] if named is not None else list(EDITIONS)
    fitting = [name for name in chosen if EDITIONS[name].ending == path.suffix.lower()]
    if not fitting:
        endings = dict.fromkeys(EDITIONS[name].ending for name in chosen)
        raise BadInput("output_ending", path=path, allowed=", ".join(endings))
    return fitting[0]


def finisher(edition: str) -> Finisher:
    """What makes the file of an edition."""
    found: Finisher = import_module(EDITIONS[edition].module).finish
    return found
