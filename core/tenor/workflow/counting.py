"""How the votes of a committee are counted.

Pure, and exact: people are counted, shares are fractions. The order of votes says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Any

from tenor_sdk.approvals import Ballot


class Outcome(StrEnum):
    """How a decision stands. ``SHORT``: fewer may vote than have to, so that nothing can be decided."""

    OPEN = "open"
    PASSED = "passed"
    REFUSED = "refused"
    SHORT = "short"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """By what a committee decides; see ``tenor_sdk.approvals.Committee``.

    Args:
        least: how many must vote at least, where a quorum by share would be fewer.
    """

    quorum: int | Fraction
    share: Fraction
    complete: bool = False
    least: int = 0

    def content(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "quorum": str(self.quorum),
            "share": str(self.share),
            "complete": self.complete,
            **({"least": self.least} if self.least else {}),
        }


@dataclass(frozen=True, kw_only=True)
class Count:
    """Votes that were counted, in people.

    Args:
        entitled: who may vote: all members without the recused.
        present: how many of them have.
        quorum: how many must have.
        needed: how many must be for it.
        missing: who may vote and hasn't.
    """

    entitled: frozenset[int]
    votes_for: int
    against: int
    abstained: int
    quorum: int
    needed: int
    missing: frozenset[int]
    outcome: Outcome

    @property
    def present(self) -> int:
        return len(self.entitled) - len(self.missing)


def count(
    rule: Rule,
    seats: Iterable[int],
    recused: Iterable[int],
    ballots: Mapping[int, Ballot],
    *,
    veto: Iterable[int] = (),
    closed: bool = False,
) -> Count:
    """Count a committee's votes.

    Args:
        seats: its members.
        recused: those of them who are outside the count.
        ballots: by member.
        veto: the members who have one.
        closed: whether its time is over: with a quorum it is counted without those who haven't voted.
    """
    seats = frozenset(seats)
    entitled = seats - frozenset(recused)
    votes = {member: ballot for member, ballot in ballots.items() if member in entitled}
    missing = entitled - votes.keys()
    given = list(votes.values())
    needed = max(1, ceil(rule.share * len(entitled)))
    quorum = ceil(rule.quorum * len(seats)) if isinstance(rule.quorum, Fraction) else rule.quorum
    quorum = max(quorum, rule.least)
    vetoers = entitled & frozenset(veto)
    outcome = _outcome(
        vetoed=any(votes.get(member) is Ballot.VETO for member in vetoers),
        short=len(entitled) < quorum,
        quorate=len(votes) >= quorum,
        lacking=needed - given.count(Ballot.FOR),
        missing=0 if closed and len(votes) >= quorum else len(missing),
        may_veto=bool(vetoers & missing) and not (closed and len(votes) >= quorum),
        complete=rule.complete,
    )
    return Count(
        entitled=entitled,
        votes_for=given.count(Ballot.FOR),
        against=given.count(Ballot.AGAINST) + given.count(Ballot.VETO),
        abstained=given.count(Ballot.ABSTAIN),
        quorum=quorum,
        needed=needed,
        missing=missing,
        outcome=outcome,
    )


def _outcome(
    *,
    vetoed: bool,
    short: bool,
    quorate: bool,
    lacking: int,
    missing: int,
    may_veto: bool,
    complete: bool,
) -> Outcome:
    """The outcome that no further vote can change; open while one can.

    Args:
        lacking: how many more must be for it.
        missing: how many can still vote.
        may_veto: whether somebody can who has a veto.
    """
    if vetoed:
        return Outcome.REFUSED
    if short:
        return Outcome.SHORT
    if complete and missing:
        return Outcome.OPEN
    if quorate and lacking <= 0 and not may_veto:
        return Outcome.PASSED
    return Outcome.REFUSED if lacking > missing else Outcome.OPEN
