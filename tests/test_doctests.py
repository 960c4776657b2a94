"""The examples in the docstrings run."""

import doctest
import importlib
import pkgutil

import pytest

import roi_xl

MODULES = [
    m.name for m in pkgutil.walk_packages(roi_xl.__path__, "roi_xl.") if "office" not in m.name
]


@pytest.mark.parametrize("name", [n for n in MODULES if n != "roi_xl.__main__"])
def test_examples(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def test_the_package_example() -> None:
    assert doctest.testmod(roi_xl) == (0, 2)
