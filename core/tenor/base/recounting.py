"""What a version of a committee's rule would have made of last year's votes, in words: how many decisions would have
gone another way, and which of those the person may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, cast

from tenor.base.simulating import LATEST, by_way, looked_at, sheets
from tenor.workflow.committee_rules import rule_of
from tenor.workflow.counting import Outcome
from tenor.workflow.decisions import standing_of, takes
from tenor.workflow.recounting import MISSING, NOT_KEPT, PASSES, REFUSES, SHORT, VETO
from tenor.workflow.versions import PUBLISHED
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.workflow.records import CommitteeVersion
    from tenor.workflow.simulate import Case, Simulated
    from tenor_sdk.context import Context
    from tenor_sdk.views import Content

_OTHERWISE: Final = {
    PASSES: _("Would have passed"),
    REFUSES: _("Would have been refused"),
    SHORT: _("Couldn’t have been decided: fewer might vote than would have had to"),
}  # fmt: skip
_NOT_KNOWN: Final = {
    MISSING: _("Not known: it would have taken further votes, and nobody put them in"),
    VETO: _("Not known: who held the position with the veto then wasn’t kept"),
    NOT_KEPT: _("Not known: by which rule it was decided wasn’t kept"),
}  # fmt: skip
_BECAME: Final = {
    Outcome.PASSED: _("It passed"),
    Outcome.REFUSED: _("It was refused"),
    Outcome.OPEN: _("Nothing was decided"),
}  # fmt: skip


def committee_rule_simulated(ctx: Context, version: CommitteeVersion) -> Sequence[Content]:
    """What a version would have made of the latest votes; nothing once it is published."""
    kernel_ctx = cast("KernelContext", ctx)
    found = simulate_committee(kernel_ctx, version, LATEST)
    if found is None:
        return ()
    return sheets(kernel_ctx, found, committee_counted(found), lambda _ctx, one: _row(one))


def simulate_committee(
    ctx: KernelContext, version: CommitteeVersion, most: int | None = None
) -> Simulated | None:
    """The same as a value; None for a version that is published, or whose plugin is off.

    Args:
        most: over how many decisions, the latest; all by default.
    """
    engine = ctx.kernel.workflow
    try:
        declared = engine.committee_rules.named(version.committee)
    except NotFound:
        return None
    if version.state == PUBLISHED:
        return None
    return engine.recounting.committee(ctx, declared, rule_of(version), most)


def committee_counted(found: Simulated) -> list[tuple[Text, int]]:
    """How many of what, and of how many it isn't known."""
    rows = [*looked_at(found), *by_way(found, _OTHERWISE, _no_kinds)]
    if found.unsaid:
        rows.append((_("It isn’t known of"), found.unsaid))
    return [*rows, *by_way(found, _NOT_KNOWN, _no_kinds)]


def _no_kinds(_way: str, of: str) -> Text:
    return Text(of)


def _row(case: Case) -> Sequence[object]:
    """What, how it was voted and what became of it, and what it would have taken."""
    said = {**_OTHERWISE, **_NOT_KNOWN}
    (became, voted), now = case.before, case.after
    before = _BECAME[became]
    if voted is not None:
        before = _("{what}: {which}", what=before, which=standing_of(voted))
    return said[case.ways[0]], before, takes(now) if now is not None else Text("–")
