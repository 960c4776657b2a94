"""Cases from CSV, chunk by chunk; cells keep every character, and inputs are read into columns."""

import csv
import io
import re
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

import pandas as pd

from roi_xl.batch.cell_numbers import candidates, evaluated_columns, mark_of, number_headings
from roi_xl.batch.columns import Layout, repeated
from roi_xl.batch.table import Chunk, has_arrow
from roi_xl.errors import BadInput
from roi_xl.io.text_files import BOM, GB18030, UTF8, delimiter_of, encoding_of

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK_BYTES = 4 << 20
MOST_RECORD = 16 << 20  # bytes of a row; more means a quote that is never closed


class CsvSource:
    """A CSV file or stream with a heading line, separated by commas, semicolons or tabs.

    Its first characters beyond ASCII tell whether it is UTF-8 or GB18030. Line ends, quotes and
    separators are the same bytes in both, so blocks are cut before anything is decoded.
    """

    total: int | None = None

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self.stream, self.name = stream, name
        first = self._first_record()
        self.rows_read = 0  # before the block that is being read
        self.encoding = UTF8 if first.startswith(BOM) else None
        self._marked = self.encoding is not None
        first = first.removeprefix(BOM)
        try:
            self._settle_encoding(first)
            heading_line = first.decode(self.encoding or UTF8)
        except UnicodeDecodeError as error:
            raise BadInput("csv_headings", path=name, found=_found(error)) from None
        self.delimiter = delimiter_of(heading_line)
        rows = list(csv.reader(io.StringIO(heading_line, newline=""), delimiter=self.delimiter))
        if not rows or not any(cell.strip() for cell in rows[0]):
            raise BadInput("no_headings", path=name)
        self.headings = [cell.strip() for cell in rows[0]]
        twice = repeated(self.headings)
        if twice is not None:
            raise BadInput("heading_twice", path=name, found=f'"{twice}"')

    def _first_record(self) -> bytes:
        record = self.stream.readline(MOST_RECORD)
        while len(record) < MOST_RECORD and record.count(b'"') % 2:
            more = self.stream.readline(MOST_RECORD)
            if not more:
                break
            record += more
        if len(record) >= MOST_RECORD or record.count(b'"') % 2:
            raise BadInput("csv_record", path=self.name, row=0)
        if b"\r" in re.sub(rb'"[^"]*"', b"", record.rstrip(b"\r\n")):
            raise BadInput("csv_line_ends", path=self.name)  # or all rows would count as headings
        return record

    def _settle_encoding(self, part: bytes) -> None:
        if self.encoding is None and not part.isascii():
            self.encoding = encoding_of(part)

    @property
    def bom(self) -> bool:
        """Whether results need a byte order mark: Excel wrote one, or would read them as GB18030."""
        return self._marked or self.encoding == GB18030

    def _utf8(self, block: bytes, start: int) -> bytes:
        """The block in UTF-8; GB18030 is decoded here, and what follows may still not be text."""
        known = self.encoding
        try:
            self._settle_encoding(block)
            return block.decode(GB18030).encode() if self.encoding == GB18030 else block
        except UnicodeDecodeError as error:
            raise self._not_text(error, block, start, known) from None

    def _not_text(
        self, error: UnicodeDecodeError, block: bytes, start: int, known: str | None
    ) -> BadInput:
        before = block[: error.start].decode(error.encoding) + "?"
        rows = csv.reader(io.StringIO(before, newline=""), delimiter=self.delimiter)
        about = {"row": start + sum(map(bool, rows)), "found": _found(error)}
        if known is None:
            return BadInput("csv_encoding", path=self.name, allowed="UTF-8 / GB18030", **about)
        return BadInput("csv_mixed", path=self.name, allowed=known.upper(), **about)

    def chunks(self, layout: Layout, rows: int) -> Iterator[Chunk]:
        """The rows in chunks; every cell is text, and inputs are read into columns."""
        replaced = set(layout.replaced)
        kept = [h for h in self.headings if h not in replaced]
        start, mark = 0, None
        for text in self.blocks():
            table = self._arrow(text, start) if has_arrow() else self._plain(text, start)
            if not start:
                columns = (candidates(table[h]) for h in number_headings(layout))
                mark = mark_of(columns, self.delimiter)
            for offset in range(0, len(table), rows):
                part = table[offset : offset + rows]
                inputs = evaluated_columns(layout, part, mark)
                part = part[kept] if isinstance(part, pd.DataFrame) else part.select(kept)
                yield Chunk(start + offset, part, inputs, self.bom)
            start += len(table)
            self.rows_read = start

    def blocks(self) -> Iterator[bytes]:
        """What follows the headings, as UTF-8, in blocks that end where a record ends.

        Messages count rows from `rows_read`, which whoever takes the blocks keeps up to date.
        """
        for block in self._raw_blocks():
            text = self._utf8(block, self.rows_read)
            if text.count(b'"') % 2:
                self._check_closed(text, self.rows_read)
            yield text

    def _raw_blocks(self) -> Iterator[bytes]:
        """The file in blocks that end where a record ends.

        Arrow does not read the stream: its threads cannot be interrupted while they wait for a pipe,
        and its errors do not name the row of the file.
        """
        rest = b""
        while piece := self.stream.read(BLOCK_BYTES):
            block = rest + piece
            end = block.rfind(b"\n") + 1
            if block.count(b'"', 0, end) % 2:  # the line break is inside quotes
                end = _closed(block)
            rest = block[end:]
            if end:
                yield block[:end]
            if len(rest) > MOST_RECORD:
                raise BadInput("csv_record", path=self.name, row=self.rows_read + 1)
        if rest:
            yield rest

    def _check_closed(self, block: bytes, start: int) -> None:
        """Refuse a row whose quote is never closed: it would swallow all the rows below it."""
        text = io.StringIO(block.decode("utf-8", "replace"), newline="")
        row = start
        try:
            for record in csv.reader(text, delimiter=self.delimiter, strict=True):
                row += bool(record)
        except csv.Error as error:
            if "end of data" in str(error):
                raise BadInput("csv_record", path=self.name, row=row + 1) from None

    def _arrow(self, block: bytes, start: int) -> "pa.Table":
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        if not block.strip():
            return pa.table({h: pa.array([], pa.string()) for h in self.headings})
        try:
            return arrow_csv.read_csv(
                pa.BufferReader(block),
                arrow_csv.ReadOptions(column_names=self.headings),
                arrow_csv.ParseOptions(delimiter=self.delimiter, newlines_in_values=True),
                arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(self.headings, pa.string()),
                    null_values=[""],
                    strings_can_be_null=True,
                ),
            )
        except pa.ArrowInvalid as error:
            self._plain(block, start)  # its errors name the row of the file
            reason = " ".join(str(error).split())[:200]
            raise BadInput("not_csv", path=self.name, reason=reason) from None

    def _plain(self, block: bytes, start: int) -> pd.DataFrame:
        try:
            text = io.StringIO(block.decode(), newline="")
        except UnicodeDecodeError as error:
            raise self._not_text(error, block, start, UTF8) from None
        width = len(self.headings)
        records: list[list[str]] = []
        try:
            for record in csv.reader(text, delimiter=self.delimiter):
                if record and len(record) != width:
                    about = {"row": start + len(records) + 1, "allowed": width}
                    raise BadInput("csv_width", path=self.name, found=len(record), **about)
                if record:
                    records.append(record)
        except csv.Error as error:
            raise BadInput("not_csv", path=self.name, reason=error) from None
        columns = zip(*records, strict=True) if records else [()] * width
        cells = ([cell or None for cell in column] for column in columns)
        return pd.DataFrame(dict(zip(self.headings, cells, strict=True)), dtype=object)


def _closed(block: bytes) -> int:
    """The end of the last line with every quote before it closed."""
    end = place = quotes = 0
    for line in block.split(b"\n")[:-1]:
        place += len(line) + 1
        quotes += line.count(b'"')
        if quotes % 2 == 0:
            end = place
    return end


def _found(error: UnicodeDecodeError) -> str:
    return repr(error.object[error.start : error.start + 4])[2:-1]
