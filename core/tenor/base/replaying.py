"""What a workflow's definition of today would have made of last year's cases, in words: how many, why, and which of
those the person may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from tenor.access.offered import position_text
from tenor.base.simulating import LATEST, by_way, looked_at, sheets
from tenor.workflow.definitions import ApprovalSpec, titled
from tenor.workflow.differences import (
    APART,
    ASKED,
    ASKS,
    BEGINS,
    BESIDE,
    FOR_GOOD,
    GONE,
    GUARDED,
    INSTEAD,
    ITSELF,
    LEADS,
    NOT_KEPT,
    OVER,
    TIME,
    TOO_FEW,
    UNASKED,
    UNGUARDED,
    WAITS,
)
from tenor.workflow.limit_text import joined
from tenor_sdk.i18n import Text, _, ngettext

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.workflow.merging import Flow
    from tenor.workflow.migrating import Standing
    from tenor.workflow.simulate import Case, Simulated
    from tenor_sdk.views import Content

OTHERWISE: Final = {
    GONE: _("The step is gone"),
    BEGINS: _("The step begins elsewhere"),
    LEADS: _("The step leads elsewhere"),
    ASKED: _("An approval is asked for now"),
    UNASKED: _("No approval is asked for any more"),
    ASKS: _("The approval asks otherwise"),
    TOO_FEW: _("Those who decided wouldn’t have been enough"),
    APART: _("One person did what is kept apart now"),
    FOR_GOOD: _("What was taken back can’t be any more"),
    ITSELF: _("The step goes by itself now, or no more"),
    TIME: _("The time after which it goes is another"),
    OVER: _("The time of the state would have been over before"),
    BESIDE: _("Other branches go on beside it"),
}  # fmt: skip
NOT_KNOWN: Final = {
    GUARDED: _("Not known: a guard was added; it isn’t asked again, it would look at today’s data"),
    UNGUARDED: _("Not known: a guard is gone that may have held the case"),
    WAITS: _("Not known: the step waits for others now, or no more"),
    INSTEAD: _("Not known: another step goes by itself from there"),
    NOT_KEPT: _("Not known: what was asked then wasn’t kept"),
}  # fmt: skip


def definition_simulated(ctx: KernelContext, flow: Flow) -> Sequence[Content]:
    """What today's definition would have made of the latest cases."""
    found = ctx.kernel.workflow.replaying.definition(ctx, flow, LATEST)
    say = _Words(ctx, flow)
    return sheets(ctx, found, definition_counted(ctx, flow, found), lambda _ctx, one: say.row(one))


def definition_counted(ctx: KernelContext, flow: Flow, found: Simulated) -> list[tuple[Text, int]]:
    """How many of what, by the step that would have been otherwise, and of how many it isn't known."""
    say = _Words(ctx, flow)
    rows = [*looked_at(found), *by_way(found, OTHERWISE, say.which)]
    if found.unsaid:
        rows.append((_("It isn’t known of"), found.unsaid))
    return [*rows, *by_way(found, NOT_KNOWN, say.which)]


def strands(plan: Sequence[Standing]) -> list[tuple[Text, int]]:
    """How many open cases of an earlier definition would stay in their state, go to another, or be stranded."""
    going = [one for one in plan if not (one.newest or one.ended)]
    staying = [one for one in going if one.target == one.state]
    stranded = [one for one in going if one.stranded]
    moving = [one for one in going if one.target not in ("", one.state)]
    return [
        (words, sum(one.count for one in some))
        for words, some in (
            (_("Stay in their state"), staying),
            (_("Go to another state"), moving),
            (_("Stranded: their state is gone"), stranded),
        )
    ]


class _Words:
    """Says differences of one workflow."""

    def __init__(self, ctx: KernelContext, flow: Flow) -> None:
        self._ctx = ctx
        self._flow = flow

    def which(self, _way: str, transition: str) -> Text:
        """A step; its name where today's workflow has none of it."""
        spec = self._flow.definition.transition(transition)
        return titled(spec.title, spec.plugin) if spec is not None else Text(transition)

    def row(self, case: Case) -> Sequence[object]:
        """Of a case each step that would have been otherwise, how it was, and how it would have been."""
        said = {**OTHERWISE, **NOT_KNOWN}
        what = [
            _("{what}: {which}", what=said[one.way], which=self.which(one.way, one.transition))
            for one in case.differences
        ]
        none = _("none")
        before = [text for one in case.differences if (text := self._said(one.way, one.before))]
        after = [text for one in case.differences if (text := self._said(one.way, one.after))]
        return joined(what, none), joined(before, Text("–")), joined(after, Text("–"))

    def _said(self, way: str, value: Any) -> Text | None:
        if not value:
            return None
        if isinstance(value, ApprovalSpec):
            return approval_text(value)
        if isinstance(value, Text):
            return value
        if isinstance(value, int):
            return ngettext("{n} working day", "{n} working days", value)
        state = way in (BEGINS, LEADS)
        words: Callable[[str], Text] = self._state if state else Text
        return joined([words(one) for one in value], _("none"))

    def _state(self, name: str) -> Text:
        return self._ctx.kernel.workflow.state_title(self._flow.record, name)


def approval_text(asks: ApprovalSpec) -> Text:
    """Whom an approval asks."""
    if asks.needed:
        return _("As many people as {code} says", code=asks.needed)
    if asks.parts:
        parts = [
            _("{n} of: {who}", n=part.people, who=_people(part.members)) for part in asks.parts
        ]
        steps = joined(parts, _("none"))
        if asks.parallel:
            return _("Side by side: {steps}", steps=steps)
        return _("One after the other: {steps}", steps=steps)
    by = _("By the authority {key}", key=asks.authority) if asks.authority else None
    if not asks.committee:
        return by or _("none")
    committee = _(
        "Committee of: {who}; quorum {quorum}, {share} for it",
        who=_people(asks.members), quorum=asks.quorum, share=asks.share,
    )  # fmt: skip
    if asks.veto:
        veto = position_text(asks.veto)
        committee = _("{committee}, veto of {position}", committee=committee, position=veto)
    return joined([by, committee], committee) if by is not None else committee


def _people(members: Sequence[str]) -> Text:
    named = [Text(one) if one.endswith("()") else position_text(one) for one in members]
    return joined(named, _("none"))
