"""A real cluster of two processes gives the results of one process, even when a worker dies."""

import os
import signal
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from roi_xl import BadInput, evaluate_frame
from roi_xl.batch.run import Batch, Counts, run_batch

ROWS = 6_000
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two worker processes, restarted when they die."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from distributed import LocalCluster

        with LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as started:
            yield started


def cases() -> pd.DataFrame:
    requests: Any = np.arange(ROWS, dtype=float)
    requests[123] = -1
    return pd.DataFrame({"customer": np.arange(ROWS).astype(str), "daily_requests": requests})


def in_parts(frame: pd.DataFrame, parts: int) -> Any:
    import dask.dataframe as dd

    from_pandas: Any = dd.from_pandas
    return from_pandas(frame, npartitions=parts)


def test_dask_frame(cluster: Any) -> None:
    from distributed import Client

    frame = cases()
    with Client(cluster) as client:  # type: ignore[no-untyped-call]
        lazy = evaluate_frame(in_parts(frame, 6), "en")
        assert type(lazy).__module__.startswith("dask")
        answer = lazy.compute()
        processes = set(client.run(os.getpid).values())
    assert len(processes - {os.getpid()}) == 2
    pd.testing.assert_frame_equal(answer, evaluate_frame(frame, "en"), check_dtype=False)
    assert answer["error"].notna().sum() == 1


def test_dask_frame_without_inputs() -> None:
    with pytest.raises(BadInput):
        evaluate_frame(in_parts(pd.DataFrame({"x": [1]}), 1))


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_killed_worker_loses_no_row(cluster: Any, ending: str, tmp_path: Path) -> None:
    from distributed import Client

    path = tmp_path / f"cases{ending}"
    cases().to_csv(path, index=False) if ending == ".csv" else cases().to_parquet(path)
    one, other = (str(tmp_path / f"{name}{ending}") for name in ("one", "other"))
    run_batch(Batch(str(path), one, "en", rows=50))
    with Client(cluster) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(2, timeout=30)
        processes = client.run(os.getpid)
    killed: list[int] = []

    def kill_one(counts: Counts, _total: int | None) -> None:
        if counts.rows >= ROWS // 3 and not killed:
            killed.append(next(iter(processes.values())))
            os.kill(killed[0], signal.SIGKILL)
            time.sleep(0.2)

    address = cluster.scheduler_address
    wanted = Batch(str(path), other, "en", engine="dask", scheduler=address, rows=50)
    counts = run_batch(wanted, progress=kill_one)
    assert killed
    assert (counts.rows, counts.bad) == (ROWS, 1)
    assert Path(one).read_bytes() == Path(other).read_bytes()


def test_nothing_at_the_address(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("daily_requests\n5\n")
    wanted = Batch(
        str(tmp_path / "c.csv"), str(tmp_path / "o.csv"), "en",
        engine="dask", scheduler="no such address",
    )  # fmt: skip
    with pytest.raises(BadInput, match="no such address"):
        run_batch(wanted)
    assert os.listdir(tmp_path) == ["c.csv"]
