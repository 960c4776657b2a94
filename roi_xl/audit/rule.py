"""`@rule` declares a rule; it yields faults, and what it could not check or does not apply to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from roi_xl.text import text

if TYPE_CHECKING:
    from roi_xl.audit.comparison import Comparison

Severity = Literal["fail", "warn"]
Status = Literal["ok", "warn", "fail", "not_applicable", "not_checkable"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in one place; `key` names its text, `expected` is what would be right."""

    sheet: str
    cell: str
    key: str
    found: str = ""
    expected: str = ""
    warn: bool = False  # weaker than the rule's own severity

    @property
    def place(self) -> str:
        """The sheet and cell as a person writes them."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet

    def sentence(self, language: str | None = None) -> str:
        """The fault in words."""
        said = text(f"check.fault.{self.key}", language)
        return said.format(found=self.found, expected=self.expected)


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a rule, or a part of it, was not checked."""

    reason: str
    applies: bool = True  # false: there is nothing in this workbook that the rule speaks of


Check = Callable[["Comparison"], Iterator[Fault | Skip]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A numbered rule; number 0 is the recomputation."""

    number: int
    severity: Severity
    check: Check
    compares: bool = False  # with the twin, so that it says nothing about a file of another version

    def title(self, language: str | None = None) -> str:
        """The rule in a few words."""
        return text(f"check.title.{self.number}", language)


RULES: dict[int, Rule] = {}
# what these rules find depends on what was typed; others say only what differs from the file as built
ABOUT_INPUTS = frozenset({0, 20, 32, 35})
_EXACT = frozenset({14, 17})  # a colour or format of ours may be changed to a worse one


def rule(
    number: int, severity: Severity = "fail", *, compares: bool = False
) -> Callable[[Check], Check]:
    """Declare the function as the rule of this number."""

    def declare(check: Check) -> Check:
        if number in RULES:
            raise TypeError(f"rule {number} is declared twice")
        RULES[number] = Rule(number, severity, check, compares)
        return check

    return declare


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of one rule."""

    rule: Rule
    status: Status
    faults: tuple[Fault, ...]
    reasons: tuple[str, ...]

    def severity(self, fault: Fault) -> Severity:
        """The severity of a fault."""
        return "warn" if fault.warn else self.rule.severity


def judge(declared: Rule, comparison: "Comparison") -> Verdict:
    """Run one rule."""
    faults: list[Fault] = []
    skips: list[Skip] = []
    comparable = not declared.compares or comparison.same_version
    for found in declared.check(comparison) if comparable else (Skip("other_version"),):
        (faults if isinstance(found, Fault) else skips).append(found)  # type: ignore[arg-type]
    if faults and declared.number not in ABOUT_INPUTS:
        built = comparison.faults_as_built(declared)
        exact = declared.number in _EXACT
        faults = [f for f in faults if (f.key, f.place, f.found if exact else "") not in built]
    return Verdict(
        declared,
        _status(declared, faults, skips),
        tuple(faults),
        tuple(dict.fromkeys(s.reason for s in skips)),
    )


def _status(declared: Rule, faults: list[Fault], skips: list[Skip]) -> Status:
    if any(not f.warn for f in faults):
        return declared.severity
    if faults:
        return "warn"
    if any(s.applies for s in skips):
        return "not_checkable"
    return "not_applicable" if skips else "ok"
