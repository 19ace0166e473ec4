"""Decisions of several people: so many distinct ones, one after the other, side by side, or as a committee.

::

    approve = Transition(…, approval=Approval(
        shown=what_is_decided,
        committee=Committee(
            members=("committee-member", "committee-chair"),
            veto="committee-chair",
            quorum=3,
            share=Fraction(2, 3),
            refusal=decline,
        ),
    ))

A vote is bound to the hash of what was shown. If that changes, all votes fall and it is decided again; recusals stay.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from tenor_sdk.authority import Authority
    from tenor_sdk.context import Context
    from tenor_sdk.i18n import Text
    from tenor_sdk.records import Record
    from tenor_sdk.workflow import Transition

#: Positions whose holders take part, wherever they hold them; or ``(ctx, record) -> ids of users``, which sees every
#: row and may only read.
Members = Sequence[str] | Callable[["Context", Any], Collection[int]]


class Ballot(StrEnum):
    """What a person says.

    ``FOR`` is all that there is without a committee. In one, ``ABSTAIN`` counts as present and not as a vote for it,
    ``VETO`` ends it as refused, and ``RECUSE`` takes the person out of the count of those entitled, for good.
    """

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"
    VETO = "veto"
    RECUSE = "recuse"


@dataclass(frozen=True, kw_only=True)
class Committee:
    """Who decides together, and by which rule. It passes with ``share`` of those entitled and ``quorum`` present.

    Those entitled are the members, and whoever voted while they were one, without the recused. Whoever may not decide
    by the segregation of duties is recused by that.

    Args:
        members: who.
        refusal: the transition that is gone, without its guards, when it is refused. It leads from each of the
            approval's sources, takes no inputs, is never taken back, and nobody presses it by themselves while the
            committee is in charge.
        quorum: how many must have voted, abstentions among them; a share is one of all members, the recused too.
        share: of those entitled, who must be for it: more than nothing, at most 1.
        veto: the position of the member whose veto ends it; empty where nobody has one.
        conflicts: ``(ctx, record, ids) -> reasons by id``: whom a rule recuses, and why; asked of the members and of
            who stands in for one. Sees every row, and may only read; raising puts the decision out of service.
        complete: whether it is counted only when all have voted; otherwise as soon as the rest can't change it.
        closes_after: working days in the state after which it is counted without those who haven't voted, where the
            quorum has.
    """

    members: Members
    refusal: Transition
    quorum: int | Fraction
    share: Fraction
    veto: str = ""
    conflicts: Callable[[Context, Any, Sequence[int]], Mapping[int, Text]] | None = None
    complete: bool = False
    closes_after: int | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.share, Fraction) or not 0 < self.share <= 1:
            raise TypeError(
                f"a committee's share is a Fraction over 0 and at most 1, not {self.share!r}"
            )
        if isinstance(self.quorum, bool) or not isinstance(self.quorum, (int, Fraction)):
            raise TypeError(
                f"a committee's quorum is a number of people or a Fraction, not {self.quorum!r}"
            )
        if self.quorum <= 0 or (isinstance(self.quorum, Fraction) and self.quorum > 1):
            raise TypeError(f"a committee's quorum can't be {self.quorum!r}")


@dataclass(frozen=True, kw_only=True)
class ApprovalStep:
    """One of several parts of a decision: ``ApprovalStep(members=("risk-officer",), people=2)`` takes two of them.

    Args:
        members: who may take part.
        people: how many distinct people it takes.
        title: English; by which pages call it.
    """

    members: Members
    people: int = 1
    title: str = ""

    def __post_init__(self) -> None:
        if self.people < 1:
            raise TypeError(f"a step takes at least one person, not {self.people}")


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A transition that takes several people, or somebody with the authority for the case.

    It takes one of ``needed``, ``authority``, ``committee`` and ``steps``; or an authority with a committee, which then
    decides what no line but those of its positions covers, and a line's people are its quorum where they are more.

    Args:
        shown: what they decide on, as a JSON value. Its hash binds each vote: if it changes, all votes fall.
        needed: how many distinct people, from the record.
        authority: instead of it: the version in force says who may vote on the case, and how many it takes. Its figures
            and its version are part of what binds a vote.
        committee: who decides by a quorum and a share. Its rule is part of what binds a vote.
        steps: who decides one after the other; nobody has a part in two of them.
        parallel: whether the steps go side by side instead.
        each: what happens with each person's inputs, ``(ctx, record, inputs)``, before their vote is bound: a condition
            that somebody adds is part of what the others then decide on. A procedure of the plugin that declares it.
            Only a vote for it has inputs; ``do`` gets None where the last vote of a committee wasn't one.
        opinion: the input that holds the person's own words, where there is one: they stand beside their vote, and on
            the page of a committee's vote it takes the reason of a vote against, too.
    """

    shown: Callable[[Context, Any], object]
    needed: Callable[[Context, Any], int] | None = None
    authority: Authority | None = None
    committee: Committee | None = None
    steps: Sequence[ApprovalStep] = ()
    parallel: bool = False
    each: Callable[[Context, Any, Any], None] | None = None
    opinion: str = "opinion"

    def __post_init__(self) -> None:
        ways = (self.needed, self.authority, self.committee, self.steps or None)
        both = self.authority is not None and self.committee is not None
        if sum(way is not None for way in ways) - both != 1:
            raise TypeError(
                "an Approval takes one of needed=, authority=, committee= and steps=, or an authority and a committee"
            )
        if both and self.committee is not None and callable(self.committee.members):
            raise TypeError(
                "beside an authority a committee's members are positions: its lines name them"
            )


def vote(
    ctx: Context,
    record: Record,
    how: Transition,
    ballot: Ballot,
    inputs: object = None,
    *,
    reason: str = "",
) -> bool:
    """Put in a vote of the person who acts on what a committee decides; ``transition`` puts in one for it.

    Until it is decided a further vote takes the place of the one before. A recusal is for good.

    Args:
        ballot: all but ``FOR`` and ``ABSTAIN`` take a reason; only ``FOR`` takes inputs.

    Returns:
        Whether the state has changed.

    Raises:
        Forbidden: ``recused``, ``no-veto``, and as ``transition`` does.
        Refused: ``no-committee``: this is no committee's to decide.
        Conflict, Blocked, Invalid: as ``transition`` does.
    """
    return port_of(ctx).transition(ctx, record, how, inputs, reason, ballot=ballot)
