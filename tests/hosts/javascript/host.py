"""The generated JavaScript, run in node, as one of the hosts that are held against each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from roi_xl import FUNCTIONS
from roi_xl.functions.arguments import read_value
from roi_xl.functions.declare import Function
from roi_xl.hosts.javascript.module import node_module
from roi_xl.units import LANGUAGE, never, quantity_of, words
from tests.hosts.all_hosts import LANGUAGE as OF_HOSTS
from tests.hosts.all_hosts import Host
from tests.hosts.arguments import Call
from tests.hosts.calls import has_range
from tests.hosts.javascript.node import answers, node


class JavaScriptHost(Host):
    """Functions by their traced expressions; a word comes back as its code."""

    name = "JavaScript"

    def __init__(self, folder: Path) -> None:
        super().__init__()
        node()
        self._folder = folder
        self._script = node_module()

    def lacks(self, function: Function) -> str | None:
        return None if function.traceable else "no traced expression"

    def sits_out(self, call: Call, expected: Any) -> bool:
        name, args = call
        return has_range(name, args) or self._language(name, args) is None

    def evaluate(self, calls: Sequence[Call], expected: Sequence[Any]) -> list[Any]:
        asked = [
            {"function": name, "args": list(args[: self._own(FUNCTIONS[name])])}
            for name, args in calls
        ]
        found = answers(self._folder, self._script, asked)
        return [self._shown(*call, answer) for call, answer in zip(calls, found, strict=True)]

    def _own(self, function: Function) -> int:
        return len(function.params) - function.speaks

    def _language(self, name: str, args: tuple[Any, ...]) -> str | None:
        """The language of an answer; None where the argument is wrong."""
        function = FUNCTIONS[name]
        if not function.speaks or len(args) < len(function.params):
            return OF_HOSTS
        value, error = read_value(function.params[-1], args[-1])
        if error:
            return None
        return OF_HOSTS if math.isnan(value) else quantity_of(LANGUAGE).choices[int(value)]

    def _shown(self, name: str, args: tuple[Any, ...], answer: Any) -> Any:
        function = FUNCTIONS[name]
        if isinstance(answer, str):
            return answer
        if function.speaks:
            return words(function.returns, self._language(name, args))[int(answer)]
        return never(OF_HOSTS) if answer == math.inf else answer
