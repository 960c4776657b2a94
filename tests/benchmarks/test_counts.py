"""Calls and bytes behind the speed, which do not depend on how busy the machine is."""

import io
import json
import subprocess
import sys
import tracemalloc
from collections import Counter
from dataclasses import replace
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openpyxl.styles.styleable import NamedStyleDescriptor

from benchmarks.by_hand import CASES_AT_ONCE, REPEATS, by_hand, with_cash_flow
from benchmarks.cases import COLUMNS, made_up, moved, without_cash_flow
from roi_xl import FUNCTIONS, __version__, evaluate_frame
from roi_xl.batch import cell_numbers, csv_reader
from roi_xl.batch import evaluate as frame_module
from roi_xl.batch.columns import lay_out
from roi_xl.batch.evaluate import BLOCK, evaluate_columns
from roi_xl.case.evaluate import read_columns, run
from roi_xl.case.graph_steps import STEPS
from roi_xl.case.inputs import INPUTS
from roi_xl.functions import arguments
from roi_xl.workbook.build import make_book
from tests.docs.tables import said_in


def counted(function: Any, calls: Counter[str]) -> Any:
    lock = Lock()

    def python(*args: Any) -> Any:
        with lock:
            calls[function.name] += 1
        return function.python(*args)

    return replace(function, python=python)


def test_a_column_is_one_call_of_the_model() -> None:
    calls: Counter[str] = Counter()
    payback = counted(FUNCTIONS["FT_PAYBACK"], calls)
    payback(np.full(100_000, 2036.0), np.full(100_000, 2700.0))
    assert calls == {"FT_PAYBACK": 1}


def test_good_numbers_are_never_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[object] = []
    read_value = arguments.read_value

    def watched(param: Any, raw: object) -> Any:
        looked_at.append(raw)
        return read_value(param, raw)

    monkeypatch.setattr(arguments, "read_value", watched)
    monkeypatch.setattr("roi_xl.batch.columns.read_value", watched)
    evaluate_frame(made_up(10_000))
    # only the defaults of the inputs without a column
    assert len(looked_at) <= len(INPUTS) - len(COLUMNS)
    assert set(looked_at) <= {None}


@pytest.mark.parametrize("rows", [1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_a_step_runs_once_a_block(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: Counter[str] = Counter()
    plain = [s for s in STEPS if s.function.mode == "vector" and not s.over_flows]
    steps = tuple(
        replace(s, function=counted(s.function, calls)) if s in plain else s for s in STEPS
    )
    monkeypatch.setattr(frame_module, "run", lambda columns, _: run(columns, steps))
    evaluate_frame(pd.DataFrame({"daily_requests": np.arange(float(rows))}))
    blocks = -(-rows // BLOCK)
    assert sum(calls.values()) == blocks * len(plain)


@pytest.mark.parametrize("workers", [1, 3])
def test_beside_the_results_a_worker_needs_a_few_blocks_only(workers: int) -> None:
    rows = 16 * BLOCK
    columns = read_columns(
        {name: np.full(rows, low + 1.0) for name, (low, _, _) in COLUMNS.items()}
    )
    steps = without_cash_flow()
    evaluate_columns(columns, rows, steps, workers)
    tracemalloc.start()
    try:
        done = evaluate_columns(columns, rows, steps, workers)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    results = sum(values.nbytes for values in done.values.values())
    # every step's column of one block, and as much again for what numpy computes in between
    assert peak - results < workers * 2 * (len(STEPS) + 4) * BLOCK * 8


def test_csv_numbers_are_parsed_by_column(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a column was parsed cell by cell")

    monkeypatch.setattr(cell_numbers, "read_texts", refuse)
    cases = made_up(1_000)
    source = csv_reader.CsvSource(io.BytesIO(cases.to_csv(index=False).encode()), "cases")
    rows = [len(c.table) for c in source.chunks(lay_out(source.headings), 300)]
    assert rows == [300, 300, 300, 100]


def test_the_peer_by_hand_computes_the_same() -> None:
    """Every result that differs between cases, but those that repeat an input as it is used."""
    cases = made_up(CASES_AT_ONCE + 10)
    ours = evaluate_frame(cases, "en")
    theirs = with_cash_flow({n: cases[n].to_numpy() for n in COLUMNS})
    varying = {s.name for s in moved()}
    assert set(theirs) == varying - set(REPEATS)
    assert set(by_hand({n: cases[n].to_numpy() for n in COLUMNS})) == set(theirs) & {
        s.name for s in without_cash_flow()
    }
    for name in {s.name for s in STEPS} - varying:
        assert ours[name].nunique(dropna=False) == 1, name
    for name in REPEATS:
        assert any(ours[name].equals(cases[n].astype(float).rename(name)) for n in COLUMNS), name
    for name, found in theirs.items():
        mine = ours[name]
        mine = mine.cat.codes if isinstance(mine.dtype, pd.CategoricalDtype) else mine
        wanted = np.broadcast_to(found, len(cases))
        np.testing.assert_allclose(mine.to_numpy(float), wanted, rtol=1e-9, err_msg=name)


def test_the_table_is_printed() -> None:
    line = [sys.executable, "-m", "benchmarks", "--quick", "--json", "evaluate", "whole_case"]
    done = subprocess.run(line, capture_output=True, text=True, check=True, timeout=120)
    rows = json.loads(done.stdout)
    peers = {row["peer"] for row in rows}  # and optional peers, where installed
    assert sum(peer.endswith("of them by hand in numpy, unchecked") for peer in peers) == 2
    assert any("calculate_roi" in peer for peer in peers)
    for row in rows:
        assert row["ratio"] == pytest.approx(row["ours"] / row["theirs"])
        assert row["what"]
        assert row["peer"]
        assert row["version"] == __version__
        for cell in ("what", "peer"):
            assert said_in("zh", row[cell])


def test_a_style_of_a_workbook_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    by_name: Counter[str] = Counter()
    assign = NamedStyleDescriptor.__set__

    def watched(self: Any, cell: Any, value: Any) -> None:
        by_name[str(value)] += 1
        assign(self, cell, value)

    monkeypatch.setattr(NamedStyleDescriptor, "__set__", watched)
    book = make_book(None, "en")
    cells = sum(len(ws._cells) for ws in book.workbook.worksheets)
    assert sum(by_name.values()) == len(book.looks) < cells / 100
