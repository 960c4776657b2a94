"""The LAMBDA names: the same values as Python in an independent engine, and text that Excel reads."""

import re
import zipfile
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import ironcalc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl.case.inputs import Case
from roi_xl.errors import BadInput, FileExists
from roi_xl.functions.answers import cells
from roi_xl.functions.declare import Function
from roi_xl.hosts.excel.editions import build_edition, lambda_workbook
from roi_xl.hosts.excel.lambdas import (
    COMMENT_LIMIT,
    FORMULA_LIMIT,
    lambda_formula,
    lambda_names,
    shown,
)
from roi_xl.model.cost import data_cost
from roi_xl.registry import FUNCTIONS
from roi_xl.text import LANGUAGES, use
from roi_xl.workbook.study_reader import read_workbook
from tests.hosts.arguments import Call, arguments
from tests.hosts.compare import agree
from tests.hosts.lambda_host import LambdaHost

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NAMES = {language: lambda_names(FUNCTIONS.values(), language) for language in LANGUAGES}
CALLABLE = [n.name for n in NAMES["zh"]]
ONE_CELL = [name for name in CALLABLE if not isinstance(FUNCTIONS[name].example[1], list)]
# IRR iterates from a guess in every spreadsheet, so only well-behaved flows are compared
STEADY = [name for name in CALLABLE if name not in ("FT_IRR", "FT_CASHFLOW")]
HOSTS = {language: LambdaHost(language) for language in LANGUAGES}


@pytest.fixture(autouse=True)
def _chinese(_default_language: None) -> None:
    use("zh")


def check(calls: list[Call], language: str = "zh", *, literals: bool = False) -> None:
    use(language)
    expected = [cells(FUNCTIONS[name], args) for name, args in calls]
    actual = HOSTS[language].evaluate(calls, literals=literals)
    for call, ours, theirs in zip(calls, expected, actual, strict=True):
        tolerance = 1e-6 if call[0] == "FT_IRR" else 1e-9
        assert agree(ours, theirs, tolerance), (call, ours, theirs)


# --- values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        # the source document: 40 h × 50 + 3 × 4 h × 3 = 2036; 2036 / 2700; (12 × 2700 − 2036) / 2036
        ("FT_TOTAL_COST", (40, 50, 3, 4, 3), 2036.0),
        ("FT_TOTAL_COST", (40, None, None, 4), 2036.0),
        ("FT_TOTAL_COST", (40,), 2072.0),  # 40 × 50 + 3 × 8 × 3
        ("FT_PAYBACK", (2036, 2700), 2036 / 2700),
        ("FT_PAYBACK", (2036, 0), "永不回本"),
        ("FT_PAYBACK", (None, 2700), "#VALUE!"),
        ("FT_PAYBACK", (-1, 0), "#NUM!"),
        ("FT_PAYBACK", ("#N/A", -1), "#N/A"),
        ("FT_ANNUAL_ROI", (2036, 2700), 30364 / 2036),
        ("FT_ANNUAL_ROI", (0, 2700), "#DIV/0!"),
        ("FT_RECOMMEND", (1.96,), "强烈推荐"),
        ("FT_RECOMMEND", (2,), "推荐"),
        ("FT_RECOMMEND", ("永不回本",), "不建议"),
        ("FT_RECOMMEND", ("Never", "en"), "Not recommended"),
        ("FT_RECOMMEND", ("soon",), "#VALUE!"),
        ("FT_STRATEGY", (500, " HIGH "), "LoRA 微调"),
        ("FT_STRATEGY", (500, "高", "English"), "LoRA fine-tuning"),
        ("FT_STRATEGY", (500, "medium"), "#VALUE!"),
        ("FT_STRATEGY", (1000,), "不微调，用 Prompt 工程"),
        ("FT_SERVING_COST", (2, 1, 10000, 25), "#NUM!"),
        ("FT_BREAKEVEN_REQUESTS", (2036, 0.001, 0.01), "#NUM!"),
        ("FT_BREAKEVEN_REQUESTS", (2036, 0.01, 0.01), "#DIV/0!"),
    ],
)
@pytest.mark.parametrize("literals", [False, True], ids=["cells", "literals"])
def test_known_values(
    name: str, args: tuple[object, ...], expected: object, literals: bool
) -> None:
    (actual,) = HOSTS["zh"].evaluate([(name, args)], literals=literals)
    assert agree(expected, actual), actual


