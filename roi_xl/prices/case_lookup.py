"""What the price sheets say of the models and GPUs that a case names; blank where it names none."""

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

from roi_xl.errors import NotListedError
from roi_xl.functions.declare import ft
from roi_xl.prices.hardware import TuningService, services
from roi_xl.prices.lookup import KEY_FORMULA, gpu_price
from roi_xl.prices.names import normal
from roi_xl.prices.sheet import PriceSheet
from roi_xl.units import (
    ANY,
    CALENDAR_MONTH,
    MONTHS_OR_BLANK,
    SHARE_OR_BLANK,
    TEXT,
    USD_PER_GPU_HOUR_OR_BLANK,
    USD_PER_MILLION_TOKENS_OR_BLANK,
)

_ON_THE_LIST = "INDEX({0},MATCH({1},llm_models,0))"
_AT_A_SERVICE = "INDEX({0},MATCH({1},service_models,0))"


def _listed(column: str, model: str) -> str:
    """The Excel text of a column of the model prices, blank where the cell is."""
    found = _ON_THE_LIST.format(column, model)
    return f'IF({found}="","",{found})'


def _or_service(column: str, listed: str) -> str:
    """The Excel text of a service's own price for what it tuned, where it states one."""
    served = _AT_A_SERVICE.format(column, "finetuned_model")
    stated = f'IF(COUNTIF(service_models,finetuned_model)=0,"",IF({served}="","",{served}))'
    return f'=IF(finetuned_model="","",IF({stated}="",{listed},{stated}))'


def _price(model: str, kind: str, sheet: Any) -> float:
    """USD per million tokens from the workbook's own sheet, else from the shipped one."""
    own = sheet.models if isinstance(sheet, PriceSheet) else None
    if own is not None:
        return own.price(model, kind)
    from roi_xl.prices.models import price

    return price(model, kind)


def _cached(model: str, sheet: Any) -> float:
    """Price of cached input; where the provider states none, cached tokens cost what others do."""
    try:
        return _price(model, "cached", sheet)
    except NotListedError as error:
        if error.key != "model_no_price":
            raise
        return _price(model, "input", sheet)


_Lookup = Callable[..., float]


@ft(
    group="prices",
    mode="each",
    formula=f'=IF(current_model="","",{_listed("llm_input_price", "current_model")})',
)
def current_listed_input(
    current_model: TEXT = None,  # type: ignore[assignment]
    price_sheet: ANY = None,
) -> USD_PER_MILLION_TOKENS_OR_BLANK:
    """Listed input price of today's model; blank where the case names none."""
    return math.nan if current_model is None else _price(current_model, "input", price_sheet)


@ft(
    group="prices",
    mode="each",
    formula=f'=IF(current_model="","",{_listed("llm_output_price", "current_model")})',
)
def current_listed_output(
    current_model: TEXT = None,  # type: ignore[assignment]
    price_sheet: ANY = None,
) -> USD_PER_MILLION_TOKENS_OR_BLANK:
    """Listed output price of today's model; blank where the case names none."""
    return math.nan if current_model is None else _price(current_model, "output", price_sheet)


def _listed_cached(model: str) -> str:
    cached = _ON_THE_LIST.format("llm_cached_price", model)
    return f'IF({cached}="",{_ON_THE_LIST.format("llm_input_price", model)},{cached})'


@ft(
    group="prices",
    mode="each",
    formula=f'=IF(current_model="","",{_listed_cached("current_model")})',
)
def current_listed_cached(
    current_model: TEXT = None,  # type: ignore[assignment]
    price_sheet: ANY = None,
) -> USD_PER_MILLION_TOKENS_OR_BLANK:
    """Listed price of cached input of today's model; blank where the case names none."""
    return math.nan if current_model is None else _cached(current_model, price_sheet)


def service_of(model: str) -> TuningService | None:
    """The hosted fine-tuning service that tunes this model; None where the sheet has none."""
    wanted = normal(model)
    return next((s for s in services() if normal(s.model) == wanted), None)


@ft(
    group="prices",
    mode="each",
    formula=_or_service("service_input_price", _listed("llm_input_price", "finetuned_model")),
)
def finetuned_listed_input(
    finetuned_model: TEXT = None,  # type: ignore[assignment]
    price_sheet: ANY = None,
) -> USD_PER_MILLION_TOKENS_OR_BLANK:
    """Listed input price of the fine-tuned model: that of its service, else of the model itself."""
    if finetuned_model is None:
        return math.nan
    service = service_of(finetuned_model)
    if service is not None and service.input_price is not None:
        return service.input_price
    return _price(finetuned_model, "input", price_sheet)


