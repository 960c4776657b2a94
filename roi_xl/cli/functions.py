"""`roi-xl functions`: lists, finds and describes the FT_ functions."""

from typing import TYPE_CHECKING

import click

from roi_xl.cli import completion
from roi_xl.cli.commands import command
from roi_xl.cli.options import json_option, lang_option
from roi_xl.cli.output import print_json
from roi_xl.text import LANGUAGES, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from roi_xl.functions.declare import Function

NOWHERE = 4  # the rank of a function that does not mention a word


@command(help=text("cli.functions.help"))
@click.argument("words", nargs=-1, metavar="[NAME]", shell_complete=completion.functions)
@lang_option
@json_option
def functions(words: tuple[str, ...], lang: str | None, as_json: bool) -> None:  # noqa: ARG001
    """List the FT_ functions, or those that a name or a word finds; describe a single one."""
    from roi_xl.functions.describe import describe, paragraphs
    from roi_xl.registry import FUNCTIONS

    found = search(" ".join(words)) if words else list(FUNCTIONS.values())
    if as_json:
        print_json([describe(f) for f in found])
    elif len(found) == 1:
        click.echo("\n".join(paragraphs(found[0])))
    else:
        for function in found:
            click.echo(f"{function.signature()}\n    {function.doc()}")


def search(words: str) -> "list[Function]":
    """The function of this name, or those that mention all these words, best first.

    Args:
        words: a name, with or without FT_, or words in Chinese or English; they are looked for in
            names, in the names of the results that a function computes in a case, in descriptions
            and in labels of parameters.

    Raises:
        InputError: nothing was found; the message suggests the nearest name.
    """
    from roi_xl.registry import FUNCTIONS, find
    from roi_xl.units import fold

    wanted = fold(words).split()
    name = "_".join(wanted).upper()
    exact = FUNCTIONS.get(name, FUNCTIONS.get(f"FT_{name}"))
    if exact is not None:
        return [exact]
    ranked: list[tuple[int, int, Function]] = []
    for function in FUNCTIONS.values():
        ranks = [_rank(word, function) for word in wanted]
        if ranks and max(ranks) < NOWHERE:
            ranked.append((max(ranks), len(ranked), function))
    if not ranked:
        return [find(words)]
    return [function for _, _, function in sorted(ranked, key=lambda entry: entry[:2])]


def _rank(word: str, function: "Function") -> int:
    """Where a function mentions a word: 0 in its name, 1 its results, 2 its text, 3 a parameter."""
    from roi_xl.case.graph_steps import STEPS
    from roi_xl.units import fold

    results = [step for step in STEPS if step.function.name == function.name]
    fields: tuple[Iterable[str], ...] = (
        [function.name],
        (step.label(language) for step in results for language in LANGUAGES),
        (function.doc(language) for language in LANGUAGES),
        (name for p in function.params for name in (p.name, *map(p.label, LANGUAGES))),
    )
    ranks = (rank for rank, texts in enumerate(fields) if any(word in fold(each) for each in texts))
    return next(ranks, NOWHERE)
