"""Decision: the rules in words, where this case falls, and the sentences that say why."""

from typing import Any

from roi_xl.case.graph_steps import STEPS
from roi_xl.case.inputs import INPUTS
from roi_xl.case.rationale import (
    LARGE,
    LEADS,
    NO_DECIMALS,
    SENTENCES,
    TWO_DECIMALS,
    in_unit,
    written_as,
)
from roi_xl.errors import ErrorValue
from roi_xl.text import table, text
from roi_xl.workbook.sheet_writer import CURRENCY, Book, Page
from roi_xl.workbook.sheets import input_status
from roi_xl.workbook.sheets.sensitivity import Tornado

LABEL, RULE, VALUE, HERE = range(1, 5)
HEADER_ROW = 4
COLUMNS = 4
LIMITS = ("strong_below_months", "recommended_below_months", "caution_below_months")
RATIONALE = "rationale"
_STEPS = {s.name: s for s in STEPS}


def build(book: Book, tornado: Tornado) -> Page:
    """Write the sheet and name the paragraph."""
    page = book.sheet("decision", "FFED7D31")
    page.widths(34, 62, 20, 16)
    row = _rules(book, page, HEADER_ROW)
    row = _matrix(book, page, row + 2)
    row = _source(book, page, row + 2)
    row = _sentences(book, page, row + 2, tornado)
    page.fit_rows(HEADER_ROW)
    page.finish(f"A{HEADER_ROW + 1}", HEADER_ROW, pages_high=1, portrait=True)
    return page


def _head(book: Book, page: Page, row: int, *keys: str) -> None:
    said = [book.say(f"head.{key}") for key in keys]
    page.row(row, [*said, *[None] * (COLUMNS - len(said))], "ft_heading")


# --- the verdict -------------------------------------------------------------------------------------


def _rules(book: Book, page: Page, row: int) -> int:
    """One row per class, with the rule as a sentence that reads the limits, and a mark."""
    _head(book, page, row, "recommendation", "rule", "limit", "this_case")
    words = [text(f"choice.{c}", book.language) for c in ("strong", "recommended", "caution", "no")]
    for i, word in enumerate(words):
        row += 1
        page.put(row, LABEL, word, "ft_label")
        limit = LIMITS[min(i, 2)]
        value = book.case[limit]
        template = book.say("rule.slow" if i == 3 else "rule.fast")
        _sentence(page, row, template, book.reference(f"used_{limit}"), value)
        page.formula(row, VALUE, book.reference(f"used_{limit}"), value, "ft_link", "#,##0.0")
        _mark(
            book, page, row, book.reference("recommendation"), book.results["recommendation"], word
        )
    row += 1
    page.put(row, LABEL, book.say("rule.also.label"), "ft_label")
    page.put(row, RULE, book.say("rule.also.text"), "ft_note")
    return row


def _sentence(page: Page, row: int, template: str, cell: str, value: float) -> None:
    before, _, after = template.partition("{limit}")
    formula = f'"{before}"&TEXT({cell},"0.#")&"{after}"'
    if value == int(value):
        formula = f'"{before}"&{cell}&"{after}"'
    page.formula(
        row, RULE, f'"{before}"&ROUND({cell},1)&"{after}"', f"{before}{value:g}{after}", "ft_text"
    )
    assert formula


def _mark(book: Book, page: Page, row: int, cell: str, found: object, word: str) -> None:
    here = book.say("here")
    shown = here if found == word and book.filled else ""
    formula = f'IF(AND({cell}=$A{row},template*inputs_to_fill=0),"{here}","")'
    page.formula(row, HERE, formula, shown, "ft_text")


def _matrix(book: Book, page: Page, row: int) -> int:
    """The rule of thumb: volume against quality."""
    _head(book, page, row, "thumb", "rule", "limit", "this_case")
    case, language = book.case, book.language
    low, top = "low_daily_requests", "high_daily_requests"
    bands = (
        ("prompt", "thumb.low", low),
        ("lora", "thumb.middle", top),
        ("finetune", "thumb.high", top),
    )
    for word_key, rule, limit in bands:
        row += 1
        word = text(f"choice.{word_key}", language)
        page.put(row, LABEL, word, "ft_label")
        page.put(row, RULE, book.say(rule), "ft_note")
        page.formula(row, VALUE, book.reference(f"used_{limit}"), case[limit], "ft_link", "#,##0")
        _mark(book, page, row, book.reference("strategy"), book.results["strategy"], word)
    row += 1
    page.put(row, LABEL, book.say("thumb.conflict"), "ft_label")
    conflict = book.results["strategy_conflict"]
    page.formula(row, RULE, book.reference("strategy_conflict"), conflict, "ft_link_words")
    return row


