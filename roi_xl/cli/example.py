"""`roi-xl example`: lists the example cases and writes them as files to start from."""

from pathlib import Path

import click

from roi_xl.cli import completion
from roi_xl.cli.commands import command, option
from roi_xl.cli.options import force_option, json_option, lang_option
from roi_xl.cli.output import (
    currency_of,
    format_value,
    print_json,
    print_note,
    print_table,
    print_written,
)
from roi_xl.text import text


@command(help=text("example.help"))
@click.argument("name", metavar="NAME", required=False, shell_complete=completion.examples)
@option("-o", "--out", metavar="DIR", type=click.Path(path_type=Path), help=text("example.out"))
@json_option
@force_option
@lang_option
def example(
    name: str | None,
    out: Path | None,
    as_json: bool,
    force: bool,
    lang: str | None,  # noqa: ARG001 - applied by its callback
) -> None:
    """List the examples, or write their files."""
    from roi_xl.examples import all_names, find_example, source
    from roi_xl.io.atomic_write import check_output, make_folder, write_file

    if as_json and (name is not None or out is not None):
        raise click.UsageError(text("example.json_lists"))
    if name is None and out is None:
        _print_list(all_names(), as_json)
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


def _print_list(names: tuple[str, ...], as_json: bool) -> None:
    """Print name, title, net present value and recommendation of every example."""
    from roi_xl.case.dependencies import VALUE_STEP, find_step
    from roi_xl.case.evaluate import evaluate_case
    from roi_xl.examples import study

    step = find_step(VALUE_STEP)
    columns = ("name", "about", "npv", "recommendation")
    rows = [[text(f"example.head.{column}") for column in columns]]
    data = []
    for name in names:
        title, case = study(name).name(), study(name).live_case
        results = evaluate_case(case)
        recommendation = str(results["recommendation"])
        npv = format_value(step.quantity, results[step.name], currency_of(case))
        rows.append([name, title, npv, recommendation])
        entry = (name, title, results[step.name], recommendation)
        data.append(dict(zip(columns, entry, strict=True)))
    if as_json:
        print_json(data)
    else:
        print_table(rows)
