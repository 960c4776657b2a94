"""Export files as tables: CSV, JSON, ZIP of these, and Parquet, told apart by their first bytes.

A table is read in pieces, so that files of any length fit in memory. Only the columns asked for are
taken out of a piece.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from roi_xl.batch.csv_reader import MOST_RECORD, CsvSource
from roi_xl.batch.table import need
from roi_xl.errors import BadInput, BadWorkbook
from roi_xl.io.atomic_write import cannot_read
from roi_xl.io.paths import extended
from roi_xl.io.text_files import BOM, existing, json_decoder
from roi_xl.usage.cell_values import BLANKS
from roi_xl.xlsx.safe_archive import open_archive

if TYPE_CHECKING:
    import pyarrow as pa

Columns = Sequence[tuple[str, ...]]  # of each, the first name that the table has
Matches = Callable[[Iterable[str]], bool]
Opener = Callable[[], AbstractContextManager[IO[bytes]]]

RECORDS = 2_000  # JSON records in a piece
BATCH_ROWS = 65_536  # Parquet rows in a piece
SAMPLED = 1_000  # JSON records that show which columns there are
MOST_VALUE = 64 << 20  # characters of one JSON object or page
TIME_CELLS = 4  # a row of an OpenAI CSV without use ends after these
_CHUNK = 1 << 20
_READABLE = (".csv", ".tsv", ".json", ".jsonl", ".ndjson")
_PARQUET, _ZIP = b"PAR1", b"PK\x03\x04"
_TIMES = frozenset({"start_time", "end_time", "start_time_iso", "end_time_iso"})
_PAGE_TIMES = _TIMES | {"starting_at", "ending_at"}


class BadRow(Exception):
    """A row that cannot be read: its place in the piece, and the key and values of the reason."""

    def __init__(self, row: int, key: str, values: dict[str, object]) -> None:
        super().__init__(row, key, values)
        self.row, self.key, self.values = row, key, values

    @classmethod
    def of(cls, row: int, reason: BadInput) -> "BadRow":
        """The row of an error."""
        return cls(row, reason.key, {k: str(v) for k, v in reason.values.items()})


class Piece(Protocol):
    """Some rows of a table; it can be sent to another process."""

    def rows(self, columns: Columns, *, short: bool = False) -> Sequence[tuple[Any, ...]]:
        """The cells of these columns; None where there is no such column.

        Args:
            columns: what to take.
            short: whether a row may end after its times.

        Raises:
            BadRow: a row is broken.
        """
        ...

    def arrow(self, columns: Columns) -> "pa.Table | None":
        """The same as a table of Arrow, columns named 0, 1, 2, …; None where that is not possible."""
        ...


class Table(Protocol):
    """One table of a file."""

    name: str
    columns: tuple[str, ...]
    mark: str | None

    def pieces(self, columns: Columns, matches: Matches | None = None) -> Iterator[Piece]:
        """The rows in pieces.

        Args:
            columns: which will be asked for.
            matches: tells by its columns whether a record is wanted; None: all are.
        """
        ...


def _index(headings: Sequence[str], names: tuple[str, ...]) -> int | None:
    return next((headings.index(name) for name in names if name in headings), None)


# --- CSV -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CsvPiece:
    """Rows of a CSV, as UTF-8."""

    data: bytes
    headings: tuple[str, ...]
    delimiter: str

    def rows(self, columns: Columns, *, short: bool = False) -> Sequence[tuple[Any, ...]]:
        """The cells of these columns."""
        width = len(self.headings)
        places = [_index(self.headings, names) for names in columns]
        found: list[tuple[Any, ...]] = []
        before = csv.field_size_limit(MOST_RECORD)  # prompts are longer than its own limit
        try:
            text = io.StringIO(self._text(), newline="")
            for record in csv.reader(text, delimiter=self.delimiter):
                if not any(map(str.strip, record)):
                    continue  # an empty line, as spreadsheets leave below a table
                if len(record) != width:
                    if not short or len(record) > width or any(map(str.strip, record[TIME_CELLS:])):
                        raise BadRow(len(found), "usage.width", _widths(len(record), width))
                    record += [""] * (width - len(record))
                found.append(tuple([None if p is None else record[p] for p in places]))
        except csv.Error as error:
            raise BadRow(len(found), "usage.broken_csv", {"found": str(error)[:100]}) from None
        finally:
            csv.field_size_limit(before)
        return found

    def _is_text(self) -> bool:
        if self.data.isascii():
            return True
        try:
            self.data.decode()
        except UnicodeDecodeError:
            return False
        return True

    def _text(self) -> str:
        try:
            return self.data.decode()
        except UnicodeDecodeError as error:
            before = self.data[: error.start].decode() + "?"
            rows = csv.reader(io.StringIO(before, newline=""), delimiter=self.delimiter)
            found = repr(self.data[error.start : error.start + 4])[2:-1]
            raise BadRow(sum(map(bool, rows)) - 1, "usage.not_text", {"found": found}) from None

    def arrow(self, columns: Columns) -> "pa.Table | None":
        """The same as a table of Arrow, all text."""
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        if not self._is_text():
            return None
        places = [_index(self.headings, names) for names in columns]
        names = [str(n) for n in range(len(self.headings))]
        wanted = [names[p] for p in sorted({p for p in places if p is not None})]
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(self.data),
                arrow_csv.ReadOptions(column_names=names, use_threads=False),
                arrow_csv.ParseOptions(delimiter=self.delimiter, newlines_in_values=True),
                arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(wanted, pa.string()),
                    include_columns=wanted,
                    null_values=sorted(BLANKS),
                    strings_can_be_null=True,
                ),
            )
        except pa.ArrowInvalid:
            return None
        empty = pa.nulls(table.num_rows, pa.string())
        cells = [empty if p is None else table[names[p]] for p in places]
        return pa.table({str(n): column for n, column in enumerate(cells)})


def _widths(found: int, allowed: int) -> dict[str, object]:
    return {"found": found, "allowed": allowed}


@dataclass(slots=True)
class CsvTable:
    """A CSV with a line of headings."""

    name: str
    opener: Opener
    columns: tuple[str, ...] = ()
    mark: str | None = None

    def __post_init__(self) -> None:
        with self.opener() as stream:
            source = CsvSource(stream, self.name)
        self.columns = _lower(source.headings)
        # where cells are parted by semicolons a comma may be a decimal mark
        self.mark = "?" if source.delimiter == ";" else None

    def pieces(self, columns: Columns, matches: Matches | None = None) -> Iterator[Piece]:  # noqa: ARG002
        """The rows in pieces."""
        taken = 0
        try:
            for piece in self._pieces():
                yield piece
                taken += 1
        except BadInput:  # of the text itself; once more, with the rows counted
            with suppress(BadRow):
                list(self._pieces(taken))
            raise

    def _pieces(self, counted: int = 0) -> Iterator[CsvPiece]:
        """The pieces; the rows of the first ones are counted, for a message about the next."""
        with self.opener() as stream:
            source = CsvSource(stream, self.name)
            for n, block in enumerate(source.blocks()):
                piece = CsvPiece(block, self.columns, source.delimiter)
                if n < counted:
                    source.rows_read += len(piece.rows((), short=True))
                yield piece


def _lower(headings: Iterable[str]) -> tuple[str, ...]:
    return tuple(heading.strip().lower() for heading in headings)


# --- JSON ------------------------------------------------------------------------------------------

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RecordPiece:
    """Rows as maps, from JSON or Parquet."""

    records: tuple[Record, ...]

    def rows(self, columns: Columns, *, short: bool = False) -> Sequence[tuple[Any, ...]]:  # noqa: ARG002
        """The cells of these columns."""
        return [tuple([_cell(record, names) for names in columns]) for record in self.records]

    def arrow(self, columns: Columns) -> "pa.Table | None":  # noqa: ARG002
        """None: maps are read one by one."""
        return None


def _cell(record: Record, names: tuple[str, ...]) -> Any:
    for name in names:
        if name in record:
            return record[name]
        outer, dot, inner = name.partition(".")
        if dot and isinstance(record.get(outer), Mapping) and inner in record[outer]:
            return record[outer][inner]
    return None


@dataclass(slots=True)
class JsonTable:
    """JSON: an array of rows, pages of an API (`data`, perhaps with `results`), or JSON lines."""

    name: str
    opener: Opener
    columns: tuple[str, ...] = ()
    mark: str | None = None
    unfinished: bool = field(default=False)  # the last page says that there are more

    def __post_init__(self) -> None:
        found: dict[str, None] = {}
        seen = 0
        for group in self._groups():
            for record in group:
                found |= dict.fromkeys(_columns(record))
                seen += 1
            if seen >= SAMPLED:
                break
        self.columns = tuple(found)

    def pieces(self, columns: Columns, matches: Matches | None = None) -> Iterator[Piece]:  # noqa: ARG002
        """The rows in pieces; of pages of several kinds only those that match."""
        piece: list[Record] = []
        for group in self._groups():
            piece += _matching(group, matches) if matches else group
            if len(piece) >= RECORDS:
                yield RecordPiece(tuple(piece))
                piece = []
        if piece:
            yield RecordPiece(tuple(piece))

    def _groups(self) -> Iterator[list[Record]]:
        with self.opener() as stream:
            for value in json_values(stream, self.name):
                yield list(self._records(value))

    def _records(self, value: Any) -> Iterator[Record]:
        if not isinstance(value, Mapping):
            raise BadInput("usage.json_rows", path=self.name)
        if isinstance(value.get("data"), list):
            self.unfinished = bool(value.get("has_more"))
            for item in value["data"]:
                yield from self._records(item)
        elif isinstance(value.get("results"), list):
            about = {k.lower(): v for k, v in value.items() if k not in ("results", "object")}
            if not value["results"]:
                yield about
            for result in value["results"]:
                if not isinstance(result, Mapping):
                    raise BadInput("usage.json_rows", path=self.name)
                yield about | {k.lower(): v for k, v in result.items() if k != "object"}
        else:
            yield {str(k).lower(): v for k, v in value.items() if k != "object"}


def _columns(record: Record) -> Iterator[str]:
    for name, value in record.items():
        yield name
        if isinstance(value, Mapping):
            yield from (f"{name}.{inner}" for inner in value)


def _matching(group: list[Record], matches: Matches) -> Iterator[Record]:
    """The records of a page that match, with its empty days where any does."""
    alike = [matches(_columns(record)) for record in group]
    if any(alike):
        for record, like in zip(group, alike, strict=True):
            if like or set(record) <= _PAGE_TIMES:
                yield record


def json_values(stream: IO[bytes], name: str) -> Iterator[Any]:
    """The values of a JSON text one after the other: the items of an array, or one on each line.

    Raises:
        BadInput: it is not JSON in UTF-8, nested too deeply, or a value is too large.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    try:
        yield from _values(text, json_decoder(name), name)
    except UnicodeDecodeError as error:
        raise BadInput("not_utf8", path=name, position=error.start) from None
    except RecursionError:
        raise BadInput("too_deep", path=name) from None
    finally:
        text.detach()


