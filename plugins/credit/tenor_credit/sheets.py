"""A rating taken apart, as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from tenor_credit.domain.models import scorecard
from tenor_credit.domain.scorecard import Factor
from tenor_credit.records import Rating
from tenor_credit.services import valid_rating
from tenor_customers.public import Customer
from tenor_sdk import Context, _
from tenor_sdk.i18n import Text
from tenor_sdk.views import Cell, Column, Facts, Table

_SOURCES = {
    "audited": _("audited"),
    "management": _("management"),
    "operations": _("visit"),
    "officer": _("judgement"),
}


def working_sheet(ctx: Context, rating: Rating) -> Sequence[Table | Facts]:
    """The scorecard: each factor with its value, points, what would change it, and its source; then the tree."""
    return sheet_of(rating), _tree(rating.tree)


def sheet_of(rating: Rating) -> Table:
    """The scorecard of a rating."""
    factors = {factor.code: factor for factor in scorecard(rating.model).factors}
    rows = [_row(factors[row["factor"]], row) for row in rating.sheet["rows"]]
    columns = (
        Column(_("Factor")), Column(_("Value"), "number"), Column(_("Points"), "points"),
        Column(_("For more")), Column(_("Source")),
    )  # fmt: skip
    totals = [_("Total"), Cell(rating.grade), (rating.score, 100), _next_grade(rating), ""]
    return Table(
        columns,
        rows,
        totals=totals,
        caption=_("{model}: the score taken apart", model=rating.model),
    )


def _row(factor: Factor, row: Mapping[str, Any]) -> list[object]:
    note = Text(factor.en, module=__name__)
    source = _SOURCES.get(row["source"], _("on file"))
    dated = _("{source} {day}", source=source, day=row["as_of"]) if row["as_of"] else source
    return [
        note,
        Cell(_value(factor, row)),
        (row["points"], row["maximum"]),
        _more(factor, row["next"]),
        dated,
    ]


def _value(factor: Factor, row: Mapping[str, Any]) -> object:
    if row["value"] is None:
        return _("missing")
    if row["is_class"]:
        named = next((one for one in factor.classes if one.code == row["value"]), None)
        return Text(named.en, module=__name__) if named else str(row["value"])
    return shown(Fraction(row["value"]), percent=factor.percent)


def shown(value: Fraction, *, percent: bool) -> str:
    """A figure with one decimal as a percentage, else with two."""
    scaled = value * 100 if percent else value
    places = 1 if percent else 2
    whole = round(scaled * 10**places)
    sign = "−" if whole < 0 else ""
    digits = str(abs(whole)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}{'%' if percent else ''}"


def _more(factor: Factor, following: Mapping[str, Any] | None) -> object:
    if following is None:
        return "—"
    if following["named"]:
        named = next((one for one in factor.classes if one.code == following["named"]), None)
        return _("+{gain}: {what}", gain=following["gain"],
                 what=Text(named.en, module=__name__) if named else following["named"])  # fmt: skip
    bound, sign = (
        (following["at_least"], "≥") if following["at_least"] else (following["below"], "<")
    )
    figure = shown(Fraction(bound), percent=factor.percent)
    return _("+{gain}: {sign} {figure}", gain=following["gain"], sign=sign, figure=figure)


def _next_grade(rating: Rating) -> object:
    missing = rating.sheet["to_next"]
    return _("{n} points to the next grade", n=missing) if missing else ""


def _tree(kept: Mapping[str, Any]) -> Table:
    rows = [
        [
            Text(step["field"].replace("_", " ").capitalize(), module=__name__),
            "—" if step["value"] is None else shown(Fraction(step["value"]), percent=False),
            f"{step['op']} {shown(Fraction(step['threshold']), percent=False)}",
            _ANSWERS.get(step["answer"], step["answer"]),
        ]
        for step in kept["path"]
    ]
    columns = (
        Column(_("Question")),
        Column(_("Value"), "number"),
        Column(_("Threshold")),
        Column(_("Answer")),
    )
    return Table(
        columns, rows, caption=_("Path of the decision tree: {grade}", grade=kept["grade"])
    )


_ANSWERS = {"yes": _("yes"), "no": _("no"), "missing": _("missing")}


def rating_of_customer(ctx: Context, customer: Customer) -> Sequence[Table] | None:
    """The rating in force on the customer's page."""
    rating = valid_rating(ctx, customer.id)
    return (sheet_of(rating),) if rating is not None else None
