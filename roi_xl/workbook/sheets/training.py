"""Training Reference: the source document's table, this package's estimate, and where they part."""

from collections.abc import Callable
from typing import Any

from openpyxl.utils import get_column_letter

from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.graph_steps import STEPS
from roi_xl.functions.declare import declared
from roi_xl.functions.formula import Dialect, Ref, Symbol, render, trace
from roi_xl.model import training
from roi_xl.model.defaults import GPU_DEFAULT
from roi_xl.prices.hardware import GpuSpec, reference, specs
from roi_xl.prices.names import normal
from roi_xl.text import text, unit_text
from roi_xl.workbook.sheet_writer import Book, Page

SIZE, METHOD, GPU, LISTED, LOW, MID, HIGH, COST_LOW, COST_HIGH = range(1, 10)
CODE, EST_LOW, EST, EST_HIGH, NEEDED_GB, NEEDED, MEMORY_SAYS, HOURS_SAY, KEY = range(10, 19)
HEADS = [
    "size",
    "method",
    "gpu",
    "listed_gpus",
    "bound_low",
    "bound_mid",
    "bound_high",
    "cost_low",
    "cost_high",
    "code",
    "est_low",
    "est",
    "est_high",
    "needed_gb",
    "needed_gpus",
    "memory_says",
    "hours_say",
    "key_row",
]
HEADER_ROW = 4
_SPEC_HEADS = ("gpu_name", "key_spec", "memory", "tflops", "read_on", "source")
_CASE_ROWS = (
    "training_tokens_m",
    "estimated_training_hours_low",
    "estimated_training_hours",
    "estimated_training_hours_high",
    "training_memory_gb",
    "gpus_for_memory",
)
CONFLICTS = ("memory", "hours", "cost", "small", "spread")
_letter = get_column_letter


def build(book: Book) -> Page:
    """Write the sheet and name the source's hours and the GPUs' figures."""
    page = book.sheet("training", "FF9DC3E6")
    page.row(HEADER_ROW, [book.say(f"head.{h}") for h in HEADS], "ft_heading")
    rows = [(r, m) for r in reference() for m in ("lora", "full")]
    first, last = HEADER_ROW + 1, HEADER_ROW + len(rows)
    case_row = last + 4 + len(CONFLICTS) + 2  # its first figure is the tokens
    spec_row = case_row + len(_CASE_ROWS) + 4
    known = {s.gpu: spec_row + 1 + i for i, s in enumerate(specs())}
    for row, (entry, method) in enumerate(rows, first):
        listed = (entry.lora_hours, entry.full_hours)[method == "full"]
        values = (
            entry.model_params_b,
            text(f"choice.{method}", book.language),
            entry.gpu,
            entry.gpu_count,
            listed[0],
            sum(listed) / 2,
            listed[1],
            *entry.cost_usd,
        )
        for column, value in enumerate(values, 1):
            style = "ft_text" if isinstance(value, str) else "ft_constant"
            page.put(row, column, value, style, None if isinstance(value, str) else "#,##0.##")
        _estimates(book, page, row, known[entry.gpu], f"$B${case_row}", values, method)
    for name, column, to in (
        ("reference_hours", LOW, HIGH),
        ("reference_keys", KEY, KEY),
    ):
        span = f"{_letter(column)}{first}:{_letter(to)}{last}"
        book.name(name, page, span, book.say(f"name.{name}"))
    row = _conflicts(book, page, last + 2)
    _case(book, page, row + 1)
    _specs(book, page, spec_row)
    page.widths(30, 20, 16, 13, 13, 13, 13, 13, 13, 10, 13, 13, 13, 14, 12, 40, 30, 16)
    page.fit_rows(HEADER_ROW)
    page.finish(f"C{HEADER_ROW + 1}", HEADER_ROW)
    page.ws.print_area = f"A1:{_letter(HOURS_SAY)}{page.ws.max_row}"
    page.ws.print_title_rows = "1:1"  # the blocks below have headings of their own
    return page


