"""The votes of last year's committees, counted again by another rule. It only reads, and counts from what each vote
kept of its committee: who had a seat, who was recused, who had the veto."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select, tuple_

from tenor.events.rows import table_of
from tenor.workflow.committee_rules import CommitteeRule, Declared, rule_from
from tenor.workflow.committees import least_of
from tenor.workflow.counting import Count, Outcome, Rule, count
from tenor.workflow.records import Vote, WorkflowCase, WorkflowStep
from tenor.workflow.replaying import stays
from tenor.workflow.simulate import YEAR, Case, Simulated
from tenor_sdk.approvals import Ballot
from tenor_sdk.errors import NotFound

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.workflow.parts import Parts

_votes: Final = table_of(Vote)
_cases: Final = table_of(WorkflowCase)
_steps: Final = table_of(WorkflowStep)
#: the votes of one decision have these in common
_DECISION: Final = (_votes.c.case_id, _votes.c.round)
_DECIDED: Final = (Outcome.PASSED, Outcome.REFUSED)

#: what would have become of a decision
PASSES, REFUSES, SHORT = "passes", "refuses", "short"
#: what can't be known: how others would have voted; who held the veto's position; by what it was decided
MISSING, VETO, NOT_KEPT = "missing", "veto", "not-kept"
UNKNOWN: Final = frozenset({MISSING, VETO, NOT_KEPT})


@dataclass(frozen=True, kw_only=True)
class Cast:
    """A vote, with the committee as it was when it was put in.

    Args:
        seat: whose it counts as; ``people``: for whom it counts.
        shown: the hash of what was decided on.
        rule: what was in force.
        seats, recused, vetoers: who had a seat, was outside the count, had the veto.
        complete, least: see ``counting.Rule``.
    """

    seat: int
    people: frozenset[int]
    ballot: Ballot
    shown: str
    rule: CommitteeRule
    seats: frozenset[int]
    recused: frozenset[int]
    vetoers: frozenset[int]
    complete: bool
    least: int


def recount(
    votes: Sequence[Cast], rule: CommitteeRule, *, closed: bool = False, strict: bool = False
) -> Count:
    """Count votes by a rule one after the other, as they came: what decides it is final, whatever was said afterwards.

    Args:
        votes: at least one, in their order, also those that were replaced.
        closed: whether the time of the committee was over while the case stood there.
        strict: take every vote against for a veto and every seat for one that has it, where who had it isn't known;
            else nobody.
    """
    ballots: dict[int, Ballot] = {}
    people: dict[int, frozenset[int]] = {}
    counted, shown = None, votes[0].shown
    for vote in votes:
        if vote.shown != shown:
            ballots, shown = {}, vote.shown
        if vote.ballot is Ballot.RECUSE:
            ballots = {
                seat: said for seat, said in ballots.items() if not vote.people & people[seat]
            }
        else:
            ballots[vote.seat], people[vote.seat] = vote.ballot, vote.people
        counted = _count(vote, ballots, rule, closed=closed and vote is votes[-1], strict=strict)
        if counted.outcome in _DECIDED:
            break
    assert counted is not None  # there is a vote
    return counted


def _count(
    vote: Cast, ballots: Mapping[int, Ballot], rule: CommitteeRule, *, closed: bool, strict: bool
) -> Count:
    by = Rule(quorum=rule.quorum, share=rule.share, complete=vote.complete, least=vote.least)
    vetoers = vote.vetoers if rule.veto == vote.rule.veto else frozenset[int]()
    if strict and _is_unknown(vote, rule):
        vetoers = vote.seats
        ballots = {seat: _strictly(ballot) for seat, ballot in ballots.items()}
    return count(by, vote.seats, vote.recused, ballots, veto=vetoers, closed=closed)


def _is_unknown(vote: Cast, rule: CommitteeRule) -> bool:
    """Whether who would have had the veto isn't known."""
    return bool(rule.veto) and rule.veto != vote.rule.veto


def _strictly(ballot: Ballot) -> Ballot:
    return Ballot.VETO if ballot is Ballot.AGAINST else ballot


def otherwise(before: Outcome, votes: Sequence[Cast], rule: CommitteeRule, *, closed: bool) -> str:
    """What another rule would have made of a decision; empty where nothing else.

    What the votes came to by their own rule isn't otherwise either: then something besides votes held the case up.

    Args:
        before: what became of it; open where nothing was decided.
    """
    mild = recount(votes, rule, closed=closed)
    now, kept = mild.outcome, recount(votes, votes[-1].rule, closed=closed).outcome
    if now is not recount(votes, rule, closed=closed, strict=True).outcome:
        return VETO
    if now in (before, kept):
        return ""
    if before is Outcome.OPEN and now not in _DECIDED:
        return ""
    return {
        Outcome.PASSED: PASSES, Outcome.REFUSED: REFUSES, Outcome.SHORT: SHORT, Outcome.OPEN: MISSING,
    }[now]  # fmt: skip


