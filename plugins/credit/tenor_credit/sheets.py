"""A rating and a limit taken apart, as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from tenor_credit.domain.models import scorecard
from tenor_credit.domain.scorecard import Factor, Scorecard
from tenor_credit.limits import LimitInputs, sheet_data, work_out_limit
from tenor_credit.records import LimitProposal, Rating
from tenor_credit.services import Judgement, valid_rating, work_out
from tenor_customers.public import Customer, shown
from tenor_sdk import Amount, Context, _
from tenor_sdk.i18n import Text
from tenor_sdk.values import half_up
from tenor_sdk.views import Cell, Column, Table

_SOURCES: Final = {
    "audited": _("audited"),
    "management": _("management"),
    "operations": _("visit"),
    "officer": _("judgement"),
}
_ANSWERS: Final = {"yes": _("yes"), "no": _("no"), "missing": _("missing")}
#: what the tree asks for and the scorecard doesn't
_FURTHER: Final = {"dscr": _("Debt service cover")}


# -- a rating ----------------------------------------------------------------------------------------------------------


def working_sheet(_ctx: Context, rating: Rating) -> Sequence[Table]:
    """The scorecard: each factor with its value, points, what would earn more, and its source; then the tree."""
    return _sheet(scorecard(rating.model), rating.sheet), _tree(rating.tree)


def rating_of_customer(ctx: Context, customer: Customer) -> Sequence[Table]:
    """The rating in force on the customer's page."""
    rating = valid_rating(ctx, customer.id)
    if rating is None:
        return (Table((Column(_("Factor")),), [], empty=_("No rating is in force")),)
    return working_sheet(ctx, rating)


def preview_of_rating(ctx: Context, customer: Customer, judgement: Judgement) -> Sequence[Table]:
    """What would come out; nothing is kept."""
    made = work_out(ctx, customer, judgement)
    return _sheet(made.model, made.sheet), _tree(made.tree)


def _sheet(model: Scorecard, sheet: Mapping[str, Any]) -> Table:
    factors = {factor.code: factor for factor in model.factors}
    rows = [_row(factors[row["factor"]], row) for row in sheet["rows"]]
    columns = (
        Column(_("Factor")), Column(_("Value"), "number"), Column(_("Points"), "points"),
        Column(_("For more")), Column(_("Source")), Column(_("As of"), "date"),
    )  # fmt: skip
    more = sheet["to_next"]
    following = _("{n} points to the next grade", n=more) if more else None
    totals = [_("Total"), Cell(sheet["grade"]), (sheet["total"], 100), following, None, None]
    caption = _("{model} ({id})", model=Text(model.en, module=__name__), id=model.id)
    return Table(columns, rows, totals=totals, caption=caption)


def _row(factor: Factor, row: Mapping[str, Any]) -> list[object]:
    return [
        Text(factor.en, module=__name__),
        Cell(_value(factor, row)),
        (row["points"], row["maximum"]),
        _more(factor, row["next"]),
        _SOURCES.get(row["source"], _("on file")),
        row["as_of"],
    ]


def _value(factor: Factor, row: Mapping[str, Any]) -> object:
    if row["value"] is None:
        return _("missing")
    if row["is_class"]:
        return _class(factor, row["value"])
    return shown(Fraction(row["value"]), percent=factor.percent)


def _class(factor: Factor, code: str) -> Text | str:
    named = next((one for one in factor.classes if one.code == code), None)
    return Text(named.en, module=__name__) if named else code


def _more(factor: Factor, following: Mapping[str, Any] | None) -> object:
    if following is None:
        return None
    if following["named"]:
        what = _class(factor, following["named"])
        return _("+{gain}: {what}", gain=following["gain"], what=what)
    bound = following["at_least"] or following["below"]
    sign = "≥" if following["at_least"] else "<"
    figure = f"{sign} {shown(Fraction(bound), percent=factor.percent)}"
    return _("+{gain}: {what}", gain=following["gain"], what=figure)