def _values(text: io.TextIOWrapper, decoder: json.JSONDecoder, name: str) -> Iterator[Any]:
    buffer = _Buffer(text, name)
    in_array = buffer.peek() == "["
    if in_array:
        buffer.at += 1
    first = True
    while (character := buffer.peek()) != "":
        if in_array:
            if character == "]":
                buffer.at += 1
                if buffer.peek():
                    raise buffer.fault()
                return
            if not first:
                if character != ",":
                    raise buffer.fault()
                buffer.at += 1
                if buffer.peek() in ("]", ""):
                    raise buffer.fault()
        yield buffer.value(decoder)
        first = False
    if in_array:
        raise buffer.fault()


class _Buffer:
    """The part of a JSON text that is looked at."""

    def __init__(self, stream: io.TextIOWrapper, name: str) -> None:
        self.stream, self.name = stream, name
        self.text, self.at, self.line = "", 0, 1
        self.ended = False

    def more(self, size: int = 0) -> bool:
        """Read on; False at the end."""
        read = self.stream.read(max(size, _CHUNK))
        self.ended = not read
        self.line += self.text.count("\n", 0, self.at)
        self.text, self.at = self.text[self.at :] + read, 0
        return not self.ended

    def peek(self) -> str:
        """The next character that is no space; "" at the end."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in " \t\r\n":
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def value(self, decoder: json.JSONDecoder) -> Any:
        """The value that begins here."""
        while True:
            try:
                value, end = decoder.raw_decode(self.text, self.at)
            except json.JSONDecodeError as error:
                waiting = len(self.text) - self.at
                if waiting > MOST_VALUE:
                    raise BadInput("usage.json_value", path=self.name, allowed="64 MB") from None
                fault = self.fault(error)  # while its place is one of this text
                if not self.more(waiting):
                    raise fault from None
            else:
                self.at = end
                return value

    def fault(self, error: json.JSONDecodeError | None = None) -> BadInput:
        """The error that names the line."""
        place = self.at if error is None else error.pos
        line = self.line + self.text.count("\n", 0, place)
        column = place - self.text.rfind("\n", 0, place)
        return BadInput("not_json", path=self.name, line=line, column=column)


# --- Parquet ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ParquetPiece:
    """Rows of a Parquet file."""

    batch: Any  # a RecordBatch of the columns asked for

    def rows(self, columns: Columns, *, short: bool = False) -> Sequence[tuple[Any, ...]]:
        """The cells of these columns."""
        names = _lower(self.batch.schema.names)
        needed = {n.partition(".")[0] for group in columns for n in group}
        kept = [n for n, name in enumerate(names) if name in needed]
        lists = [self.batch.column(n).to_pylist() for n in kept]
        records = (
            dict(zip((names[n] for n in kept), row, strict=True))
            for row in zip(*lists, strict=True)
        )
        return RecordPiece(tuple(records)).rows(columns, short=short)

    def arrow(self, columns: Columns) -> "pa.Table | None":
        """The same as a table of Arrow, with the file's types."""
        import pyarrow as pa

        names = _lower(self.batch.schema.names)
        places = [_index(names, group) for group in columns]
        empty = pa.nulls(self.batch.num_rows, pa.string())
        cells = [empty if p is None else self.batch.column(p) for p in places]
        return pa.table({str(n): column for n, column in enumerate(cells)})