def _source(book: Book, page: Page, row: int) -> int:
    """The simple formulas, apart: without labour and run cost."""
    page.row(row, [book.say("block.simple"), None, book.say("head.value"), None], "ft_heading")
    for step in (s for s in STEPS if s.block == "source"):
        row += 1
        form = step.quantity.unit.number_format
        page.put(row, LABEL, step.label(book.language), "ft_label")
        page.put(
            row,
            RULE,
            book.say("simple.note") if step.name == "source_total_cost" else None,
            "ft_note",
        )
        style = "ft_link_text" if step.quantity.choices else "ft_link"
        page.formula(row, VALUE, book.reference(step.name), book.results[step.name], style, form)
        page.unit(row, HERE, step.quantity.unit.key)
    return row


# --- the paragraph -----------------------------------------------------------------------------------


def _sentences(book: Book, page: Page, row: int, tornado: Tornado) -> int:
    """Each sentence in a row, empty where it is not said; together they are the rationale."""
    page.row(row, [book.say("block.rationale"), *[None] * (COLUMNS - 1)], "ft_heading")
    known = _known(book)
    first = row + 1
    for key, (condition, holds) in _conditions(book, tornado, known).items():
        row += 1
        page.put(row, LABEL, book.say(f"sentence.{key}"), "ft_label")
        formula, said = _written(book, key, tornado, known)
        if holds and known is None:
            said = ""
        page.formula(row, RULE, f'IF({condition},{formula},"")', said if holds else "", "ft_text")
    joint = "" if _joined(book) else " "
    cells = [f"B{r}" for r in range(first, row + 1)]
    parts = f'&"{joint}"&'.join(cells) if joint else "&".join(cells)
    values = [str(book.cached[page.ws.title][cell]) for cell in cells]
    paragraph = joint.join(v for v in values if v) if joint else "".join(values)
    row += 1
    page.put(row, LABEL, book.say("block.rationale"), "ft_label")
    missing, error = book.say("rationale.unfilled"), text("rationale.no_result", book.language)
    formula = f"TRIM({parts})" if joint else parts
    formula = (
        f'IF(template*inputs_to_fill>0,"{missing}",IF(ISNUMBER({book.reference("npv")}),'
        f'IFERROR({formula},"{error}"),"{error}"))'
    )
    if not book.filled:
        paragraph = missing
    elif known is None:
        paragraph = error
    cell = page.formula(row, RULE, formula, paragraph, "ft_text")
    book.name(RATIONALE, page, cell.coordinate, book.say("block.rationale"))
    return row


def _joined(book: Book) -> bool:
    """Whether sentences follow each other without a space, as in Chinese."""
    return table("rationale", book.language)["paid"][-1:] not in ".!?"


def _known(book: Book) -> dict[str, Any] | None:
    if any(isinstance(book.results[n], ErrorValue) for n in ("npv", "monthly_savings")):
        return None
    found = {**book.case, **book.results}
    return {**found, "failure_probability": 1.0 - float(book.case["success_probability"])}


