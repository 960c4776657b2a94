"""Catalogues of SkyPilot and gpuhunt, and plain CSV files, as `roi-xl prices import` reads them."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from roi_xl.prices.catalogue import read_catalogue

SKYPILOT = """\
InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,SpotPrice,Region,AvailabilityZone,GpuInfo
gpu_8x,A100-80GB,8.0,8,117,22.32,,us,a,"{'Gpus': [{'MemoryInfo': {'SizeInMiB': 81920}}]}"
gpu_8x,A100-80GB,8.0,8,117,22.32,,us,b,"{'Gpus': [{'MemoryInfo': {'SizeInMiB': 81920}}]}"
one,L4,1.0,8,117,0.80,0.80,eu,,"{'Gpus': [{'MemoryInfo': {'SizeInMiB': 24}}]}"
none,T4,1.0,8,117,700.0,0.2,eu,,
cpu,,,8,117,1.5,,eu,,
pod,tpu-v3-8,1,8,117,8.0,,eu,,
free,T4,1.0,8,117,0,,eu,,
"""
GPUHUNT = """\
instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot,disk_size,gpu_vendor,flags
i4,us,8.0,30,240,4,A10,24.0,False,,nvidia,
i4,us,3.2,30,240,4,A10,24.0,True,,nvidia,
c1,us,0.5,30,240,0,,,False,,,
"""
PLAIN = """\
gpu,provider,usd_per_gpu_hour,snapshot_date
Mine-24GB,Acme,0.5,2026-01-02
Mine-24GB,Acme,free,2026-01-03
,Acme,0.5,2026-01-04
"""


def roi_xl(*args: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-W", "error", "-m", "roi_xl", *map(str, args)]
    env = {**os.environ, "ROI_XL_LANG": "en", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=env)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "lambda").mkdir()
    (tmp_path / "lambda" / "vms.csv").write_text(SKYPILOT, encoding="utf-8")
    (tmp_path / "nebius.csv").write_text(GPUHUNT, encoding="utf-8")
    (tmp_path / "plain.csv").write_text(PLAIN, encoding="utf-8")
    return tmp_path


def test_skypilot(files: Path) -> None:
    """Instance prices per GPU (22.32 / 8 = 2.79); zones once; 700.0, 0 and empty are no price."""
    found = read_catalogue(files / "lambda" / "vms.csv")
    assert not found.faults
    rows = [(r.gpu, r.provider, r.market, r.usd_per_gpu_hour, r.min_gpus) for r in found.rows]
    assert rows == [
        ("A100-80GB", "lambda", "on-demand", 2.79, 8),
        ("L4-24GB", "lambda", "on-demand", 0.8, 1),
        ("L4-24GB", "lambda", "spot", 0.8, 1),
        ("T4", "lambda", "spot", 0.2, 1),
    ]
    assert [bool(r.notes) for r in found.rows] == [False, False, True, False]
    assert found.without_price == 3


def test_gpuhunt(files: Path) -> None:
    found = read_catalogue(files / "nebius.csv", provider="Nebius")
    rows = [(r.gpu, r.provider, r.market, r.usd_per_gpu_hour, r.vram_gb) for r in found.rows]
    assert rows == [
        ("A10-24GB", "Nebius", "on-demand", 2.0, 24),
        ("A10-24GB", "Nebius", "spot", 0.8, 24),
    ]


def test_a_gpu_count_that_is_not_a_number_is_a_fault(files: Path) -> None:
    file = files / "nebius.csv"
    file.write_text(GPUHUNT.replace("240,4,A10,24.0,True", "240,four,A10,24.0,True"))
    found = read_catalogue(file)
    assert [(f.line, f.field) for f in found.faults] == [(3, "gpu_count")]
    assert len(found.rows) == 1


def test_bad_rows_are_listed_and_stop_the_import(files: Path) -> None:
    out = files / "out.csv"
    done = roi_xl("prices", "import", files / "plain.csv", "-o", out)
    assert done.returncode == 3
    assert "line 3, usd_per_gpu_hour" in done.stderr
    assert "line 4, gpu" in done.stderr
    assert not out.exists()
    done = roi_xl("prices", "import", files / "plain.csv", "-o", out, "--skip-bad")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    with out.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["gpu"] == "Mine-24GB"
    assert row["snapshot_date"] == "2026-01-02"
    assert row["market"] == "on-demand"
    assert roi_xl("prices", "import", files / "plain.csv", "-o", out, "--skip-bad").returncode == 4


def test_a_dated_price_is_never_changed(files: Path) -> None:
    out, new = files / "out.csv", files / "new.csv"
    new.write_text("gpu,provider,usd_per_gpu_hour,snapshot_date\nX,A,1,2026-01-02\n")
    assert roi_xl("prices", "import", new, "-o", out).returncode == 0
    new.write_text("gpu,provider,usd_per_gpu_hour,snapshot_date\nX,A,2,2026-01-02\n")
    done = roi_xl("prices", "import", new, "-o", out, "--append")
    assert done.returncode == 3
    assert "2026-01-02" in done.stderr
    new.write_text("gpu,provider,usd_per_gpu_hour,snapshot_date\nX,A,2,2026-01-03\n")
    assert roi_xl("prices", "import", new, "-o", out, "--append").returncode == 0
    listed = json.loads(roi_xl("prices", "list", "x", "--prices", out, "--json").stdout)
    assert [r["usd_per_gpu_hour"] for r in listed] == [2]


def test_new_and_calc_look_prices_up_in_the_sheet(files: Path) -> None:
    """4 hours × 3 iterations × $0.50 = 6 USD of computing beside 2,000 of data."""
    sheet, case, book = files / "sheet.csv", files / "case.toml", files / "book.xlsx"
    roi_xl("prices", "import", files / "plain.csv", "-o", sheet, "--skip-bad")
    case.write_text('gpu_model = "mine 24g"\n', encoding="utf-8")
    refused = roi_xl("calc", case)  # not on the shipped sheet
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "case.toml" in refused.stderr
    assert "mine 24g" in refused.stderr

    def total(*args: object) -> Any:
        return json.loads(roi_xl("calc", *args, "--json").stdout)["results"]["total_cost"]

    assert total(case, "--prices", sheet) == 2006
    done = roi_xl("new", book, "--from", case, "--prices", sheet)
    assert done.returncode == 0, done.stderr
    assert total(book) == 2006  # the workbook brings its own prices


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("list", "H100"), 3, "H100-SXM-80GB"),
        (("check", "missing.csv"), 3, "missing.csv"),
        (("import", "missing.csv"), 3, "missing.csv"),
        (("import", "missing.csv", "--append"), 2, "--append"),
        (("import", "missing.csv", "--date", "2999-01-01"), 3, "2999-01-01"),
    ],
)
def test_errors_name_their_cause(args: tuple[str, ...], code: int, said: str) -> None:
    done = roi_xl("prices", *args)
    assert done.returncode == code
    assert said in done.stderr
    assert done.stdout == ""


def test_an_unknown_format_is_an_error(files: Path) -> None:
    file = files / "odd.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    done = roi_xl("prices", "import", file)
    assert (done.returncode, "skypilot" in done.stderr) == (3, True)


def test_check(files: Path) -> None:
    done = roi_xl("prices", "check")
    assert done.returncode == 0
    assert "stale: A10G-24GB, AWS" in done.stdout
    bad = files / "bad.csv"
    roi_xl("prices", "import", files / "plain.csv", "-o", bad, "--skip-bad")
    bad.write_text(bad.read_text(encoding="utf-8").replace(",0.5,", ",0,"), encoding="utf-8")
    done = roi_xl("prices", "check", bad, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["faults"][0]["field"] == "usd_per_gpu_hour"
