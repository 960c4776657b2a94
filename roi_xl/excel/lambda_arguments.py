"""The arguments of a LAMBDA name: from what is given, blank or omitted to a value or its error."""

import math

from roi_xl.errors import ErrorValue
from roi_xl.functions.bounds import codes, never, never_words
from roi_xl.functions.declare import Param
from roi_xl.functions.trace import Number, render
from roi_xl.text import LANGUAGES
from roi_xl.units import Quantity

_VALUE, _NUM = ErrorValue.VALUE.value, ErrorValue.NUM.value


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
