"""Rules as tables: what one may name, what it would have done, what it did."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from tenor_automation.dry_run import Tried, dry_run
from tenor_automation.records import Outcome, Rule, Run, ToDo
from tenor_automation.running import times_not_met
from tenor_automation.sound import changed_by, event_of, faults
from tenor_sdk import Context, Record, TenorError, _
from tenor_sdk.catalogue import kind_named
from tenor_sdk.expressions import ExpressionType, names_on
from tenor_sdk.i18n import Text
from tenor_sdk.records import name_of
from tenor_sdk.views import Cell, Column, Facts, Table

_MOST_RUNS = 50
_TYPES = {
    ExpressionType.TRUTH: _("Yes or no"),
    ExpressionType.NUMBER: _("Whole number"),
    ExpressionType.TEXT: _("Text"),
    ExpressionType.MONEY: _("Money"),
    ExpressionType.RATE: _("Rate"),
    ExpressionType.DATE: _("Date"),
    ExpressionType.TIME: _("Time"),
}
OUTCOMES = {
    Outcome.DONE: _("Done"),
    Outcome.NOT_MET: _("Condition not met"),
    Outcome.FAILED: _("Failed"),
    Outcome.OWN_DOING: _("Not done: the rule caused this itself"),
    Outcome.TOO_DEEP: _("Not done: too many rules follow on each other"),
}


def would_have_done(ctx: Context, rule: Rule) -> Table:
    """The latest occasions, and what the rule would have made of each; of one that can't act, why."""
    columns = (Column(_("Occasion")), Column(_("Record")), Column(_("What it would do")))
    fault = next(faults(ctx, rule), None)
    if fault is not None:
        return Table(columns, (), empty=fault)
    tried = dry_run(ctx, rule)
    rows = [_tried_row(ctx, one) for one in tried]
    acting = sum(one.would is not None for one in tried)
    failing = sum(one.would is None and one.why is not None for one in tried)
    caption = _(
        "It would act on {acting} of {n} occasions and fail on {failing}; as records stand today, for you",
        acting=acting, n=len(rows), failing=failing,
    )  # fmt: skip
    return Table(columns, rows, empty=_("Nothing of the kind happened lately"), caption=caption)


_NOTHING = Cell(_("Nothing: condition not met"), tone="quiet")


def _tried_row(ctx: Context, one: Tried) -> list[object]:
    at, record = one.at or "", _linked(ctx, one.record)
    if one.would is not None:
        return [
            at,
            record,
            Cell(one.would, note=one.why, tone="adverse" if one.why else "strong"),
        ]
    return [at, record, Cell(one.why, tone="adverse") if one.why else _NOTHING]


def runs_of(ctx: Context, rule: Rule) -> Table:
    """What it did, the latest first."""
    latest = select(Run).where(Run.rule_id == rule.id).order_by(Run.id.desc()).limit(_MOST_RUNS)
    columns = (Column(_("Time")), Column(_("Record")), Column(_("What came of it")))
    shown = ctx.session.scalars(latest).all()
    known = _known(ctx, rule.about, {run.record_id for run in shown})
    rows = [_run_row(ctx, run, known) for run in shown]
    caption = _(
        "Its condition wasn’t met {n} times, {today} of them today",
        n=times_not_met(ctx, rule), today=times_not_met(ctx, rule, since=ctx.today),
    )  # fmt: skip
    return Table(columns, rows, empty=_("It hasn’t run yet"), caption=caption)


def _run_row(ctx: Context, run: Run, known: Mapping[int, Record]) -> list[object]:
    said = run.said or run.error
    note = Text("{said}", {"said": said}, module=__name__) if said else None
    tone = {Outcome.FAILED: "adverse", Outcome.NOT_MET: "quiet"}.get(run.outcome, "")
    came = Cell(OUTCOMES[run.outcome], note=note, tone=tone)  # type: ignore[arg-type]  # of the two that there are
    return [run.created_at, _told(ctx, run, known), came]


def about(ctx: Context, what: Run | ToDo) -> Facts:
    """What was looked at, or is to be."""
    known = _known(ctx, what.about, {what.record_id})
    return Facts([(_("Record"), _told(ctx, what, known), "text")])


def _known(ctx: Context, about: str, ids: Collection[int | None]) -> Mapping[int, Record]:
    """Of the records of a kind those that the person may read; none where its plugin is off."""
    try:
        kind = kind_named(ctx, about)
    except TenorError:
        return {}
    return {one.id: one for one in ctx.session.scalars(select(kind).where(kind.id.in_(ids)))}


def _told(ctx: Context, what: Run | ToDo, known: Mapping[int, Record]) -> Cell:
    """A record by the name by which the person knows it, leading to it; its number to whoever can't read it."""
    record = known.get(what.record_id or 0)
    return Cell(f"#{what.record_id}") if record is None else _linked(ctx, record)


def names_of_rule(ctx: Context, rule: Rule) -> Table:
    """What a condition may name."""
    columns = (Column(_("Name")), Column(_("Field")), Column(_("Kind")))
    try:
        named = names_on(
            ctx, kind_named(ctx, rule.about), event_of(ctx, rule), changed=changed_by(rule)
        )
    except TenorError:
        named = []
    return Table(
        columns,
        [[one.name, one.label, _TYPES[one.type]] for one in named],
        empty=_("No such record"),
    )


def _linked(ctx: Context, record: Record) -> Cell:
    kind = type(record)
    return Cell(name_of(ctx, record), href=f"/{kind.__plugin__}/{kind.slug()}/{record.id}")
