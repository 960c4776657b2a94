"""`roi-xl check`: applies every modelling rule to a workbook and recomputes each result."""

from typing import TYPE_CHECKING

import click

from roi_xl.cli import completion
from roi_xl.cli.commands import command
from roi_xl.cli.options import json_option, lang_option
from roi_xl.cli.output import print_json
from roi_xl.text import text, use

if TYPE_CHECKING:
    from roi_xl.audit.rule import Fault, Verdict
    from roi_xl.audit.run import Report

MAX_SHOWN = 20  # findings of one rule on the terminal; --json has them all


@command(help=text("check.help"))
@click.argument("file", metavar="FILE", shell_complete=completion.files)
@lang_option
@json_option
def check(file: str, lang: str | None, as_json: bool) -> None:
    """Check a workbook; exit with 1 if a rule fails."""
    from pathlib import Path

    from roi_xl.audit.run import check_workbook
    from roi_xl.casefile import WORKBOOK_ENDINGS
    from roi_xl.errors import BadInput
    from roi_xl.hosts.excel.editions import own_names
    from roi_xl.io.text_files import existing

    path = existing(Path(file))
    if path.suffix.lower() not in WORKBOOK_ENDINGS:
        raise BadInput("file_ending", path=path, allowed=", ".join(WORKBOOK_ENDINGS))
    report = check_workbook(path, own_names)
    if lang is None:
        use(report.language)
    if as_json:
        print_json(report_data(report))
    else:
        for line in report_lines(report):
            click.echo(line)
    if report.failed:
        raise click.exceptions.Exit(1)


def report_data(report: "Report") -> dict[str, object]:
    """The report for programs: both answers, and one entry per rule with its findings."""
    return {
        "file": str(report.path),
        "language": report.language,
        "saved_by": report.saved_by,
        "ok": not report.failed,
        "intact": report.intact,
        "fresh": report.fresh,
        "counts": dict(report.counts),
        "rules": [
            {
                "rule": verdict.rule.number,
                "title": verdict.rule.title(),
                "status": verdict.status,
                "reasons": [text(f"check.reason.{r}") for r in verdict.reasons],
                "findings": [_finding(verdict, fault) for fault in verdict.faults],
            }
            for verdict in report.verdicts
        ],
    }


def _finding(verdict: "Verdict", fault: "Fault") -> dict[str, object]:
    return {
        "rule": verdict.rule.number,
        "severity": verdict.severity(fault),
        "sheet": fault.sheet,
        "cell": fault.cell or None,
        "kind": fault.key,
        "found": fault.found,
        "expected": fault.expected,
        "message": fault.sentence(),
    }


def report_lines(report: "Report") -> list[str]:
    """The report for people: one line per finding, what was not checked, both answers, counts."""
    lines: list[str] = []
    for verdict in report.verdicts:
        number = verdict.rule.number
        for fault in verdict.faults[:MAX_SHOWN]:
            word = text(f"check.word.{verdict.severity(fault)}")
            sentence = fault.sentence()
            lines.append(
                text("check.line", word=word, rule=number, place=fault.place, sentence=sentence)
            )
        hidden = len(verdict.faults) - MAX_SHOWN
        if hidden > 0:
            lines.append(text("check.more", rule=number, count=hidden))
    for verdict in report.verdicts:
        if verdict.status != "not_applicable":
            for reason in verdict.reasons:
                lines.append(
                    text(
                        "check.skipped",
                        rule=verdict.rule.number,
                        title=verdict.rule.title(),
                        reason=text(f"check.reason.{reason}"),
                    )
                )
    for answer, value in (("intact", report.intact), ("fresh", report.fresh)):
        known = {True: "true", False: "false", None: "null"}[value]
        reply = text(f"check.answer.{answer}_{known}")
        lines.append(text(f"check.answer.{answer}", said=reply))
    counts = report.counts
    statuses = ("ok", "warn", "fail", "not_checkable", "not_applicable")
    shown = [text(f"check.count.{s}", count=counts[s]) for s in statuses if counts[s]]
    lines.append(
        text("check.total", count=len(report.verdicts), counts=text("check.comma").join(shown))
    )
    return lines
