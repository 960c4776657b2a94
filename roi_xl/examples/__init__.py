"""Example cases and alternatives as case files; all figures are samples.

Every TOML file in this folder is an example; `name` in the file is its title.
"""

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roi_xl.case.inputs import Case
    from roi_xl.case.study import Study

# the examples compared with a case, in the order of the workbook's columns
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
    """The key of an example, from its name in any case, with hyphens or with `.toml`.

    Raises:
        BadInput: no example has this name; the message suggests the nearest.
    """
    from roi_xl.errors import BadInput
    from roi_xl.functions.answers import show
    from roi_xl.units import nearest

    wanted = name.strip().lower().replace("-", "_").removesuffix(".toml")
    if wanted in all_names():
        return wanted
    raise BadInput("unknown_example", found=show(name), hint=nearest(wanted, all_names()))


def source(name: str) -> bytes:
    """The bytes of an example's file."""
    return resources.files(__name__).joinpath(f"{name}.toml").read_bytes()


def study(name: str) -> "Study":
    """The study in an example's file."""
    import tomllib

    from roi_xl.case.study import study_of

    return study_of(tomllib.loads(source(name).decode("utf-8")))


def alternatives(case: "Case | None" = None) -> list["Study"]:
    """The alternatives that ship with the package (sample figures).

    Args:
        case: supplies the inputs that an alternative does not set; None takes the defaults.
    """
    return [_applied_to(case, study(name)) for name in ALTERNATIVES]


def _applied_to(case: "Case | None", alternative: "Study") -> "Study":
    from dataclasses import replace

    if case is None:
        return alternative
    given = {name: alternative.case[name] for name in alternative.case.given}
    return replace(alternative, case=case.replace(**given))
