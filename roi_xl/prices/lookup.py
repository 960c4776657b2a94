"""FT_GPU_PRICE and FT_LLM_PRICE: prices of a GPU-hour and of a million tokens, from dated sheets."""

import math
from typing import Any

from roi_xl.errors import NotListedError
from roi_xl.functions.declare import Helper, ft
from roi_xl.prices.names import hint, normal
from roi_xl.prices.reader import sheet_of_range, shipped
from roi_xl.prices.sheet import MARKETS, USD, PriceSheet
from roi_xl.units import (
    ANY,
    MARKET,
    PRICE_KIND,
    TEXT,
    USD_PER_GPU_HOUR,
    USD_PER_GPU_HOUR_OR_BLANK,
    USD_PER_MILLION_TOKENS,
    quantity_of,
)

ON_DEMAND = 0.0
KEY_FORMULA = 'SUBSTITUTE(UPPER(SUBSTITUTE(SUBSTITUTE({}," ",""),"-","")),"GB","G")'
_WHERE = 'IF({}="",gpu_key_cheapest,gpu_key_provider)'


@ft(
    "FT_GPU_PRICE",
    group="prices",
    mode="each",
    example=(("a100 80g", "RunPod", "on-demand"), 1.19),
    formula="=INDEX(gpu_price_usd,MATCH({},{},0))".format(
        KEY_FORMULA.format('gpu&"|"&provider&"|"&market'), _WHERE.format("provider")
    ),
)
def gpu_price(
    gpu: TEXT,
    provider: TEXT = None,  # type: ignore[assignment]
    market: MARKET = ON_DEMAND,
    price_sheet: ANY = None,
) -> USD_PER_GPU_HOUR:
    """Price in USD per hour of one GPU, from a dated price sheet; without a provider the cheapest.

    Args:
        gpu: the GPU as on the sheet; case, spaces and hyphens do not matter, nor GB for G.
        provider: the provider; blank takes the cheapest.
        market: 0 on-demand, 1 spot, 2 reserved; in a cell, the words.
        price_sheet: range of a workbook's own price table; blank takes the shipped sheet.

    Returns:
        USD per GPU-hour: the lowest price of the rows that are not replaced by a later row of the same
        GPU, provider, market and product.

    Raises:
        NotListedError: the sheet has no such row; the message suggests the nearest GPU.

    Source:
        `roi_xl/prices/gpu_prices.csv`, each row with its date, source and licence.

    Example:
        >>> gpu_price("a100 80g", "RunPod")
        1.19
    """
    sheet = _sheet(price_sheet)
    price = sheet.lowest(gpu, provider, MARKETS[int(market)])
    if price is None:
        raise _not_listed(sheet, gpu, provider, market)
    return price


def _sheet(given: Any) -> PriceSheet:
    if given is None or isinstance(given, PriceSheet):
        return shipped() if given is None else given
    from roi_xl.functions.arguments import is_range

    plain = getattr(given, "to_numpy", lambda: given)()
    rows: Any = plain.tolist() if hasattr(plain, "tolist") else plain
    if not is_range(rows):
        rows = [rows]
    if not any(is_range(row) for row in rows):
        rows = [rows]  # a single row of cells
    return sheet_of_range([row if is_range(row) else [row] for row in rows])


def _not_listed(sheet: PriceSheet, gpu: str, provider: str | None, market: Any) -> NotListedError:
    from roi_xl.text import text

    word = text(f"choice.{MARKETS[int(market)]}")
    of_gpu = [r for r in sheet if normal(r.gpu) == normal(gpu)]
    if not of_gpu:
        return NotListedError("gpu_not_listed", found=gpu, hint=hint(gpu, (r.gpu for r in sheet)))
    offers = ", ".join(
        dict.fromkeys(
            f"{r.provider} ({text(f'choice.{r.market}')}{'' if r.currency == USD else f', {r.currency}'})"
            for r in of_gpu
        )
    )
    where = f"{provider}, {word}" if provider else word
    return NotListedError("gpu_not_offered", found=of_gpu[0].gpu, where=where, offers=offers)


def _lookup_words(
    gpu_model: str | None, gpu_provider: str | None, gpu_market: float, language: str
) -> str:
    """GPU, provider and market of a case as one text, in the language of the workbook."""
    from roi_xl.text import text

    word = text(f"choice.{MARKETS[int(gpu_market)]}", language)
    return f"{gpu_model or ''}|{gpu_provider or ''}|{word}"


def _lookup_key(
    gpu_model: str | None, gpu_provider: str | None, gpu_market: float, language: str
) -> str:
    """The look-up key of a case in a workbook of this language; blank without a GPU."""
    if gpu_model is None:
        return ""
    return normal(_lookup_words(gpu_model, gpu_provider, gpu_market, language))


@ft(
    group="prices",
    mode="each",
    helpers=(
        Helper(
            "gpu_price_words",
            '=gpu_model&"|"&gpu_provider&"|"&INDEX(list_gpu_market,1+gpu_market)',
            _lookup_words,
        ),
        Helper(
            "gpu_price_key",
            f'=IF(gpu_model="","",{KEY_FORMULA.format("gpu_price_words")})',
            _lookup_key,
        ),
    ),
    formula='=IF(gpu_price_key="","",INDEX(gpu_price_usd,MATCH(gpu_price_key,{},0)))'.format(
        _WHERE.format("gpu_provider")
    ),
)
def listed_gpu_price(
    gpu_model: TEXT = None,  # type: ignore[assignment]
    gpu_provider: TEXT = None,  # type: ignore[assignment]
    gpu_market: MARKET = ON_DEMAND,
    price_sheet: ANY = None,
) -> USD_PER_GPU_HOUR_OR_BLANK:
    """Price in USD per hour of the case's GPU; blank where the case names none."""
    if gpu_model is None:
        return math.nan
    return gpu_price(gpu_model, gpu_provider, gpu_market, price_sheet)


@ft("FT_LLM_PRICE", group="prices", mode="each", example=(("gpt-4o", "input"), 2.5))
def llm_price(
    model: TEXT,
    kind: PRICE_KIND = 0.0,
    provider: TEXT = None,  # type: ignore[assignment]
) -> USD_PER_MILLION_TOKENS:
    """Price in USD per million tokens of a hosted model, for an ordinary request.

    Args:
        model: the model as its provider names it.
        kind: 0 input, 1 output, 2 input read from the provider's cache; in a cell, the words.
        provider: the provider; blank takes the one that the model's name implies.

    Returns:
        USD per million tokens, of the lowest context tier. Price a single request with it: the token
        total of many requests would fall into the tiers of very long ones.

    Raises:
        NotListedError: no such model or provider, or no such price; the message suggests the nearest.

    Source:
        The offline data of genai-prices; nothing is fetched.

    Example:
        >>> llm_price("gpt-4o")
        2.5
    """
    from roi_xl.prices.models import price

    names: tuple[str, ...] = quantity_of(PRICE_KIND).choices
    return price(model, names[int(kind)], provider)
