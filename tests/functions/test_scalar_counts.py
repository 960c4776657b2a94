"""What a scalar call costs, in counts that do not depend on how busy the machine is."""

from typing import Any

import pytest

from roi_xl import FUNCTIONS
from roi_xl.functions import arguments
from roi_xl.prices.reader import shipped
from roi_xl.prices.sheet import PriceSheet


def test_a_scalar_call_reads_only_what_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    npv = FUNCTIONS["FT_NPV"]
    npv(0.1, 2036.0, 2700.0)  # blanks are read once per process
    read: list[object] = []
    read_value = arguments.read_value

    def watched(param: Any, raw: object) -> Any:
        read.append(raw)
        return read_value(param, raw)

    monkeypatch.setattr(arguments, "read_value", watched)
    npv(0.1, 2036.0, 2700.0)
    assert read == [0.1, 2036.0, 2700.0]


def test_prices_are_indexed_once_per_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    passes: list[int] = []
    current = PriceSheet.current

    def watched(sheet: PriceSheet) -> Any:
        passes.append(len(sheet))
        return current(sheet)

    monkeypatch.setattr(PriceSheet, "current", watched)
    row = shipped().rows[0]
    sheet = PriceSheet((row,))
    price = FUNCTIONS["FT_GPU_PRICE"]
    for provider in (None, row.provider, None):
        assert price([row.gpu] * 100, provider, row.market, sheet)[0] == row.usd_per_gpu_hour
    assert passes == [1]
