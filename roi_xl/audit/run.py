"""Runs every rule on a file: `check_workbook(path)`."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

from roi_xl.audit.comparison import Comparison
from roi_xl.audit.rule import RULES, Verdict, judge
from roi_xl.audit.rules import appearance, formulas, inputs, layout, package, results
from roi_xl.audit.snapshot import Snapshot
from roi_xl.case.inputs import Case
from roi_xl.case.study import Study
from roi_xl.errors import BadInput, BadWorkbook
from roi_xl.prices.reader import sheet_of_range
from roi_xl.text import LANGUAGES, table
from roi_xl.workbook.build import make_book
from roi_xl.workbook.layout import PRICE_TABLE
from roi_xl.workbook.study_reader import read_workbook
from roi_xl.xlsx.safe_archive import refuse_unsafe

# imported for the rules they declare
RULE_MODULES = (results, package, layout, appearance, formulas, inputs)
Names = Callable[[str, str], Iterable[tuple[str, str, str]]]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of every rule, in the order of their numbers."""

    path: Path
    language: str
    saved_by: str
    verdicts: tuple[Verdict, ...]

    @property
    def failed(self) -> bool:
        """Whether any rule failed."""
        return any(v.status == "fail" for v in self.verdicts)

    @property
    def counts(self) -> Counter[str]:
        """How many rules have each status."""
        return Counter(v.status for v in self.verdicts)


def check_workbook(
    path: str | Path, own_names: Names | None = None, *, today: dt.date | None = None
) -> Report:
    """What every rule finds in a workbook of ours, fresh or filled in.

    Args:
        path: the file, .xlsx or .xlsm.
        own_names: the functions that a workbook of an edition and language defines itself, each with
            name, formula and comment; needed for the edition `lambda` only.
        today: the day by which the age of prices is judged; None is the current day.

    Returns:
        one verdict a rule.

    Raises:
        BadWorkbook: the file is no workbook, or none of ours.
    """
    path = Path(path)
    comparison = prepare(path, own_names, today)
    try:
        verdicts = tuple(judge(RULES[number], comparison) for number in sorted(RULES))
    except ElementTree.ParseError as error:
        raise _no_workbook(path, error) from None
    return Report(path, comparison.language, comparison.file.saved_by, verdicts)


def prepare(path: Path, own_names: Names | None = None, today: dt.date | None = None) -> Comparison:
    """The file beside its twin.

    Raises:
        BadWorkbook: the file is no workbook, or none of ours.
    """
    refuse_unsafe(path)
    file = Snapshot.of_file(path)
    language = _language(file)
    if language is None:
        raise BadWorkbook("no_inputs", path=path)
    macros = path.suffix.lower() == ".xlsm"
    edition = _edition(file, macros=macros)
    names = tuple(own_names(edition, language)) if own_names else ()

    def twin(study: Study) -> Snapshot:
        created = file.book.properties.created
        stamp = created if isinstance(created, dt.datetime) else None
        return Snapshot.of_book(make_book(study, language, stamp, edition=edition, names=names))

    study, bad = _study(path)
    built, added = as_built(study, file)
    comparison = Comparison(
        file, twin(built), language, macros=macros, bad_input=bad, today=today or dt.date.today()
    )
    if added:
        comparison.twin.stored |= twin(study).stored
    return comparison


def as_built(study: Study, file: Snapshot) -> tuple[Study, bool]:
    """The study without the price rows that the user added, and whether there were any.

    The rows of the table that were built are locked; what stands in unlocked rows was typed.
    """
    prices = study.case.prices
    defined = file.book.defined_names.get(PRICE_TABLE)
    for sheet, cells in defined.destinations if defined is not None and prices is not None else ():
        rows = file.sheets[sheet][cells.replace("$", "")] if sheet in file.sheets else ()
        built = [[c.value for c in row] for row in rows if row[0].protection.locked]
        if built and len(built) < sum(any(c.value is not None for c in row) for row in rows):
            kept = sheet_of_range(built)
            return replace(study, case=study.case.with_prices(kept)), True
    return study, False


def _language(file: Snapshot) -> str | None:
    """The language of the sheets' titles, by most of them; a sheet may be missing or renamed."""
    titles = {lang: _titles(lang) & set(file.sheets) for lang in LANGUAGES}
    best = max(titles, key=lambda lang: len(titles[lang]))
    return best if titles[best] else None


def _titles(language: str) -> set[str]:
    return {
        said
        for key, said in table("workbook", language).items()
        if key.startswith("sheet.") and key.endswith(".title")
    }


def _study(path: Path) -> tuple[Study, BadInput | None]:
    """What the file holds, or the default and what is wrong with the file's."""
    try:
        return read_workbook(path), None
    except BadWorkbook:
        raise
    except BadInput as error:
        return Study(Case()), error


def _no_workbook(path: Path, error: Exception) -> BadWorkbook:
    reason = str(error).split("\n")[0][:120] or type(error).__name__
    return BadWorkbook("not_a_workbook", path=path, reason=reason)


def _edition(file: Snapshot, *, macros: bool) -> str:
    """Which edition the file is: macros, names that are functions, or plain formulas."""
    if macros:
        return "udf"
    return "lambda" if any(n.startswith("FT_") for n in file.book.defined_names) else "plain"
