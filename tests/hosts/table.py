"""The table that the test run prints: hosts × functions, number of cases and worst difference."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

_PROPERTY = "hosts"
_Cell = list[float]


class HostTable:
    """What was compared of one function: host → cases and worst difference, or why it was not.

    It travels with the test's report, so that it is shown whichever process ran the test.
    """

    def __init__(self, node: pytest.Item, function: str) -> None:
        self._node = node
        self._function = function
        self._cells: dict[str, _Cell | str] = {}

    def has(self, host: str) -> None:
        """The host has the function."""
        self._cells[host] = [0, 0.0]

    def lacks(self, host: str, reason: str) -> None:
        """The host does not have the function."""
        self._cells[host] = reason

    def compared(self, host: str, difference: float) -> None:
        """One case through one host."""
        cell = self._cells[host]
        assert isinstance(cell, list)
        cell[0] += 1
        cell[1] = max(cell[1], difference)

    def cases(self, host: str) -> int:
        """How many cases went through a host."""
        cell = self._cells[host]
        return int(cell[0]) if isinstance(cell, list) else 0

    def done(self) -> None:
        """Hand the row to the report."""
        properties = [p for p in self._node.user_properties if p[0] != _PROPERTY]
        text = json.dumps([self._function, self._cells], ensure_ascii=False)
        self._node.user_properties[:] = [*properties, (_PROPERTY, text)]


def rows_of(reporter: pytest.TerminalReporter) -> dict[str, dict[str, _Cell | str]]:
    """Function → host → cell, from the reports of this run."""
    rows = {}
    for outcome in ("passed", "failed"):
        for report in reporter.stats.get(outcome, []):
            for name, value in getattr(report, "user_properties", []):
                if name == _PROPERTY:
                    function, cells = json.loads(value)
                    rows[function] = cells
    return rows


def written(rows: Mapping[str, Mapping[str, _Cell | str]]) -> list[str]:
    """The table as lines of text; reasons stand below it, each once."""
    hosts = list(dict.fromkeys(host for cells in rows.values() for host in cells))
    reasons: list[str] = []
    lines = [f"{'':24}" + "".join(f"{host:>18}" for host in hosts)]
    totals: dict[str, _Cell] = {host: [0, 0.0] for host in hosts}
    for function, cells in rows.items():
        shown = []
        for host in hosts:
            cell = cells.get(host, "not run")
            if isinstance(cell, str):
                if cell not in reasons:
                    reasons.append(cell)
                shown.append(f"({reasons.index(cell) + 1})")
                continue
            shown.append(f"{int(cell[0])} {cell[1]:.1e}")
            totals[host] = [totals[host][0] + cell[0], max(totals[host][1], cell[1])]
        lines.append(f"{function:24}" + "".join(f"{s:>18}" for s in shown))
    last = "".join(f"{f'{int(n)} {worst:.1e}':>18}" for n, worst in totals.values())
    lines.append(f"{'all':24}{last}")
    return lines + [f"({i}) {reason}" for i, reason in enumerate(reasons, 1)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table, if the comparison was among the tests that ran."""
    rows = rows_of(terminalreporter)
    if rows:
        from roi_xl import FUNCTIONS

        terminalreporter.section("hosts × functions: cases, worst relative difference")
        ordered = {name: rows[name] for name in FUNCTIONS if name in rows}
        for line in written(ordered):
            terminalreporter.write_line(line)
