"""`roi-xl example`: case files to start from."""

from pathlib import Path

import click

from roi_xl.cli import options
from roi_xl.cli.options import lang_option, print_table, shown
from roi_xl.text import text


def _help(key: str) -> str:
    return text(f"example.{key}")


@click.command(help=_help("help"))
@click.argument("name", metavar="NAME", required=False, shell_complete=options.examples)
@click.option("-o", "--out", metavar="DIR", type=click.Path(path_type=Path), help=_help("out"))
@click.option("--force", is_flag=True, help=text("cli.option.force"))
@lang_option
def example(
    name: str | None,
    out: Path | None,
    force: bool,
    lang: str | None,  # noqa: ARG001 - chosen by its callback
) -> None:
    """List the examples, or write their files."""
    from roi_xl.examples import all_names, find_example, source
    from roi_xl.io.atomic_write import check_output, make_folder, write_file

    if name is None and out is None:
        _list(all_names())
        return
    chosen = all_names() if name is None else (find_example(name),)
    folder = Path() if out is None else out
    make_folder(folder)
    paths = {one: folder / f"{one}.toml" for one in chosen}
    for path in paths.values():
        check_output(path, overwrite=force)
    for one, path in paths.items():
        write_file(path, source(one), overwrite=force)
        click.echo(text("cli.written", path=path), err=True)
    if name is not None:
        click.echo(text("example.next", path=paths[chosen[0]]), err=True)


def _list(names: tuple[str, ...]) -> None:
    from roi_xl.case.dependencies import VALUE_STEP, find_step
    from roi_xl.case.evaluate import evaluate_case
    from roi_xl.examples import study

    value = find_step(VALUE_STEP)

    rows = [[text(f"example.head.{head}") for head in ("name", "about", "npv", "recommendation")]]
    for name in names:
        found = study(name)
        results = evaluate_case(found.live_case)
        worth = shown(value.quantity, results[value.name])
        rows.append([name, found.name(), worth, str(results["recommendation"])])
    print_table(rows)


def register(cli: click.Group) -> None:
    """Add the command to the command line."""
    cli.add_command(example)