def test_a_cash_flow_spills_and_its_returns_follow_it() -> None:
    calls: list[Call] = [
        # 2 months at 2700 after 2036: −2036, 664, 3364
        ("FT_CASHFLOW", (2036, 2700, 2)),
        ("FT_CASHFLOW", ([[2036, 1]], 2700, 2)),
        ("FT_CASHFLOW", (None, 2700, 2)),
        # a rate of 0 is the plain sum: 36 × 2700 − 2036
        ("FT_NPV", (0, [[2036], [-1]], [[2700, "#N/A"]])),
        # 1000 back as 1100 after 1 month: 1.1^12 − 1 a year
        ("FT_IRR", ([[1000]], [[1100, None, -5]], 1)),
        ("FT_DISCOUNTED_PAYBACK", (0, 2036, [[2700], [0]])),
    ]
    flow, ranges, blank, value, rate, payback = HOSTS["zh"].evaluate(calls)
    assert [[0.0, -2036.0, -2036.0], [1.0, 2700.0, 664.0], [2.0, 2700.0, 3364.0]] == flow
    assert ["#VALUE!", "#VALUE!"] == [ranges, blank]
    assert agree([[36 * 2700.0 - 2036, "#N/A"], ["#NUM!", "#NUM!"]], value), value
    assert agree([[1.1**12 - 1, "#VALUE!", "#NUM!"]], rate, 1e-6), rate
    assert agree([[2036 / 2700], ["永不回本"]], payback), payback


def test_the_workbooks_language_is_the_default() -> None:
    calls = [("FT_PAYBACK", (1, -1)), ("FT_RECOMMEND", ("永不回本",)), ("FT_RECOMMEND", (1, "zh"))]
    assert HOSTS["en"].evaluate(calls) == ["never", "Not recommended", "强烈推荐"]


def test_a_range_spills_and_its_blanks_and_faults_stay_their_own() -> None:
    hours = [[40.0], [None], [-1.0], ["x"], ["#N/A"]]
    rates = [[50.0, None]]
    (actual,) = HOSTS["zh"].evaluate([("FT_DATA_COST", (hours, rates))])
    # a blank rate is the default of 50 USD, blank hours are required
    expected = [[2000.0] * 2, ["#VALUE!"] * 2, ["#NUM!"] * 2, ["#VALUE!"] * 2, ["#N/A"] * 2]
    assert expected == actual


def _calls(*, ranges: bool) -> st.SearchStrategy[list[Call]]:
    one = st.sampled_from(STEADY).flatmap(
        lambda name: st.tuples(st.just(name), arguments(FUNCTIONS[name], ranges=ranges))
    )
    return st.lists(one, min_size=1, max_size=6)


@given(calls=_calls(ranges=False), language=st.sampled_from(LANGUAGES))
def test_cells_give_what_python_gives(calls: list[Call], language: str) -> None:
    check(calls, language)


@given(calls=_calls(ranges=False), language=st.sampled_from(LANGUAGES))
def test_written_arguments_give_what_python_gives(calls: list[Call], language: str) -> None:
    check(calls, language, literals=True)


@given(calls=_calls(ranges=True), language=st.sampled_from(LANGUAGES))
def test_ranges_give_what_python_gives(calls: list[Call], language: str) -> None:
    check(calls, language)


@pytest.mark.parametrize("name", CALLABLE)
def test_every_function_with_nothing_and_with_every_fault(name: str) -> None:
    function = FUNCTIONS[name]
    example = list(function.example[0])
    calls: list[Call] = [(name, tuple(example)), (name, (None,) * len(function.params))]
    for i in range(len(function.params)):
        filled = [*example, *[None] * (len(function.params) - len(example))]
        for fault in (None, "", " ", "text", True, -1.0, 1e6, "#DIV/0!", "never", "zh"):
            calls.append((name, (*filled[:i], fault, *filled[i + 1 :])))
    check(calls)
    check(calls, literals=True)


# --- text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_function_that_has_a_formula_has_a_name(language: str) -> None:
    """But for those whose formula looks into the price sheets and tables of the workbook."""
    expected = [f.name for f in FUNCTIONS.values() if f.formula is not None or f.traceable]
    named = [n.name for n in NAMES[language]]
    look_ups = set(expected) - set(named)
    assert named == [name for name in expected if name not in look_ups]
    for name in look_ups:
        assert re.search("INDEX|LOOKUP", FUNCTIONS[name].formula or ""), name


