"""A version of a committee's rule in words, beside what counts before it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from tenor.workflow.committee_rules import in_words, rule_of, whence
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import _
from tenor_sdk.views import Column, Table

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.workflow.records import CommitteeVersion
    from tenor_sdk.context import Context


def committee_rule_sheet(ctx: Context, version: CommitteeVersion) -> Table | None:
    """What counts on the day before the version begins, and from then on; None while the committee's plugin is off."""
    kernel_ctx = cast("KernelContext", ctx)
    day_before = version.effective_from - timedelta(days=1)
    try:
        before = kernel_ctx.kernel.workflow.committee_rules.on(
            kernel_ctx, version.committee, day_before
        )
    except NotFound:
        return None
    return Table(
        columns=(Column(_("So far")), Column(_("From then on"))),
        rows=[(in_words(before), in_words(rule_of(version)))],
        caption=_("So far: {whence}", whence=whence(before)),
    )
