"""What is wrong with a value that a person or a file gave us, as a value.

A problem has a stable ``key`` (translated elsewhere, tested on) and the figures that its sentence needs.
Several may be true of one input, so rules return them all instead of raising the first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tenor_sdk.values import Amount

Severity = Literal["error", "warning"]

Value = str | int | bool | date | Amount | None | tuple[str, ...] | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands: sheet name, row from 1, column as its letter."""

    sheet: str = ""
    row: int | None = None
    column: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: ``key`` says which rule, ``values`` what was found, ``severity`` whether it blocks."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    severity: Severity = "error"
    place: Place | None = None

    @property
    def blocks(self) -> bool:
        """Whether this problem keeps the value from being accepted."""
        return self.severity == "error"


def error(key: str, place: Place | None = None, /, **values: Value) -> Problem:
    """A problem that blocks."""
    return Problem(key, values, "error", place)


def warning(key: str, place: Place | None = None, /, **values: Value) -> Problem:
    """A problem that is shown and does not block."""
    return Problem(key, values, "warning", place)


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those of `problems` that block, in their order."""
    return tuple(problem for problem in problems if problem.blocks)
