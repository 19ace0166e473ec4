"""Schedules worked out a second time, on paper as it were: exact fractions, no code of Tenor's.

A month costs a twelfth of the year's rate; each figure is rounded half up to the fen; the last instalment takes what
rounding left.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

Row = tuple[str, str]
"""Principal and interest of an instalment, in yuan."""


def level_payment(principal: str, rate: str, months: int) -> list[Row]:
    """等额本息: the same payment each month."""
    monthly = Fraction(rate) / 12
    annuity = monthly / (1 - (1 + monthly) ** -months)
    return _rows(principal, rate, [_fen(_all(principal) * annuity)] * months, whole=True)


def level_principal(principal: str, rate: str, months: int) -> list[Row]:
    """等额本金: the same principal each month."""
    part = _fen(_all(principal) / months)
    return _rows(principal, rate, [part] * months, whole=False)


def bullet(principal: str, rate: str, months: int) -> list[Row]:
    """按期付息、到期还本: interest each month, the principal at the end."""
    return _rows(principal, rate, [0] * months, whole=False)


def _rows(principal: str, rate: str, parts: Sequence[int], *, whole: bool) -> list[Row]:
    left, rows = int(_all(principal)), []
    for number, part in enumerate(parts, start=1):
        interest = _fen(left * Fraction(rate) / 12)
        repaid = left if number == len(parts) else (part - interest if whole else part)
        rows.append((_yuan(repaid), _yuan(interest)))
        left -= repaid
    return rows


def _all(principal: str) -> Fraction:
    return Fraction(principal) * 100


def _fen(exact: Fraction) -> int:
    return int(exact * 2 + 1) // 2


def _yuan(fen: int) -> str:
    return str(Decimal(fen).scaleb(-2))
