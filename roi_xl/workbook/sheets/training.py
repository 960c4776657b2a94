"""Training & Serving Reference: the case's estimates, the source document's table, GPU and model figures."""

from functools import lru_cache
from typing import Any

from openpyxl.utils import get_column_letter

from roi_xl.case.evaluate import evaluate_case
from roi_xl.case.graph_steps import STEPS
from roi_xl.model.defaults import ESTIMATE_SPREAD, GPU_DEFAULT
from roi_xl.model.training import link_speed
from roi_xl.prices.hardware import reference, shape_starts, shapes, specs
from roi_xl.prices.names import normal
from roi_xl.text import text
from roi_xl.workbook.sheet_writer import Book, Page
from roi_xl.workbook.step_rows import blank

HEADER_ROW = 4
_LAST = 11
_CASE_ROWS = (
    "training_tokens_m",
    "estimated_training_hours_low",
    "estimated_training_hours",
    "estimated_training_hours_high",
    "training_memory_gb",
    "activation_memory_gb",
    "gpus_for_memory",
    "serving_weights_gb",
    "requests_in_memory",
    "serving_tokens_per_s",
    "estimated_requests_per_gpu_hour",
)
_SPEC_HEADS = (
    "gpu_name", "key_spec", "memory", "tflops", "fp8_tflops", "bandwidth", "link", "read_on", "source",
)  # fmt: skip
_SHAPE_HEADS = ("shape_from", "model", "size_b", "layers", "hidden", "cache", "source")
_SOURCE_HEADS = (
    "size", "method", "gpu", "listed_gpus", "bound_low", "bound_mid", "bound_high", "cost_low",
    "cost_high", "est", "memory_says", "key_row",
)  # fmt: skip
CONFLICTS = ("memory", "hours", "cost", "small", "spread")
_letter = get_column_letter


def build(book: Book) -> Page:
    """Write the sheet and name the look-up tables."""
    page = book.sheet("training", "FF9DC3E6")
    page.widths(30, 22, 13, 13, 13, 13, 13, 13, 16, 16, 34, 14)
    row = _case(book, page, HEADER_ROW)
    row = _source(book, page, row + 2)
    row = _specs(book, page, row + 2)
    _shapes(book, page, row + 2)
    page.fit_rows(HEADER_ROW)
    page.finish(f"A{HEADER_ROW + 1}", HEADER_ROW, printed=False)
    page.ws.print_title_rows = "1:1"  # the blocks below have headings of their own
    return page


def _case(book: Book, page: Page, row: int) -> int:
    """What is estimated for the inputs of this workbook; half to twice is plausible."""
    page.row(row, [book.say("training.case"), None, None], "ft_heading")
    page.put(row, 2, book.say("head.value"), "ft_heading_number")
    page.put(row, 3, book.say("head.unit"), "ft_heading")
    steps = {s.name: s for s in STEPS}
    for name in _CASE_ROWS:
        row += 1
        step, value = steps[name], book.results[name]
        page.put(row, 1, step.label(book.language), "ft_label")
        shown = "" if blank(value) else value
        form = step.quantity.unit.number_format
        formula = f'IF({book.reference(name)}="","",{book.reference(name)})'
        page.formula(row, 2, formula, shown, "ft_link", form)
        page.unit(row, 3, step.quantity.unit.key)
    page.put(row + 1, 1, book.say("training.method_note"), "ft_line")
    return row + 1


@lru_cache(maxsize=1)
def _estimates() -> list[tuple[float, float, float]]:
    """Hours, memory and GPUs needed for the rows of the source's table: 1,000 samples of 500 tokens."""
    rows = [(r, method) for r in reference() for method in ("lora", "full")]
    found = evaluate_case(
        model_params_b=[r.model_params_b for r, _ in rows],
        training_method=[method for _, method in rows],
        gpu_count=[r.gpu_count for r, _ in rows],
        training_samples=1000,
        gpu_model=GPU_DEFAULT,
    )
    names = ("estimated_training_hours", "training_memory_gb", "gpus_for_memory")
    return [tuple(float(found[n][i]) for n in names) for i in range(len(rows))]  # type: ignore[misc]


