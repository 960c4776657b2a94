"""The FT_ functions as LAMBDA names: Microsoft 365 computes them without Python and without macros.

Each name is written from its declaration: it resolves blanks to defaults, checks type and bounds, and
then computes the traced formula. Everything works an element at a time, so ranges spill. Two idioms
of Excel carry it: numbers sort before text and text before TRUE and FALSE, so `x<""` asks for a number;
and an error in a condition is the result, so `IF((a=0)+(b=0)+1,…)` gives the first bad argument's error.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from roi_xl.errors import ErrorValue
from roi_xl.functions.bounds import codes, never, never_words
from roi_xl.functions.declare import Function, Param
from roi_xl.functions.trace import Call, Dialect, Node, Number, Ref, Symbol, render, trace
from roi_xl.text import LANGUAGES, text
from roi_xl.units import Quantity

COMMENT_LIMIT = 255  # characters that Excel keeps of a name's comment
FORMULA_LIMIT = 8192  # characters of a formula, as a person sees it
_VALUE, _NUM, _DIV0 = ErrorValue.VALUE.value, ErrorValue.NUM.value, ErrorValue.DIV0.value

# Functions newer than the file format; Excel shows #NAME? where a file lacks their prefix.
_PREFIXED = """
BYCOL BYROW CHOOSECOLS CHOOSEROWS CONCAT DROP EXPAND HSTACK IFNA IFS ISOMITTED LAMBDA LET MAKEARRAY
MAP MAXIFS MINIFS REDUCE SCAN SEQUENCE SORTBY SWITCH TAKE TEXTAFTER TEXTBEFORE TEXTJOIN TEXTSPLIT
TOCOL TOROW UNICHAR UNIQUE VSTACK WRAPCOLS WRAPROWS XLOOKUP XMATCH
"""
_NEWER = {
    **dict.fromkeys(_PREFIXED.split(), "_xlfn."),
    **dict.fromkeys(("FILTER", "SORT"), "_xlfn._xlws."),
}
_WORD = re.compile(r'"(?:[^"]|"")*"|[A-Za-z_][\w.]*')


@dataclass(frozen=True, slots=True)
class LambdaName:
    """A defined name of a workbook: its text without `=`, and the comment Excel shows beside it."""

    name: str
    formula: str
    comment: str


def lambda_names(functions: Iterable[Function], language: str) -> list[LambdaName]:
    """The names of all functions that have a formula, in the order given.

    Args:
        functions: declarations, such as `FUNCTIONS.values()`.
        language: of the comments, of the word for never, and of answers where none is asked for.
    """
    made = ((f, lambda_formula(f, language)) for f in functions)
    return [LambdaName(f.name, t, f.doc(language)[:COMMENT_LIMIT]) for f, t in made if t]


def lambda_formula(function: Function, language: str) -> str | None:
    """The function as `_xlfn.LAMBDA(…)`; None where it has neither trace nor formula of its own.

    Raises:
        ValueError: the formula is longer than Excel allows.
    """
    if function.formula is None and not function.traceable:
        return None
    body = _answer(function, language)
    steps = [step for p in function.params for step in _resolve(p, language)]
    checked = [p for p in function.params if p.quantity.kind != "range"]
    if checked:
        tests = "+".join(f"({_value(p.name)}=0)" for p in checked)
        body = f"IF({tests}+1,{body})"
    if steps:
        body = f"_xlfn.LET({','.join(f'{name},{value}' for name, value in steps)},{body})"
    declared = [f"{'_xlpm' if p.required else '_xlop'}.{p.name}" for p in function.params]
    written = f"_xlfn.LAMBDA({','.join([*declared, body])})"
    if len(shown(written)) > FORMULA_LIMIT:
        raise ValueError(f"{function.name}: a formula of {len(shown(written))} characters")
    return written


def shown(formula: str) -> str:
    """The formula as Excel shows it, without the prefixes of the file."""
    return re.sub(r"_xl(?:fn\._xlws|fn|pm|op)\.", "", formula)


# --- arguments -----------------------------------------------------------------------------------


def _argument(name: str) -> str:
    return f"_xlpm.{name}"


def _value(name: str) -> str:
    """The argument once blanks, words and bounds have been dealt with."""
    return f"_xlpm.{name}_value"


def _resolve(param: Param, language: str) -> list[tuple[str, str]]:
    """The LET steps from an argument as given to a value that the formula can use, or an error."""
    given, value = _argument(param.name), _value(param.name)
    quantity = param.quantity
    if quantity.kind == "range":
        if param.required:
            return [(value, given)]
        return [(value, _unless_omitted(given, _default(param, language), given))]
    blank = _VALUE if param.required else _default(param, language)
    if quantity.kind == "choice" or quantity.never:
        # a word is compared without outer spaces, the ideographic one included; = ignores case
        word = f"_xlpm.{param.name}_word"
        trimmed = f'TRIM(SUBSTITUTE({given},"\u3000"," "))'
        step = trimmed if param.required else _unless_omitted(given, '""', trimmed)
        if quantity.kind == "choice":
            found = _choice(quantity, word)
        else:
            test = "+".join(f"({word}={_quoted(w)})" for w in sorted(never_words()))
            unending = f"IF({test},{_quoted(never(language))},{_VALUE})"
            found = f'IF({given}<"",{_bounded(quantity, given)},{unending})'
        return [(word, step), (value, f'IF({word}="",{blank},{found})')]
    if quantity.kind == "text":
        found = f'IF({given}<"",{_VALUE},IF({given}<FALSE,TRIM({given}),{_VALUE}))'
    else:
        found = f'IF({given}<"",{_bounded(quantity, given)},{_VALUE})'
    filled = f'IF(TRIM({given})="",{blank},{found})'
    return [(value, filled if param.required else _unless_omitted(given, blank, filled))]


def _unless_omitted(given: str, default: str, otherwise: str) -> str:
    return f"IF(_xlfn.ISOMITTED({given}),{default},{otherwise})"


def _default(param: Param, language: str) -> str:
    """The default as a literal; `""` where blank has a meaning of its own."""
    if param.name == "language" and param.default is None:
        return str(LANGUAGES.index(language))
    if param.default is None:
        return '""'
    if isinstance(param.default, str):
        return _quoted(param.default)
    if math.isinf(param.default):
        return _quoted(never(language))
    return render(Number(float(param.default)))


def _bounded(quantity: Quantity, given: str) -> str:
    """The number, or #NUM! outside its bounds."""
    tests = []
    if quantity.lower is not None:
        sign = ">" if quantity.lower_open else ">="
        tests.append(f"{given}{sign}{render(Number(quantity.lower))}")
    if quantity.upper is not None:
        tests.append(f"{given}<={render(Number(quantity.upper))}")
    if quantity.whole:
        tests.append(f"{given}=INT({given})")
    if not tests:
        return given
    test = tests[0] if len(tests) == 1 else "*".join(f"({t})" for t in tests)
    return f"IF({test},{given},{_NUM})"


