"""How far an approval is, and the votes on it, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from tenor.workflow.authorities import Ruling
from tenor.workflow.committees import Sitting
from tenor.workflow.counting import Outcome
from tenor.workflow.limits import Reached, reached
from tenor.workflow.sequences import Progress
from tenor_sdk.approvals import Ballot


@dataclass(frozen=True)
class CastVote:
    """A vote as it is shown.

    Args:
        void_reason: why it doesn't count any more: ``changed`` (what was decided on), ``left`` (the case went another
            way), ``replaced`` (by another of theirs), ``recused``; empty where it counts.
        authority: by which the person voted, see ``Authorities.replay``; None where the approval names none.
        inputs: what the person filled in, by name.
        ballot: what they said, see ``Ballot``.
        behalf_of: the name of the one in whose place; empty where it is their own.
    """

    user_id: int
    user_name: str
    transition: str
    at: datetime
    opinion: str
    inputs: Mapping[str, Any]
    shown_hash: str
    void_reason: str
    round: int
    authority: Mapping[str, Any] | None = None
    ballot: Ballot = Ballot.FOR
    behalf_of: str = ""

    @property
    def counts(self) -> bool:
        return not self.void_reason


@dataclass(frozen=True)
class Tally:
    """How far an approval is.

    Args:
        held: whose votes count, each with the positions with which they voted; empty of a committee, see ``sitting``.
        needed: how many distinct people it takes; by authority under the line that is nearest.
        shown: the hash of what is decided on now.
        ruling: what the authority says of the case; None where the approval names none, or a committee is in charge.
        also: in whose place some of them voted: their vote is spent.
        sitting: the committee that is in charge; None where none is.
        progress: how far its steps are; None where it has none.
        basis: what the authority says of a case that a committee decides.
    """

    held: Mapping[int, frozenset[str]]
    needed: int
    shown: str
    ruling: Ruling | None = None
    also: frozenset[int] = frozenset()
    sitting: Sitting | None = None
    progress: Progress | None = None
    basis: Ruling | None = None

    @property
    def users(self) -> frozenset[int]:
        return frozenset(self.held)

    @property
    def spent(self) -> frozenset[int]:
        """Who can't vote any more; a member of a committee can, until it is decided."""
        return self.users | self.also

    @property
    def way(self) -> Reached | None:
        """The line of the authority that the votes have reached, or are nearest to."""
        return reached(self.ruling.cover, self.held) if self.ruling is not None else None

    @property
    def votes(self) -> int:
        """How many of those needed agree."""
        if self.sitting is not None:
            return self.sitting.count.votes_for
        if self.progress is not None:
            return self.progress.votes
        way = self.way
        return way.votes if way is not None else len(self.held)

    @property
    def outcome(self) -> Outcome:
        """How it stands."""
        if self.sitting is not None:
            return self.sitting.count.outcome
        return Outcome.PASSED if self._enough else Outcome.OPEN

    @property
    def _enough(self) -> bool:
        if self.progress is not None:
            return self.progress.done
        way = self.way
        if self.ruling is not None:
            return way is not None and way.left == 0
        return len(self.held) >= self.needed

    def and_of(self, user_id: int, positions: frozenset[str]) -> Tally:
        """With one vote more."""
        more = replace(self, held={**self.held, user_id: positions})
        way = more.way
        return more if way is None else replace(more, needed=way.line.people)


#: of an approval of which nothing is known
NO_TALLY: Final = Tally({}, 0, "")
