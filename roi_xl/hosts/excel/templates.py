"""The workbooks that ship ready-made: unfilled and examples, both languages, with and without macros."""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from roi_xl import __version__, examples
from roi_xl.case.study import Study
from roi_xl.hosts.excel.editions import udf_workbook
from roi_xl.io.atomic_write import check_output, write_file
from roi_xl.text import LANGUAGES
from roi_xl.workbook.build import workbook_bytes
from roi_xl.workbook.save import BUILD_TIME

EXAMPLE = "customer_service_large"
MONTHS = 60  # on their time axis
BUILT_WITH = "built_with.toml"
PACKAGES = ("genai-prices", "openpyxl", "xlwings")
PRICE_SHEETS = ("gpu_prices.csv", "finetune_service_prices.csv")


def example() -> Study:
    """The filled example: a call centre with scenarios and ranges."""
    return examples.study(EXAMPLE)


def templates() -> Iterator[tuple[str, bytes]]:
    """Each file by name; the same bytes on every run with the same packages."""
    for study, ending in ((None, ""), (example(), "_example")):
        for language in LANGUAGES:
            name = f"finetuning_roi_{language}{ending}"
            for suffix, write in ((".xlsx", workbook_bytes), (".xlsm", udf_workbook)):
                made = write(study, language, BUILD_TIME, months=MONTHS, unfilled=study is None)
                yield name + suffix, made
    yield BUILT_WITH, versions().encode()
    for name in PRICE_SHEETS:
        yield name, resources.files("roi_xl.prices").joinpath(name).read_bytes()


def versions() -> str:
    """The packages that the bytes depend on, as TOML: model prices, the writer, the macros."""
    from importlib.metadata import version

    lines = [f'roi_xl = "{__version__}"']
    return "\n".join([*lines, *(f'{name} = "{version(name)}"' for name in PACKAGES)]) + "\n"


def build_templates(folder: Path, *, overwrite: bool = False) -> list[Path]:
    """Write all of them into a folder.

    Raises:
        FileExists: one is there and `overwrite` is false; nothing is written then.
        OutputError: the folder is missing or cannot be written.
    """
    made = dict(templates())
    paths = {name: folder / name for name in made}
    for path in paths.values():
        check_output(path, overwrite=overwrite)
    for name, path in paths.items():
        write_file(path, made[name], overwrite=overwrite)
    return list(paths.values())
