"""Output in a code page that lacks a character: what can be written is written, nothing fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from roi_xl.io import console


def run(encoding: str, *args: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "PYTHONIOENCODING": encoding, "USERPROFILE": str(cwd), "HOME": str(cwd)}
    env.pop("APPDATA", None)
    command = [sys.executable, "-m", "roi_xl", *args]
    return subprocess.run(command, capture_output=True, env=env, cwd=cwd)


def test_doctor_in_a_code_page_without_chinese(tmp_path: Path) -> None:
    done = run("cp1252", "doctor", "--lang", "zh", cwd=tmp_path)
    assert done.returncode in (0, 1), done.stderr
    said = done.stdout.decode("cp1252")
    assert "Python" in said
    assert sys.executable in said
    assert "??" in said
    assert done.stderr == b""


@pytest.mark.parametrize("encoding", ["cp1252", "cp936"])
def test_new_says_what_it_wrote(tmp_path: Path, encoding: str) -> None:
    done = run(encoding, "new", "案例.xlsx", "--lang", "zh", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "案例.xlsx").is_file()
    said = done.stdout.decode(encoding) + done.stderr.decode(encoding)
    assert "2700.00 USD" in said
    assert ("案例.xlsx" in said) == (encoding == "cp936")


def test_signs_are_written_plainly(tmp_path: Path) -> None:
    done = run("cp1252", "new", "a.xlsx", "--lang", "en", "--set", "gpu_count=-1", cwd=tmp_path)
    assert done.returncode == 3
    assert b">= 0" in done.stderr


def test_a_treatment_that_was_chosen_is_kept(tmp_path: Path) -> None:
    done = run("cp1252:xmlcharrefreplace", "doctor", "--lang", "zh", cwd=tmp_path)
    assert b"&#" in done.stdout


def test_json_is_escaped_rather_than_changed(tmp_path: Path) -> None:
    done = run("cp1252", "functions", "FT_PAYBACK", "--json", "--lang", "zh", cwd=tmp_path)
    plain = run("utf-8", "functions", "FT_PAYBACK", "--json", "--lang", "zh", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert not plain.stdout.isascii()
    assert json.loads(done.stdout) == json.loads(plain.stdout)


@pytest.mark.parametrize(
    ("said", "encoding", "written"),
    [
        ("≥ 1 – 2 × “3”", "cp1252", b">= 1 \x96 2 \xd7 \x933\x94"),
        ("≥ 1 – 2 × “3”…", "ascii", b'>= 1 - 2 x "3"...'),
        ("微调 ROI", "cp1252", b"?? ROI"),
        ("微调 ROI", "gbk", "微调 ROI".encode("gbk")),
        ("a\udc80b\ud800", "utf-8", b"a\x80b?"),
    ],
)
def test_nearest(said: str, encoding: str, written: bytes) -> None:
    console.write_what_can_be_written()
    assert said.encode(encoding, console._NEAREST) == written
