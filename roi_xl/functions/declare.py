"""`@ft` declares a function once; every host is derived from the declaration."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Literal, TypeVar

from roi_xl.errors import ErrorValue
from roi_xl.text import text
from roi_xl.units import LANGUAGE, Quantity, quantity_of

_F = TypeVar("_F", bound=Callable[..., Any])

REQUIRED = inspect.Parameter.empty
PREFIX = "FT_"
Mode = Literal["vector", "pick", "each", "whole"]


@dataclass(frozen=True, slots=True, eq=False)
class Param:
    """One argument: name, unit, bounds and default (REQUIRED where there is none)."""

    name: str
    quantity: Quantity
    default: Any = REQUIRED
    variadic: bool = False

    @property
    def required(self) -> bool:
        """Whether a blank is an error."""
        return self.default is REQUIRED and not self.variadic

    @property
    def default_shown(self) -> object:
        """The default as typed: a choice as its word, `None` where blank has a meaning of its own."""
        if self.required or self.variadic or self.default is None:
            return None
        if self.quantity.kind == "choice":
            return self.quantity.choices[int(self.default)]
        if self.quantity.never and self.default == float("inf"):
            return None
        return self.default

    def label(self, language: str | None = None) -> str:
        """The argument's name in words."""
        return text(f"quantity.{self.name}.label", language)

    def help(self, language: str | None = None) -> str:
        """What the argument is, in one sentence."""
        return text(f"quantity.{self.name}.help", language)


@dataclass(frozen=True, slots=True)
class Helper:
    """A helper cell that a hand-written formula refers to: name, formula and Python equivalent."""

    name: str
    formula: str
    python: Callable[..., str]


@dataclass(frozen=True, slots=True)
class Function:
    """A declared function. A call evaluates as in a cell: `None` is blank, lists are ranges."""

    name: str
    python: Callable[..., Any]
    all_params: tuple[Param, ...]
    returns: Quantity
    mode: Mode = "vector"
    example: tuple[tuple[object, ...], object] = ((), None)
    zero_base: Callable[..., Any] | None = None
    formula: str | None = None
    group: str = "cost"
    inner: tuple[str, ...] = ()  # parameters that only the case passes, not a cell
    helpers: tuple[Helper, ...] = ()
    no_result: ErrorValue = ErrorValue.NUM  # where Python gives NaN
    params: tuple[Param, ...] = field(init=False, repr=False)  # as a cell passes them
    speaks: bool = field(init=False, repr=False)  # the answer is a word; `language` words it

    def __post_init__(self) -> None:
        shown = tuple(p for p in self.all_params if p.name not in self.inner)
        speaks = self.returns.kind == "choice"
        object.__setattr__(self, "speaks", speaks)
        object.__setattr__(self, "params", (*shown, _LANGUAGE) if speaks else shown)

    def __call__(self, *args: object, **named: object) -> Any:
        """Evaluate as in a cell; an argument that is not allowed raises its error."""
        from roi_xl.functions.answers import call

        return call(self, args, named)

    def param(self, name: str) -> Param:
        """The parameter of this name, including those that only the case passes."""
        return next(p for p in self.all_params if p.name == name)

    @property
    def unit(self) -> str:
        """The key of the unit of the result."""
        return self.returns.unit.key

    @property
    def traceable(self) -> bool:
        """Whether a call with symbols gives its Excel formula."""
        return self.mode in ("vector", "pick") and self.formula is None

    def doc(self, language: str | None = None) -> str:
        """What the function gives, in one sentence (English from the docstring, Chinese from the texts)."""
        from roi_xl.text import current_language

        if (language or current_language()) == "en":
            return first_sentence(self.python)
        return text(f"quantity.{self.name}.doc", language)

    def signature(self) -> str:
        """The call as typed, with optional arguments in brackets and their defaults."""
        parts = []
        for p in self.params:
            shown = p.default_shown
            if p.variadic:
                parts.append(f"[{p.name} …]")
            elif p.required:
                parts.append(p.name)
            elif shown is None:
                parts.append(f"[{p.name}]")
            else:
                value = f'"{shown}"' if isinstance(shown, str) else f"{shown:g}"
                parts.append(f"[{p.name}={value}]")
        return f"{self.name}({', '.join(parts)})"


_LANGUAGE = Param("language", quantity_of(LANGUAGE), None)


def first_sentence(function: Callable[..., Any]) -> str:
    """The first paragraph of a docstring, as one line."""
    paragraph = (inspect.getdoc(function) or "").split("\n\n", 1)[0]
    return " ".join(paragraph.split())


def ft(
    name: str | None = None,
    *,
    group: str,
    example: tuple[tuple[object, ...], object] = ((), None),
    mode: Mode = "vector",
    zero_base: Callable[..., Any] | None = None,
    formula: str | None = None,
    inner: tuple[str, ...] = (),
    helpers: tuple[Helper, ...] = (),
    no_result: str = "#NUM!",
) -> Callable[[_F], _F]:
    """Declare the function below as FT_`name` (or, without a name, as a step of the case only).

    Args:
        name: the name in a cell, `FT_…`; None for a step of the case that no cell calls.
        group: the family under which help pages and the function wizard list it.
        example: arguments as typed and the result they give.
        mode: "vector" takes numpy arrays; "pick" does too and gives the first argument that is not
            blank; "each" is called once per element and may raise; "whole" is called once with its
            arguments unchanged and gives a text or a table.
        zero_base: computes the denominators from the same arguments; where 0, the error is #DIV/0!.
        formula: an Excel formula over the argument names, where no trace exists.
        inner: parameters (with defaults) that the cell function does not have.
        helpers: cells that `formula` refers to by name.
        no_result: the error that stands for NaN: #NUM!, or #N/A for what is not known.

    Returns:
        The function itself, unchanged, with its declaration as `__ft__`.
    """

    def declare(function: _F) -> _F:
        signature = inspect.signature(function)
        params = []
        for p in signature.parameters.values():
            if p.kind is p.KEYWORD_ONLY or p.kind is p.VAR_KEYWORD:
                raise TypeError(
                    f"{function.__name__}: keyword-only {p.name!r} cannot be an argument"
                )
            quantity = quantity_of(p.annotation)
            params.append(Param(p.name, quantity, p.default, p.kind is p.VAR_POSITIONAL))
        returns = quantity_of(signature.return_annotation)
        declared = Function(
            name or function.__name__,
            function,
            tuple(params),
            returns,
            mode,
            example,
            zero_base,
            formula,
            group,
            inner,
            helpers,
            ErrorValue(no_result),
        )
        function.__ft__ = declared  # type: ignore[attr-defined]
        return function

    return declare


def declared(function: Callable[..., Any]) -> Function:
    """The declaration of a function that carries `@ft`."""
    found = getattr(function, "__ft__", None)
    if not isinstance(found, Function):
        raise TypeError(f"{function!r} is not declared with @ft")
    return found


def functions_of(module: ModuleType) -> list[Function]:
    """The cell functions defined in a module, in source order.

    Raises:
        ValueError: two of them have the same name.
    """
    found: dict[str, Function] = {}
    for value in vars(module).values():
        function = getattr(value, "__ft__", None)
        if not isinstance(function, Function) or not function.name.startswith(PREFIX):
            continue
        if function.python.__module__ != module.__name__:
            continue  # imported from where it is defined
        if found.setdefault(function.name, function) is not function:
            raise ValueError(f"{module.__name__} declares {function.name} twice")
    return list(found.values())
