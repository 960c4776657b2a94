"""`roi-xl actuals`: actuals against plan, and what is to be expected now."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roi_xl.cli import completion
from roi_xl.cli.commands import Choice, command, option
from roi_xl.cli.options import force_option, json_option, lang_option, scenario_option
from roi_xl.cli.output import print_json, print_table, print_written
from roi_xl.text import text

if TYPE_CHECKING:
    from roi_xl.case.actuals import Actual, Forecast, Review
    from roi_xl.case.inputs import Case
    from roi_xl.case.study import Study

ENDINGS = (".csv", ".html", ".htm")
BILLS = ("finetuned", "current")


@command(help=text("actuals.help"))
@click.argument("plan", metavar="PLAN", shell_complete=completion.files)
@click.argument("files", metavar="[ACTUALS...]", nargs=-1, shell_complete=completion.files)
@option(
    "-o",
    "--out",
    metavar="OUT",
    shell_complete=completion.files,
    help=text("actuals.option.out"),
)
@option(
    "--bill",
    type=Choice(BILLS),
    default=BILLS[0],
    show_default=True,
    help=text("actuals.option.bill"),
)
@option("--model", metavar="NAME", help=text("actuals.option.model"))
@scenario_option
@json_option
@lang_option
@force_option
def actuals(
    plan: str,
    files: tuple[str, ...],
    out: str | None,
    bill: str,
    model: str | None,
    scenario: str | None,
    as_json: bool,
    lang: str | None,
    force: bool,
) -> None:
    """Print variances and forecast, and write them."""
    from roi_xl.case.actuals import review
    from roi_xl.cli.case_options import read_case_file
    from roi_xl.cli.options import use_language_of
    from roi_xl.errors import BadInput
    from roi_xl.io.atomic_write import check_output, write_file
    from roi_xl.report.actuals_page import review_csv, review_page

    target = None if out is None else Path(out)
    if target is not None:
        if target.suffix.lower() not in ENDINGS:
            raise BadInput("output_ending", path=target, allowed=", ".join(ENDINGS))
        check_output(target, overwrite=force)
    study = read_case_file(plan, scenario)
    use_language_of(Path(plan), lang)
    case = study.live_case
    if files:
        known, notes = read_months([Path(file) for file in files], case, bill, model)
    else:
        known, notes = _own_months(study), []
    found = review(case, known)
    if as_json:
        print_json(review_data(found, notes))
    else:
        _print(found, notes)
    if target is not None:
        table = target.suffix.lower() == ".csv"
        written = review_csv(found) if table else review_page(found, study.name(), notes)
        write_file(target, written.encode(), overwrite=force)
        print_written(target)


def _own_months(study: "Study") -> "list[Actual]":
    """The months on the plan's own Actuals sheet.

    Raises:
        BadInput: there are none.
    """
    from roi_xl.case.actuals_file import actuals_of_rows
    from roi_xl.errors import BadInput
    from roi_xl.workbook.layout import ACTUALS

    found = actuals_of_rows(study.typed.rows.get(ACTUALS, ()) if study.typed else ())
    if not found:
        raise BadInput("actuals.no_files")
    return found


def read_months(
    files: list[Path], case: "Case", bill: str, model: str | None
) -> "tuple[list[Actual], list[str]]":
    """The months in tables of actuals and usage exports together, and notes about the exports.

    Raises:
        BadInput: a file cannot be read, or a figure is given twice.
    """
    from roi_xl.case.actuals import Actual
    from roi_xl.case.actuals_file import is_actuals, read_actuals
    from roi_xl.errors import BadInput
    from roi_xl.io.text_files import existing

    tables = [path for path in files if is_actuals(existing(path))]
    exports = [path for path in files if path not in tables]
    found = [actual for path in tables for actual in read_actuals(path, case["start_month"])]
    if not exports:
        return found, []
    from roi_xl.usage.monthly import monthly_actuals

    billed, notes = monthly_actuals(exports, case, bill=bill, model=model)
    by_month = {actual.month: actual for actual in found}
    if len(by_month) < len(found):
        twice = next(a.month for i, a in enumerate(found) if by_month[a.month] is not found[i])
        raise BadInput("actuals.month_twice", found=twice)
    for actual in billed:
        typed = by_month.get(actual.month, Actual(actual.month, {})).values
        both = sorted(set(typed) & set(actual.values))
        if both:
            raise BadInput("actuals.both", found=actual.month, name=both[0])
        by_month[actual.month] = Actual(actual.month, {**typed, **actual.values})
    return list(by_month.values()), [note.said() for note in notes]


def review_data(found: "Review", notes: list[str]) -> dict[str, Any]:
    """Variances and forecast for JSON; infinity (never repaid) is null."""
    from roi_xl.case.actuals import calendar_month
    from roi_xl.report.actuals_page import notes_of, sentence

    start, now = found.case["start_month"], found.forecast
    return {
        "currency": found.case["currency"],
        "advice": found.advice,
        "sentence": sentence(found),
        "plan": _side(found.plan),
        "forecast": {
            **_side(now),
            "volume_ratio": now.volume_ratio,
            "price_variance_per_request": now.price_variance,
            "run_cost_variance_per_month": now.run_variance,
            "quality_variance_per_month": now.quality_variance,
        },
        "difference": found.difference,
        "by_cause": found.by_cause,
        "months": [
            {
                "month": v.month,
                "calendar": calendar_month(v.month, start) or None,
                "planned": dict(v.planned),
                "actual": dict(v.actual),
                "planned_net": v.planned_net,
                "actual_net": v.actual_net,
                "difference": v.difference,
                "by_cause": dict(v.by_cause),
                "as_planned": list(v.as_planned),
            }
            for v in found.variances
        ],
        "notes": [*notes_of(found), *notes],
    }


def _side(side: "Forecast") -> dict[str, Any]:
    payback = side.payback_months
    return {
        "npv": side.npv,
        "payback_months": None if payback == float("inf") else payback,
        "to_come": side.to_come,
        "flow": side.flow.tolist(),
    }


def _print(found: "Review", notes: list[str]) -> None:
    from roi_xl.report.actuals_page import forecast_rows, month_rows, notes_of, sentence

    click.echo(f"{sentence(found)}\n")
    print_table(forecast_rows(found))
    click.echo(f"\n{text('actuals.section.months')} ({found.case['currency']})")
    print_table(month_rows(found))
    said = [*notes_of(found), *notes]
    if said:
        click.echo()
    for note in said:
        click.echo(f"- {note}")