@pytest.mark.parametrize(
    "name", [n for names in NAMES.values() for n in names], ids=lambda n: n.name
)
def test_names_are_written_as_a_file_needs_them(name: Any) -> None:
    text = re.sub(r'"(?:[^"]|"")*"', '""', name.formula)  # what stands in quotes is only words
    function = FUNCTIONS[name.name]
    declared = [f"{'_xlpm' if p.required else '_xlop'}.{p.name}" for p in function.params]
    assert text.startswith(f"_xlfn.LAMBDA({''.join(d + ',' for d in declared)}")
    bound = set(re.findall(r"[(,](_xlpm\.\w+)(?=,)", text)) | {
        d.replace("_xlop", "_xlpm") for d in declared
    }
    body = text.removeprefix(f"_xlfn.LAMBDA({','.join(declared)}")
    used = set(re.findall(r"_xlpm\.\w+", body))
    assert "_xlop." not in body
    assert used <= bound
    assert {d.replace("_xlop", "_xlpm") for d in declared} <= used
    assert "@" not in text
    assert "[" not in text
    assert text.count("(") == text.count(")")
    # every word that is neither a function call, a name of ours nor TRUE and FALSE is a mistake
    for word, bracket in re.findall(r"(?<![\w.#])([A-Za-z_][\w.]*)(\(?)", text):
        if bracket:
            assert re.fullmatch(r"(_xlfn\.(_xlws\.)?)?[A-Z]+", word), word
            newer = "LAMBDA LET ISOMITTED MAP SCAN SEQUENCE HSTACK VSTACK TAKE DROP XLOOKUP FILTER"
            assert word not in newer.split(), word
        else:
            assert word in {*declared, *bound, "FALSE", "TRUE"}, word
    assert len(shown(name.formula)) <= FORMULA_LIMIT
    assert 0 < len(name.comment) <= COMMENT_LIMIT


def test_argument_names_do_not_look_like_cells() -> None:
    for name in CALLABLE:
        for param in FUNCTIONS[name].params:
            for word in (param.name, f"{param.name}_value"):
                assert not re.fullmatch(r"[a-z]{1,3}\d+|r\d*(c\d*)?|c\d*", word, re.I), word


def _with_formula(formula: str) -> Function:
    declared = FUNCTIONS["FT_DATA_COST"]
    return Function(
        "FT_OWN", data_cost, declared.all_params[:2], declared.returns, "each", formula=formula
    )


def test_a_formula_of_its_own_comes_first_and_gets_its_prefixes() -> None:
    own = _with_formula(
        '=LET(h,data_preparation_hours*2,IF(h>FALSE,"h and LET",SUM(SEQUENCE(h))+hourly_rate))'
    )
    text = lambda_formula(own, "en") or ""
    assert (
        "_xlfn.LET(_xlpm.h,_xlpm.data_preparation_hours_one*2,"
        'IF(_xlpm.h>FALSE,"h and LET",SUM(_xlfn.SEQUENCE(_xlpm.h))+_xlpm.hourly_rate_one))'
    ) in text
    # it takes one value an argument, so ranges are taken apart first
    assert "_xlfn.MAP(IF(_xlpm.shape+1,_xlpm.data_preparation_hours_value)," in text


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=1e-12*data_preparation_hours", "1e-12*_xlpm.data_preparation_hours_one"),
        (
            '=IF(hourly_rate>1,"never",2.5E+3)',
            'IF(_xlpm.hourly_rate_one>1,"永不回本",2.5E+3)',
        ),
    ],
)
def test_numbers_are_no_names_and_never_is_the_workbooks_word(formula: str, expected: str) -> None:
    assert expected in (lambda_formula(_with_formula(formula), "zh") or "")


def test_a_formula_that_looks_into_cells_has_no_lambda() -> None:
    assert lambda_formula(_with_formula("=INDEX(price_usd,data_preparation_hours)"), "en") is None


def test_a_formula_too_long_for_excel_is_refused() -> None:
    with pytest.raises(ValueError, match="FT_OWN: a formula of"):
        lambda_formula(_with_formula("+".join(["data_preparation_hours"] * 400)), "en")


