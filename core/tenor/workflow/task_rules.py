"""Task rules on a context's transaction: the version in force on a day, what a plugin declares until there is one, and
what a record says of whose a task is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import inspect, select

from tenor.access.people import epoch
from tenor.events.rows import table_of
from tenor.workflow.assignment import GROUP, LOAD, OWNER, TURNS
from tenor.workflow.definitions import Definition, TaskSpec
from tenor.workflow.records import TaskReminder, TaskRule, TaskRuleVersion, UserSkill
from tenor.workflow.reminders import HALF, Reminder
from tenor.workflow.versions import in_force
from tenor_sdk.errors import NotFound
from tenor_sdk.records import Owned, Record, info_of

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor.workflow.merging import Flow

_lines: Final = table_of(TaskRule)
_reminders: Final = table_of(TaskReminder)
_skills: Final = table_of(UserSkill)
WAYS: Final = (LOAD, TURNS, GROUP, OWNER)


@dataclass(frozen=True)
class RuleSpec:
    """Who gets the task of a state, see ``TaskRule``; every field of it is stated."""

    stage: str
    position: str = ""
    anywhere: bool = False
    way: str = LOAD
    owner_of: str = ""
    skill_of: str = ""
    priority: int = 0
    working_days: int | None = None
    reminders: tuple[Reminder, ...] = ()
    escalate_to: str = ""

    def over(self, spec: TaskSpec) -> TaskSpec:
        """What a state's task becomes by this rule; its words stay."""
        return replace(
            spec,
            position=self.position,
            to_owner=not self.position,
            unit="any" if self.anywhere else "record",
            working_days=self.working_days,
            escalate_to=self.escalate_to,
        )

    def values(self) -> dict[str, Any]:
        """Its fields, as a line of a version has them."""
        return {name: getattr(self, name) for name in _FIELDS}

    def said(self) -> list[dict[str, Any]]:
        """Its reminders, as lines of a version have them."""
        return [{"stage": self.stage, **asdict(one)} for one in self.reminders]


_FIELDS: Final = tuple(name for name in RuleSpec.__dataclass_fields__ if name != "reminders")


@dataclass(frozen=True)
class RulesInForce:
    """A version of the rules of one workflow.

    Args:
        rules: by state.
        version_id: of its record.
    """

    number: int
    version_id: int
    since: date
    rules: Mapping[str, RuleSpec]


@dataclass(frozen=True)
class _Kept:
    """What is in force by workflow, as long as the database has counted so many changes, on one day."""

    counted: int | None
    day: date
    known: dict[str, RulesInForce | None] = field(default_factory=dict)