@ft(
    group="prices",
    mode="each",
    formula=_or_service("service_output_price", _listed("llm_output_price", "finetuned_model")),
)
def finetuned_listed_output(
    finetuned_model: TEXT = None,  # type: ignore[assignment]
    price_sheet: ANY = None,
) -> USD_PER_MILLION_TOKENS_OR_BLANK:
    """Listed output price of the fine-tuned model: that of its service, else of the model itself."""
    if finetuned_model is None:
        return math.nan
    service = service_of(finetuned_model)
    if service is not None and service.output_price is not None:
        return service.output_price
    return _price(finetuned_model, "output", price_sheet)


@ft(
    group="prices",
    mode="each",
    formula=_or_service("service_input_price", _listed_cached("finetuned_model")),
)
def finetuned_listed_cached(
    finetuned_model: TEXT = None,  # type: ignore[assignment]
    price_sheet: ANY = None,
) -> USD_PER_MILLION_TOKENS_OR_BLANK:
    """Listed price of cached input of the fine-tuned model; a service states none of its own."""
    if finetuned_model is None:
        return math.nan
    service = service_of(finetuned_model)
    if service is not None and service.input_price is not None:
        return service.input_price
    return _cached(finetuned_model, price_sheet)


def _batch_ratio(model: str | None, sheet: Any) -> float:
    """Batch price over standard price; blank where the sheet has none."""
    own = sheet.models if isinstance(sheet, PriceSheet) else None
    if model is None or own is None:
        return math.nan
    ratio: float = own.batch_ratio(model)
    return ratio


@ft(
    group="prices",
    mode="each",
    formula=(
        '=IF(current_model="","",IF(COUNTIF(llm_models,current_model)=0,"",'
        f"{_listed('llm_batch_ratio', 'current_model')}))"
    ),
)
def current_batch_ratio(
    current_model: TEXT = None,  # type: ignore[assignment]
    price_sheet: ANY = None,
) -> SHARE_OR_BLANK:
    """Batch price over standard price of today's model; blank where the sheet has none."""
    return _batch_ratio(current_model, price_sheet)


@ft(
    group="prices",
    mode="each",
    formula=(
        '=IF(finetuned_model="","",IF(COUNTIF(llm_models,finetuned_model)=0,"",'
        f"{_listed('llm_batch_ratio', 'finetuned_model')}))"
    ),
)
def finetuned_batch_ratio(
    finetuned_model: TEXT = None,  # type: ignore[assignment]
    price_sheet: ANY = None,
) -> SHARE_OR_BLANK:
    """Batch price over standard price of the fine-tuned model; blank where the sheet has none."""
    return _batch_ratio(finetuned_model, price_sheet)


@ft(
    group="prices",
    mode="each",
    formula='=IF(serving_gpu_model="","",INDEX(gpu_price_usd,MATCH({},gpu_key_cheapest,0)))'.format(
        KEY_FORMULA.format('serving_gpu_model&"||"&INDEX(list_gpu_market,1)')
    ),
)
def listed_serving_price(
    serving_gpu_model: TEXT = None,  # type: ignore[assignment]
    price_sheet: ANY = None,
) -> USD_PER_GPU_HOUR_OR_BLANK:
    """Cheapest on-demand price of the GPUs that serve the model; blank where the case names none."""
    if serving_gpu_model is None:
        return math.nan
    return gpu_price(serving_gpu_model, None, 0.0, price_sheet)  # type: ignore[arg-type]


# --- until when a hosted model is served -----------------------------------------------------------


def months_until(start_month: str, day: dt.date) -> float:
    """Whole calendar months from a month, which is the first, to a day; 0 where it has passed."""
    year, month = map(int, start_month.split("-"))
    return float(max((day.year - year) * 12 + day.month - month, 0))


_WITHDRAWN = _AT_A_SERVICE.format("service_shut_down", "finetuned_model")
_FIRST = 'DATEVALUE(start_month&"-01")'
_MONTHS = f"(YEAR({_WITHDRAWN})-YEAR({_FIRST}))*months_per_year+MONTH({_WITHDRAWN})-MONTH({_FIRST})"


@ft(
    group="prices",
    mode="each",
    formula=(
        '=IF(OR(finetuned_model="",start_month=""),"",'
        'IF(COUNTIF(service_models,finetuned_model)=0,"",'
        f'IF({_WITHDRAWN}="","",MAX(0,{_MONTHS}))))'
    ),
)
def months_until_withdrawal(
    finetuned_model: TEXT = None,  # type: ignore[assignment]
    start_month: CALENDAR_MONTH = None,  # type: ignore[assignment]
) -> MONTHS_OR_BLANK:
    """Whole months until the service of the fine-tuned model is withdrawn; blank where not known."""
    if finetuned_model is None or start_month is None:
        return math.nan
    service = service_of(finetuned_model)
    if service is None or not service.shut_down:
        return math.nan
    return months_until(start_month, dt.date.fromisoformat(service.shut_down))
