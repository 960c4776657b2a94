"""Results of one batch as the cases of the next: an error stays an error in every format."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from roi_xl import evaluate_frame
from tests.batch.conftest import batch

CASES = """customer,daily_requests,quality_need,hourly_rate,retirement_month
A,10000,high,50,no end
B,abc,high,50,24
C,500,best,50,24
D,500,high,"1,234",24
E,-5,,nan,24
F,,,,
G,#N/A,high,1e400,
"""
BAD = [False, True, True, True, True, False, True]
ENDINGS = (".csv", ".xlsx", ".parquet")
CHAINS = [*itertools.product(ENDINGS, repeat=2), *itertools.permutations(ENDINGS)]


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.csv"
    path.write_text(CASES)
    return path


@pytest.mark.parametrize("chain", CHAINS, ids="".join)
def test_errors_survive_every_chain_of_formats(
    chain: tuple[str, ...], cases: Path, tmp_path: Path
) -> None:
    once = batch(cases, tmp_path / "once.csv")
    assert once["error"].notna().tolist() == BAD
    source = cases
    for i, ending in enumerate(chain):
        batch_into(source, out := tmp_path / f"{i}{ending}")
        source = out
    again = batch(source, tmp_path / "again.csv")
    assert again["error"].notna().tolist() == BAD
    messages = zip(once["error"][1:5], again["error"][1:5], strict=True)
    assert all(first == second for first, second in messages)
    for name in ("payback_months", "total_cost"):
        expected = once[name].astype(float)
        pd.testing.assert_series_equal(again[name].astype(float), expected, rtol=1e-12)


def batch_into(source: Path, out: Path) -> None:
    from roi_xl.batch.run import Batch, run_batch

    run_batch(Batch(str(source), str(out), "en"))


def test_a_parquet_result_in_pandas_keeps_its_errors(cases: Path, tmp_path: Path) -> None:
    frame = batch(cases, tmp_path / "o.parquet")
    assert frame["daily_requests"].isna().tolist() == [False, True, False, False, False, True, True]
    again = evaluate_frame(frame, "zh")
    assert again["error"].notna().tolist() == BAD
    assert 'is "abc"' in again["error"][1]
    assert np.isnan(again["payback_months"][1])


def test_without_the_column_of_errors_what_is_no_number_is_still_none(
    cases: Path, tmp_path: Path
) -> None:
    batch_into(cases, tmp_path / "o.parquet")
    table = pq.read_table(tmp_path / "o.parquet").drop_columns(["error"])
    pq.write_table(table, tmp_path / "without.parquet")
    for ending in ENDINGS:
        out = tmp_path / f"again{ending}"
        batch_into(tmp_path / "without.parquet", out)
        answer = batch(out, tmp_path / f"{ending}.csv")
        assert answer["error"].notna().tolist() == BAD


def test_words_for_numbers_are_numbers_in_parquet(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("retirement_month,utilisation\nno end,packed\n24,\n,0.3\n")
    frame = batch(path, tmp_path / "o.parquet")
    assert frame["retirement_month"].tolist() == pytest.approx([np.inf, 24, np.nan], nan_ok=True)
    assert frame["utilisation"].tolist() == pytest.approx([0.40, np.nan, 0.3], nan_ok=True)
    answer = batch(tmp_path / "o.parquet", tmp_path / "o.csv")
    assert answer["retirement_month"].fillna("").tolist() == ["no end", "24", ""]
    assert answer["error"].isna().all()


@pytest.mark.parametrize(
    ("cell", "bad"), [(5000, False), ("", True), (None, True), ("six", True), (-1, True)]
)
def test_a_corrected_cell_is_good_again(cell: Any, bad: bool) -> None:
    frame = evaluate_frame(pd.DataFrame({"daily_requests": ["abc", 9]}, dtype=object), "en")
    frame["daily_requests"] = pd.Series([cell, 9], dtype=object)
    again = evaluate_frame(frame, "en")
    assert again["error"].notna().tolist() == [bad, False]
    assert np.isnan(again["payback_months"][0]) == bad
    if cell in ("six", -1):
        assert f"is {cell!r};".replace("'", '"') in again["error"][0]


def test_other_words_in_a_column_called_error_spoil_nothing() -> None:
    frame = pd.DataFrame({"daily_requests": [None, 5.0], "error": ["see e-mail", "daily_requests"]})
    assert evaluate_frame(frame)["error"].isna().all()


def test_a_missing_number_in_parquet_is_a_default_and_nan_an_error(tmp_path: Path) -> None:
    column = pa.array([100.0, None, float("nan")], pa.float64())
    pq.write_table(pa.table({"hourly_rate": column}), tmp_path / "c.parquet")
    answer = batch(tmp_path / "c.parquet", tmp_path / "o.csv")
    # 40 hours at 100 USD, and at the default 50 USD
    assert answer["data_cost"].astype(float).tolist()[:2] == [4000.0, 2000.0]
    assert answer["error"].notna().tolist() == [False, False, True]
