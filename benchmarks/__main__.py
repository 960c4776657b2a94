"""`python -m benchmarks [--quick] [--json] [MODULE …]`: one table of all ratios."""

import argparse
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import benchmarks
import roi_xl
from benchmarks.measure import Row


def modules() -> dict[str, str]:
    """The modules of this package with a `rows` function, and the first line of their docstrings."""
    found = {}
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if module.name.startswith("_"):
            continue
        loaded = importlib.import_module(f"benchmarks.{module.name}")
        if hasattr(loaded, "rows"):
            found[module.name] = (loaded.__doc__ or "").partition("\n")[0]
    return found


def run(names: list[str], quick: bool) -> Iterator[Row]:
    """The rows of the modules, one by one as they are measured."""
    for name in names:
        yield from importlib.import_module(f"benchmarks.{name}").rows(quick)


def main() -> None:
    """Print each row of the table as soon as it is measured."""
    known = modules()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=benchmarks.__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=", ".join(known))
    parser.add_argument("--quick", action="store_true", help="small sizes, one run each")
    parser.add_argument("--json", action="store_true", help="a list of objects")
    chosen = parser.parse_args()
    unknown = set(chosen.modules) - set(known)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    measured = run(chosen.modules or list(known), chosen.quick)
    if chosen.json:
        shown = [asdict(row) | _judged(row) for row in measured]
        print(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    print("| what | ours | peer | theirs | ours ÷ theirs | promised |")
    print("|---|---:|---|---:|---:|---:|")
    for row in measured:
        promised = "" if row.at_most is None else f"≤ {row.at_most:g} {'✓' if row.kept else '✗'}"
        times = (_shown(row.ours), row.peer, _shown(row.theirs), f"{row.ratio:.3g}", promised)
        print(f"| {' | '.join((row.what, *times))} |")
        sys.stdout.flush()


def _judged(row: Row) -> dict[str, Any]:
    return {"ratio": row.ratio, "kept": row.kept, "version": roi_xl.__version__}


def _shown(seconds: float) -> str:
    return f"{seconds * 1000:,.3g} ms" if seconds < 1 else f"{seconds:,.3g} s"


if __name__ == "__main__":
    main()
