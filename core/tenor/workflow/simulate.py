"""What would have been otherwise: a version of an authority, or of task rules, over the cases of a year. It only reads,
and works out each answer again from what was kept with the vote, or with the task, on its day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select, tuple_

from tenor.events.rows import table_of
from tenor.workflow.assignment import GROUP, LOAD, Asked, pick, read_basis
from tenor.workflow.authorities import figures_of
from tenor.workflow.differences import Difference
from tenor.workflow.limits import Cover, LineSpec, cover, line_of, reached
from tenor.workflow.records import Task, Vote, WorkflowCase
from tenor.workflow.reminders import HALF, Reminder, read
from tenor.workflow.task_rules import RuleSpec
from tenor_sdk.approvals import Approval, Ballot
from tenor_sdk.authority import Authority

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor.workflow.merging import Flow

_votes: Final = table_of(Vote)
_cases: Final = table_of(WorkflowCase)
_tasks: Final = table_of(Task)
#: the votes of one decision have these in common
_DECISION: Final = (_votes.c.case_id, _votes.c.round, _votes.c.transition)
#: how far back
YEAR: Final = timedelta(days=365)
#: how many rows one statement fetches
_CHUNK: Final = 1000

#: what would have become of a decision
SAME, OTHERS, MORE, NOBODY, UNSAID = "same", "others", "more", "nobody", "unsaid"
#: what of a task would have been otherwise
POSITION, WHO, DEADLINE, PRIORITY, ESCALATION, REMINDERS = (
    "position", "person", "deadline", "priority", "escalation", "reminders",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A case of the past, and what would have been otherwise.

    Args:
        ways: what; empty where nothing.
        before, after: the lines of an authority that cover it; of a task whose it was and would have been.
        of: what of which, where a way has kinds: a way, and the position or the step.
        differences: of a workflow's definition: each step that would have been otherwise, and how.
    """

    table_name: str
    record_id: int
    at: datetime
    ways: tuple[str, ...] = ()
    before: Any = None
    after: Any = None
    of: tuple[tuple[str, str], ...] = ()
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Simulated:
    """What a version would have done.

    Args:
        since: the first moment that was looked at.
        looked_at: how many cases.
        counts: how many of each way, of those that would have gone another.
        unsaid: of how many nothing can be said: what the version asks for wasn't kept then.
        changed: those that would have gone another way, the latest first.
        more: how many of that time weren't looked at, which are earlier.
        kinds: the same counts by what of which, see ``Case.of``.
        unknown: of a definition: those of ``unsaid``, with what isn't known.
    """

    since: datetime
    looked_at: int
    counts: Mapping[str, int]
    unsaid: int
    changed: Sequence[Case]
    more: int = 0
    kinds: Mapping[tuple[str, str], int] = field(default_factory=dict)
    unknown: Sequence[Case] = ()


