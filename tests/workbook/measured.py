"""Reads a file in a process of its own that may take little memory and time, and says what came of it."""

import os
import subprocess
import sys
from pathlib import Path

MOST_MEMORY_MB, MOST_SECONDS = 500, 20

_CODE = """
import resource, sys
from pathlib import Path
from roi_xl import RoiError
{prepare}
def status(name):
    return int(open('/proc/self/status').read().split(name + ':')[1].split()[0]) // 1024
now = status('VmSize') + {memory}
resource.setrlimit(resource.RLIMIT_AS, (now << 20, now << 20))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
try:
    {read}(Path(sys.argv[1]))
    said = 'read'
except RoiError as error:
    said = error.key
print(said, status('VmHWM'))
"""


def read_measured(path: Path, read: str, prepare: str, *, loaded_mb: int) -> str:
    """`read`, or the key of the error with which the file was refused.

    Args:
        path: the file.
        read: what to call with its path.
        prepare: the imports for that, which count for nothing.
        loaded_mb: about what they take of the memory a process may have in all.
    """
    memory = MOST_MEMORY_MB - loaded_mb
    code = _CODE.format(read=read, prepare=prepare, memory=memory, seconds=MOST_SECONDS)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(path)],
        capture_output=True,
        text=True,
        timeout=4 * MOST_SECONDS,  # of the clock, which other programs share; the limit is CPU time
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr[-500:]
    said, most = done.stdout.split()
    assert int(most) < MOST_MEMORY_MB
    return str(said)
