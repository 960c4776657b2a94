"""The archives that we write are the same on every system."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from roi_xl.batch.run import Batch, run_batch
from roi_xl.hosts.libreoffice.extension import extension_bytes
from roi_xl.registry import FUNCTIONS
from roi_xl.workbook.build import workbook_bytes


def portfolio(folder: Path) -> bytes:
    cases = folder / "cases.csv"
    pd.DataFrame({"daily_requests": [100, 5000]}).to_csv(cases, index=False)
    out = folder / "out.xlsx"
    run_batch(Batch(str(cases), str(out), "en", force=True))
    return out.read_bytes()


WRITERS = {
    "workbook": lambda _: workbook_bytes(None, "en"),
    "extension": lambda _: extension_bytes({n: FUNCTIONS[n] for n in ("FT_PAYBACK", "FT_NPV")}),
    "portfolio": portfolio,
}


@pytest.mark.parametrize("writer", WRITERS)
def test_same_bytes_on_windows(
    writer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = WRITERS[writer](tmp_path)
    monkeypatch.setattr("zipfile.sys.platform", "win32")
    assert zipfile.ZipInfo("x").create_system == 0, "zipfile tells systems apart in another way"
    there = WRITERS[writer](tmp_path)
    monkeypatch.undo()
    with zipfile.ZipFile(io.BytesIO(there)) as archive:
        entries = archive.infolist()
    assert {(e.create_system, e.external_attr, e.date_time) for e in entries} == {
        (3, 0o600 << 16, (1980, 1, 1, 0, 0, 0))
    }
    assert here == there