class Simulations:
    """Asks what would have been."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    # -- authority --------------------------------------------------------------------------------------------------

    def authority(
        self,
        ctx: KernelContext,
        authority: Authority,
        lines: Sequence[LineSpec],
        most: int | None = None,
    ) -> Simulated:
        """What these lines would have made of the decisions of the last year, each as its last vote was put in.

        Args:
            most: over how many decisions, the latest; all by default.
        """
        since = ctx.now - YEAR
        counted = (
            _votes.c.void_at.is_(None), _votes.c.at >= since, _votes.c.ballot != Ballot.RECUSE,
            _votes.c.authority["authority"].as_string() == authority.key,
        )  # fmt: skip
        decisions = select(func.max(_votes.c.id).label("last")).where(*counted).group_by(*_DECISION)
        found = [
            _decided(authority, lines, votes)
            for votes in self._decisions(ctx, counted, decisions, most)
        ]
        return _summed(since, found, self._more(ctx, decisions, len(found), most))

    def _decisions(
        self, ctx: KernelContext, counted: Sequence[Any], decisions: Any, most: int | None
    ) -> Iterator[list[Any]]:
        """The votes that counted for each decision by an authority, oldest first."""
        statement = (
            select(
                _votes.c.case_id, _votes.c.round, _votes.c.transition, _votes.c.user_id, _votes.c.ballot,
                _votes.c.authority, _votes.c.at, _cases.c.table_name, _cases.c.record_id,
            )
            .join(_cases, _cases.c.id == _votes.c.case_id)
            .where(*counted)
            .order_by(*_DECISION, _votes.c.id)
        )  # fmt: skip
        if most is not None:
            latest = decisions.order_by(func.max(_votes.c.id).desc()).limit(most)
            of = tuple_(*_DECISION).in_(select(*_DECISION).where(_votes.c.id.in_(latest)))
            statement = statement.where(of)
        votes: list[Any] = []
        for row in self._all(ctx, statement):
            if votes and _of(votes[0]) != _of(row):
                yield votes
                votes = []
            votes.append(row)
        if votes:
            yield votes

    # -- task rules -------------------------------------------------------------------------------------------------

    def tasks(
        self,
        ctx: KernelContext,
        flow: Flow,
        rules: Mapping[str, RuleSpec],
        most: int | None = None,
    ) -> Simulated:
        """What these rules would have made of the tasks of the last year.

        Whose a task would have been is worked out among those who were compared when it came, with what they had on
        their desks then; of tasks that go to another position only to which: who held it then wasn't kept.

        Args:
            most: over how many tasks, the latest; all by default.
        """
        since = ctx.now - YEAR
        of = (
            _tasks.c.table_name == flow.record.__tablename__,
            _tasks.c.stage.in_(rules),
            _tasks.c.arisen_at >= since,
        )
        statement = select(_tasks).where(*of).order_by(_tasks.c.id.desc()).limit(most)
        named = self._named(flow, rules)
        found = [
            self._again(ctx, row, rules[row.stage], by_rule=row.stage not in named)
            for row in self._all(ctx, statement)
        ]
        more = self._more(ctx, select(_tasks.c.id).where(*of), len(found), most)
        return _summed(since, found, more)

    def _named(self, flow: Flow, stages: Iterable[str]) -> set[str]:
        """The states whose tasks go to whom an authority, a committee or steps name, whatever a rule says."""
        pressed = self.kernel.workflow.pressed
        return {
            stage
            for stage in stages
            for how in pressed(flow.record.__tablename__, stage)
            if how.approval is not None and _names_people(how.approval)
        }

    def _again(self, ctx: KernelContext, row: Any, rule: RuleSpec, *, by_rule: bool) -> Case:
        calendar = self.kernel.workflow.calendar
        due = None
        if rule.working_days is not None:
            due = calendar.working_days_after(ctx, row.arisen_at, rule.working_days)
        who, chosen = _who(row, rule) if by_rule else ("", None)
        otherwise = (
            (POSITION, by_rule and row.position != rule.position),
            (who, bool(who)),
            (DEADLINE, row.due_at != due),
            (PRIORITY, row.priority != rule.priority),
            (ESCALATION, row.escalate_to != rule.escalate_to),
            (REMINDERS, _reminded(row) != (rule.reminders if due is not None else ())),
        )
        ways = tuple(way for way, is_so in otherwise if is_so)
        before = {"position": row.position, "user": _chosen(row), "due": row.due_at}
        position = rule.position if by_rule else row.position
        after = {"position": position, "user": chosen, "due": due}
        of = ((POSITION, position),) if POSITION in ways else ()
        return Case(row.table_name, row.record_id, row.arisen_at, ways, before, after, of)

    def _more(self, ctx: KernelContext, rows: Any, found: int, most: int | None) -> int:
        """How many there are beyond those that were looked at; asked only where there may be any."""
        if most is None or found < most:
            return 0
        counted = select(func.count()).select_from(rows.subquery())
        return int(self.kernel.db.execute(ctx.guarded, counted).scalar_one()) - found

    def _all(self, ctx: KernelContext, statement: Any) -> Iterator[Any]:
        rows = self.kernel.db.execute(ctx.guarded, statement)
        while part := rows.fetchmany(_CHUNK):
            yield from part


def _names_people(approval: Approval) -> bool:
    return bool(approval.authority or approval.committee or approval.steps)


def _of(row: Any) -> tuple[int, int, str]:
    return row.case_id, row.round, row.transition


def _decided(authority: Authority, lines: Sequence[LineSpec], votes: Sequence[Any]) -> Case:
    """One decision under other lines, on the figures of its last vote."""
    last = votes[-1]
    basis = last.authority
    figures = figures_of(basis)
    before = cover([line_of(one) for one in basis["lines"]], authority.dimensions, figures)
    after = cover(lines, authority.dimensions, figures)
    held = {
        row.user_id: frozenset(row.authority.get("positions", ()))
        for row in votes
        if row.ballot == Ballot.FOR
    }
    way = _way(before, after, held, set(after.unknown) - set(figures))
    ways = () if way == SAME else (way,)
    return Case(last.table_name, last.record_id, last.at, ways, before, after)


def _way(
    before: Cover, after: Cover, held: Mapping[int, frozenset[str]], not_kept: set[str]
) -> str:
    if not_kept:
        return UNSAID
    if not after.lines:
        return NOBODY
    if _people(before) == _people(after):
        return SAME
    way = reached(after, held)
    was = reached(before, held)
    short = way is not None and way.left > (was.left if was is not None else 0)
    return MORE if short else OTHERS


def _people(covering: Cover) -> set[tuple[str, int, str]]:
    return {(one.position, one.people, one.among) for one in covering.lines}


def _reminded(row: Any) -> tuple[Reminder, ...]:
    """What was said of a task's reminders when it came; without a deadline nothing is."""
    if row.due_at is None:
        return ()
    if row.reminders is None:
        return (HALF,) if row.remind_at or row.reminded_at else ()
    return tuple(one.reminder for one in read(row.reminders))


def _chosen(row: Any) -> int | None:
    """To whom a task went when it came, of those who were compared."""
    basis = row.basis
    if basis is None or row.several:
        return None
    members, loads, asked = read_basis(basis)
    return pick(members, loads, asked).user_id


def _who(row: Any, rule: RuleSpec) -> tuple[str, int | None]:
    """Whether somebody else would have got a task, and who; nothing where it can't be said."""
    if row.basis is None or row.position != rule.position or row.several:
        return "", None
    members, loads, asked = read_basis(row.basis)
    if rule.way not in (LOAD, GROUP) and rule.way != asked.way:
        return "", None  # what these ways go by wasn't asked for then
    if rule.skill_of and not asked.skill:
        return "", None  # who has which skill wasn't asked for then
    skill = (asked.skill, asked.skilled) if rule.skill_of else ("", frozenset[int]())
    again = Asked(rule.way, *skill, asked.owner)
    chosen = pick(members, loads, again).user_id
    return (WHO if chosen != pick(members, loads, asked).user_id else ""), chosen


def _summed(since: datetime, found: Sequence[Case], more: int) -> Simulated:
    said = [one for one in found if UNSAID not in one.ways]
    changed = sorted(
        (one for one in said if one.ways), key=lambda one: (one.at, one.record_id), reverse=True
    )
    counts = Counter(way for one in changed for way in one.ways)
    kinds = Counter(each for one in changed for each in one.of)
    unsaid = len(found) - len(said)
    return Simulated(since, len(found), dict(counts), unsaid, changed, more, dict(kinds))
