"""Rules as tables: what one may name, what it would have done, what it did."""

from __future__ import annotations

from sqlalchemy import select

from tenor_automation.dry_run import Tried, dry_run
from tenor_automation.records import Outcome, Rule, Run, ToDo
from tenor_automation.sound import changed_by, event_of
from tenor_sdk import Context, Record, TenorError, _
from tenor_sdk.catalogue import kind_named
from tenor_sdk.expressions import ExpressionType, names_on
from tenor_sdk.i18n import Text
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
    """The latest occasions, and what the rule would have made of each."""
    columns = (Column(_("Occasion")), Column(_("Record")), Column(_("What it would do")))
    tried = dry_run(ctx, rule)
    rows = [_tried_row(one) for one in tried]
    acting = sum(one.would is not None for one in tried)
    failing = sum(one.would is None and one.why is not None for one in tried)
    caption = _(
        "It would act on {acting} of {n} occasions and fail on {failing}; as records stand today, for you",
        acting=acting, n=len(rows), failing=failing,
    )  # fmt: skip
    return Table(columns, rows, empty=_("Nothing of the kind happened lately"), caption=caption)


_NOTHING = Cell(_("Nothing: condition not met"), tone="quiet")


def _tried_row(one: Tried) -> list[object]:
    at = one.at or ""
    if one.would is not None:
        return [
            at,
            _linked(one.record),
            Cell(one.would, note=one.why, tone="adverse" if one.why else "strong"),
        ]
    return [at, _linked(one.record), Cell(one.why, tone="adverse") if one.why else _NOTHING]


def runs_of(ctx: Context, rule: Rule) -> Table:
    """What it did, the latest first."""
    latest = select(Run).where(Run.rule_id == rule.id).order_by(Run.id.desc()).limit(_MOST_RUNS)
    columns = (Column(_("Time")), Column(_("Record")), Column(_("What came of it")))
    rows = [_run_row(ctx, run) for run in ctx.session.scalars(latest)]
    return Table(columns, rows, empty=_("It hasn’t run yet"))


def _run_row(ctx: Context, run: Run) -> list[object]:
    said = run.said or run.error
    note = Text("{said}", {"said": said}, module=__name__) if said else None
    tone = {Outcome.FAILED: "adverse", Outcome.NOT_MET: "quiet"}.get(run.outcome, "")
    came = Cell(OUTCOMES[run.outcome], note=note, tone=tone)  # type: ignore[arg-type]  # of the two that there are
    return [run.created_at, _about(ctx, run), came]


def _about(ctx: Context, what: Run | ToDo) -> Cell:
    """A record by its name as it was told, leading to it; whoever can't read it finds nothing there."""
    try:
        kind = kind_named(ctx, what.about)
    except TenorError:  # its plugin is off
        return Cell(what.record_name)
    return Cell(what.record_name or f"#{what.record_id}", href=_href(kind, what.record_id or 0))


def about_to_do(ctx: Context, to_do: ToDo) -> Facts:
    """What is to be looked at."""
    return Facts([(_("Record"), _about(ctx, to_do), "text")])


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


def _linked(record: Record) -> Cell:
    return Cell(record.display(), href=_href(type(record), record.id))


def _href(kind: type[Record], identity: int) -> str:
    return f"/{kind.__plugin__}/{kind.slug()}/{identity}"
