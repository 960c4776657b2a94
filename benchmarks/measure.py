"""What a benchmark module is made of: `rows(quick)` yields rows, `compare` times two things by turns."""

import gc
import importlib.util
import time
from collections.abc import Callable
from dataclasses import dataclass

Job = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Args:
        what: the work, with its size.
        peer: who or what else did it.
        ours: seconds, the best of the runs.
        theirs: seconds of the peer.
        at_most: the ratio ours / theirs that we mean to keep; None where there is no such promise.
    """

    what: str
    peer: str
    ours: float
    theirs: float
    at_most: float | None = None

    @property
    def ratio(self) -> float:
        """Ours to theirs; below 1 we are faster."""
        return self.ours / self.theirs

    @property
    def kept(self) -> bool | None:
        """Whether the ratio is what we mean to keep."""
        return None if self.at_most is None else self.ratio <= self.at_most


def compare(
    what: str,
    ours: Job,
    peers: dict[str, tuple[Job, float | None]],
    *,
    runs: int = 5,
) -> list[Row]:
    """A row for each peer (job and promised ratio); all take turns, and the best run of each counts."""
    jobs: dict[str, Job] = {"": ours, **{name: job for name, (job, _) in peers.items()}}
    best = dict.fromkeys(jobs, float("inf"))
    for _ in range(runs):
        for name, job in jobs.items():
            best[name] = min(best[name], seconds(job))
    return [
        Row(what, name, best[""], best[name], promised) for name, (_, promised) in peers.items()
    ]


def seconds(job: Job) -> float:
    """How long a job takes, without the garbage of the one before."""
    gc.collect()
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def installed(package: str) -> bool:
    """Whether an optional peer is there (`pip install "roi-xl[bench]"`)."""
    return importlib.util.find_spec(package) is not None