def _choice(quantity: Quantity, word: str) -> str:
    """The code 0, 1, 2, … of a word of a closed set, in whichever language it is."""
    found = _VALUE
    for code in reversed(range(len(quantity.choices))):
        accepted = [w for w, c in codes(quantity.choices).items() if c == code]
        test = "+".join(f"({word}={_quoted(w)})" for w in accepted)
        found = f"IF({test},{code},{found})"
    return found


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


# --- the answer ----------------------------------------------------------------------------------


def _answer(function: Function, language: str) -> str:
    """What the function computes from the resolved arguments."""
    if function.formula is not None:
        result = _own_formula(function)
    else:
        dialect = Dialect(reference=_value, never=never(language))
        result = _finite(function, trace(function), dialect)
    return _in_words(function, result) if function.speaks else result


def _own_formula(function: Function) -> str:
    """The declared formula with the prefixes that names and newer functions have in a file."""
    assert function.formula is not None
    params = {p.name for p in function.params}
    written = function.formula.removeprefix("=")

    def prefixed(found: re.Match[str]) -> str:
        word = found[0]
        if word.startswith(('"', "_xl")) or word in ("TRUE", "FALSE"):
            return word
        if written[found.end() :].lstrip().startswith("("):
            return _NEWER.get(word, "") + word
        return _value(word) if word in params else _argument(word)

    return _WORD.sub(prefixed, written)


def _finite(function: Function, node: Node, dialect: Dialect) -> str:
    """The result; where none exists #DIV/0! if the user's own denominator is zero, else #NUM!."""
    result = render(node, dialect)
    otherwise = _NUM
    if function.zero_base is not None:
        public = [p.name for p in function.all_params if p.name not in function.inner]
        base = function.zero_base(*(Symbol(Ref(name)) for name in public))
        zero = Call("=", (base.node, Number(0.0)))
        otherwise = f"IF({render(zero, dialect)},{_DIV0},{_NUM})"
    elif not _uses(node, "/^"):
        return result
    return f"IFERROR({result},{otherwise})"


def _uses(node: Node, operators: str) -> bool:
    if not isinstance(node, Call):
        return False
    return node.name in operators or any(_uses(a, operators) for a in node.args)


def _in_words(function: Function, code: str) -> str:
    """The words for a code, in the language asked for."""

    def wording(language: str) -> str:
        words = (_quoted(text(f"choice.{c}", language)) for c in function.returns.choices)
        return f"CHOOSE(_xlpm.answer,{','.join(words)})"

    chosen = wording(LANGUAGES[-1])
    for i, language in reversed(list(enumerate(LANGUAGES[:-1]))):
        chosen = f"IF({_value('language')}={i},{wording(language)},{chosen})"
    return f"_xlfn.LET(_xlpm.answer,{code}+1,{chosen})"
