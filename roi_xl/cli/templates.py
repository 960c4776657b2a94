"""`roi-xl templates build`: writes the ready-made workbooks and price sheets."""

from roi_xl.cli.commands import Group, command, option
from roi_xl.cli.options import force_option, lang_option
from roi_xl.text import text

templates = Group("templates", help=text("templates.help"))


@command(help=text("templates.build"))
@option("-o", "--out", default="templates", metavar="DIR", help=text("templates.option.out"))
@lang_option
@force_option
def build(out: str, lang: str | None, force: bool) -> None:  # noqa: ARG001
    """Write every template into a folder, which is created if it is missing."""
    from pathlib import Path

    from roi_xl.cli.output import print_written
    from roi_xl.hosts.excel.templates import build_templates
    from roi_xl.io.atomic_write import make_folder

    folder = Path(out)
    make_folder(folder)
    for path in build_templates(folder, overwrite=force):
        print_written(path)


templates.add_command(build)
