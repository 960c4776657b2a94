"""The parts of a benchmark: a module's `rows(quick)` yields rows; `compare` times jobs in turns."""

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
        peer: the program or code it is compared with.
        ours: seconds of the best run.
        theirs: seconds of the peer's best run.
        at_most: highest acceptable ratio ours / theirs; None without a target.
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
        """Whether the ratio is within its target; None without one."""
        return None if self.at_most is None else self.ratio <= self.at_most


def compare(
    what: str,
    ours: Job,
    peers: dict[str, tuple[Job, float | None]],
    *,
    runs: int = 5,
) -> list[Row]:
    """One row per peer (its job and target ratio); all take turns, and each one's best run counts."""
    if "" in peers:
        raise ValueError("a peer needs a name")
    jobs: dict[str, Job] = {"": ours, **{name: job for name, (job, _) in peers.items()}}
    best = dict.fromkeys(jobs, float("inf"))
    for _ in range(runs):
        for name, job in jobs.items():
            best[name] = min(best[name], seconds(job))
    return [
        Row(what, name, best[""], best[name], promised) for name, (_, promised) in peers.items()
    ]


def seconds(job: Job) -> float:
    """Seconds that a job takes, with the garbage of earlier jobs collected first."""
    gc.collect()
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def installed(package: str) -> bool:
    """Whether an optional peer is installed (`pip install "roi-xl[bench]"`)."""
    return importlib.util.find_spec(package) is not None
