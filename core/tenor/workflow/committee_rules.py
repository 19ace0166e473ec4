"""By which quorum, share and veto a committee decides: the version in force on a day, else what its plugin declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

from tenor.access.offered import position_text
from tenor.workflow.definitions import titled
from tenor.workflow.merging import Flow
from tenor.workflow.records import CommitteeVersion
from tenor.workflow.shares import quorum_text, read_quorum, read_share, write_quorum, write_share
from tenor.workflow.versions import day_of, in_force
from tenor_sdk.approvals import Committee
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Record
from tenor_sdk.workflow import Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext


@dataclass(frozen=True, kw_only=True)
class CommitteeRule:
    """What staff may say of a committee.

    Args:
        number: of the version; 0: as it came with the plugin.
        since: the day from which it is in force; None for what came with the plugin.
    """

    quorum: int | Fraction
    share: Fraction
    veto: str
    number: int = 0
    since: date | None = None

    def over(self, committee: Committee) -> Committee:
        """What becomes of a committee by this rule; its members, its refusal and its conflicts stay."""
        return replace(committee, quorum=self.quorum, share=self.share, veto=self.veto)

    def values(self) -> dict[str, str]:
        """Its fields, as a version has them."""
        return {
            "quorum": write_quorum(self.quorum),
            "share": write_share(self.share),
            "veto": self.veto,
        }


@dataclass(frozen=True)
class Declared:
    """A committee that a plugin in service declares."""

    flow: Flow
    how: Transition
    committee: Committee

    @property
    def title(self) -> Text:
        """By which people call it: the workflow and the step that it decides."""
        flow = titled(self.flow.definition.title, self.flow.record.__plugin__)
        return _("{flow}: {step}", flow=flow, step=titled(self.how.title, self.how.plugin))

    @property
    def rule(self) -> CommitteeRule:
        """As it came with the plugin."""
        one = self.committee
        return CommitteeRule(quorum=one.quorum, share=one.share, veto=one.veto)


class CommitteeRules:
    """Asks by which rule a committee decides.

    Args:
        flows: in service.
    """

    def __init__(self, flows: Iterable[Flow]) -> None:
        self._names: Mapping[type[Record], str] = {flow.record: flow.name for flow in flows}
        self.declared: Mapping[str, Declared] = dict(sorted(
            (f"{flow.name}.{how.name}", Declared(flow, how, how.approval.committee))
            for flow in flows
            for how in flow.transitions.values()
            if how.approval is not None and how.approval.committee is not None
        ))  # fmt: skip

    def named(self, key: str) -> Declared:
        """A committee by its key.

        Raises:
            NotFound: ``no-committee-there``.
        """
        if key not in self.declared:
            known = ", ".join(self.declared) or "–"
            raise NotFound("no-committee-there", key=key, known=known)
        return self.declared[key]

    def on(self, ctx: KernelContext, key: str, day: date) -> CommitteeRule:
        """By what a committee decides what comes before it on a day.

        Raises:
            NotFound: ``no-committee-there``.
        """
        one = self.named(key)
        row = in_force(ctx, CommitteeVersion, key, day)
        return one.rule if row is None else rule_of(row, row.number, row.effective_from)

    def pinned(
        self, ctx: KernelContext, kind: type[Record], how: Transition, came: datetime
    ) -> CommitteeRule:
        """By what a committee decides a case that came before it at an instant. No version begins today, so whatever is
        published afterwards leaves the case alone."""
        return self.on(ctx, f"{self._names[kind]}.{how.name}", day_of(ctx, came))


def rule_of(row: Any, number: int = 0, since: date | None = None) -> CommitteeRule:
    """The rule that a version states.

    Raises:
        Invalid: ``not-a-quorum``, ``not-a-share``.
    """
    values = {"quorum": row.quorum, "share": row.share, "veto": row.veto}
    return replace(rule_from(values), number=number, since=since)


def rule_from(values: Mapping[str, str]) -> CommitteeRule:
    """The rule of which these are the ``values``.

    Raises:
        Invalid: ``not-a-quorum``, ``not-a-share``.
    """
    return CommitteeRule(
        quorum=read_quorum(values["quorum"]),
        share=read_share(values["share"]),
        veto=values["veto"],
    )


def in_words(rule: CommitteeRule) -> Text:
    """A rule in one sentence."""
    said = _("{share} of those who may vote for it, {quorum} who vote",
             share=write_share(rule.share), quorum=quorum_text(rule.quorum))  # fmt: skip
    if not rule.veto:
        return _("{rule}; nobody has a veto", rule=said)
    return _("{rule}; {position} has a veto", rule=said, position=position_text(rule.veto))


class Stated(Protocol):
    """What a version states; its number is 0 where it came with the plugin."""

    @property
    def number(self) -> int: ...

    @property
    def since(self) -> date | None: ...


def whence(stated: Stated) -> Text:
    """Which version states something, and since when it counts."""
    if not stated.number:
        return _("as it came with the plugin")
    return _("version {n}, in force since {day}", n=stated.number, day=stated.since)