@dataclass(slots=True)
class ParquetTable:
    """A Parquet file; it needs pyarrow."""

    name: str
    path: Path
    columns: tuple[str, ...] = ()
    mark: str | None = None

    def __post_init__(self) -> None:
        with self._file() as file:
            schema = file.schema_arrow
        found: list[str] = []
        for entry in schema:
            found.append(entry.name.strip().lower())
            inner = [f.name for f in entry.type] if _is_struct(entry.type) else []
            found += [f"{found[-1]}.{name}" for name in inner]
        self.columns = tuple(found)

    @contextmanager
    def _file(self) -> Iterator[Any]:
        need("pyarrow", "parquet")
        import pyarrow as pa
        from pyarrow import parquet

        try:
            with parquet.ParquetFile(self.path, pre_buffer=False) as file:
                yield file
        except (pa.ArrowException, OSError) as error:
            reason = " ".join(str(error).split())[:200]
            raise BadInput("not_parquet", path=self.name, reason=reason) from None

    def pieces(self, columns: Columns, matches: Matches | None = None) -> Iterator[Piece]:  # noqa: ARG002
        """The rows in pieces."""
        with self._file() as file:
            wanted = {name.partition(".")[0] for names in columns for name in names}
            kept = [n for n in file.schema_arrow.names if n.strip().lower() in wanted]
            for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=kept):
                yield ParquetPiece(batch)


