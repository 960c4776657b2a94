"""`roi-xl report`: writes the result as a report, HTML or PDF."""

import click

from roi_xl.cli import completion
from roi_xl.cli.commands import command, option
from roi_xl.cli.options import force_option, lang_option, scenario_option, use_language_of
from roi_xl.cli.output import print_written
from roi_xl.text import current_language, text

ENDINGS = (".html", ".htm", ".pdf")


@command(help=text("report.help"))
@click.argument("file", metavar="FILE", shell_complete=completion.files)
@option(
    "-o",
    "--out",
    required=True,
    metavar="OUT",
    shell_complete=completion.files,
    help=text("report.option.out"),
)
@option("--interactive", is_flag=True, help=text("report.option.interactive"))
@scenario_option
@lang_option
@force_option
def report(
    file: str, out: str, interactive: bool, scenario: str | None, lang: str | None, force: bool
) -> None:
    """Write the report of a filled workbook or a case file."""
    import datetime as dt
    from pathlib import Path

    from roi_xl.cli.case_options import read_case_file
    from roi_xl.errors import BadInput
    from roi_xl.io.atomic_write import check_output, write_file

    path, target = Path(file), Path(out)
    kind = target.suffix.lower()
    allowed = ENDINGS[:2] if interactive else ENDINGS
    if kind not in allowed:
        raise BadInput("output_ending", path=target, allowed=", ".join(allowed))
    check_output(target, overwrite=force)
    study = read_case_file(path, scenario)
    use_language_of(path, lang)
    today = dt.datetime.now(dt.UTC).date()
    if interactive:
        from roi_xl.hosts.javascript.module import case_names, case_script
        from roi_xl.report.whatif import whatif_page

        case = study.live_case
        data = whatif_page(study, case_script(case_names([case]), case.prices)).encode("utf-8")
    elif kind == ".pdf":
        from roi_xl.report.pdf import pdf_page

        data = pdf_page(study, current_language(), today)
    else:
        from roi_xl.report.html import html_page

        data = html_page(study, None, today).encode("utf-8")
    write_file(target, data, overwrite=force)
    print_written(target)
