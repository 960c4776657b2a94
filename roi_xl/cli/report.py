"""`roi-xl report`: the result as a page to hand in, HTML or PDF."""

import click

from roi_xl.cli import options
from roi_xl.cli.options import lang_option, scenario_option, speak_as, study_of
from roi_xl.text import current_language, text

ENDINGS = (".html", ".htm", ".pdf")


def register(cli: click.Group) -> None:
    """Add the command to the group."""
    parameters = (
        click.argument("file", metavar="FILE", shell_complete=options.files),
        click.option(
            "-o",
            "--out",
            required=True,
            metavar="OUT",
            shell_complete=options.files,
            help=text("report.option.out"),
        ),
        scenario_option,
        lang_option,
        click.option("--force", is_flag=True, help=text("cli.option.force")),
    )
    command = report
    for option in reversed(parameters):
        command = option(command)
    cli.command(name="report", help=text("report.help"))(command)


def report(file: str, out: str, scenario: str | None, lang: str | None, force: bool) -> None:
    """Write the page of a filled workbook or a case file."""
    import datetime as dt
    from pathlib import Path

    from roi_xl.errors import BadInput
    from roi_xl.io.atomic_write import check_output, write_file

    path, target = Path(file), Path(out)
    kind = target.suffix.lower()
    if kind not in ENDINGS:
        raise BadInput("output_ending", path=target, allowed=", ".join(ENDINGS))
    check_output(target, overwrite=force)
    study = study_of(path, scenario)
    speak_as(path, lang)
    now = dt.datetime.now(dt.UTC)
    if kind == ".pdf":
        from roi_xl.hosts.libreoffice.pdf import summary_pdf

        data = summary_pdf(study, current_language(), now)
    else:
        from roi_xl.report.html import html_page

        data = html_page(study, None, now.date()).encode("utf-8")
    write_file(target, data, overwrite=force)
    click.echo(text("cli.written", path=target), err=True)
