"""The FT_ functions as LAMBDA names: Microsoft 365 computes them without Python and without macros.

Each name is written from its declaration: it resolves blanks to defaults, checks type and bounds, and
then computes the traced formula. Everything works an element at a time, so ranges spill. Two idioms
of Excel carry it: numbers sort before text and text before TRUE and FALSE, so `x<""` asks for a number;
and an error in a condition is the result, so `IF((a=0)+(b=0)+1,…)` gives the first bad argument's error.
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from roi_xl.errors import ErrorValue
from roi_xl.functions.declare import Function, Param
from roi_xl.functions.formula import Call, Dialect, Months, Node, Number, Ref, Symbol, render, trace
from roi_xl.text import LANGUAGES, text
from roi_xl.units import LONGEST_HORIZON, NEVER, Quantity, codes, never, never_words

_VALUE, _NUM, _DIV0 = ErrorValue.VALUE.value, ErrorValue.NUM.value, ErrorValue.DIV0.value


def argument(name: str) -> str:
    """The argument as it is given."""
    return f"_xlpm.{name}"


def value_name(name: str) -> str:
    """The argument once blanks, words and bounds have been dealt with."""
    return f"_xlpm.{name}_value"


def one_name(name: str) -> str:
    """The argument's value in one cell of the answer."""
    return f"_xlpm.{name}_one"


def resolve(param: Param, language: str) -> list[tuple[str, str]]:
    """The LET steps from an argument as given to a value that the formula can use, or an error."""
    given, value = argument(param.name), value_name(param.name)
    quantity = param.quantity
    if quantity.kind == "range":
        if param.required:
            return [(value, given)]
        return [(value, _unless_omitted(given, _default(param, language), given))]
    blank = _VALUE if param.required else _default(param, language)
    if quantity.kind == "choice" or quantity.never or quantity.named:
        # a word is compared without outer spaces, the ideographic one included; = ignores case
        word = f"_xlpm.{param.name}_word"
        trimmed = f'TRIM(SUBSTITUTE({given},"\u3000"," "))'
        step = trimmed if param.required else _unless_omitted(given, '""', trimmed)
        if quantity.kind == "choice":
            found = _choice(quantity, word)
        else:
            found = (
                f'IF({given}<"",{_bounded(quantity, given)},{_worded(quantity, word, language)})'
            )
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
        return quoted(param.default)
    if math.isinf(param.default):
        return quoted(never(language))
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


def _worded(quantity: Quantity, word: str, language: str) -> str:
    """What a word among numbers stands for: no end, or a number that has a name."""
    meanings = {w: quoted(never(language)) for w in sorted(never_words()) if quantity.never}
    for i, code in codes(tuple(name for name, _ in quantity.named)).items():
        meanings[i] = render(Number(quantity.named[int(code)][1]))
    found = _VALUE
    for meaning in dict.fromkeys(meanings.values()):
        test = "+".join(f"({word}={quoted(w)})" for w, m in meanings.items() if m == meaning)
        found = f"IF({test},{meaning},{found})"
    return found


def _choice(quantity: Quantity, word: str) -> str:
    """The code 0, 1, 2, … of a word of a closed set, in whichever language it is."""
    found = _VALUE
    for code in reversed(range(len(quantity.choices))):
        accepted = [w for w, c in codes(quantity.choices).items() if c == code]
        test = "+".join(f"({word}={quoted(w)})" for w in accepted)
        found = f"IF({test},{code},{found})"
    return found


def quoted(word: str) -> str:
    """A text as a formula writes it."""
    return '"' + word.replace('"', '""') + '"'