class TaskRules:
    """Asks the rules."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self._kept = _Kept(None, date.min)

    def today(self, ctx: KernelContext, workflow: str) -> RulesInForce | None:
        """What is in force where something is written, kept for a day until the database counts a change of rules, as
        what is known of people is (decision 26): tasks arise by the thousand."""
        counted = self.kernel.access.counted
        if ctx.within.rules_moved:  # what is published here isn't in force for others yet
            return self.in_force(ctx, workflow)
        kept = self._kept
        if (kept.counted, kept.day) != (counted, ctx.today):
            kept = self._kept = _Kept(counted, ctx.today)
        if workflow in kept.known:
            return kept.known[workflow]
        found = self.in_force(ctx, workflow)
        # counted otherwise, this transaction sees more, or other, than what was committed by then
        if counted is not None and epoch(ctx.kernel.db.connection_of(ctx.session)) == counted:
            kept.known[workflow] = found
        return found

    def forget(self, ctx: KernelContext) -> None:
        """A version was published in this transaction."""
        ctx.within.rules_moved = True

    def in_force(
        self, ctx: KernelContext, workflow: str, day: date | None = None
    ) -> RulesInForce | None:
        """The published version with the latest beginning not after a day, today by default; None without one."""
        row = in_force(ctx, TaskRuleVersion, workflow, day)
        if row is None:
            return None
        rules = {one.stage: one for one in self.lines(ctx, row.id)}
        return RulesInForce(row.number, row.id, row.effective_from, rules)

    def lines(self, ctx: KernelContext, version: int) -> list[RuleSpec]:
        """The lines of a version, in the order of their making."""
        statement = select(*(_lines.c[name] for name in _FIELDS)).where(
            _lines.c.parent_id == version
        )
        rows = self._run(ctx, statement.order_by(_lines.c.id)).mappings()
        of = self._reminders(ctx, version)
        return [RuleSpec(**row, reminders=tuple(of.get(row["stage"], ()))) for row in rows]

    def _reminders(self, ctx: KernelContext, version: int) -> dict[str, list[Reminder]]:
        """By state, each in one order, so that two rules that say the same are the same."""
        c = _reminders.c
        statement = select(c.stage, c.way, c.amount, c.whom).where(c.parent_id == version)
        found: dict[str, list[Reminder]] = {}
        for stage, *said in self._run(ctx, statement.order_by(c.way, c.amount, c.whom)):
            found.setdefault(stage, []).append(Reminder(*said))
        return found

    def flow(self, workflow: str) -> Flow:
        """A workflow of a plugin in service that brings tasks.

        Raises:
            NotFound: ``no-task-workflow``.
        """
        known = {one.name: one for one in self.kernel.workflow.flows.values()}
        if workflow in known and any(declared(known[workflow].definition)):
            return known[workflow]
        raise NotFound("no-task-workflow", key=workflow, known=", ".join(sorted(known)) or "–")

    def before(self, ctx: KernelContext, workflow: str, day: date) -> dict[str, RuleSpec]:
        """What counts on a day, by state: the version's rule, else what the plugin declares.

        Raises:
            NotFound: ``no-task-workflow``.
        """
        found = {one.stage: one for one in declared(self.flow(workflow).definition)}
        in_force = self.in_force(ctx, workflow, day)
        return {**found, **(in_force.rules if in_force else {})}

    # -- what a record says -----------------------------------------------------------------------------------------

    def skill(self, ctx: KernelContext, record: Record, rule: RuleSpec) -> str:
        """Which skill a record asks for by a rule; empty where none."""
        value = self._at(ctx, record, rule.skill_of) if rule.skill_of else None
        return str(value) if value not in (None, "") else ""

    def skilled(self, ctx: KernelContext, skill: str, users: Sequence[int]) -> frozenset[int]:
        """Those of some people who have a skill."""
        if not skill or not users:
            return frozenset()
        statement = select(_skills.c.user_id)
        having = statement.where(_skills.c.skill == skill, _skills.c.user_id.in_(users))
        return frozenset(self._run(ctx, having).scalars())

    def owner(self, ctx: KernelContext, record: Record, rule: RuleSpec) -> int | None:
        """Who looks after what a record is about."""
        path = f"{rule.owner_of}.owner_id" if rule.owner_of else "owner_id"
        found = self._at(ctx, record, path)
        return int(found) if found is not None else None

    def _at(self, ctx: KernelContext, record: Record, path: str) -> Any:
        """The value at a path, whoever may see it: whose a task is doesn't depend on who brings it about."""
        first, _dot, rest = path.partition(".")
        value = getattr(record, first, None)
        if not rest or value is None:
            return value
        column = inspect(type(record)).columns.get(first)
        target = info_of(column).target if column is not None else None
        if target is None or rest not in target.__table__.c:
            return None
        table = table_of(target)
        return self._run(ctx, select(table.c[rest]).where(table.c.id == value)).scalar()

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self.kernel.db.execute(ctx.guarded, statement)


def declared(definition: Definition) -> Iterator[RuleSpec]:
    """What plugins declare of tasks, also of those of branches, as rules."""
    for state in definition.every_state.values():
        spec = state.task
        if spec is not None:
            yield RuleSpec(
                stage=state.name,
                position="" if spec.to_owner else spec.position,
                anywhere=spec.unit == "any",
                way=OWNER if spec.to_owner else LOAD,
                working_days=spec.working_days,
                reminders=declared_of(spec),
                escalate_to=spec.escalate_to,
            )


def declared_of(spec: TaskSpec) -> tuple[Reminder, ...]:
    """What plugins declare of reminders: one, at half time, or none."""
    return (HALF,) if spec.remind else ()


def is_looked_after(record: type[Record], path: str) -> bool:
    """Whether a path is a link of a record to something that somebody looks after; an empty one is the record."""
    target = _target(record, path) if path else None
    return not path or (target is not None and issubclass(target, Owned))


def is_field(record: type[Record], path: str) -> bool:
    """Whether a path is a field of a record, or one of what a link of it leads to."""
    first, _dot, rest = path.partition(".")
    of = record if not rest else _target(record, first)
    return of is not None and (rest or first) in of.__table__.c


def _target(record: type[Record], name: str) -> type[Record] | None:
    column = inspect(record).columns.get(name)
    return info_of(column).target if column is not None else None