def _source(book: Book, page: Page, row: int) -> int:
    """The source document's table, unchanged, with what is estimated beside it, and its conflicts."""
    page.row(row, [book.say("training.source"), *[None] * (_LAST - 1)], "ft_block")
    row += 1
    page.row(row, [book.say(f"head.{h}") for h in _SOURCE_HEADS], "ft_heading")
    first = row + 1
    estimates = iter(_estimates())
    for entry in reference():
        for method in ("lora", "full"):
            row += 1
            listed = (entry.lora_hours, entry.full_hours)[method == "full"]
            word = text(f"choice.{method}", book.language)
            hours, needed, gpus = next(estimates)
            spread = float(ESTIMATE_SPREAD)
            fits = "training.fits" if gpus <= entry.gpu_count else "training.short"
            values: tuple[Any, ...] = (
                entry.model_params_b,
                word,
                entry.gpu,
                entry.gpu_count,
                listed[0],
                sum(listed) / 2,
                listed[1],
                *entry.cost_usd,
                f"{hours / spread:.2g} – {hours * spread:.2g}",
                f"{book.say(fits)} ({needed:,.0f} GB)",
            )
            for column, value in enumerate(values, 1):
                words = isinstance(value, str)
                page.put(
                    row,
                    column,
                    value,
                    "ft_text" if words else "ft_constant",
                    None if words else "#,##0.##",
                )
            formula = f'A{row}&"|"&B{row}'
            page.formula(row, 12, formula, f"{entry.model_params_b:g}|{word}", "ft_key")
    for name, span in (
        ("reference_hours", f"E{first}:G{row}"),
        ("reference_keys", f"L{first}:L{row}"),
    ):
        book.name(name, page, span, book.say(f"name.{name}"))
    page.hide("L")
    for key in CONFLICTS:
        row += 1
        page.put(row, 1, book.say(f"training.conflict.{key}"), "ft_line")
    return row


def _specs(book: Book, page: Page, row: int) -> int:
    """The GPUs' figures, first under the names of the price sheet, then under their other names."""
    page.row(row, [book.say("training.specs"), *[None] * (_LAST - 1)], "ft_block")
    row += 1
    page.row(row, [book.say(f"head.{h}") for h in _SPEC_HEADS], "ft_heading")
    known = [(s.gpu, s) for s in specs()] + [(n, s) for s in specs() for n in s.also]
    first = row + 1
    for name, spec in known:
        row += 1
        page.put(row, 1, name, "ft_line")
        page.put(row, 2, normal(name), "ft_key")
        fp8 = None if spec.fp8_dense_tflops != spec.fp8_dense_tflops else spec.fp8_dense_tflops
        figures = (
            spec.memory_gb,
            spec.bf16_dense_tflops,
            fp8,
            spec.bandwidth_gb_s,
            link_speed(spec),
        )
        for column, value in enumerate(figures, 3):
            if value is None:  # an empty text: a look-up would read an empty cell as 0
                page.formula(row, column, '""', "", "ft_formula", "#,##0")
            else:
                page.put(row, column, value, "ft_constant", "#,##0")
        page.put(row, 8, spec.read_date, "ft_unit")
        page.put(row, 9, spec.source, "ft_line")
    names = ("keys", "memory", "tflops", "fp8", "bandwidth", "link")
    for name, letter in zip(names, "BCDEFG", strict=True):
        span = f"{letter}{first}:{letter}{row}"
        book.name(f"spec_{name}", page, span, book.say(f"name.spec_{name}"))
    default = first + next(i for i, (name, _) in enumerate(known) if name == GPU_DEFAULT)
    book.name("spec_default", page, f"A{default}", book.say("name.spec_default"))
    return row


def _shapes(book: Book, page: Page, row: int) -> None:
    """The shapes of open models, each with the size from which it is the nearest."""
    page.row(row, [book.say("training.shapes"), *[None] * (_LAST - 1)], "ft_block")
    row += 1
    page.row(row, [book.say(f"head.{h}") for h in _SHAPE_HEADS], "ft_heading")
    first = row + 1
    for start, shape in zip(shape_starts(), shapes(), strict=True):
        row += 1
        figures = (shape.params_b, shape.layers, shape.hidden, shape.kv_gb)
        page.put(row, 1, start, "ft_constant", "#,##0.0##")
        page.put(row, 2, shape.model, "ft_line")
        for column, value in enumerate(figures, 3):
            page.put(row, column, value, "ft_constant", "#,##0.###")
        page.put(row, 7, shape.source, "ft_line")
    for name, letter in (("from", "A"), ("layers", "D"), ("hidden", "E"), ("cache", "F")):
        span = f"{letter}{first}:{letter}{row}"
        book.name(f"shape_{name}", page, span, book.say(f"name.shape_{name}"))
