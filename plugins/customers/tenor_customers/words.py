"""Problems of codes and files in words: lines by their names, amounts in the unit of the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from tenor_customers.domain.lines import known_lines
from tenor_customers.domain.problems import Place, Problem
from tenor_customers.domain.statements import Unit
from tenor_sdk import Amount, Invalid, _
from tenor_sdk.i18n import Text
from tenor_sdk.values import exponent

#: what a column holds that is no line of a statement
_ROLES = {
    "period_end": _("the period"),
    "company": _("the company"),
    "assurance": _("whether it is audited"),
    "issued_on": _("the day of issue"),
}
_YUAN = {
    Unit.ONE: _("yuan"),
    Unit.THOUSAND: _("thousand yuan"),
    Unit.TEN_THOUSAND: _("ten thousand yuan"),
    Unit.MILLION: _("million yuan"),
    Unit.HUNDRED_MILLION: _("hundred million yuan"),
}
_LARGE: dict[Unit, Callable[[str], Text]] = {
    Unit.THOUSAND: lambda currency: _("thousand {currency}", currency=currency),
    Unit.TEN_THOUSAND: lambda currency: _("ten thousand {currency}", currency=currency),
    Unit.MILLION: lambda currency: _("million {currency}", currency=currency),
    Unit.HUNDRED_MILLION: lambda currency: _("hundred million {currency}", currency=currency),
}


def line_name(code: str) -> Text:
    """What a line of a statement is called."""
    return Text(known_lines()[code].en, module=__name__)


def unit_name(unit: Unit, currency: str) -> Text | str:
    """What a unit of amounts is called: 万元, million USD."""
    if currency == "CNY":
        return _YUAN[unit]
    return _LARGE[unit](currency) if unit in _LARGE else currency


def listed(texts: Sequence[Text | str]) -> Text | str:
    """Several texts with the comma of the language."""
    if len(texts) < 2:
        return texts[0] if texts else ""
    return _("{one}, {others}", one=texts[0], others=listed(texts[1:]))


def as_error(problem: Problem) -> Invalid:
    """A problem as an error whose sentence the catalogue holds."""
    return Invalid(problem.key, None, **{key: _said(key, problem) for key in problem.values})


def said(problem: Problem) -> Text:
    """A problem with its place in the file."""
    words = as_error(problem)
    where = _where(problem.place)
    return _("{where}: {problem}", where=where, problem=words) if where else _("{problem}", problem=words)  # fmt: skip


def _where(place: Place | None) -> str:
    if place is None:
        return ""
    cell = f"{place.column}{place.row or ''}"
    return " ".join(part for part in (place.sheet, cell) if part)


def _said(key: str, problem: Problem) -> object:
    value = problem.values[key]
    if key == "perhaps":
        return _("Perhaps {character} is meant.", character=value) if value else ""
    if isinstance(value, Amount):
        return _figure(value, problem)
    if key == "unit":
        return unit_name(_unit(problem), _currency(problem))
    if key in ("size", "limit") and problem.key.endswith("too-large"):
        return f"{Decimal(str(value)) / 1024**2:.1f}"
    if isinstance(value, tuple):
        return listed([_named(str(each)) for each in value])
    return _named(value) if isinstance(value, str) and key in ("line", "column", "missing") else value  # fmt: skip


def _named(text: str) -> Text | str:
    """A code by its name; other texts as they are."""
    return line_name(text) if text in known_lines() else _ROLES.get(text, text)


def _figure(value: Amount, problem: Problem) -> str:
    """An amount in the unit in which the file states it, with separators and no more decimals than it needs."""
    scale = _unit(problem).value * 10 ** exponent(_currency(problem))
    exact = (Decimal(value.minor) / scale).normalize()
    return f"{exact:,f}".replace("-", "−")


def _unit(problem: Problem) -> Unit:
    return Unit[str(problem.values.get("unit", Unit.ONE.name))]


def _currency(problem: Problem) -> str:
    return str(problem.values.get("currency", "CNY"))