def _tree(kept: Mapping[str, Any]) -> Table:
    rows = [_step(step) for step in kept["path"]]
    columns = (
        Column(_("Question")),
        Column(_("Value"), "number"),
        Column(_("Threshold"), "number"),
        Column(_("Answer")),
    )
    caption = _("Path of the decision tree: {grade}", grade=kept["grade"])
    return Table(columns, rows, caption=caption)


def _step(step: Mapping[str, Any]) -> list[object]:
    factor = _factors().get(step["field"])
    percent = factor is not None and factor.percent
    asked = (
        Text(factor.en, module=__name__) if factor else _FURTHER.get(step["field"], step["field"])
    )
    value = None if step["value"] is None else shown(Fraction(step["value"]), percent=percent)
    threshold = f"{step['op']} {shown(Fraction(step['threshold']), percent=percent)}"
    return [asked, value, threshold, _ANSWERS.get(step["answer"], step["answer"])]


def _factors() -> Mapping[str, Factor]:
    from tenor_credit.domain.models import bundled_scorecards

    return {
        factor.code: factor for card in bundled_scorecards().values() for factor in card.factors
    }


# -- a limit -----------------------------------------------------------------------------------------------------------


def limit_steps(_ctx: Context, proposal: LimitProposal) -> Sequence[Table]:
    """From the cycle's days to the proposed limit."""
    inputs = LimitInputs(
        proposal.growth,
        proposal.own_funds,
        proposal.existing_loans,
        proposal.other_channels,
        proposal.asked,
    )
    return _limit(proposal.sheet, inputs, proposal.needed, proposal.proposed, proposal.currency)


def preview_of_limit(ctx: Context, customer: Customer, inputs: LimitInputs) -> Sequence[Table]:
    """What would come out; nothing is kept."""
    sheet = work_out_limit(ctx, customer, inputs).sheet
    kept = sheet_data(sheet)
    return _limit(kept, inputs, sheet.need.amount, sheet.proposed, customer.currency)


def _limit(
    sheet: Mapping[str, Any], inputs: LimitInputs, needed: Amount, proposed: Amount, currency: str
) -> Sequence[Table]:
    return _room(sheet, inputs, needed, proposed, currency), _cycle(sheet)


def _room(
    sheet: Mapping[str, Any], inputs: LimitInputs, needed: Amount, proposed: Amount, currency: str
) -> Table:
    rows: list[list[object]] = [
        [_("Working capital needed"), needed],
        [_("less own funds"), -inputs.own_funds],
        [_("less present working-capital loans"), -inputs.existing_loans],
        [_("less other channels"), -inputs.other_channels],
        [_("Room"), Amount(half_up(Fraction(sheet["room"])))],
        [_("Rounded down to a million"), Amount(sheet["supported"])],
    ]
    if inputs.asked is not None:
        rows.append([_("Asked for"), inputs.asked])
    columns = (Column(_("Step")), Column(_("Amount"), "money", currency))
    return Table(columns, rows, totals=[_("Proposed limit"), proposed], caption=_("The limit"))


def _cycle(sheet: Mapping[str, Any]) -> Table:
    days = {name: Fraction(text) for name, text in sheet["days"].items()}
    signed = {
        _("Days of inventory"): days["inventory"],
        _("Days of receivables"): days["receivables"],
        _("Days of prepayments"): days["prepayments"],
        _("less days of payables"): -days["payables"],
        _("less days of advances received"): -days["advances"],
        _("Days of the cycle"): days["cycle"],
    }
    rows: list[list[object]] = [[label, shown(value)] for label, value in signed.items()]
    turns = sheet["turns"]
    rows += [
        [_("Turns a year, two decimals"), None if turns is None else shown(Fraction(turns))],
        [_("Sales margin"), shown(Fraction(sheet["margin"]), percent=True)],
        [_("Expected growth of revenue"), shown(Fraction(sheet["growth"]), percent=True)],
    ]
    note = _(
        "Revenue × (1 − margin) × (1 + growth) ÷ turns; averages of opening and closing balance"
    )
    return Table((Column(_("Step")), Column(_("Figure"), "number")), rows, caption=note)
