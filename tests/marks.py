"""What runs everywhere, what only in CI because it takes long, and what not on Windows."""

import os
from typing import Any

import pytest


def in_ci(*values: Any) -> list[Any]:
    """Parameters whose tests run only where CI=true."""
    return [pytest.param(value, marks=pytest.mark.slow) for value in values]


EACH_LANGUAGE = ["zh", *in_ci("en")]
POSIX = pytest.mark.skipif(
    os.name == "nt", reason="permissions, links and devices as POSIX has them"
)
