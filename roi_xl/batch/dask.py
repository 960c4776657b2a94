"""Chunks of a file evaluated on the workers of a Dask cluster."""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from roi_xl.batch.columns import Layout
from roi_xl.batch.evaluate import Evaluated, evaluate_table
from roi_xl.batch.table import Chunk, need
from roi_xl.errors import BadInput

EXTRA = "dask"
AHEAD = 3  # chunks under way for each worker thread; more would only fill memory
RETRIES = 5  # times a chunk is computed again when its worker is lost


@contextmanager
def connected(scheduler: str | None, workers: int | None = None) -> Iterator[Any]:
    """A client of the scheduler at this address, or of a new cluster of this machine's processors.

    Args:
        scheduler: the address; None starts a cluster.
        workers: processes of the new cluster; default: one per core.

    Raises:
        MissingPackage: Dask is not installed.
        BadInput: nothing answers at the address.
    """
    need("distributed", EXTRA)
    import distributed

    start: Any = distributed.LocalCluster
    connect: Any = distributed.Client
    if scheduler is None:
        with (
            start(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
            connect(cluster) as client,
        ):
            yield client
        return
    try:
        client = connect(scheduler, timeout=10)
    except (OSError, ValueError, TimeoutError) as error:
        raise BadInput("no_scheduler", found=scheduler, reason=error) from None
    with client:
        yield client


def evaluate_on(
    client: Any, chunks: Iterable[Chunk], layout: Layout, language: str
) -> Iterator[tuple[Chunk, Evaluated]]:
    """The chunks with their results, in order; only the evaluated columns are sent."""
    threads = sum(client.nthreads().values()) or 1
    under_way: deque[tuple[Chunk, Any]] = deque()
    for chunk in chunks:
        sent = client.submit(
            evaluate_table, chunk.inputs, layout, language, pure=False, retries=RETRIES
        )
        under_way.append((chunk, sent))
        if len(under_way) >= AHEAD * threads:
            yield _next(under_way)
    while under_way:
        yield _next(under_way)


def _next(under_way: "deque[tuple[Chunk, Any]]") -> tuple[Chunk, Evaluated]:
    chunk, sent = under_way.popleft()
    done: Evaluated = sent.result()
    return chunk, done
