"""Runs every rule on a file: `check_workbook(path)`."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from roi_xl.case.inputs import Case
from roi_xl.errors import BadInput, BadWorkbook
from roi_xl.text import LANGUAGES, speaking, table
from roi_xl.workbook.check import charts, formulas, inputs, layout, look, package, registry, results
from roi_xl.workbook.check.declare import RULES, Verdict, judge
from roi_xl.workbook.check.opened import Opened
from roi_xl.workbook.check.subject import Subject
from roi_xl.workbook.read import guard, read_workbook

THEMES = (results, package, layout, look, formulas, inputs, charts, registry)
Builder = Callable[[str, Case, str], bytes]  # edition, case, language


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
    path: str | Path, build: Builder | None = None, *, today: dt.date | None = None
) -> Report:
    """What every rule finds in a workbook of ours, fresh or filled in.

    Args:
        path: the file, .xlsx or .xlsm.
        build: makes a workbook anew from its edition, a case and a language; None makes what needs
            no names of its own, the editions `plain` and `udf`.
        today: the day by which the age of prices is judged; None is the current day.

    Returns:
        one verdict a rule.

    Raises:
        BadWorkbook: the file is no workbook, or none of ours.
    """
    path = Path(path)
    subject = prepare(path, build or built, today or dt.date.today())
    verdicts = tuple(judge(RULES[number], subject) for number in sorted(RULES))
    return Report(path, subject.language, subject.file.saved_by, verdicts)


def prepare(path: Path, build: Builder, today: dt.date) -> Subject:
    """The file beside its twin.

    Raises:
        BadWorkbook: the file is no workbook, or none of ours.
    """
    guard(path)
    file = _opened(path, path.read_bytes())
    language = _language(file)
    if language is None:
        raise BadWorkbook("no_inputs", path=path)
    case, bad = _case(path)
    macros = path.suffix.lower() == ".xlsm"
    twin = Opened(build(_edition(file, macros=macros), case, language))
    return Subject(file, twin, language, macros=macros, bad_input=bad, today=today)


def _language(file: Opened) -> str | None:
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


def _case(path: Path) -> tuple[Case, BadInput | None]:
    """The case in the file, or the default one and what is wrong with the file's."""
    try:
        return read_workbook(path), None
    except BadWorkbook:
        raise
    except BadInput as error:
        return Case(), error


def _opened(path: Path, data: bytes) -> Opened:
    try:
        return Opened(data)
    except Exception as error:  # noqa: BLE001 - parsers raise many unrelated kinds on odd files
        reason = str(error).split("\n")[0][:120] or type(error).__name__
        raise BadWorkbook("not_a_workbook", path=path, reason=reason) from None


def _edition(file: Opened, *, macros: bool) -> str:
    """Which edition the file is: macros, names that are functions, or plain formulas."""
    if macros:
        return "udf"
    return "lambda" if any(n.startswith("FT_") for n in file.book.defined_names) else "plain"


def built(edition: str, case: Case, language: str) -> bytes:
    """A workbook of a case with its cells as the edition writes them, without macros."""
    from roi_xl.workbook.build import workbook_bytes

    with speaking(language):
        return workbook_bytes(case, language, edition=edition)
