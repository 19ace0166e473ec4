"""A version of an authority in words, and what it changes against the one before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from tenor.workflow.limit_text import limits_text, who_text
from tenor.workflow.limits import LineSpec
from tenor_sdk.i18n import Text, _
from tenor_sdk.views import Cell, Column, Table

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.workflow.authorities import InForce
    from tenor.workflow.records import AuthorityVersion
    from tenor_sdk.authority import Authority
    from tenor_sdk.context import Context


def lines_sheet(ctx: Context, version: AuthorityVersion) -> Table | None:
    """Each line in words; None while the authority's plugin is off."""
    authority, lines = _read(ctx, version)
    if authority is None:
        return None
    rows = [(who_text(one), limits_text(one, authority)) for one in lines]
    return Table(
        columns=(Column(_("Who decides")), Column(_("Up to"))),
        rows=rows,
        empty=_("No line yet: nobody would decide anything."),
    )


def changes_sheet(ctx: Context, version: AuthorityVersion) -> Table | None:
    """What is new, what goes, what is otherwise than in the version that it follows."""
    authority, lines = _read(ctx, version)
    if authority is None:
        return None
    kernel_ctx = cast("KernelContext", ctx)
    before = kernel_ctx.kernel.workflow.authorities.in_force(
        kernel_ctx, authority, version.effective_from - timedelta(days=1)
    )
    rows = [
        (who_text(new or cast("LineSpec", old)), _limits(old, authority), _limits(new, authority))
        for old, new in changed(before.lines if before else (), lines)
    ]
    return Table(
        columns=(Column(_("Who decides")), Column(_("So far")), Column(_("From then on"))),
        rows=rows,
        empty=_("Nothing."),
        caption=_follows(before),
    )


def _follows(before: InForce | None) -> Text:
    if before is None:
        return _("Nothing is in force before it.")
    if not before.number:
        return _("Against what came with the plugin")
    return _("Against version {n}", n=before.number)


def _read(ctx: Context, version: AuthorityVersion) -> tuple[Authority | None, Sequence[LineSpec]]:
    kernel_ctx = cast("KernelContext", ctx)
    authorities = kernel_ctx.kernel.workflow.authorities
    authority = authorities.declared.get(version.authority)
    if authority is None:
        return None, ()
    return authority, authorities.lines(kernel_ctx, authority, version.id)


def _limits(one: LineSpec | None, authority: Authority) -> object:
    return limits_text(one, authority) if one is not None else Cell("–", tone="quiet")


def changed(
    before: Sequence[LineSpec], after: Sequence[LineSpec]
) -> Iterator[tuple[LineSpec | None, LineSpec | None]]:
    """Lines that differ, as they were and as they are; a line of the same people with other limits is the same line."""
    old = [one for one in before if one not in after]
    for new in (one for one in after if one not in before):
        same = next((one for one in old if _people(one) == _people(new)), None)
        if same is not None:
            old.remove(same)
        yield same, new
    for gone in old:
        yield gone, None


def _people(one: LineSpec) -> tuple[str, int, str]:
    return one.position, one.people, one.among
