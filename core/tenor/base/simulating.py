"""What a version would have made of last year's cases, on its page: how many, and which of those the person may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from tenor.access.offered import position_text
from tenor.views import address
from tenor.workflow.limit_text import joined, who_text
from tenor.workflow.simulate import (
    DEADLINE,
    ESCALATION,
    MORE,
    NOBODY,
    OTHERS,
    POSITION,
    PRIORITY,
    WHO,
    Case,
    Simulated,
)
from tenor.workflow.versions import PUBLISHED
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import Text, _
from tenor_sdk.views import Cell, Column, Content, Facts, Table

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.workflow.limits import LineSpec
    from tenor.workflow.records import AuthorityVersion, TaskRuleVersion
    from tenor_sdk.context import Context
    from tenor_sdk.records import Record

#: how many cases a page names
_MOST: Final = 50
WAYS: Final = {
    OTHERS: _("Other people could have decided it"),
    MORE: _("Those who decided it wouldn’t have been enough"),
    NOBODY: _("Nobody could have decided it"),
    POSITION: _("Another position"),
    WHO: _("Another person of the position"),
    DEADLINE: _("Another deadline"),
    PRIORITY: _("Another priority"),
    ESCALATION: _("Somebody else told when overdue"),
}  # fmt: skip


def authority_simulated(ctx: Context, version: AuthorityVersion) -> Sequence[Content]:
    """What the lines of a version would have made of last year's decisions; nothing once it is published."""
    found = simulate_authority(cast("KernelContext", ctx), version)
    return _sheets(cast("KernelContext", ctx), found, _authority_row) if found is not None else ()


def rules_simulated(ctx: Context, version: TaskRuleVersion) -> Sequence[Content]:
    """What the rules of a version would have made of last year's tasks; nothing once it is published."""
    found = simulate_rules(cast("KernelContext", ctx), version)
    return _sheets(cast("KernelContext", ctx), found, _rule_row) if found is not None else ()


def simulate_authority(ctx: KernelContext, version: AuthorityVersion) -> Simulated | None:
    """The same as a value; None for a version that is published, or whose plugin is off."""
    engine = ctx.kernel.workflow
    authority = engine.authorities.declared.get(version.authority)
    if authority is None or version.state == PUBLISHED:
        return None
    lines = engine.authorities.lines(ctx, authority, version.id)
    return engine.simulations.authority(ctx, authority, lines)


def simulate_rules(ctx: KernelContext, version: TaskRuleVersion) -> Simulated | None:
    """The same as a value; None for a version that is published, or whose plugin is off."""
    rules = ctx.kernel.workflow.work.rules
    try:
        flow = rules.flow(version.workflow)
    except NotFound:
        return None
    if version.state == PUBLISHED:
        return None
    lines = {one.stage: one for one in rules.lines(ctx, version.id)}
    return ctx.kernel.workflow.simulations.tasks(ctx, flow, lines)


def counted(found: Simulated) -> list[tuple[Text, int]]:
    """How many of what, in words."""
    rows = [
        (_("Looked at"), found.looked_at),
        (_("Would have gone another way"), len(found.changed)),
    ]
    rows += [(words, found.counts[way]) for way, words in WAYS.items() if way in found.counts]
    if found.unsaid:
        rows.append((_("Nothing can be said: what is asked for wasn’t kept then"), found.unsaid))
    return rows


def _sheets(
    ctx: KernelContext, found: Simulated, row: Callable[[KernelContext, Case], Sequence[object]]
) -> Sequence[Content]:
    named = _named(ctx, found.changed)
    shown = [one for one in found.changed if (one.table_name, one.record_id) in named]
    day = found.since.astimezone(ctx.kernel.clock.zone).date()
    facts = Facts(
        rows=[(words, n, "number") for words, n in counted(found)],
        caption=_("Cases since {day}", day=day.isoformat()),
    )
    if not found.changed:
        return (facts,)
    rows = [
        (Cell(name, href=address(kind, one.record_id)), *row(ctx, one))
        for one in shown[:_MOST]
        for kind, name in (named[one.table_name, one.record_id],)
    ]
    columns = (
        Column(_("Case")),
        Column(_("What")),
        Column(_("So far")),
        Column(_("By this version")),
    )
    return facts, Table(
        columns=columns, rows=rows, empty=_("None of them is visible to you."),
        caption=_("{n} of {all}, the latest first", n=len(rows), all=len(found.changed)),
    )  # fmt: skip


def _named(
    ctx: KernelContext, cases: Sequence[Case]
) -> dict[tuple[str, int], tuple[type[Record], str]]:
    """The names of those records that the person may read; one statement a kind."""
    wanted: dict[str, set[int]] = {}
    for one in cases:
        wanted.setdefault(one.table_name, set()).add(one.record_id)
    found: dict[tuple[str, int], tuple[type[Record], str]] = {}
    for table, ids in wanted.items():
        kind = ctx.kernel.records.by_table.get(table)
        if kind is not None:
            names = ctx.kernel.records.display_names(ctx, kind, ids)
            found |= {(table, identity): (kind, name) for identity, name in names.items()}
    return found


def _ways(case: Case) -> Text:
    return joined([WAYS[way] for way in case.ways], _("none"))


def _authority_row(_ctx: KernelContext, case: Case) -> Sequence[object]:
    def people(lines: Sequence[LineSpec]) -> Text:
        return joined([who_text(one) for one in lines], _("none"))

    return _ways(case), people(case.before.lines), people(case.after.lines)


def _rule_row(ctx: KernelContext, case: Case) -> Sequence[object]:
    return _ways(case), _task(ctx, case.before), _task(ctx, case.after)


def _task(ctx: KernelContext, what: dict[str, Any]) -> Text:
    position = position_text(what["position"]) if what["position"] else _("Whoever looks after it")
    name = (
        ctx.kernel.access.names(ctx, [what["user"]]).get(what["user"], "") if what["user"] else ""
    )
    due = what["due"].astimezone(ctx.kernel.clock.zone).date().isoformat() if what["due"] else "–"
    if name:
        return _("{position} ({name}), due {due}", position=position, name=name, due=due)
    return _("{position}, due {due}", position=position, due=due)
