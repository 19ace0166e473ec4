"""The tags of a customer with their reasons, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from tenor_customer_tags.records import CustomerTag, Origin
from tenor_customer_tags.services import held_tags
from tenor_customers.public import Customer, shown
from tenor_sdk import Context, _
from tenor_sdk.i18n import Text
from tenor_sdk.views import Cell, Column, Table

_FACTS: Final = {
    "rating": _("Rating"),
    "months_without_arrears": _("Months without arrears"),
    "debt_to_assets": _("Debt to assets"),
    "open_red_alerts": _("Open red alerts"),
}
_SOURCES: Final = {
    "audited": _("audited"),
    "management": _("management"),
    "rating": _("rating"),
}
_SIGNS: Final = {"at_least": "≥", "<=": "≤", ">=": "≥", "==": "=", "is": "="}


def tags_of_customer(ctx: Context, customer: Customer) -> Table:
    """Each tag that the customer carries, why, and until when."""
    rows = [row for held in held_tags(ctx, customer.id) for row in _rows(held)]
    columns = (Column(_("Tag")), Column(_("Why")))
    return Table(columns, rows, empty=_("No tags"))


def _rows(held: CustomerTag) -> list[list[object]]:
    name = Text(held.tag.name, module=__name__)
    if held.origin is Origin.PERSON:
        return [[Cell(name, note=_("by hand, until {day}", day=held.until)), held.reason]]
    reasons: list[object] = [_reason(fact) for fact in held.facts]
    note = _("by rule, version {version}", version=held.rule_version)
    first = [Cell(name, note=note), reasons[0] if reasons else None]
    return [first, *(["", reason] for reason in reasons[1:])]


def _reason(fact: Mapping[str, Any]) -> Text:
    name = _FACTS.get(fact["fact"], fact["fact"])
    source = _SOURCES.get(fact["source"], fact["source"])
    value = _figure(fact, fact["value"])
    bound = f"{_SIGNS.get(fact['op'], fact['op'])} {_figure(fact, fact['threshold'])}"
    return _(
        "{fact} {value} {bound} ({day}, {source})",
        fact=name,
        value=value,
        bound=bound,
        day=fact["as_of"] or "",
        source=source,
    )


def _figure(fact: Mapping[str, Any], text: str) -> str:
    return shown(Fraction(text), percent=True) if fact["is_share"] else text
