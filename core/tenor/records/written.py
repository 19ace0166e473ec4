"""Values as people's files write them, brought to the one form in which the API writes them, exactly or not at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Context, Decimal
from typing import Any, Final

from tenor_sdk.errors import Invalid
from tenor_sdk.sheets import ERRORS, Formula, Percentage

#: Excel computes in binary and stands by 15 significant digits: what lies beyond is noise
_SPREADSHEET: Final = Context(prec=15)
_NUMBER: Final = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?|[+-]?\.\d+", re.ASCII)
#: full width to half width, and what else is written for a minus. No more: a footnote's mark isn't a digit
_WIDTH: Final = str.maketrans(
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | {"\u3000": " ", "\uffe5": "\u00a5", "\uffe1": "\u00a3", "\u2212": "-", "\ufe63": "-"}
)
_CURRENCY: Final = re.compile(r"^(?:[¥￥$€£]|rmb|cny|usd)\s*|(?<!\s)\s*元$", re.IGNORECASE)
_BRACKETED: Final = re.compile(r"\((.+)\)")
_DATES: Final = (
    re.compile(r"(?P<y>\d{4})(?:-|/|\.|年)(?P<m>\d{1,2})(?:-|/|\.|月)(?P<d>\d{1,2})日?", re.ASCII),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})", re.ASCII),
    re.compile(r"(?P<d>\d{1,2})[- ](?P<name>[a-z]+)\.?[- ,]+(?P<y>\d{4}|\d{2})", re.ASCII),
    re.compile(r"(?P<name>[a-z]+)\.? (?P<d>\d{1,2}),? (?P<y>\d{4})", re.ASCII),
)
#: the day or the month first: each file's own habit
_EITHER: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})", re.ASCII)
_MIDNIGHT: Final = re.compile(r"[ t]0?0:00(:00(\.0+)?)?$")
_NAMES: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTHS: Final = {
    written: place
    for place, name in enumerate(_NAMES, start=1)
    for written in (name, name[:3], name[:4] if name == "september" else name)
}
_YES: Final = frozenset(("true", "yes", "y", "on", "1", "是", "有", "对", "√"))
_NO: Final = frozenset(("false", "no", "n", "off", "0", "否", "无", "错", "×"))
#: two digits of a year mean one that lies at most so far ahead
_AHEAD: Final = 20

DAY_FIRST: Final = "day"
MONTH_FIRST: Final = "month"


@dataclass
class Written:
    """How a column of a file is written; called with a cell, it gives what the API would have been handed.

    Args:
        kind: of the field.
        power: amounts stand in ten to this power of the currency: 4 for 万元.
        percent: rates stand as percentages, with or without the sign.
        order: what comes first in 3/4/2024: ``day`` or ``month``; empty where nobody can tell.
        year: today's, for years of two digits.
        words: what else a choice is called, by what is written, folded.
    """

    kind: str
    power: int = 0
    percent: bool = False
    order: str = ""
    year: int = 2000
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def plain(self) -> bool:
        """Whether a plain figure means itself."""
        return not self.power

    def __call__(self, given: Any) -> Any:
        """Raises: Invalid."""
        if isinstance(given, str):
            if given in ERRORS:
                raise Invalid("cell-error", None, value=given)
            given = harmless(given)
        way = _WAYS.get(self.kind)
        return given if way is None else way(self, given)


def computed(given: Formula) -> Any:
    """What a formula came to when its file was saved.

    Raises:
        Invalid: ``formula-without-value``: it was never computed.
    """
    if given.value is None:
        raise Invalid("formula-without-value", None, formula=given.text[:40])
    return given.value


def quick_minor(given: Any, places: int) -> int | None:
    """Minor units of a figure in digits with a decimal point; None for whatever else, which has to be looked at."""
    if type(given) is not str or not given.isascii():
        return None
    whole, dot, rest = given.partition(".")
    if not whole.isdigit() or len(whole) > 15:
        return None
    if not dot:
        return int(whole + "0" * places)
    if not rest.isdigit() or len(rest) > places:
        return None
    return int(whole + rest.ljust(places, "0"))


def harmless(text: str) -> str:
    """A text that an export kept from being taken for a formula, as it was before."""
    rest = text[1:]
    return rest if text[:1] == "'" and rest.lstrip("'").startswith(FORMULA) else text


#: a figure that a spreadsheet computes nothing of
PLAIN: Final = re.compile(r"-?\d[\d,]*(\.\d+)?%?", re.ASCII)
#: what a spreadsheet takes for a formula at the beginning of a cell
FORMULA: Final = (
    "=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20",
)  # fmt: skip


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula: with an apostrophe before it, where it needs one."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


# -- by kind ---------------------------------------------------------------------------------------------------------


def _text(written: Written, given: Any) -> Any:
    if isinstance(given, str):
        return given
    if isinstance(given, bool):
        return "TRUE" if given else "FALSE"
    if isinstance(given, datetime):
        midnight = (given.hour, given.minute, given.second) == (0, 0, 0)
        return str(given.date() if midnight else given)
    if isinstance(given, (int, float)):
        said = _digits(given)
        if len(said.lstrip("-")) > _SPREADSHEET.prec >= len(said.strip("-0")):
            raise Invalid("digits-lost", None, value=said)
        return said
    return str(given)


def _digits(given: Any) -> str:
    """A number of a spreadsheet as it shows it: an account's number hasn't ``.0`` behind it."""
    exact = _SPREADSHEET.create_decimal(repr(given)) if isinstance(given, float) else Decimal(given)
    if not exact.is_finite():
        raise Invalid("not-a-number", None, value=str(given))
    if exact == exact.to_integral_value():
        return format(exact.to_integral_value(), "f")
    return format(exact.normalize(), "f")


def _figure(given: Any) -> str:
    """A figure in digits with a decimal point, without separators.

    Raises:
        Invalid: ``not-a-number``.
    """
    if isinstance(given, bool) or not isinstance(given, (int, float, str)):
        raise Invalid("not-a-number", None, value=str(given))
    if not isinstance(given, str):
        return _digits(given)
    text = given.translate(_WIDTH).strip()
    negative = text.startswith("-")
    text = _CURRENCY.sub("", text.removeprefix("-").strip() if negative else text).strip()
    if (bracketed := _BRACKETED.fullmatch(text)) and not negative:
        text, negative = _CURRENCY.sub("", bracketed[1].strip()), True
    if not _NUMBER.fullmatch(text) or (negative and text[0] in "+-"):
        raise Invalid("not-a-number", None, value=given)
    text = text.replace(",", "").rstrip(".")
    text = f"0{text}" if text.startswith(".") else text
    return f"-{text}" if negative else text.removeprefix("+")


def _amount(written: Written, given: Any) -> str:
    figure = _figure(given)
    if written.power:
        figure = format(Decimal(figure).scaleb(written.power), "f")
    return figure.rstrip("0").rstrip(".") if "." in figure else figure


def _integer(written: Written, given: Any) -> str:
    figure = _figure(given)
    whole, _dot, rest = figure.partition(".")
    return figure if rest.strip("0") else whole


def _rate(written: Written, given: Any) -> str:
    percent = written.percent and not isinstance(
        given, Percentage
    )  # such a cell holds the fraction
    if isinstance(given, str):
        text = given.translate(_WIDTH).strip()
        if text.endswith("%"):
            given, percent = text[:-1].strip(), True
    figure = Decimal(_figure(given))
    # nine places are kept: what a spreadsheet computed beyond is noise, what somebody wrote isn't
    exact = figure.scaleb(-2) if percent else figure
    if isinstance(given, float):
        exact = round(exact, 9)
    return format(exact, "f")


def _date(written: Written, given: Any) -> str:
    if isinstance(given, datetime):
        if (given.hour, given.minute, given.second) != (0, 0, 0):
            raise Invalid("not-a-date")
        return given.date().isoformat()
    if isinstance(given, date):
        return given.isoformat()
    if not isinstance(given, (str, int)) or isinstance(given, bool):
        raise Invalid("not-a-date")
    text = _MIDNIGHT.sub("", str(given).translate(_WIDTH).strip().casefold())
    for pattern in _DATES:
        if found := pattern.fullmatch(text):
            parts = found.groupdict()
            month = _MONTHS.get(parts["name"]) if "name" in parts else int(parts["m"])
            return _day(written, parts["y"], month, int(parts["d"]))
    if found := _EITHER.fullmatch(text):
        return _either(written, int(found[1]), int(found[2]), found[3])
    raise Invalid("not-a-date")


def _either(written: Written, first: int, second: int, year: str) -> str:
    if written.order == MONTH_FIRST:
        return _day(written, year, first, second)
    if written.order == DAY_FIRST or (first == second and len(year) == 4):
        return _day(written, year, second, first)
    raise Invalid("day-or-month")


def _day(written: Written, year: str, month: int | None, day: int) -> str:
    full = int(year)
    if len(year) == 2:
        full += written.year // 100 * 100
        full -= 100 if full > written.year + _AHEAD else 0
    try:
        return date(full, month or 0, day).isoformat()
    except ValueError:
        raise Invalid("not-a-date") from None


def unambiguous(given: Any, order: str, year: int) -> Any:
    """A date of a column whose order is known, as everybody reads it; whatever else as it is.

    Args:
        year: today's, for years of two digits.
    """
    if not isinstance(given, str) or not _EITHER.fullmatch(given.strip()):
        return given
    try:
        return _date(Written("date", order=order, year=year), given)
    except Invalid:
        return given


def orders(given: Any) -> str:
    """What a date says of the order in which its column is written: ``day``, ``month``, or nothing."""
    if not isinstance(given, str) or len(given) < 6 or not given[:1].isdigit():
        return ""
    found = _EITHER.match(harmless(given).strip())
    if found is None:
        return ""
    first, second = int(found[1]), int(found[2])
    if first > 12 >= second:
        # 24/01/05 may be a day of 2024 as well, where its end may be a day
        return DAY_FIRST if len(found[3]) == 4 or not 1 <= int(found[3]) <= 31 else ""
    return MONTH_FIRST if second > 12 >= first else ""


def _time(written: Written, given: Any) -> Any:
    return given.isoformat() if isinstance(given, datetime) else given


def _boolean(written: Written, given: Any) -> Any:
    if isinstance(given, bool):
        return given
    said = _folded(str(given))
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise Invalid("not-a-yes-or-no")


def _choice(written: Written, given: Any) -> Any:
    text = _text(written, given).strip()
    return written.words.get(_folded(text), text)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


_WAYS: Final[Mapping[str, Callable[[Written, Any], Any]]] = {
    "text": _text, "long-text": _text, "integer": _integer, "amount": _amount, "rate": _rate, "date": _date,
    "time": _time, "boolean": _boolean, "choice": _choice,
}  # fmt: skip
