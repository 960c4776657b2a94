"""The examples in the docstrings run."""

import doctest
import importlib
import pkgutil

import pytest

import roi_xl

# one runs a command, the other is imported by LibreOffice's own Python
NOT_HERE = {"roi_xl.__main__", "roi_xl.hosts.libreoffice.component"}
MODULES = {m.name for m in pkgutil.walk_packages(roi_xl.__path__, "roi_xl.")}


@pytest.mark.parametrize("name", sorted(MODULES - NOT_HERE))
def test_examples(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def test_the_package_example() -> None:
    assert doctest.testmod(roi_xl) == (0, 3)
