"""`roi-xl example`: lists the example cases and writes them as files to start from."""

from pathlib import Path

import click

from roi_xl.cli import completion
from roi_xl.cli.commands import command, option
from roi_xl.cli.options import force_option, lang_option
from roi_xl.cli.output import currency_of, format_value, print_note, print_table, print_written
from roi_xl.text import text


@command(help=text("example.help"))
@click.argument("name", metavar="NAME", required=False, shell_complete=completion.examples)
@option("-o", "--out", metavar="DIR", type=click.Path(path_type=Path), help=text("example.out"))
@force_option
@lang_option
def example(
    name: str | None,
    out: Path | None,
    force: bool,
    lang: str | None,  # noqa: ARG001 - applied by its callback
) -> None:
    """List the examples, or write their files."""
    from roi_xl.examples import all_names, find_example, source
    from roi_xl.io.atomic_write import check_output, make_folder, write_file

    if name is None and out is None:
        _print_list(all_names())
        return
    chosen = all_names() if name is None else (find_example(name),)
    folder = Path() if out is None else out
    make_folder(folder)
    paths = {one: folder / f"{one}.toml" for one in chosen}
    for path in paths.values():
        check_output(path, overwrite=force)
    for one, path in paths.items():
        write_file(path, source(one), overwrite=force)
        print_written(path)
    if name is not None:
        print_note(text("example.next", path=paths[chosen[0]]))


def _print_list(names: tuple[str, ...]) -> None:
    from roi_xl.case.dependencies import VALUE_STEP, find_step
    from roi_xl.case.evaluate import evaluate_case
    from roi_xl.examples import study

    value = find_step(VALUE_STEP)
    columns = ("name", "about", "npv", "recommendation")
    rows = [[text(f"example.head.{column}") for column in columns]]
    for name in names:
        example_study = study(name)
        case = example_study.live_case
        results = evaluate_case(case)
        npv = format_value(value.quantity, results[value.name], currency_of(case))
        rows.append([name, example_study.name(), npv, str(results["recommendation"])])
    print_table(rows)
