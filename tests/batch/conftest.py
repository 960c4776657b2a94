"""Shared by tests of files of cases: both ways through CSV, and one call for a whole batch."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from roi_xl.batch import csv_reader, csv_writer
from roi_xl.batch.run import Batch, run_batch

CHINESE = '客户,日请求量,数据准备工时,备注\r\n"甲, 公司",１０，０００．５,"1,234,567",￥\r\n乙,5000,40.5,"两\n行"\r\n'


@pytest.fixture(params=[True, False], ids=["arrow", "plain"])
def arrow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """CSV with pyarrow, and without."""
    for module in (csv_reader, csv_writer):
        monkeypatch.setattr(module, "has_arrow", lambda: request.param)
    return bool(request.param)


def batch(cases: Path, out: Path, **options: Any) -> pd.DataFrame:
    run_batch(Batch(str(cases), str(out), options.pop("language", "en"), **options))
    return pd.read_parquet(out) if out.suffix == ".parquet" else pd.read_csv(out, dtype=str)