def _is_struct(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_struct(kind))


# --- files -----------------------------------------------------------------------------------------


def tables_of(path: Path) -> list[Table]:
    """The tables of a file.

    Raises:
        BadInput: it cannot be read, or is of no kind that is known.
        MissingPackage: it is Parquet, and pyarrow is not installed.
    """
    existing(path)
    with _binary(path) as stream:
        first = stream.read(len(BOM) + 4096)
    if first.startswith(_PARQUET):
        return [ParquetTable(str(path), path)]
    if first.startswith(_ZIP):
        return _members(path)
    return [_text_table(str(path), lambda: _binary(path), first)]


def _text_table(name: str, opener: Opener, first: bytes) -> Table:
    begun = first.removeprefix(BOM).lstrip()
    if not begun:
        raise BadInput("usage.nothing", path=name)
    if begun[:1] in (b"{", b"["):
        return JsonTable(name, opener)
    if b"\0" in first:
        raise BadInput("usage.file_kind", path=name, allowed="CSV, JSON, ZIP, Parquet")
    return CsvTable(name, opener)


@contextmanager
def _binary(path: Path) -> Iterator[IO[bytes]]:
    try:
        stream = extended(path).open("rb")
    except OSError as error:
        raise cannot_read(path, error) from None
    with stream:
        yield stream


def _members(path: Path) -> list[Table]:
    try:
        with open_archive(path) as archive:
            names = [name for name in archive if _is_export(name)]
        found = [_member(path, name) for name in names]
    except BadWorkbook:
        raise BadInput("usage.bad_zip", path=path) from None
    if not found:
        raise BadInput("usage.zip_without", path=path, allowed=", ".join(_READABLE))
    return found


def _is_export(name: str) -> bool:
    return name.lower().endswith(_READABLE) and not name.startswith("__MACOSX/")


def _member(path: Path, member: str) -> Table:
    @contextmanager
    def opener() -> Iterator[IO[bytes]]:
        try:
            with open_archive(path) as archive, archive.stream(member) as stream:
                yield stream
        except BadWorkbook:
            raise BadInput("usage.bad_zip", path=path) from None

    with opener() as stream:
        first = stream.read(4096)
    shown = "".join(c if c.isprintable() else "?" for c in member[:80])
    return _text_table(f"{path}: {shown}", opener, first)
