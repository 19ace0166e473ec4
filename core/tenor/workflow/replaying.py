"""A workflow's definition of today over what last year's cases went through. It only reads."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from tenor.audit.records import LedgerEntry
from tenor.events.rows import table_of
from tenor.workflow.definitions import Definition, from_content
from tenor.workflow.differences import (
    APART,
    Difference,
    Passage,
    ballots_of,
    differences,
)
from tenor.workflow.records import Duty, Vote, WorkflowCase, WorkflowDefinition, WorkflowStep
from tenor.workflow.simulate import YEAR, Case, Simulated
from tenor_sdk.approvals import Ballot

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.workflow.merging import Flow
    from tenor.workflow.parts import Parts

_cases: Final = table_of(WorkflowCase)
_steps: Final = table_of(WorkflowStep)
_votes: Final = table_of(Vote)
_duties: Final = table_of(Duty)
_definitions: Final = table_of(WorkflowDefinition)
_ledger: Final = table_of(LedgerEntry)


@dataclass
class _Way:
    """What one record went through: steps with the votes that led to each, by case and branch; duties in their order.

    Args:
        pinned: the definition that its case has now.
        moves: when it was moved to a newer one, and the hash's beginning of the one before.
    """

    record_id: int
    pinned: int
    steps: list[Any] = field(default_factory=list)
    duties: list[Any] = field(default_factory=list)
    moves: list[tuple[datetime, str]] = field(default_factory=list)


class _Known:
    """The definitions of a workflow, as they are stored.

    Args:
        rows: their ids, hashes and contents.
    """

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = rows
        self._read: dict[int, Definition] = {}

    def of(self, way: _Way, step: Any) -> Definition | None:
        """That by which a step was gone; None where the ledger doesn't say it any more. What went by itself at the
        moment of a migration followed it."""
        place = bisect_left(way.moves, (step.left_at, "~" if step.automatic else ""))
        began = way.moves[place][1] if place < len(way.moves) else None
        return next((self._made(row) for row in self._rows if _is(row, way, began)), None)

    def _made(self, row: Any) -> Definition:
        if row.id not in self._read:
            self._read[row.id] = from_content(row.content)
        return self._read[row.id]


def _is(row: Any, way: _Way, began: str | None) -> bool:
    """Whether it is the definition whose hash begins so; that of the case where nothing is said."""
    if began is None:
        return bool(row.id == way.pinned)
    return bool(began) and row.hash.startswith(began)


class Replaying:
    """Asks what would have become of cases on the definition that code and patches make now."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def older(self, ctx: KernelContext, flow: Flow) -> int:
        """How many cases there are of an earlier definition."""
        own = (_cases.c.table_name == flow.record.__tablename__, _cases.c.branch == "")
        statement = (
            select(func.count())
            .select_from(_cases)
            .join(_definitions, _definitions.c.id == _cases.c.definition_id)
            .where(*own, _definitions.c.hash != flow.definition.hash)
        )
        return int(self._run(ctx, statement).scalar_one())

    def definition(self, ctx: KernelContext, flow: Flow, most: int | None = None) -> Simulated:
        """What would have become of the cases that took a step in the last year.

        Args:
            most: how many of them are looked at, the latest; all by default.
        """
        since = ctx.now - YEAR
        known = self._known(ctx, flow)
        found = [self._again(ctx, flow, way, known) for way in self._ways(ctx, flow, since, most)]
        full = most is not None and len(found) == most
        everything = self._count(ctx, flow, since) if full else len(found)
        return _summed(since, found, everything - len(found))

    # -- what is on record ------------------------------------------------------------------------------------------

    def _ways(
        self, ctx: KernelContext, flow: Flow, since: datetime, most: int | None
    ) -> Sequence[_Way]:
        latest = self._recent(flow, since).order_by(func.max(_steps.c.id).desc())
        recent = latest.limit(most) if most is not None else latest.order_by(None)
        table = flow.record.__tablename__
        statement = (
            select(
                _steps, _cases.c.record_id, _cases.c.definition_id, _cases.c.round,
                _cases.c.state.label("stands"),
            )
            .join(_cases, _cases.c.id == _steps.c.case_id)
            .where(_cases.c.table_name == table, _cases.c.record_id.in_(recent))
            .where(_steps.c.left_at >= since)
            .order_by(_cases.c.record_id, _steps.c.case_id, _steps.c.id)
        )  # fmt: skip
        found: dict[int, _Way] = {}
        for row in self._run(ctx, statement):
            way = found.setdefault(row.record_id, _Way(row.record_id, row.definition_id))
            way.steps.append(row)
        self._with_duties(ctx, flow, recent, found)
        self._with_moves(ctx, table, recent, found)
        votes = self._ballots(ctx, table, recent)
        for way in found.values():
            way.steps = list(_with_votes(way.steps, votes))
        return list(found.values())

    def _known(self, ctx: KernelContext, flow: Flow) -> _Known:
        columns = (_definitions.c.id, _definitions.c.hash, _definitions.c.content)
        own = _definitions.c.workflow == flow.name
        return _Known(self._run(ctx, select(*columns).where(own)).all())

    def _recent(self, flow: Flow, since: datetime) -> Any:
        """The records whose cases took a step."""
        return (
            select(_cases.c.record_id)
            .join(_steps, _steps.c.case_id == _cases.c.id)
            .where(_cases.c.table_name == flow.record.__tablename__, _steps.c.left_at >= since)
            .group_by(_cases.c.record_id)
        )

    def _count(self, ctx: KernelContext, flow: Flow, since: datetime) -> int:
        counted = select(func.count()).select_from(self._recent(flow, since).subquery())
        return int(self._run(ctx, counted).scalar_one())

    def _ballots(self, ctx: KernelContext, table: str, recent: Any) -> Mapping[int, Sequence[Any]]:
        """The votes that count, by case."""
        columns = ("case_id", "round", "transition", "user_id", "ballot", "authority", "at")
        statement = (
            select(*(_votes.c[name] for name in columns))
            .join(_cases, _cases.c.id == _votes.c.case_id)
            .where(_cases.c.table_name == table, _cases.c.record_id.in_(recent))
            .where(_votes.c.void_at.is_(None), _votes.c.ballot != Ballot.RECUSE)
            .order_by(_votes.c.case_id, _votes.c.id)
        )
        rows = self._run(ctx, statement)
        return {case: list(of) for case, of in groupby(rows, key=lambda row: row.case_id)}

    def _with_duties(
        self, ctx: KernelContext, flow: Flow, recent: Any, found: Mapping[int, _Way]
    ) -> None:
        if not self._parts.duties.rule(flow.record):
            return
        of = (
            _duties.c.table_name == flow.record.__tablename__,
            _duties.c.record_id.in_(recent),
        )
        for row in self._run(ctx, select(_duties).where(*of).order_by(_duties.c.id)):
            if row.record_id in found:
                found[row.record_id].duties.append(row)

    def _with_moves(
        self, ctx: KernelContext, table: str, recent: Any, found: Mapping[int, _Way]
    ) -> None:
        """When cases were moved to a newer definition, by the ledger: one that stays in its state takes no step."""
        statement = (
            select(_ledger.c.record_id, _ledger.c.at, _ledger.c.changes)
            .where(_ledger.c.kind == "case-migrated", _ledger.c.table_name == table)
            .where(_ledger.c.record_id.in_(recent))
            .order_by(_ledger.c.id)
        )
        for row in self._run(ctx, statement):
            _none, before = (row.changes or {}).get("from_definition") or (None, "")
            if row.record_id in found:
                found[row.record_id].moves.append((row.at, str(before or "")))

    # -- gone again -------------------------------------------------------------------------------------------------

    def _again(self, ctx: KernelContext, flow: Flow, way: _Way, known: _Known) -> Case:
        found: list[Difference] = []
        for row, given, straight_to in _on_their_way(way.steps, flow.definition):
            passage = Passage(
                row.transition, row.source, row.target, row.kind, row.entered_at, row.left_at,
                straight_to, ballots_of(given),
            )  # fmt: skip
            then = known.of(way, row)
            found += differences(passage, then, flow.definition, self._due(ctx))
        found += self._apart(flow, way)
        once = tuple({(one.way, one.transition): one for one in found}.values())
        ways = tuple(dict.fromkeys(one.way for one in once))
        of = tuple((one.way, one.transition) for one in once)
        last = max(row.left_at for row, _given in way.steps)
        table = flow.record.__tablename__
        return Case(table, way.record_id, last, ways, of=of, differences=once)

    def _due(self, ctx: KernelContext) -> Any:
        calendar = self._parts.calendar
        return lambda start, days: calendar.working_days_after(ctx, start, days)

    def _apart(self, flow: Flow, way: _Way) -> Iterator[Difference]:
        """The steps that the same person did on a record though they are kept apart now."""
        done: list[tuple[str, int]] = []
        for row in way.duties:
            users = {user for user in (row.user_id, row.behalf_of_id) if user is not None}
            against = self._parts.duties.refusal(flow.record, row.step, users, done)
            if against is not None:
                yield Difference(APART, row.step, None, against.values["rule"])
            done += [(row.step, user) for user in users]

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self._parts.kernel.db.execute(ctx.guarded, statement)


