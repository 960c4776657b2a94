"""Threads change how long a batch takes, and nothing else."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks.cases import made_up
from roi_xl import BadInput, evaluate_frame
from roi_xl.batch import evaluate as frame_module
from roi_xl.batch.run import Batch, run_batch
from roi_xl.batch.workers import all_cores, in_order
from roi_xl.text import use


def cases(rows: int) -> pd.DataFrame:
    """Cases with a bad row and a missing cell now and then."""
    frame = made_up(rows)
    frame.loc[::7, "daily_requests"] = -1.0
    frame.loc[::11, "hourly_rate"] = np.nan
    frame["quality_need"] = np.where(np.arange(rows) % 13 == 0, "best", "high")
    return frame


@pytest.mark.parametrize("number", [2, 3, 8])
def test_a_frame_is_the_same_to_the_last_bit(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_module, "BLOCK", 1_000)
    frame = cases(7_321)
    one = evaluate_frame(frame, "en", workers=1)
    pd.testing.assert_frame_equal(
        one, evaluate_frame(frame, "en", workers=number), check_exact=True
    )
    assert one["error"].notna().sum() > 1_000


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx"])
def test_a_file_is_the_same_to_the_last_byte(ending: str, tmp_path: Path) -> None:
    cases(2_000).to_csv(tmp_path / "c.csv", index=False)
    written = []
    for number in (1, 2, 5):
        out = tmp_path / f"{number}{ending}"
        run_batch(Batch(str(tmp_path / "c.csv"), str(out), "en", rows=130, workers=number))
        written.append(out.read_bytes())
    assert written[0] == written[1] == written[2]


def test_a_byte_order_mark_does_not_depend_on_how_far_ahead_is_read(tmp_path: Path) -> None:
    """The mark is written before the first row, so the first chunk decides."""
    lines = b"daily_requests,x\n" + b"5,a\n" * 9 + "6,联通\n".encode("gb18030")
    (tmp_path / "c.csv").write_bytes(lines)
    written = []
    for number in (1, 8):
        out = tmp_path / f"{number}.csv"
        run_batch(Batch(str(tmp_path / "c.csv"), str(out), "en", rows=1, workers=number))
        written.append(out.read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("number", [1, 2, 4])
def test_strict_stops_at_the_first_bad_row(number: int, tmp_path: Path) -> None:
    use("en")
    cases(300).iloc[1:].to_csv(tmp_path / "c.csv", index=False)
    wanted = Batch(
        str(tmp_path / "c.csv"), str(tmp_path / "o.csv"), "en",
        rows=2, workers=number, strict=True,
    )  # fmt: skip
    with pytest.raises(BadInput, match="row 7: "):
        run_batch(wanted)
    assert [p.name for p in tmp_path.iterdir()] == ["c.csv"]


# --- in_order ------------------------------------------------------------------------------------


def test_results_come_in_order_and_few_items_are_taken_ahead() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for i in range(100):
            taken.append(i)
            yield i

    number, release = 3, threading.Event()

    def late(i: int) -> int:
        if i == 0:
            release.wait(30)
        return i * i

    results = in_order(late, items(), number)
    release.set()
    for done, result in enumerate(results):
        assert result == done * done
        assert len(taken) <= done + 1 + number
    assert len(taken) == 100


@pytest.mark.parametrize("number", [1, 3])
def test_an_error_in_a_thread_is_raised_where_its_result_is_due(number: int) -> None:
    def fail_at_three(i: int) -> int:
        if i == 3:
            raise BadInput("no_cases")
        return i

    got: list[int] = []
    with pytest.raises(BadInput):
        got.extend(in_order(fail_at_three, range(100), number))
    # `extend` has kept what came before
    assert got == [0, 1, 2]


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    results = in_order(abs, range(100), 4)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before


def test_one_worker_is_the_calling_thread() -> None:
    names = in_order(lambda _: threading.current_thread(), range(3), 1)
    assert set(names) == {threading.current_thread()}


@pytest.mark.parametrize(("platform", "cores"), [("emscripten", 1), ("wasi", 1)])
def test_no_threads_where_python_has_none(
    platform: str, cores: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roi_xl.batch.workers.sys.platform", platform)
    assert all_cores() == cores


def test_as_many_threads_as_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(frame_module, "BLOCK", 10)
    monkeypatch.setattr(frame_module, "all_cores", lambda: 6)

    def watched(function: Any, items: Any, number: int) -> Any:
        asked.append(number)
        return in_order(function, items, 1)

    monkeypatch.setattr(frame_module, "in_order", watched)
    evaluate_frame(made_up(100))
    evaluate_frame(made_up(100), workers=2)
    evaluate_frame(made_up(15))
    assert asked == [6, 2, 2]  # no more threads than blocks
