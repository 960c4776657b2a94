"""LLM Prices: hosted models per million tokens, with room for own prices, and hosted fine-tuning."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from roi_xl.prices.hardware import TuningService, services
from roi_xl.prices.models import ModelPrices, listed, source
from roi_xl.text import unit_text
from roi_xl.workbook.layout import LLM_ADDED, LLM_LISTED, LLM_LOOKUP_MODEL, LLM_PRICE_HEADS
from roi_xl.workbook.sheet_writer import Book, Page, fit_width

PROVIDER, MODEL, INPUT, OUTPUT, CACHED, BATCH = range(1, 7)
OWN_INPUT, OWN_OUTPUT, OWN_CACHED, USED_INPUT, USED_OUTPUT, USED_CACHED = range(7, 13)
READ, SOURCE = 13, 14
LOOKUP_ROW = 4
FREE_ROWS, SPARE_ROWS = 20, 10  # for own models; at least, however many are typed
PRICE_FORMAT, DATE_FORMAT = "#,##0.00##", "yyyy-mm-dd"
EXAMPLE_MODEL = "gpt-4o"
_SERVICE_HEADS = [
    "provider",
    "model",
    "training_low",
    "training_high",
    "input_price",
    "output_price",
    "method",
    "status",
    "new_jobs_until",
    "shut_down",
    "unit",
    "date",
    "source",
]
_METHOD = 1 + _SERVICE_HEADS.index("method")
_letter = get_column_letter
_SHARED: dict[int, list[Cell]] = {}  # formulas of the workbook being built, by column


def build(book: Book) -> Page:
    """Write the sheet and name the prices that count."""
    page = book.sheet("llm_prices", "FF9DC3E6")
    models = shown_models(book)
    row = _services(book, page, LOOKUP_ROW + 5, services())
    header = row + 2
    page.put(header - 1, 1, book.say("llm.models", source=f"{source()}, {book.as_of}"), "ft_block")
    page.row(header, [book.say(f"head.{h}") for h in LLM_PRICE_HEADS], "ft_heading")
    added = _added(book, models)
    free = header + 1 + len(models)
    last = free - 1 + max(FREE_ROWS, len(added) + SPARE_ROWS)
    _SHARED.clear()
    for at, model in enumerate(models, header + 1):
        _model_row(book, page, at, model)
    for at in range(free, last + 1):
        _added_row(page, at, added[at - free] if at - free < len(added) else [None] * SOURCE)
    for name, first, to, width in (
        (LLM_LISTED, header + 1, free - 1, OWN_CACHED),
        (LLM_ADDED, free, last, SOURCE),
    ):
        if first <= to:
            span = f"A{first}:{_letter(width)}{to}"
            book.name(name, page, span, book.say(f"name.{name}"))
    for cells in _SHARED.values():
        page.share(cells)
    _lookup(book, page, models, header, last)
    _validate(book, page, header, len(models), last)
    page.widths(16, fit_width((m.model for m in models), 24, 52), *[16] * 10, 14, 60)
    page.fit_rows(3)
    page.finish(f"C{LOOKUP_ROW}", header, printed=False)
    return page


_PASSED_OVER = re.compile(  # not chat models, replaced ones, and copies of the same model
    r"image|audio|realtime|tts|live|transcribe|embed|guard|vision|robotics|ocr|search|davinci|curie"
    r"|babbage|^ada$|ft:|[-.]ft|gpt-3|gpt-4-|gpt-4$|gpt-4\.5|claude-2|claude-v1|claude-3|gemini-1|gemini-pro"
    r"|flash-1|preview|banana|omni|cyber|rosalind|computer-use|codex|deep-research|grok-2|grok-3|mixtral"
    r"|mistral-7b|pixtral|saba|voxtral|llama-?2|llama-?3-|vicuna|alpaca|wizardlm|redpajama|hyena|olmo"
    r"|platypus|hermes|orca|toppy|remm|mythomax|chronos|capybara|phi-2|gemma-?[27]|yi-|solar|snorkel"
    r"|codellama|qwen1|coder|openchat|gpt-jt|specdec|text-|k2-instruct|-us$|ultrafast|chatgpt|^o1"
    r"|deepseek-ai/deepseek-v4-pro-0813|extended|nexus|beam|ripple|astra|argon|-latest|saba|2312",
    re.IGNORECASE,
)
_RESELLERS = ("fireworks", "groq")  # of models that the sheet lists already
_FIRST = (  # what a business case most often compares
    r"^gpt-[56]", r"^gpt-4\.1|^gpt-4o", r"^claude-(opus|sonnet|haiku)", r"^gemini-[34]", r"^gemini-2",
    r"^deepseek", r"qwen", r"^glm-[5]", r"^kimi", r"^minimax", r"^mistral|^ministral", r"^grok-4",
)  # fmt: skip


def shown_models(book: Book) -> list[ModelPrices]:
    """The models on the sheet, the most common first; those that a case names are always there."""
    every = list(listed(book.as_of))
    named = {
        str(case[name]).casefold()
        for case in book.study.cases.values()
        for name in ("current_model", "finetuned_model")
        if case[name] is not None
    }
    found: dict[str, ModelPrices] = {}
    for model in every:
        key = model.model.casefold()
        passed = model.provider in _RESELLERS or _PASSED_OVER.search(model.model)
        if key in named or not passed:
            found.setdefault(key, model)
    return sorted(found.values(), key=_commonness)


def _commonness(model: ModelPrices) -> int:
    return next(
        (i for i, p in enumerate(_FIRST) if re.search(p, model.model, re.IGNORECASE)), len(_FIRST)
    )


def _model_row(book: Book, page: Page, row: int, model: ModelPrices) -> None:
    page.put(row, PROVIDER, model.provider, "ft_label")
    page.put(row, MODEL, model.model, "ft_label")
    listed = (model.input_price, model.output_price, model.cached_price)
    own = own_prices(book, model)
    for column, price, typed in zip((INPUT, OUTPUT, CACHED), listed, own, strict=True):
        page.put(row, column, price, "ft_constant", PRICE_FORMAT)
        page.put(row, column + OWN_INPUT - INPUT, typed, "ft_input", PRICE_FORMAT)
    batch = book.typed.cell("llm_own", f"{model.provider}|{model.model}", str(BATCH - 1))
    page.put(row, BATCH, batch, "ft_input", "0%")
    _used(page, row, own, listed)
    page.put(row, READ, book.as_of, "ft_constant", DATE_FORMAT)


def own_prices(book: Book, model: ModelPrices) -> tuple[Any, Any, Any]:
    """What somebody typed beside a listed model in the workbook that this one continues."""
    key = f"{model.provider}|{model.model}"
    columns = (OWN_INPUT, OWN_OUTPUT, OWN_CACHED)
    return tuple(book.typed.cell("llm_own", key, str(c - 1)) for c in columns)


def _added(book: Book, models: list[ModelPrices]) -> list[Sequence[Any]]:
    """Rows that somebody added, and own prices of models that are listed no more."""
    rows: list[Sequence[Any]] = list(book.typed.rows.get(LLM_ADDED, ()))
    known = {f"{m.provider}|{m.model}" for m in models}
    gone: dict[str, list[Any]] = {}
    for (block, key, column), value in book.typed.cells.items():
        if block == "llm_own" and key not in known:
            provider, _, model = key.partition("|")
            row = gone.setdefault(key, [provider, model, *[None] * (SOURCE - MODEL)])
            row[int(column)] = value
    return [*rows, *gone.values()]


def _added_row(page: Page, row: int, typed: Sequence[Any]) -> None:
    formats = {PROVIDER: "@", MODEL: "@", READ: DATE_FORMAT, SOURCE: "@"}
    for column, value in enumerate(typed, PROVIDER):
        if not USED_INPUT <= column <= USED_CACHED:
            form = "0%" if column == BATCH else formats.get(column, PRICE_FORMAT)
            page.put(row, column, value, "ft_input", form)
    _used(page, row, typed[OWN_INPUT - 1 : OWN_CACHED], typed[INPUT - 1 : CACHED])


def _used(page: Page, row: int, own: Sequence[Any], listed: Sequence[Any]) -> None:
    """The own price where one is typed, else the listed one."""
    prices = (
        stated if typed in (None, "") else typed for typed, stated in zip(own, listed, strict=True)
    )
    for column, price in enumerate(prices, USED_INPUT):
        own, stated = _letter(column - 3) + str(row), _letter(column - 7) + str(row)
        formula = f'IF({own}<>"",{own},IF({stated}="","",{stated}))'
        cached = "" if price is None else price
        cell = page.formula(row, column, formula, cached, "ft_formula", PRICE_FORMAT)
        _SHARED.setdefault(column, []).append(cell)


def _lookup(book: Book, page: Page, models: list[ModelPrices], header: int, last: int) -> None:
    """A model's prices, found by its name in the table below; a row added there is found as well."""
    first = header + 1
    for name, column in (
        ("llm_models", MODEL),
        ("llm_input_price", USED_INPUT),
        ("llm_output_price", USED_OUTPUT),
        ("llm_cached_price", USED_CACHED),
        ("llm_batch_ratio", BATCH),
    ):
        span = f"{_letter(column)}{first}:{_letter(column)}{last}"
        book.name(name, page, span, book.say(f"name.{name}"))
    page.row(LOOKUP_ROW, [book.say("llm.lookup"), *[None] * 4], "ft_block")
    heads = ("model", "input_price", "output_price", "cached_price")
    for column, head in enumerate(heads, MODEL):
        page.put(LOOKUP_ROW + 1, column, book.say(f"head.{head}"), "ft_heading")
    page.put(LOOKUP_ROW + 1, PROVIDER, None, "ft_heading")
    page.put(LOOKUP_ROW + 2, PROVIDER, book.say("llm.type_here"), "ft_label")
    known: dict[str, Sequence[Any]] = {}
    for at in range(first, last + 1):
        model = str(page.ws.cell(at, MODEL).value).casefold()
        used = [book.cached[page.ws.title][f"{_letter(c)}{at}"] for c in range(USED_INPUT, READ)]
        known.setdefault(model, used)
    example = EXAMPLE_MODEL if EXAMPLE_MODEL in known or not models else models[0].model
    chosen = book.typed.cell(LLM_LOOKUP_MODEL, default=example)
    cell = page.put(LOOKUP_ROW + 2, MODEL, chosen, "ft_input", "@")
    book.name(LLM_LOOKUP_MODEL, page, cell.coordinate, book.say("llm.type_here"))
    found_prices = known.get(str(chosen).casefold(), ["", "", ""]) if chosen else ["", "", ""]
    names = ("llm_input_price", "llm_output_price", "llm_cached_price")
    for column, (name, value) in enumerate(zip(names, found_prices, strict=True), INPUT):
        found = f"INDEX({name},MATCH(llm_lookup_model,llm_models,0))"
        formula = f'IF(COUNTIF(llm_models,llm_lookup_model)=0,"",{found})'
        made = page.formula(LOOKUP_ROW + 2, column, formula, value, "ft_formula", PRICE_FORMAT)
        book.name(f"{name}_found", page, made.coordinate, book.say(f"name.{name}"))
    page.put(LOOKUP_ROW + 3, PROVIDER, book.say("llm.how"), "ft_line")


