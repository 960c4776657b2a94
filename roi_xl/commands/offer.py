"""What the Tab key offers for an argument or option: files, and the names that we know."""

from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem

Offer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def files(_ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    """The shell's own list of files."""
    return [CompletionItem(typed, type="file")]


def _of(names: Callable[[], Iterable[str]]) -> Offer:
    def offer(_ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
        begun = typed.casefold()
        return [CompletionItem(n) for n in names() if n.casefold().startswith(begun)]

    return offer


def _functions() -> Iterable[str]:
    from roi_xl.registry import FUNCTIONS

    return FUNCTIONS


def _examples() -> Iterable[str]:
    from roi_xl.examples import all_names

    return all_names()


def _inputs() -> Iterable[str]:
    from roi_xl.case.inputs import INPUTS

    return INPUTS


def _figures() -> Iterable[str]:
    from roi_xl.case.steps import STEPS

    return (step.name for step in STEPS if not step.quantity.choices)


def _scenarios() -> Iterable[str]:
    from roi_xl.case.scenarios import SCENARIOS

    return SCENARIOS


def _gpus() -> Iterable[str]:
    from roi_xl.prices.sheet import shipped

    return dict.fromkeys(price.gpu for price in shipped())


functions, examples, scenarios, gpus, inputs, figures = (
    _of(names) for names in (_functions, _examples, _scenarios, _gpus, _inputs, _figures)
)