def _conditions(
    book: Book, tornado: Tornado, known: dict[str, Any] | None
) -> dict[str, tuple[str, bool]]:
    """When each sentence is said: as a formula, and for this case."""
    lead = book.reference("code_lead")
    gross, probability = (
        book.reference("gross_benefit_per_month"),
        book.reference("used_success_probability"),
    )
    conflict, samples = book.reference("code_strategy_conflict"), "inputs_sample+inputs_to_fill"
    count = input_status.sample_count(book)
    turning = tornado.turning is not None
    at, some, failing = -1, False, False
    clash = False
    if known is not None:
        at = [text(f"choice.{key}", book.language) for key in LEADS].index(known["lead"])
        some = known["gross_benefit_per_month"] > 0
        failing = known["success_probability"] < 1
        clash = known["strategy_conflict"] != text("choice.agree", book.language)
    check = f"AND({samples}=0,{lead}=1,turn_place>0)"
    loss = f"AND({samples}=0,OR({lead}>1,AND({lead}=1,turn_place=0)))"
    return {
        **{key: (f"{lead}={i}", at == i) for i, key in enumerate(LEADS)},
        "paid": ("TRUE", True),
        "source": (f"{gross}>0", some),
        "no_source": (f"{gross}<=0", not some),
        "turn": ("turn_place>0", turning),
        "no_turn": ("turn_place=0", not turning),
        "failure": (f"{probability}<1", failing),
        "failure_unplanned": (f"{probability}>=1", not failing),
        "conflict": (f"{conflict}>0", clash),
        "samples": (f"{samples}>0", count > 0),
        "next_samples": (f"{samples}>0", count > 0),
        "next_worth": (f"AND({samples}=0,{lead}=0)", count == 0 and at == 0),
        "next_check": (check, count == 0 and at == 1 and turning),
        "next_loss": (loss, count == 0 and (at > 1 or (at == 1 and not turning))),
    }


def _written(
    book: Book, key: str, tornado: Tornado, known: dict[str, Any] | None
) -> tuple[str, str]:
    """A sentence as a formula and as it reads for this case."""
    template = text(f"rationale.{key}", book.language)
    slots: dict[str, tuple[str, str]] = {}
    currency = book.case["currency"]
    for name, kind in SENTENCES[key].slots.items():
        cell = (
            "1-" + book.reference("used_success_probability")
            if name == "failure_probability"
            else _cell(book, name)
        )
        value = "" if known is None else written_as(kind, known[name], currency, book.language)
        slots[name] = (_as_text(kind, cell), value)
    slots["count"] = ("(inputs_sample+inputs_to_fill)", str(input_status.sample_count(book)))
    for slot, which in (
        ("driver", "turn_labels"),
        ("turn", "turn_values"),
        ("today", "turn_todays"),
    ):
        formula = f"INDEX({book.reference(which)},turn_place,1)"
        if slot != "driver":
            unit = f"INDEX({book.reference('turn_units')},turn_place,1)"
            label = f"INDEX({book.reference('turn_keys')},turn_place,1)"
            formula = _in_unit(formula, unit, label)
        slots[slot] = (formula, _turn_text(book, slot, tornado))
    joined: list[str] = []
    said = rest = template
    while rest:
        before, brace, after = rest.partition("{")
        if before:
            joined.append(f'"{before}"')
        if not brace:
            break
        name, _, rest = after.partition("}")
        joined.append(slots[name][0])
        said = said.replace("{" + name + "}", slots[name][1])
    return "&".join(joined), said


def _cell(book: Book, name: str) -> str:
    return book.reference(f"used_{name}" if name in INPUTS else name)


def _as_text(kind: str, cell: str) -> str:
    if kind == "word":
        return cell
    if kind == "money":
        return f'TEXT({cell},IF(ABS({cell})>={LARGE:g},"{NO_DECIMALS}","{TWO_DECIMALS}"))&" "&{CURRENCY}'
    if kind == "percent":
        return f'TEXT({cell},"0%")'
    if kind == "months":
        return f'IF(ISNUMBER({cell}),TEXT({cell},"0.0"),{cell})'
    return f'TEXT({cell},"{NO_DECIMALS}")'


def _in_unit(value: str, unit: str, key: str) -> str:
    """A value with its unit: percent where the driver is a share, four digits otherwise."""
    percent = f"ISNUMBER(MATCH({key},percent_inputs,0))"
    digits = "ROUND({0},3-INT(LOG10(ABS({0})+({0}=0))))"
    hundred = digits.format(f"({value}*100)") + '&"%"'
    plain = f'IF(ABS({value})>={LARGE:g},TEXT({value},"{NO_DECIMALS}"),{digits.format(value)})'
    return f'IF({percent},{hundred},{plain}&IF({unit}="",""," "&{unit}))'


def _turn_text(book: Book, slot: str, tornado: Tornado) -> str:
    driver = tornado.turning
    if driver is None:
        return ""
    entry = INPUTS[driver.name]
    if slot == "driver":
        return entry.label(book.language)
    unit = book.shown_unit(entry.quantity.unit.key)
    value = driver.turn if driver.turn is not None else driver.static
    shown = value if slot == "turn" else book.case[driver.name]
    return in_unit(driver.name, float(shown or 0.0), unit)
