"""What a version would have made of last year's cases, on its page: how many, and which of those the person may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    REMINDERS,
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

#: how many cases a page names, and over how many it looks: a page is opened often, the command line looks at all
_MOST: Final = 50
LATEST: Final = 1_000
NOT_KEPT_THEN: Final = _("Nothing can be said: what is asked for wasn’t kept then")
WAYS: Final = {
    OTHERS: _("Other people could have decided it"),
    MORE: _("Those who decided it wouldn’t have been enough"),
    NOBODY: _("Nobody could have decided it"),
    POSITION: _("Another position"),
    WHO: _("Another person of the position"),
    DEADLINE: _("Another deadline"),
    PRIORITY: _("Another priority"),
    ESCALATION: _("Somebody else told when overdue"),
    REMINDERS: _("Other reminders"),
}  # fmt: skip


def authority_simulated(ctx: Context, version: AuthorityVersion) -> Sequence[Content]:
    """What the lines of a version would have made of last year's decisions; nothing once it is published."""
    found = simulate_authority(cast("KernelContext", ctx), version, LATEST)
    return _of_version(ctx, found, _authority_row)


def rules_simulated(ctx: Context, version: TaskRuleVersion) -> Sequence[Content]:
    """What the rules of a version would have made of last year's tasks; nothing once it is published."""
    found = simulate_rules(cast("KernelContext", ctx), version, LATEST)
    return _of_version(ctx, found, _rule_row)


def _of_version(
    ctx: Context,
    found: Simulated | None,
    row: Callable[[KernelContext, Case], Sequence[object]],
) -> Sequence[Content]:
    if found is None:
        return ()
    return sheets(cast("KernelContext", ctx), found, counted(found), row)


def simulate_authority(
    ctx: KernelContext, version: AuthorityVersion, most: int | None = None
) -> Simulated | None:
    """The same as a value; None for a version that is published, or whose plugin is off.

    Args:
        most: over how many cases, the latest; all by default.
    """
    engine = ctx.kernel.workflow
    authority = engine.authorities.declared.get(version.authority)
    if authority is None or version.state == PUBLISHED:
        return None
    lines = engine.authorities.lines(ctx, authority, version.id)
    return engine.simulations.authority(ctx, authority, lines, most)


def simulate_rules(
    ctx: KernelContext, version: TaskRuleVersion, most: int | None = None
) -> Simulated | None:
    """The same as a value; None for a version that is published, or whose plugin is off.

    Args:
        most: over how many tasks, the latest; all by default.
    """
    rules = ctx.kernel.workflow.work.rules
    try:
        flow = rules.flow(version.workflow)
    except NotFound:
        return None
    if version.state == PUBLISHED:
        return None
    lines = {one.stage: one for one in rules.lines(ctx, version.id)}
    return ctx.kernel.workflow.simulations.tasks(ctx, flow, lines, most)


def counted(found: Simulated) -> list[tuple[Text, int]]:
    """How many of what, in words."""
    rows = [*looked_at(found), *by_way(found, WAYS, lambda _way, of: _position(of))]
    if found.unsaid:
        rows.append((NOT_KEPT_THEN, found.unsaid))
    return rows


def looked_at(found: Simulated) -> list[tuple[Text, int]]:
    """How many there were, and how many would have gone another way."""
    rows = [(_("Looked at"), found.looked_at)]
    if found.more:
        rows.append((_("Earlier ones of that year, not looked at"), found.more))
    return [*rows, (_("Would have gone another way"), len(found.changed))]


def by_way(
    found: Simulated, words: Mapping[str, Text], which: Callable[[str, str], Text]
) -> list[tuple[Text, int]]:
    """How many of each way, and below it of each of its kinds.

    Args:
        words: of the ways, in their order.
        which: the words of a kind of a way.
    """
    rows: list[tuple[Text, int]] = []
    for way, said in words.items():
        if way in found.counts:
            rows.append((said, found.counts[way]))
        kinds = sorted((of, n) for (one, of), n in found.kinds.items() if one == way)
        rows += [(_("{what}: {which}", what=said, which=which(way, of)), n) for of, n in kinds]
    return rows


def sheets(
    ctx: KernelContext,
    found: Simulated,
    rows: Sequence[tuple[Text, int]],
    row: Callable[[KernelContext, Case], Sequence[object]],
) -> Sequence[Content]:
    """How many, and which of them the person may see; what isn't known after what is.

    Args:
        rows: how many of what.
        row: of a case what, how it was, and how it would have been.
    """
    cases = [*found.changed, *found.unknown]
    named = _named(ctx, cases)
    shown = [one for one in cases if (one.table_name, one.record_id) in named]
    day = found.since.astimezone(ctx.kernel.clock.zone).date()
    facts = Facts(
        rows=[(words, n, "number") for words, n in rows],
        caption=_("Cases since {day}", day=day.isoformat()),
    )
    if not cases:
        return (facts,)
    cells = [
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
        columns=columns, rows=cells, empty=_("None of them is visible to you."),
        caption=_("{n} of {all}, the latest first", n=len(cells), all=len(cases)),
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


def _position(position: str) -> Text:
    return position_text(position) if position else _("Whoever looks after it")


def _task(ctx: KernelContext, what: dict[str, Any]) -> Text:
    position = _position(what["position"])
    name = (
        ctx.kernel.access.names(ctx, [what["user"]]).get(what["user"], "") if what["user"] else ""
    )
    due = what["due"].astimezone(ctx.kernel.clock.zone).date().isoformat() if what["due"] else "–"
    if name:
        return _("{position} ({name}), due {due}", position=position, name=name, due=due)
    return _("{position}, due {due}", position=position, due=due)