def _with_votes(
    steps: Sequence[Any], votes: Mapping[int, Sequence[Any]]
) -> Iterator[tuple[Any, Sequence[Any]]]:
    """Each step with the votes that led to it: those of the same stay of its case."""
    for case, rows in groupby(steps, key=lambda row: row.case_id):
        of_case, of = list(rows), votes.get(case, ())
        for row, stay in zip(of_case, stays(of_case), strict=True):
            own = [one for one in of if one.round == stay and one.at >= row.entered_at]
            yield row, own


def _on_their_way(
    steps: Sequence[tuple[Any, Sequence[Any]]], now: Definition
) -> Iterator[tuple[Any, Sequence[Any], str]]:
    """Each step with its votes, and whence its case had been returned, where it leads straight back."""
    before = None
    for row, given in steps:
        straight = ""
        if before is not None and before.case_id == row.case_id and before.kind == "return":
            returned = now.transition(before.transition)
            if returned is not None and returned.returns == "straight":
                straight = before.source
        yield row, given, straight
        before = row


def stays(steps: Sequence[Any]) -> list[int]:
    """At which ``round`` of its case each step was gone, counted back from where the case stands: a step counts it up,
    and so does a branch that begins anew.

    Args:
        steps: all of one case to the last, each with ``round`` and ``stands`` of the case as it is now.
    """
    stay, stands = steps[-1].round, steps[-1].stands
    found = []
    for row in reversed(steps):
        stay -= 1 if row.target == stands else 2
        found.append(stay)
        stands = row.source
    return found[::-1]


def _summed(since: datetime, found: Sequence[Case], more: int) -> Simulated:
    latest = sorted(found, key=lambda one: (one.at, one.record_id), reverse=True)
    other = [one for one in latest if any(each.known for each in one.differences)]
    unknown = [one for one in latest if one.ways and one not in other]
    counts = Counter(way for one in latest for way in one.ways)
    kinds = Counter(each for one in latest for each in one.of)
    return Simulated(
        since, len(found), dict(counts), len(unknown), other, more, dict(kinds), unknown
    )
