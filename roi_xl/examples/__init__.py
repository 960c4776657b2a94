"""Example cases and alternatives as case files; SAMPLE figures, to be replaced by one's own.

A new file here is a new example: its comment says what it is, its `name` how it is listed.
"""

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roi_xl.case.inputs import Case
    from roi_xl.case.study import Study

# those that are set against a case, in the order in which a workbook shows them
ALTERNATIVES = (
    "prompt_engineering",
    "rag",
    "lora",
    "full_finetuning",
    "hosted_finetuning",
    "self_hosting",
)


@cache
def all_names() -> tuple[str, ...]:
    """The names of all examples."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(f.name.removesuffix(".toml") for f in files if f.name.endswith(".toml")))


def find_example(name: str) -> str:
    """The example of this name, however it is written.

    Raises:
        BadInput: there is none; the message suggests the nearest.
    """
    from roi_xl.errors import BadInput
    from roi_xl.functions.answers import show
    from roi_xl.units import nearest

    wanted = name.strip().lower().replace("-", "_").removesuffix(".toml")
    if wanted in all_names():
        return wanted
    raise BadInput("unknown_example", found=show(name), hint=nearest(wanted, all_names()))


def source(name: str) -> bytes:
    """The file of an example as it is."""
    return resources.files(__name__).joinpath(f"{name}.toml").read_bytes()


def study(name: str) -> "Study":
    """What the file of an example holds."""
    import tomllib

    from roi_xl.case.study import study_of

    return study_of(tomllib.loads(source(name).decode("utf-8")))


def alternatives(case: "Case | None" = None) -> list["Study"]:
    """The alternatives that ship with the package (sample figures), each set against a case.

    Args:
        case: gives what an alternative does not set itself; None is the source document's example.
    """
    return [_against(case, study(name)) for name in ALTERNATIVES]


def _against(case: "Case | None", alternative: "Study") -> "Study":
    from dataclasses import replace

    if case is None:
        return alternative
    given = {name: alternative.case[name] for name in alternative.case.given}
    return replace(alternative, case=case.replace(**given))
