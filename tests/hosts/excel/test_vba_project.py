"""The VBA project: its container, its lists and its texts, seen by three independent readers."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi_xl.hosts.excel.vba_project import Kind, Module, compound_file, compress, vba_project
from roi_xl.hosts.excel.wrappers import modules, project
from tests.hosts.excel.strict import Compound, Dir, decompress, sources

SHEETS = ["Sheet_one", "Sheet_two"]
LANGUAGES = ["zh", "en"]
_OLEVBA = """
import json, sys
from oletools.olevba import VBA_Parser
found = [row[2:] for row in VBA_Parser(sys.argv[1]).extract_macros()]
print(json.dumps(found))
"""


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def built(language: str) -> bytes:
    return project(language, SHEETS)


@pytest.fixture(scope="module")
def expected(language: str) -> dict[str, str]:
    return {m.name: m.source() for m in modules(language, SHEETS)}


def test_strict_reader_agrees(built: bytes, expected: dict[str, str]) -> None:
    assert sources(built) == expected


def test_dir_stream(built: bytes) -> None:
    listed = Dir(decompress(Compound(built).streams["VBA/dir"]))
    assert (listed.name, listed.code_page) == ("roi_xl", 1252)
    assert [name for name, _ in listed.references] == ["stdole", "Office"]
    kinds = {m.name: m.standard for m in listed.modules}
    standard = ["xlwings", "roi_xl_cells", "roi_xl_texts", "xlwings_udfs"]
    assert [name for name, is_standard in kinds.items() if is_standard] == standard
    assert list(kinds)[:3] == ["ThisWorkbook", *SHEETS]


def test_no_cache_of_compiled_code(built: bytes) -> None:
    """[MS-OVBA] 2.3.4.1: a writer leaves just these seven bytes."""
    assert Compound(built).streams["VBA/_VBA_PROJECT"] == bytes.fromhex("cc61ffff000000")


def test_project_stream(built: bytes) -> None:
    lines = Compound(built).streams["PROJECT"].decode("ascii").split("\r\n")
    declared = [line for line in lines if line.partition("=")[0] in ("Module", "Class", "Document")]
    assert declared == [
        "Document=ThisWorkbook/&H00000000",
        "Document=Sheet_one/&H00000000",
        "Document=Sheet_two/&H00000000",
        "Module=xlwings",
        "Module=roi_xl_cells",
        "Module=roi_xl_texts",
        "Module=xlwings_udfs",
    ]
    values = dict(line.split("=", 1) for line in lines if "=" in line)
    assert values["Name"] == '"roi_xl"'
    # unveiled by [MS-OVBA] 2.4.3.3: not protected, no password, visible
    assert unveil(values["CMG"], values["ID"]) == bytes(4)
    assert unveil(values["DPB"], values["ID"]) == bytes(1)
    assert unveil(values["GC"], values["ID"]) == b"\xff"


def unveil(value: str, identity: str) -> bytes:
    data = bytes.fromhex(value.strip('"'))
    seed, version, key = data[0], data[0] ^ data[1], data[0] ^ data[2]
    assert version == 2
    assert key == sum(identity.strip('"').encode()) & 0xFF
    plain = []
    last = key
    for two_back, _, byte in zip(data[1:], data[2:], data[3:], strict=False):
        last = byte ^ (two_back + last & 0xFF)
        plain.append(last)
    body = bytes(plain[(seed & 6) // 2 :])
    assert int.from_bytes(body[:4], "little") == len(body) - 4
    return body[4:]


def test_olevba_agrees(built: bytes, expected: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "vbaProject.bin"
    path.write_bytes(built)
    command = [sys.executable, "-W", "ignore", "-c", _OLEVBA, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = {name.rpartition(".")[0]: code for name, code in json.loads(done.stdout)}
    assert {name: code.splitlines() for name, code in found.items()} == {
        name: code.splitlines() for name, code in expected.items()
    }


def test_pyopenvba_agrees(built: bytes, expected: dict[str, str]) -> None:
    from pyopenvba.cfb import CFB
    from pyopenvba.vba import parse_vba_project

    container = CFB.from_bytes(built)
    found = parse_vba_project(container)
    assert found.validate(container) == []
    assert {m.name: m.source for m in found.modules} == expected


def test_same_bytes_every_time(built: bytes, language: str) -> None:
    assert built == project(language, SHEETS)


def test_every_text_is_ascii_and_short(expected: dict[str, str]) -> None:
    for code in expected.values():
        assert code.isascii()
        assert max(map(len, code.splitlines())) <= 1023


def test_what_vba_cannot_take_is_refused() -> None:
    Module("m", "x = 1 _\n" * 24)
    for name, code in [("1st", ""), ("a" * 32, ""), ("m", "'中"), ("m", "x" * 1024)]:
        with pytest.raises(ValueError, match=r"cannot|ASCII|too long"):
            Module(name, code)
    with pytest.raises(ValueError, match="line 25"):
        Module("m", "x = 1 _\n" * 25)
    with pytest.raises(ValueError, match="same name"):
        vba_project("p", [Module("One"), Module("ONE")])


def test_document_modules_have_their_class() -> None:
    text = Module("Sheet1", kind=Kind.SHEET).source()
    assert 'Attribute VB_Base = "0{00020820-0000-0000-C000-000000000046}"\r\n' in text
    assert "Attribute VB_PredeclaredId = True\r\n" in text


# --- compression: the worked examples of [MS-OVBA] 3.2, then anything ----------------------------


def test_the_specifications_own_example() -> None:
    """[MS-OVBA] 3.2.2, normal compression example."""
    plain = b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"
    packed = bytes.fromhex(
        "01 2F B0 00 23 61 61 61 62 63 64 65 82 66 00 70 61 67 68 69 6A 01 38 08 61 6B 6C 00 30 6D 6E 6F"
        " 70 06 71 02 70 04 10 72 73 74 75 76 10 77 78 79 7A 00 3C"
    )
    assert decompress(packed) == plain
    assert len(compress(plain)) == len(packed)  # which of several equal matches is free


@given(st.binary(max_size=300) | st.text("ab\r\n =", max_size=9000).map(str.encode))
def test_compression_round_trip(data: bytes) -> None:
    assert decompress(compress(data)) == data


def test_noise_is_kept_raw() -> None:
    noise = random.Random(1).randbytes(4096)
    assert decompress(compress(noise)) == noise


# --- the container -------------------------------------------------------------------------------


@given(
    st.dictionaries(
        st.text("abcXYZ_1", min_size=1, max_size=31),
        st.integers(0, 9000),
        max_size=30,
    ).filter(lambda d: len({name.upper() for name in d}) == len(d))
)
def test_any_streams_come_back(sizes: dict[str, int]) -> None:
    streams = {name: bytes([len(name)]) * size for name, size in sizes.items()}
    found = Compound(compound_file({"S": streams, "other": b"x"})).streams
    assert found == {f"S/{name}": data for name, data in streams.items()} | {"other": b"x"}


def test_many_sectors() -> None:
    big = bytes(range(256)) * 4000  # 1 MB: the table of sectors takes several itself
    assert Compound(compound_file({"big": big})).streams == {"big": big}


def test_container_limits() -> None:
    with pytest.raises(ValueError, match="name"):
        compound_file({"x" * 32: b""})
    with pytest.raises(ValueError, match="7 MB"):
        compound_file({"x": bytes(8_000_000)})
