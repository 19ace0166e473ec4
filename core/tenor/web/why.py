"""Why a person sees, and may or may not change, a record: in words, from grants, restrictions and field rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tenor.access.explain import by_positions
from tenor.access.rights import parent_of
from tenor.records.specs import specs_of
from tenor.web.shell import position_title
from tenor_sdk.access import Role, Scope, Through
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.records import Record

Values = dict[str, Any]
_VERBS: Final = (
    ("read", _("See it")),
    ("update", _("Change it")),
    ("delete", _("Remove it")),
    ("export", _("Take it out as a file")),
)
_SCOPES: Final[dict[Scope, Text]] = {
    Scope.OWN: _("those that one looks after oneself"),
    Scope.UNIT: _("those of one’s own units"),
    Scope.BELOW: _("those of one’s own units and all below"),
    Scope.ASSIGNED: _("those on which one has or had a task"),
    Scope.ALL: _("all"),
}
_EFFECTS: Final = {
    "hide": _("hidden from you"), "mask": _("masked; shown with a reason, which is put on record"),
    "freeze": _("can’t be changed now"),
}  # fmt: skip


def reasons(web: Web, ctx: KernelContext, record: Record) -> list[Values]:
    """The sheets of the page *Why?*."""
    show = web.show(ctx)
    return [
        _rights(web, ctx, show, record),
        *_steps(web, ctx, show, record),
        *_fields(web, ctx, show, record),
    ]


def _rights(web: Web, ctx: KernelContext, show: Show, record: Record) -> Values:
    kind = type(record)
    rows = [
        _row(
            show,
            show.say(title),
            ctx.may(kind, verb, record),
            _granting(web, ctx, show, kind, verb),
        )
        for verb, title in _VERBS
    ]
    return _table(show, show.say(_("What you may do with it")), rows)


def _row(show: Show, title: str, allowed: bool, because: str) -> Values:
    shape = "full" if allowed else "refused"
    text = show.say(_("yes") if allowed else _("no"))
    return {"cells": [{"text": title}, {"kind": "state", "shape": shape, "text": text}, because]}


def _table(show: Show, title: str, rows: list[Values]) -> Values:
    columns = [
        {"label": show.say(_("What")), "identity": True},
        {"label": show.say(_("May I?"))},
        {"label": show.say(_("Because")), "explains": True},
    ]
    return {"kind": "table", "title": title, "table": {"columns": columns, "rows": rows}}


def _granting(web: Web, ctx: KernelContext, show: Show, target: Any, verb: str) -> str:
    """The roles that grant it, each with how far it reaches; or that none does."""
    said = [
        _source(show, role, grant.scope, actor)
        for actor in (ctx.actor, *ctx.actor.stands_in)
        for role in _roles(web, actor)
        for grant in role.grants
        if grant.target is target and verb in grant.verbs
    ]
    if said:
        return show.clauses(said)
    parent = parent_of(target) if isinstance(target, type) else None
    if parent is not None:
        return show.say(_("As {parent} allows", parent=show.title(parent)))
    return show.say(_("None of your roles grants it."))


def _source(show: Show, role: Role, scope: Any, actor: ActorData) -> str:
    """A role with how far it reaches and, where it was delegated, by which position, by whom, until when."""
    title, far = show.say(role.title, role.plugin), reach(show, scope)
    if actor.lent is None:
        return show.say(_("{role} ({scope})", role=title, scope=far))
    by = show.listed(show.say(position_title(each)) for each in by_positions(role, actor))
    lent = {"name": actor.name, "day": actor.lent.until.isoformat()}
    text = _(
        "{role} ({scope}), by the position {position}, delegated by {name} until {day}",
        role=title, scope=far, position=by, **lent,
    )  # fmt: skip
    return show.say(text)


def _roles(web: Web, actor: ActorData) -> list[Role]:
    roles = web.kernel.access.roles
    return [roles[key] for key in sorted(actor.roles) if key in roles]


def reach(show: Show, scope: Any) -> str:
    """How far a grant reaches, in words."""
    if isinstance(scope, Scope):
        return show.say(_SCOPES[scope])
    if isinstance(scope, Through):
        return show.say(_("as far as what it links to can be read"))
    return show.say(_("by a condition of its plugin"))


def _steps(web: Web, ctx: KernelContext, show: Show, record: Record) -> list[Values]:
    flow = web.kernel.workflow.flow(type(record))
    if flow is None:
        return []
    offered = {one.name: one for one in web.kernel.workflow.available(ctx, record)}
    state = web.kernel.records.state_of(record)
    rows = []
    for name, how in flow.transitions.items():
        here = name in offered or state in {each.name for each in how.sources}
        if how.by_itself or not here:
            continue
        one = offered.get(name)
        because = _granting(web, ctx, show, how, "use")
        if one is not None and one.why is not None:
            because = show.say(one.why)
        elif one is not None and one.blockers:
            because = show.clauses(show.say(blocker.what) for blocker in one.blockers)
        rows.append(_row(show, show.say(how.title, how.plugin), bool(one and one.allowed), because))
    return [_table(show, show.say(_("The steps from here")), rows)] if rows else []


def _fields(web: Web, ctx: KernelContext, show: Show, record: Record) -> list[Values]:
    kind = type(record)
    effects = web.kernel.records.effects(ctx, record)
    specs = specs_of(kind)
    rows = [
        {"label": show.label(specs[name]), "value": {"text": show.say(_EFFECTS[effect])}}
        for name, effect in effects.items()
        if name in specs and effect in _EFFECTS and not specs[name].info.secret
    ]
    if not rows:
        return []
    return [{"kind": "fields", "columns": 1, "title": show.say(_("Fields")), "fields": rows}]