def _services(book: Book, page: Page, row: int, known: Iterable[TuningService]) -> int:
    """Hosted fine-tuning: prices, and until when; named for the look-ups of the case."""
    page.put(row, 1, book.say("llm.services"), "ft_block")
    page.row(row + 1, [book.say(f"head.{h}") for h in _SERVICE_HEADS], "ft_heading")
    row = first = row + 2
    for service in known:
        values: tuple[object, ...] = (
            service.provider,
            service.model,
            service.low,
            service.high,
            service.input_price,
            service.output_price,
            service.method,
            book.say(f"llm.status.{service.status}"),
            _date(service.new_jobs_until),
            _date(service.shut_down),
            unit_text("usd_per_million_tokens", book.language),
            _date(service.date) or book.say("llm.undated"),
            service.source,
        )
        for column, value in enumerate(values, 1):
            price, day = isinstance(value, float), isinstance(value, dt.date)
            wraps = column in (_METHOD, len(values))
            style = "ft_constant" if price or day else "ft_note" if wraps else "ft_unit"
            form = PRICE_FORMAT if price else DATE_FORMAT if day else None
            page.put(row, column, value, style, form)
        row += 1
    for name, head in (
        ("service_models", "model"),
        ("service_input_price", "input_price"),
        ("service_output_price", "output_price"),
        ("service_shut_down", "shut_down"),
    ):
        letter = _letter(1 + _SERVICE_HEADS.index(head))
        book.name(name, page, f"{letter}{first}:{letter}{row - 1}", book.say(f"name.{name}"))
    return row


