"""What a dry run found."""

from dataclasses import dataclass
from datetime import date

from tenor_customers.domain.problems import Problem, errors
from tenor_customers.domain.statements import PeriodKind, Statement


@dataclass(frozen=True, slots=True)
class ImportedPeriod:
    """One period of the file.

    Args:
        subject: the company as the file names it; "" where it has no such column.
        period_end: its last day.
        kind: annual or quarter.
        statement: its figures as far as they could be read, also where they don't balance.
        problems: what is wrong with it, or worth a look.
    """

    subject: str
    period_end: date
    kind: PeriodKind
    statement: Statement
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether this period may be taken over."""
        return not errors(self.problems)


@dataclass(frozen=True, slots=True)
class StatementFile:
    """The whole dry run: the periods in order of company and date, and what is wrong with the file itself.

    Args:
        periods: what could be assigned to a period, good and bad.
        problems: of the file; while one of them blocks, no period is to be taken, whatever it says of itself.
        rejected: rows and columns with figures that belong to no period; the good periods stand without them.
        truncated: there were more problems than the limit; the first are here.
    """

    periods: tuple[ImportedPeriod, ...] = ()
    problems: tuple[Problem, ...] = ()
    rejected: tuple[Problem, ...] = ()
    truncated: bool = False

    @property
    def readable(self) -> bool:
        """Whether the file as a whole is in order, so that its good periods may be taken."""
        return not errors(self.problems)

    @property
    def good(self) -> tuple[ImportedPeriod, ...]:
        """The periods that may be taken over: none of an unreadable file."""
        return tuple(period for period in self.periods if period.ok) if self.readable else ()

    @property
    def ok(self) -> bool:
        """Whether everything in the file may be taken over."""
        everything_assigned = not errors(self.rejected)
        return self.readable and everything_assigned and all(p.ok for p in self.periods)