class Recounting:
    """Asks what another rule of a committee would have made of its decisions."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def committee(
        self, ctx: KernelContext, declared: Declared, rule: CommitteeRule, most: int | None = None
    ) -> Simulated:
        """What a rule would have made of what was voted on in the last year.

        Args:
            most: over how many decisions, the latest; all by default.
        """
        since = ctx.now - YEAR
        decisions = self._decisions(declared, since)
        latest = decisions.order_by(func.max(_votes.c.id).desc()).limit(most)
        recent = latest if most is not None else decisions
        ends = self._ends(ctx, recent)
        found = [
            self._again(ctx, declared, rule, votes, ends.get(key))
            for key, votes in self._voted(ctx, declared, recent)
        ]
        full = most is not None and len(found) == most
        everything = self._number(ctx, decisions) if full else len(found)
        return _summed(since, found, everything - len(found))

    # -- what is on record ------------------------------------------------------------------------------------------

    def _decisions(self, declared: Declared, since: datetime) -> Any:
        """The stays of cases before a committee in which somebody voted."""
        return (
            select(*_DECISION)
            .join(_cases, _cases.c.id == _votes.c.case_id)
            .where(*_of(declared), _votes.c.at >= since, _votes.c.ballot != Ballot.RECUSE)
            .group_by(*_DECISION)
        )

    def _voted(
        self, ctx: KernelContext, declared: Declared, recent: Any
    ) -> Iterator[tuple[tuple[int, int], list[Any]]]:
        """The votes of each decision in their order, with recusals, and those that were replaced."""
        statement = (
            select(
                _votes, _cases.c.table_name, _cases.c.record_id, _cases.c.entered_at,
                _cases.c.round.label("stands_at"),
            )
            .join(_cases, _cases.c.id == _votes.c.case_id)
            .where(*_of(declared), tuple_(*_DECISION).in_(recent))
            .order_by(*_DECISION, _votes.c.id)
        )  # fmt: skip
        rows = self._run(ctx, statement)
        for key, votes in groupby(rows, key=lambda row: (row.case_id, row.round)):
            yield key, list(votes)

    def _ends(self, ctx: KernelContext, recent: Any) -> Mapping[tuple[int, int], Any]:
        """The step with which each stay of these cases ended."""
        cases = select(recent.subquery().c.case_id)
        statement = (
            select(_steps, _cases.c.round, _cases.c.state.label("stands"))
            .join(_cases, _cases.c.id == _steps.c.case_id)
            .where(_steps.c.case_id.in_(cases))
            .order_by(_steps.c.case_id, _steps.c.id)
        )
        found: dict[tuple[int, int], Any] = {}
        for case, rows in groupby(self._run(ctx, statement), key=lambda row: row.case_id):
            steps = list(rows)
            found |= {(case, stay): step for stay, step in zip(stays(steps), steps, strict=True)}
        return found

    def _number(self, ctx: KernelContext, decisions: Any) -> int:
        counted = select(func.count()).select_from(decisions.subquery())
        return int(self._run(ctx, counted).scalar_one())

    # -- counted again ----------------------------------------------------------------------------------------------

    def _again(
        self,
        ctx: KernelContext,
        declared: Declared,
        rule: CommitteeRule,
        rows: Sequence[Any],
        end: Any,
    ) -> Case:
        last, before = rows[-1], _became(declared, end)
        place = last.table_name, last.record_id, last.at
        try:
            votes = [self._cast(declared, row) for row in rows]
        except (KeyError, NotFound):  # a vote of before its rule was kept; its authority is gone
            return Case(*place, (NOT_KEPT,), (before, None))
        closed = self._is_closed(ctx, declared, last, end)
        way = otherwise(before, votes, rule, closed=closed)
        was, now = (recount(votes, one, closed=closed) for one in (votes[-1].rule, rule))
        return Case(*place, (way,) if way else (), (before, was), now)

    def _cast(self, declared: Declared, row: Any) -> Cast:
        """A vote as a value.

        Raises:
            KeyError: it didn't keep its rule.
            NotFound: ``no-authority``: what that asked isn't known any more.
        """
        kept, seat = row.authority["committee"], row.behalf_of_id or row.user_id
        ballot, least = Ballot(row.ballot), 0
        if "authority" in row.authority:
            covering = self._parts.authorities.replay(row.authority)
            least = least_of(declared.committee, covering)
        return Cast(
            seat=seat,
            # who stands in for another and is party to it recuses themselves, not the other
            people=frozenset((row.user_id,) if ballot is Ballot.RECUSE else (row.user_id, seat)),
            ballot=ballot,
            shown=row.shown_hash,
            rule=rule_from(kept["rule"]),
            seats=frozenset(kept["seats"]),
            recused=frozenset(int(each) for each in kept["recused"]),
            vetoers=frozenset(kept["veto"]),
            complete=kept["complete"],
            least=least,
        )

    def _is_closed(self, ctx: KernelContext, declared: Declared, row: Any, end: Any) -> bool:
        """Whether the time of the committee was over while the case was before it."""
        after = declared.committee.closes_after
        if after is None:
            return False
        came, left = (end.entered_at, end.left_at) if end is not None else (row.entered_at, ctx.now)
        return bool(self._parts.calendar.working_days_after(ctx, came, after) <= left)

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self._parts.kernel.db.execute(ctx.guarded, statement)


def _of(declared: Declared) -> tuple[Any, ...]:
    """Which votes are of a committee; where an authority left a case to others, theirs keep none."""
    return (
        _cases.c.table_name == declared.flow.record.__tablename__,
        _votes.c.transition == declared.how.name,
        _votes.c.authority["committee", "share"].as_string().is_not(None),
    )


def _became(declared: Declared, end: Any) -> Outcome:
    """What became of a case before a committee by the step with which it left it; open where it went another way."""
    if end is not None and end.transition == declared.how.name:
        return Outcome.PASSED
    refused = end is not None and end.transition == declared.committee.refusal.name
    return Outcome.REFUSED if refused else Outcome.OPEN


def _summed(since: datetime, found: Sequence[Case], more: int) -> Simulated:
    latest = sorted(found, key=lambda one: (one.at, one.record_id), reverse=True)
    unknown = [one for one in latest if UNKNOWN & set(one.ways)]
    changed = [one for one in latest if one.ways and not UNKNOWN & set(one.ways)]
    counts = Counter(way for one in latest for way in one.ways)
    return Simulated(since, len(found), dict(counts), len(unknown), changed, more, unknown=unknown)