COMMENT_LIMIT = 255  # characters that Excel keeps of a name's comment
FORMULA_LIMIT = 8192  # characters of a formula, as a person sees it

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
_TOKEN = re.compile(r'"(?:[^"]|"")*"|\d+\.?\d*(?:[Ee][+-]?\d+)?|[A-Za-z_][\w.]*')
_ONE_VALUE, _ONE_TABLE, _ELEMENTWISE = "one value", "one table", "elementwise"


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

    A formula that looks into cells of the workbook, by name, is no function of its arguments alone
    and gets no LAMBDA.

    Raises:
        ValueError: the formula is longer than Excel allows.
    """
    if function.formula is None and not function.traceable:
        return None
    if function.formula is not None and (function.helpers or _cell_names(function)):
        return None
    steps = [step for p in function.params for step in resolve(p, language)]
    body = _guarded(function, language)
    if steps:
        body = f"_xlfn.LET({','.join(f'{name},{value}' for name, value in steps)},{body})"
    declared = [f"{'_xlpm' if p.required else '_xlop'}.{p.name}" for p in function.params]
    written = f"_xlfn.LAMBDA({','.join([*declared, body])})"
    if len(shown(written)) > FORMULA_LIMIT:
        raise ValueError(f"{function.name}: a formula of {len(shown(written))} characters")
    return written


def _guarded(function: Function, language: str) -> str:
    """The answer, behind the first error among the arguments and in the shape they broadcast to."""
    checked = [value_name(p.name) for p in function.params if p.quantity.kind != "range"]
    tests = "+".join(f"({value}=0)" for value in checked)
    kind = _kind(function)
    if not checked or kind == _ELEMENTWISE:
        answer = _answer(function, language, value_name)
        return f"IF({tests}+1,{answer})" if checked else answer
    shape = "_xlpm.shape"
    if kind == _ONE_TABLE:
        answer = f"IF({shape}+1,{_answer(function, language, value_name)})"
        answer = f"IF(ROWS({shape})*COLUMNS({shape})>1,{_VALUE},{answer})"
    else:
        spread = ",".join(f"IF({shape}+1,{value})" for value in checked)
        ones = ",".join(one_name(p.name) for p in function.params if p.quantity.kind != "range")
        first = next(one_name(p.name) for p in function.params if p.quantity.kind != "range")
        answer = f"IF(({first}=0)+1,{_answer(function, language, one_name)})"
        answer = f"_xlfn.MAP({spread},_xlfn.LAMBDA({ones},{answer}))"
    return f"_xlfn.LET({shape},{tests},{answer})"


def _kind(function: Function) -> str:
    """Whether the formula takes ranges by itself, or only one value an argument."""
    if function.mode == "whole":
        return _ONE_TABLE
    if function.formula is not None or _sums(trace(function)):
        return _ONE_VALUE
    return _ELEMENTWISE


def _sums(node: Node) -> bool:
    """Whether the expression runs over months of its own."""
    return isinstance(node, Months) or (isinstance(node, Call) and any(map(_sums, node.args)))


def shown(formula: str) -> str:
    """The formula as Excel shows it, without the prefixes of the file."""
    return re.sub(r"_xl(?:fn\._xlws|fn|pm|op)\.", "", formula)


# --- the answer ----------------------------------------------------------------------------------


def _answer(function: Function, language: str, reference: Callable[[str], str]) -> str:
    """What the function computes from the resolved arguments."""
    if function.formula is not None:
        result = _own_formula(function, language, reference)
        if function.mode != "whole":
            # what is on no list is #N/A, as in a cell; every other error is that of the contract
            otherwise = _otherwise(function, Dialect(reference))
            kept = f"IF(ISNA(_xlpm.result),_xlpm.result,IFERROR(_xlpm.result,{otherwise}))"
            result = f"_xlfn.LET(_xlpm.result,{result},{kept})"
    else:
        months = f"_xlfn.SEQUENCE({LONGEST_HORIZON + 1},,0)"
        dialect = Dialect(reference=reference, never=never(language), months=months)
        node = trace(function)
        result = render(node, dialect)
        if function.zero_base is not None or _uses(node, "/^"):
            result = f"IFERROR({result},{_otherwise(function, dialect)})"
    return _in_words(function, result) if function.speaks else result


def _own_formula(function: Function, language: str, reference: Callable[[str], str]) -> str:
    """The declared formula with the prefixes that names and newer functions have in a file."""
    params = {p.name for p in function.params}

    def written(word: str, called: bool) -> str:
        if word == quoted(NEVER):
            return quoted(never(language))
        if not _is_word(word):
            return word
        if called:
            return _NEWER.get(word, "") + word
        return reference(word) if word in params else argument(word)

    return rewrite(function.formula or "", written)


def _cell_names(function: Function) -> set[str]:
    """The names in a formula that are neither arguments nor bound by LET or LAMBDA: cells."""
    words: set[str] = set()

    def collect(word: str, called: bool) -> str:
        if _is_word(word) and not called:
            words.add(word)
        return word

    formula = function.formula or ""
    rewrite(formula, collect)
    bound = {w for w in words if re.search(rf"(?:LET|LAMBDA)\((?:\w+,)*{w},", formula)}
    bound |= {w for w in words if "LET(" in formula and re.search(rf"[,(]{w},", formula)}
    return words - bound - {p.name for p in function.params}


def _is_word(token: str) -> bool:
    return not (token[0] in '"0123456789' or token.startswith("_xl") or token in ("TRUE", "FALSE"))


def rewrite(formula: str, written: Callable[[str, bool], str]) -> str:
    """A formula with each word, number and text as `written` puts it; it hears of a bracket behind."""
    text_ = formula.removeprefix("=")

    def replaced(found: re.Match[str]) -> str:
        return written(found[0], text_[found.end() :].lstrip().startswith("("))

    return _TOKEN.sub(replaced, text_)


def _otherwise(function: Function, dialect: Dialect) -> str:
    """What stands where no result exists: #DIV/0! if the user's own denominator is zero, else #NUM!."""
    none = '""' if function.returns.blank else _NUM
    if function.zero_base is None:
        return none
    public = [p.name for p in function.all_params if p.name not in function.inner]
    base = function.zero_base(*(Symbol(Ref(name)) for name in public))
    return f"IF({render(Call('=', (base.node, Number(0.0))), dialect)},{_DIV0},{none})"


def _uses(node: Node, operators: str) -> bool:
    if not isinstance(node, Call):
        return False
    return node.name in operators or any(_uses(a, operators) for a in node.args)


def _in_words(function: Function, code: str) -> str:
    """The words for a code, in the language asked for."""

    def wording(language: str) -> str:
        words = (quoted(text(f"choice.{c}", language)) for c in function.returns.choices)
        return f"CHOOSE(_xlpm.answer,{','.join(words)})"

    chosen = wording(LANGUAGES[-1])
    for i, language in reversed(list(enumerate(LANGUAGES[:-1]))):
        chosen = f"IF({value_name('language')}={i},{wording(language)},{chosen})"
    return f"_xlfn.LET(_xlpm.answer,{code}+1,{chosen})"
