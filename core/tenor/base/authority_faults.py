"""What is wrong with a version of an authority, everything at once; and what it changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from tenor.access.offered import known_positions
from tenor.workflow.limit_text import fault_text, read_limits, write_limits
from tenor.workflow.records import AuthorityLine, AuthorityVersion
from tenor.workflow.versions import faults_of_day
from tenor_sdk.errors import Invalid
from tenor_sdk.i18n import Text, _
from tenor_sdk.workflow import Blocker

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.authority import Authority

_MOST_LINES: Final = 200


def faults_of(ctx: KernelContext, version: AuthorityVersion) -> Iterator[Blocker]:
    """Everything for which a version can't be proposed, approved or published."""
    href = f"/base/authority-version/{version.id}/edit"
    declared = ctx.kernel.workflow.authorities.declared.get(version.authority)
    if declared is None:
        what = _("No plugin that is on declares the authority {key}", key=version.authority)
        yield Blocker(what, href="/plugins")
        return
    found = [*_of_lines(ctx, declared, version.entries), *faults_of_day(ctx, version)]
    for fault in found:
        yield Blocker(fault, href=href)


def _of_lines(
    ctx: KernelContext, authority: Authority, lines: Sequence[AuthorityLine]
) -> Iterator[Text]:
    if not lines:
        yield _("It has no line: nobody would decide anything")
    if len(lines) > _MOST_LINES:
        yield _("It has more than {n} lines", n=_MOST_LINES)
        return
    known = known_positions(ctx)
    seen: dict[tuple[str, str, str], int] = {}
    for number, one in enumerate(lines, start=1):
        for position in filter(None, (one.position, one.among)):
            if position not in known:
                yield _("Line {n}: there is no position {position}", n=number, position=position)
        if one.among == one.position:
            yield _("Line {n}: the further position is the same", n=number)
        if not 1 <= one.people <= 99:
            yield _("Line {n}: from 1 to 99 people", n=number)
        try:
            limits = write_limits(
                read_limits(one.limits, authority.dimensions), authority.dimensions
            )
        except Invalid as error:
            yield _("Line {n}: {fault}", n=number, fault=fault_text(error))
            continue
        same = seen.setdefault((one.position, one.among, limits), number)
        if same != number:
            yield _("Lines {one} and {other} are about the same cases", one=same, other=number)
