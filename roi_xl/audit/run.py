"""Checks a workbook file against every rule: `check_workbook(path)`."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from roi_xl.audit.comparison import Comparison
from roi_xl.audit.rebuilt import rebuild
from roi_xl.audit.rule import RULES, Verdict, judge
from roi_xl.audit.rules import appearance, formulas, inputs, layout, package, results
from roi_xl.audit.snapshot import Snapshot
from roi_xl.errors import BadInput, BadWorkbook
from roi_xl.text import LANGUAGES
from roi_xl.workbook.layout import SHEETS, titles
from roi_xl.workbook.study_reader import read_filled
from roi_xl.xlsx.safe_archive import refuse_unsafe

# imported for the rules they declare
RULE_MODULES = (results, package, layout, appearance, formulas, inputs)
Names = Callable[[str, str], Iterable[tuple[str, str, str]]]


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on every rule, in the order of their numbers.

    `intact` and `fresh` are separate answers, None where the file cannot say:
    `intact`: no formula, name, heading or sheet of the model was changed, pasted over or removed,
    whatever was typed into the inputs. `fresh`: each stored result is what the inputs give.
    """

    path: Path
    language: str
    saved_by: str
    verdicts: tuple[Verdict, ...]
    intact: bool | None
    fresh: bool | None

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
    """The findings of every rule on a workbook of ours, fresh or filled in.

    Args:
        path: the file, .xlsx or .xlsm.
        own_names: the functions that a workbook of an edition and language defines itself, each with
            name, formula and comment; needed for the edition `lambda` only.
        today: the day by which the age of prices is judged; None is the current day.

    Returns:
        one verdict per rule, and whether the workbook is intact and fresh.

    Raises:
        BadWorkbook: the file cannot be read as a workbook, or is none of ours.
    """
    path = Path(path)
    comparison = prepare(path, own_names, today)
    try:
        verdicts = tuple(judge(RULES[number], comparison) for number in sorted(RULES))
    except ElementTree.ParseError as error:
        raise BadWorkbook("not_a_workbook", path=path, reason=error) from None
    return Report(
        path,
        comparison.language,
        comparison.file.saved_by,
        verdicts,
        results.is_intact(comparison, verdicts),
        results.is_fresh(comparison, verdicts),
    )


def prepare(path: Path, own_names: Names | None = None, today: dt.date | None = None) -> Comparison:
    """The file beside the workbook built anew from the inputs found in it.

    Raises:
        BadWorkbook: the file cannot be read as a workbook, or is none of ours.
    """
    refuse_unsafe(path)
    file = Snapshot.of_file(path)
    language = _language(file)
    if language is None:
        raise BadWorkbook("no_inputs", path=path)
    problems: list[BadInput] = []
    study, filled = read_filled(path, problems)
    macros = path.suffix.lower() == ".xlsm"
    edition = _edition(file, macros=macros)
    names = tuple(own_names(edition, language)) if own_names else ()
    twin, values = rebuild(file, study, filled, language, edition=edition, names=names)
    return Comparison(
        file,
        twin,
        language,
        expected=values,
        filled=filled,
        macros=macros,
        problems=problems,
        today=today or dt.date.today(),
    )


def _language(file: Snapshot) -> str | None:
    """The language of most of the sheets' titles; a sheet may be missing or renamed."""
    found = {
        language: sum(titles(key)[language] in file.sheets for key in SHEETS)
        for language in LANGUAGES
    }
    best = max(found, key=lambda language: found[language])
    return best if found[best] else None


def _edition(file: Snapshot, *, macros: bool) -> str:
    """The edition of the file: macros, names that are functions, or plain formulas."""
    if macros:
        return "udf"
    return "lambda" if any(n.startswith("FT_") for n in file.book.defined_names) else "plain"
