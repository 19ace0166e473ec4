"""Grades, the notches between them, who may move a rating by how many, and how long it holds."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tenor_credit.domain.errors import CreditError, ModelInvalid


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade, from a total of ``low`` points up to the next better grade's."""

    code: str
    low: int


@dataclass(frozen=True, slots=True)
class GradeScale:
    """Grades from the best to the worst; together they cover every total from 0.

    Raises ModelInvalid ``grades-not-falling``, ``grades-do-not-cover``, ``grade-repeated``.
    """

    grades: tuple[Grade, ...]

    def __post_init__(self) -> None:
        lows = [grade.low for grade in self.grades]
        if lows != sorted(set(lows), reverse=True):
            raise ModelInvalid("grades-not-falling")
        if not lows or lows[-1] != 0:
            raise ModelInvalid("grades-do-not-cover")
        if len({grade.code for grade in self.grades}) != len(self.grades):
            raise ModelInvalid("grade-repeated")

    def of(self, total: int) -> Grade:
        """The grade of a total of points, 0 or more."""
        return next(grade for grade in self.grades if total >= grade.low)

    def better_than(self, grade: Grade) -> Grade | None:
        """The grade above `grade`, None for the best."""
        above = self.rank(grade.code) - 1
        return self.grades[above] if above >= 0 else None

    def rank(self, code: str) -> int:
        """The place of a grade from the best, 0. Raises CreditError ``grade-unknown`` (grade)."""
        for rank, grade in enumerate(self.grades):
            if grade.code == code:
                return rank
        raise CreditError("grade-unknown", grade=code)

    def notches(self, derived: str, wanted: str) -> int:
        """How many notches `wanted` stands above `derived`: positive is better."""
        return self.rank(derived) - self.rank(wanted)

    def at_least(self, code: str, wanted: str) -> bool:
        """Whether grade `code` is `wanted` or better."""
        return self.rank(code) <= self.rank(wanted)


class Authority(StrEnum):
    """Who decides on an override: an officer of risk, or the committee."""

    RISK = "risk"
    COMMITTEE = "committee"


@dataclass(frozen=True, slots=True)
class OverrideRule:
    """How far a rating may be moved by hand, as data of the model.

    Args:
        most_up: notches up at most; down is unlimited.
        committee_from: from so many notches up the committee decides.
    """

    most_up: int = 2
    committee_from: int = 2


@dataclass(frozen=True, slots=True)
class Override:
    """A rating moved by hand: from the model's grade to another, by ``notches``, decided by ``authority``."""

    derived: str
    wanted: str
    notches: int
    authority: Authority
    reason: str


def override(
    scale: GradeScale, rule: OverrideRule, derived: str, wanted: str, reason: str
) -> Override:
    """What it takes to move a rating from `derived` to `wanted`.

    Raises CreditError: ``override-moves-nothing``, ``override-needs-reason``, ``override-too-high`` (notches, most),
    ``grade-unknown``.
    """
    notches = scale.notches(derived, wanted)
    if notches == 0:
        raise CreditError("override-moves-nothing", grade=wanted)
    if not reason.strip():
        raise CreditError("override-needs-reason", notches=notches)
    if notches > rule.most_up:
        raise CreditError("override-too-high", notches=notches, most=rule.most_up)
    by_committee = notches >= rule.committee_from
    authority = Authority.COMMITTEE if by_committee else Authority.RISK
    return Override(derived, wanted, notches, authority, reason.strip())


def last_valid_day(rated_on: date, months: int = 12) -> date:
    """The last day of a rating given on `rated_on`: the day before the same day so many months on.

    From 2026-06-30 a year runs to 2027-06-29. A day that a shorter month lacks is that month's last.
    """
    year, month = divmod(rated_on.year * 12 + rated_on.month - 1 + months, 12)
    day = min(rated_on.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)