def _estimates(
    book: Book,
    page: Page,
    row: int,
    spec: int,
    tokens: str,
    listed: tuple[Any, ...],
    method: str,
) -> None:
    """The estimate for the source's row: its model, method and GPUs with this case's samples."""
    cells = {c: f"{_letter(c)}{row}" for c in range(1, KEY + 1)}
    case = book.case.replace(
        model_params_b=listed[0], training_method=method, gpu_model=GPU_DEFAULT, gpu_count=listed[3]
    )
    found = evaluate_case(case)
    utilisation = book.reference("used_utilisation")

    def put(
        column: int, function: Callable[..., Any], value: object, form: str, *args: str
    ) -> None:
        names = [p.name for p in declared(function).all_params]
        symbols = {n: Symbol(Ref(a)) for n, a in zip(names, args, strict=True)}
        dialect = Dialect(constant=lambda name, _: book.reference(name, page))
        formula = render(trace(declared(function), symbols), dialect)
        page.formula(row, column, formula, value, "ft_formula", form)

    page.formula(
        row,
        CODE,
        f"MATCH({cells[METHOD]},list_training_method,0)-1",
        float(("lora", "qlora", "full").index(method)),
        "ft_formula",
        "0",
    )
    hours = found["estimated_training_hours"]
    peak, memory = f"$D${spec}", f"$C${spec}"
    put(
        EST, training.hours_at, hours, "#,##0.00",
        cells[SIZE], tokens, cells[CODE], peak, cells[LISTED], utilisation,
    )  # fmt: skip
    low, high = found["estimated_training_hours_low"], found["estimated_training_hours_high"]
    put(EST_LOW, training.estimate_low, low, "#,##0.00", cells[EST])
    put(EST_HIGH, training.estimate_high, high, "#,##0.00", cells[EST])
    needed, gpus = found["training_memory_gb"], found["gpus_for_memory"]
    put(NEEDED_GB, training.training_memory, needed, "#,##0.0", cells[SIZE], cells[CODE])
    put(NEEDED, training.gpus_for, gpus, "#,##0", cells[NEEDED_GB], memory)
    fits, short = book.say("training.fits"), book.say("training.short")
    says = fits if gpus <= listed[3] else short
    formula = f'IF({cells[NEEDED]}>{cells[LISTED]},"{short}","{fits}")'
    page.formula(row, MEMORY_SAYS, formula, says, "ft_text")
    slower, agrees, faster = (book.say(f"training.{k}") for k in ("longer", "agrees", "shorter"))
    said = slower if listed[4] > high else faster if listed[6] < low else agrees
    formula = (
        f'IF({cells[LOW]}>{cells[EST_HIGH]},"{slower}",'
        f'IF({cells[HIGH]}<{cells[EST_LOW]},"{faster}","{agrees}"))'
    )
    page.formula(row, HOURS_SAY, formula, said, "ft_text")
    key = f"{listed[0]:g}|{listed[1]}"
    page.formula(row, KEY, f'{cells[SIZE]}&"|"&{cells[METHOD]}', key, "ft_key")


def _conflicts(book: Book, page: Page, row: int) -> int:
    page.put(row, 1, book.say("training.conflicts"), "ft_block")
    for key in CONFLICTS:
        row += 1
        page.put(row, 1, book.say(f"training.conflict.{key}"), "ft_line")
    return row + 1


def _case(book: Book, page: Page, row: int) -> None:
    page.row(row, [book.say("training.case"), None, None], "ft_block")
    row += 1
    for column, head in enumerate(("label", "value", "unit"), 1):
        style = "ft_heading_number" if head == "value" else "ft_heading"
        page.put(row, column, book.say(f"head.{head}"), style)
    steps = {s.name: s for s in STEPS}
    for name in _CASE_ROWS:
        row += 1
        step, value = steps[name], book.results[name]
        form = step.quantity.unit.number_format
        page.put(row, 1, step.label(book.language), "ft_label")
        shown = "" if value is None else value
        page.formula(row, 2, book.reference(name), shown, "ft_link", form)
        page.put(row, 3, unit_text(step.quantity.unit.key, book.language), "ft_unit")
    page.put(row + 1, 1, book.say("training.method_note"), "ft_line")


def _specs(book: Book, page: Page, row: int) -> None:
    """The GPUs' figures, first under the names of the price sheet, then under their other names."""
    page.put(row - 1, 1, book.say("training.specs"), "ft_block")
    page.row(row, [book.say(f"head.{h}") for h in _SPEC_HEADS], "ft_heading")
    known = [(s.gpu, s) for s in specs()] + [(n, s) for s in specs() for n in s.also]
    first = row + 1
    for name, spec in known:
        row += 1
        _spec_row(page, row, name, spec)
    for name, column in (("spec_keys", "B"), ("spec_memory", "C"), ("spec_tflops", "D")):
        book.name(name, page, f"{column}{first}:{column}{row}", book.say(f"name.{name}"))
    default = first + next(i for i, (name, _) in enumerate(known) if name == GPU_DEFAULT)
    book.name("spec_default", page, f"A{default}", book.say("name.spec_default"))


def _spec_row(page: Page, row: int, name: str, spec: GpuSpec) -> None:
    page.put(row, 1, name, "ft_line")
    page.put(row, 2, normal(name), "ft_key")
    page.put(row, 3, spec.memory_gb, "ft_constant", "#,##0")
    page.put(row, 4, spec.bf16_dense_tflops, "ft_constant", "#,##0")
    page.put(row, 5, spec.read_date, "ft_unit")
    page.put(row, 6, spec.source, "ft_unit")
