"""Figures and headings as people write them, read exactly or not at all."""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from tenor_customers.domain.statements import Assurance, PeriodKind, Unit

LARGEST_MINOR = 2**63 - 1
"""The largest amount that a database stores, in minor units."""

_SPREADSHEET = Context(prec=15)
"""Excel computes in binary and keeps 15 significant digits: what stands beyond them is noise, not figures."""

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,30})(?:\.\d{1,30})?")
_BRACKETED = re.compile(r"\((.+)\)")
_NOTHING = {"", "-", "--", "—", "——", "–", "/"}
_MINUS = str.maketrans({"\u2212": "-", "\uff0d": "-", "\ufe63": "-"})


class Unreadable(Exception):
    """A cell that should hold a figure and doesn't; `key` says what is the matter."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def read_number(value: Any) -> Fraction | None:
    """The exact figure in a cell, or None where it says that there is none (empty, a dash).

    Text may have thousands separators in their places and brackets for a negative. A float is taken at the 15
    digits that a spreadsheet stands by. Raises Unreadable ``number-unreadable``.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Unreadable("number-unreadable")
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, float):
        return _from_float(value)
    return _from_text(value)


def _from_float(value: float) -> Fraction:  # float: what a cell of a spreadsheet holds
    exact = _SPREADSHEET.create_decimal(repr(value))
    if not exact.is_finite():
        raise Unreadable("number-unreadable")
    return Fraction(exact)


def _from_text(value: str) -> Fraction | None:
    text = unicodedata.normalize("NFKC", value).strip().translate(_MINUS)
    if text in _NOTHING:
        return None
    sign = 1
    if bracketed := _BRACKETED.fullmatch(text):
        text, sign = bracketed[1].strip(), -1
    if not _NUMBER.fullmatch(text) or (sign == -1 and text[0] in "+-"):
        raise Unreadable("number-unreadable")
    return sign * Fraction(Decimal(text.replace(",", "")))


# --- periods ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class StatedPeriod:
    """A period as a heading names it."""

    end: date
    kind: PeriodKind


_QUARTER_WORDS = {
    "一季度": 3, "第一季度": 3, "1季度": 3, "q1": 3, "1-3月": 3,
    "半年度": 6, "半年": 6, "上半年": 6, "二季度": 6, "第二季度": 6, "h1": 6, "q2": 6, "1-6月": 6,
    "三季度": 9, "第三季度": 9, "前三季度": 9, "q3": 9, "1-9月": 9,
    "年度": 12, "度": 12, "报": 12, "全年": 12, "末": 12, "年末": 12, "": 12, "1-12月": 12, "q4": 12,
}  # fmt: skip
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?:0?0:00:00)?")
_MONTH = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})月?末?")
_YEAR = re.compile(r"(?:fy)?(\d{4})年?(.*)")


def read_period(value: Any, kind: PeriodKind | None = None) -> StatedPeriod | None:
    """The period that a heading names, or None: 2025, 2025年度, 2025-12-31, 2025年1-9月, 2025Q3, a date cell.

    `kind` overrules what the month says. Without it December is annual, other quarter ends are quarters, and any
    other month names no period.
    """
    end = _period_end(value)
    if end is None or not 1900 <= end.year <= 2200:
        return None
    if kind is None:
        kind = PeriodKind.ANNUAL if end.month == 12 else PeriodKind.QUARTER
        if end.month % 3:
            return None
    is_last_day = end.day == calendar.monthrange(end.year, end.month)[1]
    return StatedPeriod(end, kind) if is_last_day else None


def _period_end(value: Any) -> date | None:
    if isinstance(value, float):
        value = int(value) if value.is_integer() else None
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, str) and (found := _YEAR.fullmatch(_plain(value))):
        month = _QUARTER_WORDS.get(found[2].removeprefix("第"))
        if month:
            return _month_end(int(found[1]), month)
    if isinstance(value, int):
        return _month_end(value, 12) if 1900 <= value <= 2200 else None
    return read_date(value) or _from_month(value)


def _from_month(value: Any) -> date | None:
    found = _MONTH.fullmatch(_plain(value)) if isinstance(value, str) else None
    return _month_end(int(found[1]), int(found[2])) if found else None


def _month_end(year: int, month: int) -> date | None:
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        return None
    return date(year, month, calendar.monthrange(year, month)[1])


def read_date(value: Any) -> date | None:
    """A day: a date cell, 2025-12-31, 2025/12/31, 2025.12.31 or 2025年12月31日; None for anything else."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _DAY.fullmatch(_plain(value)) if isinstance(value, str) else None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


# --- what a file says about itself -----------------------------------------------------------------

_UNITS = {
    "元": Unit.ONE, "人民币元": Unit.ONE, "千元": Unit.THOUSAND, "人民币千元": Unit.THOUSAND,
    "万元": Unit.TEN_THOUSAND, "人民币万元": Unit.TEN_THOUSAND, "百万元": Unit.MILLION,
    "人民币百万元": Unit.MILLION, "亿元": Unit.HUNDRED_MILLION, "人民币亿元": Unit.HUNDRED_MILLION,
    "one": Unit.ONE, "yuan": Unit.ONE, "thousand": Unit.THOUSAND, "thousands": Unit.THOUSAND,
    "tenthousand": Unit.TEN_THOUSAND, "10,000": Unit.TEN_THOUSAND, "10000": Unit.TEN_THOUSAND,
    "1,000": Unit.THOUSAND, "1000": Unit.THOUSAND, "million": Unit.MILLION, "millions": Unit.MILLION,
    "1,000,000": Unit.MILLION, "1000000": Unit.MILLION,
}  # fmt: skip
_CURRENCIES = {"人民币": "CNY", "人民币元": "CNY", "rmb": "CNY", "美元": "USD", "港元": "HKD", "港币": "HKD",
               "欧元": "EUR", "日元": "JPY"}  # fmt: skip
_ASSURANCES = {
    "经审计": Assurance.AUDITED, "已审计": Assurance.AUDITED, "审计": Assurance.AUDITED,
    "标准无保留意见": Assurance.AUDITED, "是": Assurance.AUDITED, "audited": Assurance.AUDITED,
    "yes": Assurance.AUDITED, "未经审计": Assurance.MANAGEMENT, "未审计": Assurance.MANAGEMENT,
    "否": Assurance.MANAGEMENT, "管理层": Assurance.MANAGEMENT, "企业自报": Assurance.MANAGEMENT,
    "unaudited": Assurance.MANAGEMENT, "management": Assurance.MANAGEMENT, "no": Assurance.MANAGEMENT,
}  # fmt: skip


def read_unit(text: str) -> Unit | None:
    """The unit that a word names (万元, thousand, CNY 10,000), or None."""
    plain = re.sub(r"^(cny|rmb|usd|in)", "", _plain(text))
    return _UNITS.get(plain)


def read_currency(text: str) -> str | None:
    """The ISO code of the currency that a word names, or None."""
    plain = _plain(text)
    if re.fullmatch(r"[a-z]{3}", plain) and plain not in _CURRENCIES:
        return plain.upper()
    return _CURRENCIES.get(plain)


def read_assurance(text: str) -> Assurance | None:
    """Whether a word says that the figures were audited, or None when it says neither."""
    return _ASSURANCES.get(_plain(text))
