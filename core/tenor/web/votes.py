"""Decisions of several people on a page: how each stands, and every vote that was put in, those that fell too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from tenor.web import addresses
from tenor.workflow.counting import Outcome
from tenor.workflow.limit_text import joined
from tenor_sdk.approvals import Ballot
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor.workflow.decisions import Decision, Seat
    from tenor.workflow.tallies import CastVote
    from tenor_sdk.records import Record

Values = dict[str, Any]
#: what a person may say, as the page for it asks
BALLOTS: Final[Mapping[Ballot, Text]] = {
    Ballot.FOR: _("For"),
    Ballot.AGAINST: _("Against"),
    Ballot.ABSTAIN: _("Abstain"),
    Ballot.VETO: _("Veto"),
    Ballot.RECUSE: _("Recuse myself"),
}
#: what somebody said
SAID: Final[Mapping[Ballot, Text]] = {
    Ballot.FOR: _("For"),
    Ballot.AGAINST: _("Against"),
    Ballot.ABSTAIN: _("Abstained"),
    Ballot.VETO: _("Vetoed"),
    Ballot.RECUSE: _("Recused"),
}
_SHAPES: Final[Mapping[Ballot, str]] = {
    Ballot.FOR: "full",
    Ballot.AGAINST: "refused",
    Ballot.ABSTAIN: "hollow",
    Ballot.VETO: "refused",
    Ballot.RECUSE: "waiting",
}
_FELL: Final[Mapping[str, Text]] = {
    "changed": _("Fell: what was decided on has changed"),
    "left": _("Fell: the case went another way"),
    "replaced": _("Fell: another of theirs took its place"),
    "recused": _("Fell: recused since"),
}


class Votes:
    """The decisions on one record for one person."""

    def __init__(self, web: Web, ctx: KernelContext, show: Show, record: Record) -> None:
        self.web, self.ctx, self.show, self.record = web, ctx, show, record
        flow = web.kernel.workflow.flow(type(record))
        approvals = [one.approval for one in flow.transitions.values()] if flow is not None else []
        self.asked = any(
            approvals
        )  # most records are decided by nobody's vote, and cost no statement
        self.deciding = web.kernel.workflow.decisions(ctx, record) if self.asked else []

    def panels(self) -> list[Values]:
        """How each decision stands, then the votes that aren't told there."""
        return [*(self.standing(one) for one in self.deciding), *self._cast()]

    def of(self, name: str) -> list[Values]:
        """How one decision stands, beside the form on which somebody votes."""
        made = [self.standing(one) for one in self.deciding if one.how.name == name]
        for panel in made:  # the form offers a recusal itself
            panel.pop("actions", None)
        return made

    # -- how it stands ----------------------------------------------------------------------------------------------

    def standing(self, one: Decision) -> Values:
        """One decision: its rule, what is missing, and who said what."""
        step = self.show.say(one.how.title, one.how.plugin)
        title = self.show.say(_("Decision: {step}", step=step))
        made: Values = {
            "kind": "table",
            "title": title,
            "label": title,
            "id": f"votes-{one.how.name}",
            "sub": self.show.say(one.standing),
            "lines": [*self._rule(one), *self._missing(one)],
            "table": self._seats(one) if one.seats else self._parts(one),
        }
        if one.outcome is Outcome.SHORT or (one.outcome is Outcome.PASSED and one.lacks):
            made["tone"] = "blocked"
        if Ballot.RECUSE in one.ballots:
            href = addresses.of(self.record, "transitions", one.how.name)
            href = addresses.with_query(href, {"_ballot": Ballot.RECUSE.value})
            label = self.show.say(BALLOTS[Ballot.RECUSE])
            made["actions"] = [{"label": label, "href": href, "plain": True}]
        return made

    def _rule(self, one: Decision) -> list[str]:
        return [
            self.show.say(each) for each in (one.rule, one.by, one.authority) if each is not None
        ]

    def _missing(self, one: Decision) -> list[str]:
        if not one.lacks:
            return []
        what = joined(one.lacks, _("none"))
        if one.outcome is Outcome.PASSED and one.seats:
            return [self.show.say(_("Decided, and held up by: {what}", what=what))]
        return [self.show.say(_("Missing: {what}", what=what))]

    def _seats(self, one: Decision) -> Values:
        columns = [
            {"label": self.show.say(_("Member")), "identity": True},
            {"label": self.show.say(_("Vote")), "nowrap": True},
            {"label": self.show.say(_("Opinion or reason")), "explains": True},
        ]
        rows = [{"cells": self._seat(seat)} for seat in one.seats]
        return {"columns": columns, "rows": rows, "caption": self.show.say(_("Members"))}

    def _seat(self, seat: Seat) -> list[Any]:
        name = {"text": seat.name}
        if seat.veto:
            name["sub"] = self.show.say(_("has a veto"))
        if seat.recused is not None:
            said = {"kind": "state", "shape": "waiting", "text": self.show.say(SAID[Ballot.RECUSE])}
            return [name, said, {"text": self.show.say(seat.recused)}]
        return [name, self._said(seat.ballot), {"text": seat.opinion}]

    def _said(self, ballot: Ballot | None) -> Values:
        if ballot is None:
            return {"text": self.show.say(_("hasn’t voted")), "quiet": True}
        return {"kind": "state", "shape": _SHAPES[ballot], "text": self.show.say(SAID[ballot])}

    def _parts(self, one: Decision) -> Values:
        columns = [
            {"label": self.show.say(_("Step")), "identity": True},
            {"label": self.show.say(_("Votes")), "nowrap": True},
        ]
        rows = []
        for part in one.parts:
            shape = "full" if part.held >= part.people else "half" if part.open else "hollow"
            count = _("{n} of {people}", n=part.held, people=part.people)
            state = {"kind": "state", "shape": shape, "text": self.show.say(count)}
            rows.append({"cells": [{"text": self.show.say(part.title)}, state]})
        return {"columns": columns, "rows": rows, "caption": self.show.say(_("Steps"))}

    # -- every vote -------------------------------------------------------------------------------------------------

    def _cast(self) -> list[Values]:
        told = {one.how.name for one in self.deciding if one.seats}
        cast = self.web.kernel.workflow.voted(self.ctx, self.record) if self.asked else []
        rows = [one for one in cast if not (one.counts and one.transition in told)]
        if not rows:
            return []
        title = self.show.say(_("Votes on record"))
        columns = [
            {"label": self.show.say(_("Who")), "identity": True},
            {"label": self.show.say(_("Vote")), "nowrap": True},
            {"label": self.show.say(_("Opinion or reason")), "explains": True},
            {"label": self.show.say(_("When")), "nowrap": True},
        ]
        table = {"columns": columns, "rows": [self._row(one) for one in rows], "caption": title}
        return [{"kind": "table", "title": title, "label": title, "table": table}]

    def _row(self, one: CastVote) -> Values:
        who: Values = {"text": one.user_name}
        if one.behalf_of:
            who["sub"] = self.show.say(_("for {name}", name=one.behalf_of))
        said = self._said(one.ballot)
        how = self.web.kernel.workflow.named(type(self.record), one.transition)
        said["below"] = self.show.say(how.title, how.plugin) if how is not None else one.transition
        opinion: Values = {"text": one.opinion}
        if not one.counts:
            opinion["below"] = self.show.say(_FELL.get(one.void_reason, Text(one.void_reason)))
        at = f"{self.show.local(one.at):%Y-%m-%d %H:%M}"
        when = {"kind": "datetime", "text": at, "iso": one.at.isoformat()}
        return {"cells": [who, said, opinion, when], "past": not one.counts}


def choices(ballots: Iterable[Ballot]) -> tuple[tuple[str, str], ...]:
    """What a page for a vote offers: values and English labels."""
    return tuple((one.value, BALLOTS[one].message) for one in ballots)
