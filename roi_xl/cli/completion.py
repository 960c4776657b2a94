"""Shell completion of arguments and option values: files, functions, inputs, GPUs and the like."""

from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def files(_ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    """The shell's own list of files."""
    return [CompletionItem(typed, type="file")]


def _completer(names: Callable[[], Iterable[str]]) -> Completer:
    """A completer for names, which are imported only when the shell asks for them."""

    def complete(_ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
        start = typed.casefold()
        return [CompletionItem(n) for n in names() if n.casefold().startswith(start)]

    return complete


def _functions() -> Iterable[str]:
    from roi_xl.registry import FUNCTIONS

    return FUNCTIONS


def _examples() -> Iterable[str]:
    from roi_xl.examples import all_names

    return all_names()


def _inputs() -> Iterable[str]:
    from roi_xl.case.inputs import INPUTS
    from roi_xl.text import LANGUAGES

    labels = (i.label(language) for language in LANGUAGES for i in INPUTS.values())
    return (*INPUTS, *(label for label in labels if " " not in label))


def _figures() -> Iterable[str]:
    from roi_xl.case.graph_steps import STEPS

    return (step.name for step in STEPS if not step.quantity.choices)


def _scenarios() -> Iterable[str]:
    from roi_xl.case.study import SCENARIOS

    return SCENARIOS


def _gpus() -> Iterable[str]:
    from roi_xl.prices.reader import shipped

    return dict.fromkeys(price.gpu for price in shipped())


functions, examples, scenarios, gpus, inputs, figures = map(
    _completer, (_functions, _examples, _scenarios, _gpus, _inputs, _figures)
)