def _date(written: str) -> object:
    """A date as a cell holds it; what is no full date stays as it is written."""
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        return written or None


def _validate(book: Book, page: Page, header: int, models: int, last: int) -> None:
    price = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0")
    words = DataValidation(type="textLength", operator="lessThanOrEqual", formula1="1000")
    date = DataValidation(type="date", operator="greaterThanOrEqual", formula1="36526")
    free = header + 1 + models
    price.add(f"{_letter(OWN_INPUT)}{header + 1}:{_letter(OWN_CACHED)}{last}")
    price.add(f"{_letter(INPUT)}{free}:{_letter(CACHED)}{last}")
    price.add(f"{_letter(BATCH)}{header + 1}:{_letter(BATCH)}{last}")
    words.add(f"{_letter(PROVIDER)}{free}:{_letter(MODEL)}{last}")
    words.add(f"{_letter(SOURCE)}{free}:{_letter(SOURCE)}{last}")
    words.add(f"{_letter(MODEL)}{LOOKUP_ROW + 2}")
    date.add(f"{_letter(READ)}{free}:{_letter(READ)}{last}")
    for rule, key in ((price, "price_or_zero"), (words, "text"), (date, "date")):
        rule.allow_blank = True
        rule.showErrorMessage = rule.showInputMessage = True
        rule.errorStyle = "stop"
        rule.promptTitle = rule.errorTitle = book.say("prices.own_price")[:32]
        rule.prompt = rule.error = book.say(f"prices.rule.{key}")[:255]
        page.ws.add_data_validation(rule)
