"""The files of the Calc extension, generated from the declarations of the functions."""

import io
import json
import sys
import zipfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import roi_xl
from roi_xl.functions.declare import Function, Param
from roi_xl.io.archives import entry
from roi_xl.text import LANGUAGES, set_language, text, unit_text
from roi_xl.units import allowed

IDENTIFIER = "roi_xl.calc"
FILE_NAME = "roi_xl.oxt"
TIMEOUT_SECONDS = 10.0
_LOCALES = {"zh": "zh-CN", "en": "en"}
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def extension_files(functions: Mapping[str, Function]) -> dict[str, str]:
    """Every file of the extension by its path; the extension uses the Python that runs this."""
    return {
        "META-INF/manifest.xml": _manifest(),
        "description.xml": _description(),
        "functions.idl": _interface(functions),
        "CalcAddIns.xcu": _wizard(functions),
        "component.py": _source("component.py"),
        "blanks.py": _source("blanks.py"),
        "settings.json": _settings(functions),
    }


def extension_bytes(functions: Mapping[str, Function]) -> bytes:
    """The extension as an .oxt file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in extension_files(functions).items():
            archive.writestr(entry(name), content.encode())
    return out.getvalue()


def _source(name: str) -> str:
    return resources.files("roi_xl.hosts.libreoffice").joinpath(name).read_text(encoding="utf-8")


def _settings(functions: Mapping[str, Function]) -> str:
    settings = {
        "python": sys.executable,
        "path": [str(Path(roi_xl.__file__).resolve().parent.parent)],
        "language": set_language(),
        "timeout": TIMEOUT_SECONDS,
        "functions": {f.name: _about(f) for f in functions.values()},
    }
    return json.dumps(settings, indent=2)


def _about(function: Function) -> dict[str, object]:
    """What the component needs to know of a function: where a blank differs from a zero."""
    params = function.params
    differs = [i for i, p in enumerate(params) if p.quantity.kind != "number" or p.default != 0]
    variadic = bool(params) and params[-1].variadic
    return {"variadic": variadic, "blank_differs": differs}


def _manifest() -> str:
    kinds = {
        "functions.idl": "uno-typelibrary;type=RDB",
        "component.py": "uno-component;type=Python",
        "CalcAddIns.xcu": "configuration-data",
    }
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" '
        f'manifest:media-type="application/vnd.sun.star.{kind}"/>\n'
        for name, kind in kinds.items()
    )
    space = 'xmlns:manifest="http://openoffice.org/2001/manifest"'
    return f"{_HEAD}<manifest:manifest {space}>\n{entries}</manifest:manifest>\n"


def _description() -> str:
    names = "".join(
        f'<name lang="{_LOCALES[language]}">{escape(text("libreoffice.name", language))}</name>'
        for language in LANGUAGES
    )
    return (
        f'{_HEAD}<description xmlns="http://openoffice.org/extensions/description/2006">\n'
        f'<identifier value="{IDENTIFIER}"/><version value="{roi_xl.__version__}"/>\n'
        f"<display-name>{names}</display-name>\n</description>\n"
    )


def _interface(functions: Mapping[str, Function]) -> str:
    """The interface in UNO IDL. Arguments are numbered, as some of their names are IDL keywords.

    LibreOffice accepts rows only from a method declared to return rows, so all are; a single value is
    one row.
    """
    rows = "sequence< sequence<any> >"
    methods = "".join(f"    {rows} {f.name}({_arguments(f)});\n" for f in functions.values())
    return f"module roixl {{ interface XFunctions {{\n{methods}}}; }};\n"


def _arguments(function: Function) -> str:
    kinds = ("sequence<any>" if p.variadic else "any" for p in function.params)
    caller = "[in] com::sun::star::beans::XPropertySet document"
    return ", ".join([caller, *(f"[in] {kind} p{i}" for i, kind in enumerate(kinds))])


def _wizard(functions: Mapping[str, Function]) -> str:
    nodes = "".join(_function_node(f) for f in functions.values())
    spaces = (
        'xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    )
    return (
        f'{_HEAD}<oor:component-data {spaces} oor:name="CalcAddIns" '
        'oor:package="org.openoffice.Office">\n'
        '<node oor:name="AddInInfo"><node oor:name="roixl" oor:op="replace">'
        f'<node oor:name="AddInFunctions">\n{nodes}</node></node></node>\n</oor:component-data>\n'
    )


def _function_node(function: Function) -> str:
    texts = {language: function.doc(language) for language in LANGUAGES}
    arguments = "".join(_argument_node(i, p) for i, p in enumerate(function.params))
    return (
        _node(function.name)
        + _property("DisplayName", dict.fromkeys(LANGUAGES, function.name))
        + _property("Description", texts)
        + '<prop oor:name="Category"><value>Add-In</value></prop>'
        + _property("CompatibilityName", dict.fromkeys(LANGUAGES, function.name))
        + f'<node oor:name="Parameters">{arguments}</node></node>\n'
    )


def _argument_node(index: int, param: Param) -> str:
    texts = {language: argument_text(param, language) for language in LANGUAGES}
    return (
        _node(f"p{index}")
        + _property("DisplayName", dict.fromkeys(LANGUAGES, param.name))
        + _property("Description", texts)
        + "</node>"
    )


def argument_text(param: Param, language: str) -> str:
    """The function wizard's text of an argument: label, meaning, unit, bounds, default."""
    default = param.default_shown
    if param.quantity.kind == "choice" and isinstance(default, str):
        default = text(f"choice.{default}", language)
    key = "required" if param.required else "optional" if default is None else "default"
    return text(
        f"libreoffice.argument.{key}",
        language,
        label=param.label(language),
        help=param.help(language),
        unit=unit_text(param.quantity.unit.key, language),
        allowed=allowed(param.quantity, language),
        default=f"{default:g}" if isinstance(default, float) else default,
    )


def _node(name: str) -> str:
    return f'<node oor:name={quoteattr(name)} oor:op="replace">'


def _property(name: str, texts: Mapping[str, str]) -> str:
    values = "".join(
        f'<value xml:lang="{_LOCALES[language]}">{escape(words)}</value>'
        for language, words in texts.items()
    )
    return f'<prop oor:name="{name}">{values}</prop>'
