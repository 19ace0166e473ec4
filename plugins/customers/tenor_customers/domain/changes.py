"""Changes from one year to the next, with a sign that says better or worse also where figures are negative."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tenor_customers.domain.statements import Statement
from tenor_sdk.values import Amount


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure moved: ``share`` = (now − before) / |before|, exact.

    ``share`` is None when ``reason`` says why it is not meaningful: ``now-missing``, ``prior-missing``,
    ``prior-zero``.
    """

    now: Amount | None
    before: Amount | None
    share: Fraction | None
    reason: str = ""

    @property
    def turned_to_loss(self) -> bool:
        """A loss after a profit (or after nothing): worth an alert whatever the share."""
        zero = Amount(0)
        return (
            self.now is not None
            and self.before is not None
            and self.now < zero
            and not self.before < zero
        )


def change(now: Amount | None, before: Amount | None) -> Change:
    """The change from `before` to `now`: 800 after 1,200 is −1/3; −50 after 100 is −3/2; −50 after −100 is +1/2."""
    if now is None:
        return Change(now, before, None, "now-missing")
    if before is None:
        return Change(now, before, None, "prior-missing")
    if not before:
        return Change(now, before, None, "prior-zero")
    return Change(now, before, Fraction((now - before).minor, abs(before).minor))


@dataclass(frozen=True, slots=True)
class YearOnYear:
    """The change of one line between a period and the same period a year before (None: there is none)."""

    line: str
    period_end: date
    prior_end: date | None
    change: Change


def year_on_year(statements: Sequence[Statement], lines: Iterable[str]) -> list[YearOnYear]:
    """For each statement and each code of `lines` the change against the same months of the year before.

    Statements of another kind or currency are never compared; of several for one period the last one given counts.
    """
    wanted = tuple(lines)
    by_period = {_period(statement): statement for statement in statements}
    return [
        _compared(code, statement, by_period.get(_period(statement, 1)))
        for statement in statements
        for code in wanted
    ]


def _period(statement: Statement, years_before: int = 0) -> tuple[int, int, str, str]:
    end = statement.period_end
    return end.year - years_before, end.month, statement.kind, statement.currency


def _compared(line: str, statement: Statement, prior: Statement | None) -> YearOnYear:
    before = prior.lines.get(line) if prior else None
    prior_end = prior.period_end if prior else None
    found = change(statement.lines.get(line), before)
    return YearOnYear(line, statement.period_end, prior_end, found)