# --- the workbook --------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=LANGUAGES)
def book(request: pytest.FixtureRequest) -> tuple[str, dict[str, bytes]]:
    language: str = request.param
    with zipfile.ZipFile(BytesIO(lambda_workbook(Case(), language))) as archive:
        return language, {name: archive.read(name) for name in archive.namelist()}


def test_the_file_is_well_formed_and_holds_the_names(book: tuple[str, dict[str, bytes]]) -> None:
    language, parts = book
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(part)
    root = ElementTree.fromstring(parts["xl/workbook.xml"])
    names = {e.get("name"): e for e in root.iter(f"{MAIN}definedName")}
    for expected in NAMES[language]:
        assert expected.formula == names[expected.name].text
        assert expected.comment == names[expected.name].get("comment")
    assert b"/xl/metadata.xml" in parts["[Content_Types].xml"]
    assert b'Target="metadata.xml"' in parts["xl/_rels/workbook.xml.rels"]


def test_cells_call_the_names_as_dynamic_arrays(book: tuple[str, dict[str, bytes]]) -> None:
    language, parts = book
    use(language)
    found = {}
    for part, content in parts.items():
        if not re.fullmatch(r"xl/worksheets/sheet\d+\.xml", part):
            continue
        for cell in ElementTree.fromstring(content).iter(f"{MAIN}c"):
            formula = cell.find(f"{MAIN}f")
            if formula is None or not (formula.text or "").startswith("FT_"):
                assert cell.get("cm") is None
                continue
            assert ("1", "array", cell.get("r")) == (
                cell.get("cm"),
                formula.get("t"),
                formula.get("ref"),
            )
            found[(formula.text or "").split("(")[0]] = cell.findtext(f"{MAIN}v")
    assert set(ONE_CELL) == set(found)
    assert float(found["FT_TOTAL_COST"] or "") == 2036.0
    assert found["FT_RECOMMEND"] == {"zh": "强烈推荐", "en": "Strongly recommended"}[language]


def test_ironcalc_recalculates_the_file_to_the_cached_values(
    book: tuple[str, dict[str, bytes]], tmp_path: Any
) -> None:
    """IronCalc lets a workbook's name win over an argument of the same name, which Excel does not
    (a LET or LAMBDA name is nearer); so the names of cells that a LAMBDA's arguments share go."""
    language, parts = book
    arguments_ = {p.name for name in CALLABLE for p in FUNCTIONS[name].params}
    text = parts["xl/workbook.xml"].decode()
    for name in arguments_:
        text = re.sub(rf'<definedName name="{name}"[^>]*>[^<]*</definedName>', "", text)
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, text.encode() if name == "xl/workbook.xml" else content)
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    sheet = next(
        i
        for i, s in enumerate(model.get_worksheets_properties())
        if s["name"] == {"zh": "函数", "en": "Functions"}[language]
    )
    top, left, bottom, right = 1, 1, 60, 8
    places = [
        (r, c)
        for r in range(top, bottom)
        for c in range(left, right)
        if str(model.get_cell_content(sheet, r, c)).lower().startswith("=ft_")
        and model.get_cell_formula(sheet, r, c)
    ]
    cached = [model.get_cell_value(sheet, *place) for place in places]
    model.evaluate()
    assert len(ONE_CELL) == len(places)
    for place, before in zip(places, cached, strict=True):
        assert agree(before, model.get_cell_value(sheet, *place)), place


def test_the_reader_reads_the_lambda_edition(tmp_path: Any) -> None:
    path = build_edition(tmp_path / "a.xlsx", Case(daily_requests=77), "zh", edition="lambda")
    assert read_workbook(path).case["daily_requests"] == 77
    with pytest.raises(FileExists):
        build_edition(path, edition="lambda")


def test_an_unknown_edition_is_refused(tmp_path: Any) -> None:
    with pytest.raises(BadInput, match="lambda"):
        build_edition(tmp_path / "a.xlsx", edition="macro")


def test_the_plain_edition_calls_no_names(tmp_path: Any) -> None:
    path = build_edition(tmp_path / "a.xlsx", language="en")
    with zipfile.ZipFile(path) as archive:
        assert "xl/metadata.xml" not in archive.namelist()
        assert b"LAMBDA" not in archive.read("xl/workbook.xml")


def test_the_same_case_gives_the_same_bytes() -> None:
    assert lambda_workbook(Case(), "zh") == lambda_workbook(Case(), "zh")
