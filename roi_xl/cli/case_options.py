"""Cases as the commands get them: from a file, with --scenario, --prices and --set applied."""

import os
import unicodedata
from typing import TYPE_CHECKING, Any

import click

from roi_xl.cli.output import print_note
from roi_xl.text import text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from pathlib import Path

    from roi_xl.case.inputs import Case
    from roi_xl.case.study import Study
    from roi_xl.prices.sheet import PriceSheet

MAX_NAMES_SHOWN = 12  # sheets or cells that one note lists


def read_case_file(file: "str | Path", scenario: str | None) -> "Study":
    """The study in a file, with the scenario that --scenario names."""
    from roi_xl.casefile import read_study

    study = read_study(file)
    if study.typed is not None and study.typed.trusted:
        print_note(text("cli.trusted", cells=_first_names(study.typed.trusted)))
    return study if scenario is None else study.with_live(scenario)


# --- --set ---------------------------------------------------------------------------------------


def with_settings(study: "Study", settings: "Iterable[str]") -> "Study":
    """The study with the values of --set; a later setting of the same input wins.

    Raises:
        UsageError: a setting is not NAME=VALUE.
        BadInput: an unknown name, or a value that the input may not have.
    """
    from dataclasses import replace

    changed = dict(map(read_setting, settings))
    return replace(study, case=study.case.replace(**changed)) if changed else study


def read_setting(setting: str) -> tuple[str, Any]:
    """Input key and value of a setting such as `daily_requests=5000`.

    Raises:
        UsageError: it is not NAME=VALUE.
        BadInput: no input has this key or label, or the number can be read in two ways.
    """
    from roi_xl.case.inputs import find_input
    from roi_xl.case.typed_values import typed_value

    if "=" not in setting:  # a full-width equals sign
        setting = unicodedata.normalize("NFKC", setting)
    name, equals, value = setting.partition("=")
    if not equals or not name.strip():
        raise click.UsageError(text("error.set_form", found=f'"{setting}"'))
    entry = find_input(name)
    return entry.name, typed_value(entry, value)


# --- --prices ------------------------------------------------------------------------------------


def with_price_file(study: "Study", price_file: str | None) -> "Study":
    """The study with the price sheet of a file; unchanged where none is named."""
    from dataclasses import replace

    if price_file is None:
        return study
    return replace(study, case=study.case.with_prices(read_price_file(price_file)))


def read_price_file(price_file: str | None) -> "PriceSheet":
    """The price sheet of a file, or the shipped one."""
    from pathlib import Path

    from roi_xl.prices.reader import read_sheet, shipped

    if price_file is None:
        return shipped()
    return read_sheet(Path(price_file), today())


def today() -> "dt.date":
    """The date to which the age of prices counts."""
    import datetime as dt

    return dt.date.today()


# --- workbooks -----------------------------------------------------------------------------------


def write_workbook(
    path: "Path",
    study: "Study",
    lang: str | None,
    force: bool,
    edition: str | None = None,
    months: int | None = None,
) -> None:
    """Write a study as a workbook of an edition; by default the file's ending decides which."""
    import datetime as dt

    from roi_xl.hosts.excel.editions import build_edition

    now = dt.datetime.now(dt.UTC)
    build_edition(path, study, lang, edition=edition, overwrite=force, stamp=now, months=months)


def note_samples(case: "Case") -> None:
    """Name on standard error the inputs that nobody gave and that stand at sample values."""
    if case.samples:
        names = ", ".join(f"{name}={case[name]:g}" for name in case.samples)
        print_note(text("cli.samples", names=names))


def note_doubts(case: "Case") -> None:
    """Name on standard error the values that lie outside their plausible range."""
    from roi_xl.case.inputs import INPUTS

    for doubt in case.doubts:
        label = INPUTS[doubt.name].label()
        low, high = f"{doubt.low:g}", f"{doubt.high:g}"
        value = f"{doubt.value:g}"
        print_note(text("cli.doubt", name=doubt.name, label=label, found=value, low=low, high=high))


def refuse_unanswered(path: "Path", study: "Study", scenario: str | None) -> None:
    """Refuse a case without a net present value, or one that names what no price sheet lists.

    Raises:
        BadInput: says which file, which scenario if there are several, and why.
    """
    from roi_xl.errors import BadInput

    cases = {"": study.live_case} if scenario or len(study.cases) == 1 else study.cases
    for name, case in cases.items():
        problem = unanswered(case)
        if problem:
            reason = f"{name}: {problem}" if name else problem
            raise BadInput("in_file", path=path, reason=reason)


def note_unanswered(case: "Case") -> None:
    """Say on standard error why a workbook shows no verdict yet."""
    problem = unanswered(case)
    if problem:
        print_note(problem)


def unanswered(case: "Case") -> str | None:
    """Why a case has no answer, or one that a name in it had no part in; None where it has one."""
    from roi_xl.case.evaluate import evaluate_case, first_problem
    from roi_xl.errors import ErrorValue, NotListedError

    problem = first_problem(case)
    if isinstance(problem, NotListedError) or isinstance(evaluate_case(case)["npv"], ErrorValue):
        return str(problem)
    return None


def note_not_copied(study: "Study", source: "Path", out: "Path") -> None:
    """Name sheets, comments and typed formulas that a new workbook does not take from the old one.

    Raises:
        BadInput: the new workbook would replace the old one, and they would be lost.
    """
    from roi_xl.errors import BadInput

    typed = study.typed
    if typed is None or not typed.left_behind:
        return
    notes = [
        text(f"not_copied.{key}", found=_first_names(found))
        for key, found in (
            ("sheets", typed.sheets),
            ("comments", typed.commented),
            ("formulas", typed.formulas),
        )
        if found
    ]
    if out.exists() and os.path.samefile(source, out):
        raise BadInput("would_lose", path=out, found=text("not_copied.and").join(notes))
    for note in notes:
        print_note(note)


def _first_names(found: tuple[str, ...]) -> str:
    count = len(found) - MAX_NAMES_SHOWN
    more = text("not_copied.more", count=count) if count > 0 else ""
    return ", ".join(found[:MAX_NAMES_SHOWN]) + more
