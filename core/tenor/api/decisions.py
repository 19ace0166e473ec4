"""Decisions of several people over REST."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tenor_sdk.approvals import Ballot
from tenor_sdk.errors import Invalid
from tenor_sdk.i18n import Text

if TYPE_CHECKING:
    from tenor.workflow import CastVote, Decision
    from tenor_sdk.workflow import Transition

Say = Callable[[Text], str]


def is_voted_on(how: Transition) -> bool:
    """Whether a committee may be in charge of a transition."""
    return how.approval is not None and how.approval.committee is not None


def ballot_of(how: Transition, body: Mapping[str, Any]) -> Ballot:
    """What a body says; a vote for it where it says nothing.

    Raises:
        Invalid: at ``ballot``: ``not-a-choice``.
    """
    said = body.get("ballot", Ballot.FOR.value) if is_voted_on(how) else Ballot.FOR.value
    if said not in set(Ballot):
        known = ", ".join(each.value for each in Ballot)
        wrong = Invalid("not-a-choice", None, value=str(said), choices=known)
        raise Invalid("invalid", {"ballot": wrong})
    return Ballot(said)


def told(one: Decision, say: Say) -> dict[str, Any]:
    """How a decision stands."""
    return {
        "transition": one.how.name,
        "outcome": one.outcome.value,
        "rule": say(one.rule),
        "by": say(one.by) if one.by is not None else None,
        "authority": say(one.authority) if one.authority is not None else None,
        "standing": say(one.standing),
        "missing": [say(each) for each in one.lacks],
        "ballots": list(one.ballots),
        "shown": one.shown,
        "members": [
            {
                "id": seat.user_id,
                "name": seat.name,
                "ballot": seat.ballot.value if seat.ballot is not None else None,
                "opinion": seat.opinion,
                "recused": say(seat.recused) if seat.recused is not None else None,
                "veto": seat.veto,
            }
            for seat in one.seats
        ],
        "steps": [
            {
                "title": say(part.title),
                "votes": part.held,
                "people": part.people,
                "open": part.open,
            }
            for part in one.parts
        ],
    }


def told_vote(one: CastVote) -> dict[str, Any]:
    """One vote, with why it doesn't count any more."""
    return {
        "transition": one.transition,
        "who": one.user_name,
        "for": one.behalf_of,
        "ballot": one.ballot.value,
        "opinion": one.opinion,
        "at": one.at.isoformat(),
        "counts": one.counts,
        "fell": one.void_reason,
    }
