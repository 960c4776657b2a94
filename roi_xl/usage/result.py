"""What usage and cost files say about a case: inputs with their ranges, and what they do not say."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roi_xl.errors import BadInput
from roi_xl.io.atomic_write import cannot_read
from roi_xl.io.paths import extended
from roi_xl.usage.aggregate import Tally, tallies
from roi_xl.usage.declaration import USAGE, Format
from roi_xl.usage.figures import Wanted, work_out
from roi_xl.usage.notes import Note, shown_model
from roi_xl.usage.recognise import recognise
from roi_xl.usage.tables import Table, tables_of


@dataclass(frozen=True, slots=True)
class Usage:
    """What the files say.

    Args:
        format: the provider or tool whose export it is.
        first: the first day that counts.
        last: the last day that counts.
        days: whole days that the files cover, those without a row included.
        requests: requests on these days; None where the export does not count them.
        inputs: values by the names of a case's inputs; money in `currency`.
        ranges: low, likely and high by input.
        models: share of each model, of requests where they are counted, else of tokens.
        missing: inputs the files do not give.
        notes: what to know about the figures.
        files: names of the files.
    """

    format: str
    first: dt.date
    last: dt.date
    days: int
    requests: float | None
    inputs: Mapping[str, float | str]
    ranges: Mapping[str, tuple[float, float, float]]
    models: Mapping[str, float]
    missing: tuple[str, ...]
    notes: tuple[Note, ...]
    files: tuple[str, ...]

    def data(self, language: str | None = None) -> dict[str, Any]:
        """The result for JSON."""
        requests = self.requests
        if requests is not None and requests == int(requests):
            requests = int(requests)
        return {
            "format": self.format,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "days": self.days,
            "requests": requests,
            "inputs": dict(self.inputs),
            "ranges": {
                name: dict(zip(("low", "likely", "high"), span, strict=True))
                for name, span in self.ranges.items()
            },
            "models": {shown_model(name, language): share for name, share in self.models.items()},
            "missing": list(self.missing),
            "notes": [note.said(language) for note in self.notes],
        }


def read_usage(
    files: Sequence[str | Path],
    *,
    model: str | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
    daily_requests: float | None = None,
    engine: str = "",
    scheduler: str | None = None,
    today: dt.date | None = None,
) -> Usage:
    """What usage and cost exports of one provider say about a case.

    Args:
        files: the exports; usage and cost, or one after the other in time.
        model: only this model's rows; None: all.
        first: the first day, inclusive; None: the first in the files.
        last: the last day, inclusive; None: the last whole one in the files.
        daily_requests: requests per day, for exports that do not count them; None: unknown.
        engine: `dask` to read on a cluster.
        scheduler: address of a running Dask scheduler; None starts one here.
        today: the day that is not over yet; None: today, UTC.

    Returns:
        The figures, what is missing, and what to know about them.

    Raises:
        BadInput: a file is of no known format, holds no tokens, a row cannot be read or may be read
            in two ways, or the files do not go together.
        MissingPackage: a Parquet file needs pyarrow, or the engine Dask.
    """
    paths = [Path(file) for file in files]
    _check_twice(paths)
    named: list[tuple[Table, Format, bool]] = []
    for path in paths:
        for table in tables_of(path):
            forms = recognise(table.columns, table.name)
            named += [(table, form, len(forms) == 1) for form in forms]
    _check_together([form for _, form, _ in named])
    read: list[tuple[Table, Tally]] = tallies(named, engine, scheduler)
    wanted = Wanted(model, first, last, daily_requests, today or dt.datetime.now(dt.UTC).date())
    found = work_out(read, wanted)
    return Usage(files=tuple(path.name for path in paths), **found)


def _check_twice(paths: Sequence[Path]) -> None:
    """Refuse a file that is given twice, by another name perhaps: it would count double."""
    from roi_xl.io.text_files import existing

    sizes: dict[int, list[Path]] = {}
    for path in paths:
        sizes.setdefault(existing(path).stat().st_size, []).append(path)
    for alike in sizes.values():
        digests: dict[bytes, Path] = {}
        for path in alike if len(alike) > 1 else ():
            digest = _digest(path)
            if digest in digests:
                raise BadInput("usage.twice", path=path, found=digests[digest])
            digests[digest] = path


def _digest(path: Path) -> bytes:
    try:
        with extended(path).open("rb") as file:
            return hashlib.file_digest(file, "blake2b").digest()
    except OSError as error:
        raise cannot_read(path, error) from None


def _check_together(forms: Sequence[Format]) -> None:
    families = list(dict.fromkeys(form.family for form in forms))
    if len(families) > 1:
        raise BadInput("usage.mixed", found=", ".join(families))
    kinds = list(dict.fromkeys(form.name for form in forms if form.kind == USAGE))
    if len(kinds) > 1:  # the same requests, told twice
        raise BadInput("usage.mixed", found=", ".join(kinds))
