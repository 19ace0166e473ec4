"""Tasks arise with a state, go to somebody, and are done by leaving the state."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, case, func, insert, or_, select, update

from tenor.access.delegations import in_force
from tenor.access.people import away
from tenor.access.records import Unit, User, UserPosition
from tenor.db import waiting
from tenor.db.numbers import BEYOND
from tenor.events.rows import stamps, table_of
from tenor.events.wire import to_json
from tenor.workflow.assignment import (
    GROUP,
    OWNER,
    Asked,
    Choice,
    Group,
    Holder,
    Load,
    basis_of,
    group_of,
    pick,
)
from tenor.workflow.definitions import StateSpec, TaskSpec, titled
from tenor.workflow.notices import TASK
from tenor.workflow.records import DONE, OPEN, Task
from tenor.workflow.reminders import Told, next_at, written
from tenor.workflow.task_rules import RuleSpec, TaskRules, declared_of
from tenor_sdk.access import ADMINISTRATOR
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor.workflow.cases import Case

task: Final = table_of(Task)
_held: Final = table_of(UserPosition)
_users: Final = table_of(User)
_units: Final = table_of(Unit)
#: in what a task of several people keeps: the ids of those who have no part in it
RECUSED: Final = "recused"
# made once: to put these together for every step costs as much as to run them
_ADD: Final = insert(task).inline()
_FINISH: Final = (
    update(task)
    .where(task.c.case_id == bindparam("its_case"), task.c.state == OPEN)
    .values(
        assignee_id=case(
            (task.c.several, task.c.assignee_id),
            else_=func.coalesce(task.c.assignee_id, bindparam("who")),
        )
    )
)


@dataclass(frozen=True)
class Back:
    """That a case came back to a state.

    Args:
        case_id: of the case, or of its branch.
        user_id: who did the task before; it goes to them again where they can still take it.
        why: by whom and for what reason.
    """

    case_id: int
    user_id: int | None
    why: Text


@dataclass(frozen=True)
class Deciders:
    """Whose task a decision is.

    Args:
        positions: whose holders.
        people: who by name.
        recused: who of them, and of those who stand in for them, has no part in it.
    """

    positions: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    recused: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Arising:
    """A task that is to arise.

    Args:
        barred: users who may not have it, for what they did on the record.
        several: whether it takes several people, so that it stays with all of them.
        positions: whose it is instead of the task's own position, where an authority, a committee or steps say who
            decides.
        people: the same of those who decide by name.
        person: of one of the ways: the one of these people whose it is.
        recused: who of them is outside the count of a committee; they may not have it either.
        rule: what the institution says of it; None where what the plugin declares counts.
        rules_id: the version that says so.
        back: where the case came back.
    """

    case: Case
    record: Record
    state: StateSpec
    task: TaskSpec
    barred: frozenset[int] = frozenset()
    several: bool = False
    positions: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    person: int | None = None
    recused: frozenset[int] = frozenset()
    rule: RuleSpec | None = None
    rules_id: int | None = None
    back: Back | None = None

    @property
    def unit_id(self) -> int | None:
        return getattr(self.record, "unit_id", None)

    @property
    def ways(self) -> list[Arising]:
        """One for each position, and for each person by name, whose it may be."""
        held = [replace(self.task, position=position) for position in self.positions]
        own = replace(self.task, position="", to_owner=False)
        bare = replace(self, positions=(), people=())
        named = [replace(bare, task=own, person=person) for person in self.people]
        return [*(replace(bare, task=task) for task in held), *named] or [self]


class Tasks:
    """Makes and ends tasks on a context's transaction."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.rules = TaskRules(kernel)

    def arise(self, ctx: KernelContext, arising: Arising) -> None:
        """A task that a case brings with its state: given to somebody, who is told, with its deadline.

        Where several positions may do it, there is one for each of them that somebody able holds. What the institution
        says of it goes before what the plugin declares.
        """
        arising = _named(self._ruled(ctx, arising))
        found = [(way, *self._choice(ctx, way)) for way in arising.ways]
        able = [one for one in found if one[1].members or one[2].user_id is not None]
        for way, group, choice in able or found[:1]:
            self._give(ctx, way, group, choice)
        if not able:
            title = titled(arising.task.title, arising.state.plugin)
            self._tell_administrators(ctx, title, arising.record)

    def _ruled(self, ctx: KernelContext, arising: Arising) -> Arising:
        flow = self.kernel.workflow.flow(type(arising.record))
        in_force = self.rules.today(ctx, flow.name) if flow is not None else None
        rule = in_force.rules.get(arising.state.name) if in_force is not None else None
        if in_force is None or rule is None:
            return arising
        task = rule.over(arising.task)
        return replace(arising, task=task, rule=rule, rules_id=in_force.version_id)

    def _give(self, ctx: KernelContext, arising: Arising, group: Group, choice: Choice) -> None:
        self._insert(ctx, arising, group, choice)
        title = titled(arising.task.title, arising.state.plugin)
        told = [choice.user_id] if choice.user_id is not None else list(group.members)
        told += self._replacing(ctx, arising, told)
        # whoever brought the case here sees the task before them
        self._tell(
            ctx,
            set(told) - {ctx.actor.id},
            _("New task: {task}", task=title),
            choice.why,
            arising.record,
            (arising.case.id, arising.case.round),
        )

    def _replacing(self, ctx: KernelContext, arising: Arising, users: Sequence[int]) -> list[int]:
        """Who stands in for those who are told of a task, and could do it."""
        able = self.standing_in(ctx, arising.task.position) if arising.task.position else []
        return [taker for giver, taker in able if giver in users and taker not in arising.barred]

    def arisen(self, ctx: KernelContext, case: Case) -> bool:
        """Whether a case's present stay has brought its task already."""
        if case.id in ctx.within.come:
            return False
        brought = (task.c.case_id == case.id, task.c.round == case.round)
        return self._run(ctx, select(task.c.id).where(*brought).limit(1)).first() is not None

    def open_with(self, ctx: KernelContext, of: Case) -> Deciders:
        """Who has the open tasks of a case's present stay: the positions, and the people by name."""
        here = (task.c.case_id == of.id, task.c.round == of.round, task.c.state == OPEN)
        rows = self._run(ctx, select(task.c.position, task.c.assignee_id).where(*here)).all()
        return Deciders(
            tuple(row.position for row in rows if row.position),
            tuple(row.assignee_id for row in rows if not row.position),
        )

    def finish(self, ctx: KernelContext, of: Case, *, state: str = DONE) -> None:
        """The open tasks of a case are done (or ``cancelled``) by whoever acts.

        Nobody's become theirs; those of several people stay everybody's, who all had their part in the case.
        """
        who = ctx.actor.id or None
        done = {"state": state, "done_at": ctx.now, "done_by_id": who, "changed_at": ctx.now}
        self._run(ctx, _FINISH, {"its_case": of.id, "who": who, **done})

    def leave_to(self, ctx: KernelContext, of: Case, deciders: Deciders, *, state: str) -> None:
        """The open tasks of a case's present stay that aren't these deciders' are done (or ``cancelled``) by whoever
        acts."""
        by_name = task.c.position == ""
        theirs = or_(
            task.c.position.in_(deciders.positions),
            and_(by_name, task.c.assignee_id.in_(deciders.people)),
        )
        others = (task.c.case_id == of.id, task.c.round == of.round, task.c.state == OPEN, ~theirs)
        who = ctx.actor.id or None
        done = {"state": state, "done_at": ctx.now, "done_by_id": who, "changed_at": ctx.now}
        self._run(ctx, update(task).where(*others).values(**done))

    def held(self, ctx: KernelContext, cases: Sequence[int]) -> list[int]:
        """Who has open tasks of cases, by their ids."""
        held = task.c.assignee_id.is_not(None)
        open_ones = (task.c.case_id.in_(cases), task.c.state == OPEN, held)
        return list(self._run(ctx, select(task.c.assignee_id).where(*open_ones)).scalars())

    def had(self, ctx: KernelContext, of: Case, stage: str) -> int | None:
        """Who had the task of a stage last."""
        brought = (task.c.case_id == of.id, task.c.stage == stage)
        statement = select(task.c.assignee_id).where(*brought).order_by(task.c.id.desc()).limit(1)
        found: int | None = self._run(ctx, statement).scalar()
        return found

    # -- whose it is ------------------------------------------------------------------------------------------------

    def _choice(self, ctx: KernelContext, arising: Arising) -> tuple[Group, Choice]:
        spec, back = arising.task, arising.back
        if arising.person is not None:
            able = arising.person if arising.person not in arising.barred else None
            why = back.why if back else _("Before everybody who may decide it")
            return Group(None), Choice(able, why, outside(arising.recused))
        if spec.to_owner:
            return Group(None), self._owner(ctx, arising)
        group = self.group(
            ctx, spec.position, arising.unit_id, anywhere=spec.unit == "any", barred=arising.barred
        )
        if arising.several:
            why = back.why if back else _("Before everybody who may decide it")
            return group, Choice(None, why, outside(arising.recused))
        if back is not None and back.user_id in group.members:
            return group, Choice(back.user_id, back.why)
        return group, self._picked(ctx, arising, group)

    def _owner(self, ctx: KernelContext, arising: Arising) -> Choice:
        rule, record, back = arising.rule, arising.record, arising.back
        if rule is not None and rule.owner_of:
            owner = self.rules.owner(ctx, record, rule)
            if owner is not None:
                return Choice(owner, back.why if back else _("Looks after what it is about"))
        owner = getattr(record, "owner_id", None) or record.created_by_id
        return Choice(owner, back.why if back else _("Looks after it"))

    def _picked(self, ctx: KernelContext, arising: Arising, group: Group) -> Choice:
        """One of the group, and among whom, so that the choice can be seen and worked out again."""
        asked, members = self._asked(ctx, arising, group.members), group.members
        alone = len(members) < 2 and arising.rule is None
        loads = {} if alone else self.loads(ctx, members, arising)
        return replace(pick(members, loads, asked), basis=basis_of(group, loads, asked))

    def _asked(self, ctx: KernelContext, arising: Arising, members: Sequence[int]) -> Asked:
        rule = arising.rule
        if arising.task.shared and (rule is None or rule.way == OWNER):
            return Asked(GROUP)
        if rule is None:
            return Asked()
        skill = self.rules.skill(ctx, arising.record, rule)
        owner = self.rules.owner(ctx, arising.record, rule) if rule.way == OWNER else None
        return Asked(rule.way, skill, self.rules.skilled(ctx, skill, members), owner)

    def group(
        self,
        ctx: KernelContext,
        position: str,
        unit_id: int | None,
        *,
        anywhere: bool = False,
        barred: Iterable[int] = (),
    ) -> Group:
        """The holders of a position who may take a task of a record in ``unit_id``; see ``assignment.group_of``."""
        upwards = None if anywhere or unit_id is None else self._upwards(ctx, unit_id)
        barred = frozenset(barred)
        return group_of(self._holders(ctx, position, barred), upwards, barred)

    def _holders(self, ctx: KernelContext, position: str, barred: frozenset[int]) -> list[Holder]:
        """Who holds a position. Who is on leave is there nevertheless where somebody stands in who can do it."""
        statement = (
            select(_held.c.user_id, _held.c.unit_id, away(ctx.today).label("away"))
            .join(_users, _users.c.id == _held.c.user_id)
            .where(_held.c.position == position, _users.c.active, ~_users.c.archived)
        )
        rows = self._run(ctx, statement).all()
        replaced: set[int] = set()
        if any(row.away for row in rows):
            able = self.standing_in(ctx, position)
            replaced = {giver for giver, taker in able if taker not in barred}
        return [
            Holder(row.user_id, row.unit_id, bool(row.away) and row.user_id not in replaced)
            for row in rows
        ]

    def standing_in(self, ctx: KernelContext, position: str) -> list[tuple[int, int]]:
        """Who acts today by a position in whose place, of those who are there: giver, taker."""
        connection = self.kernel.db.connection_of(ctx.guarded)
        found = [one for one in in_force(connection, ctx.today) if one.position == position]
        wanted = {one.taker_id for one in found}
        here = (_users.c.id.in_(wanted), _users.c.active, ~_users.c.archived, ~away(ctx.today))
        there = set(self._run(ctx, select(_users.c.id).where(*here)).scalars()) if wanted else set()
        return [(one.giver_id, one.taker_id) for one in found if one.taker_id in there]

    def _upwards(self, ctx: KernelContext, unit_id: int) -> list[int]:
        path = self._run(ctx, select(_units.c.path).where(_units.c.id == unit_id)).scalar() or ""
        return [int(part) for part in reversed(path.strip("/").split("/")) if part]

    def loads(
        self, ctx: KernelContext, users: Sequence[int], arising: Arising | None = None
    ) -> dict[int, Load]:
        """What each of these people has on the desk.

        Args:
            arising: to know also when the last task of its kind came to them.
        """
        if not users:
            return {}
        given = (
            [func.max(task.c.arisen_at).filter(*_like(arising)).label("given_at")]
            if arising
            else []
        )
        statement = (
            select(
                task.c.assignee_id,
                func.count().filter(task.c.state == OPEN).label("open_tasks"),
                func.max(task.c.done_at).label("idle_since"),
                *given,
            )
            .where(task.c.assignee_id.in_(users))
            .group_by(task.c.assignee_id)
        )
        rows = self._run(ctx, statement)
        known = {
            row.assignee_id: Load(row.open_tasks, row.idle_since, row.given_at if given else None)
            for row in rows
        }
        return {user: known.get(user, Load()) for user in users}

    # -- the row, and telling ---------------------------------------------------------------------------------------

    def row(self, ctx: KernelContext, identity: int) -> Mapping[str, Any] | None:
        """The row of a task, whoever asks."""
        if identity >= BEYOND:
            return None
        statement = select(task).where(task.c.id == identity)
        found: Mapping[str, Any] | None = self._run(ctx, statement).mappings().first()
        return found

    def holder(self, ctx: KernelContext, identity: int) -> str:
        """The name of whoever has a task; a dash where nobody has."""
        statement = select(_users.c.name).join(task, task.c.assignee_id == _users.c.id)
        return self._run(ctx, statement.where(task.c.id == identity)).scalar() or "—"

    def _insert(self, ctx: KernelContext, arising: Arising, group: Group, choice: Choice) -> None:
        spec, calendar = arising.task, self.kernel.workflow.calendar
        due = remind = None
        rule = arising.rule
        reminders = [Told(one) for one in (rule.reminders if rule else declared_of(spec))]
        if spec.working_days is not None:
            due = calendar.working_days_after(ctx, ctx.now, spec.working_days)
            remind = next_at(calendar.span(ctx, ctx.now, due), reminders)
        row = {
            "title": spec.title,
            "plugin": arising.state.plugin,
            "case_id": arising.case.id,
            "table_name": type(arising.record).__tablename__,
            "record_id": arising.record.id,
            "stage": arising.state.name,
            "round": arising.case.round,
            "state": OPEN,
            "position": spec.position,
            "unit_id": group.unit_id,
            "record_unit_id": arising.unit_id,
            "several": arising.several,
            "assignee_id": choice.user_id,
            "why": to_json(choice.why),
            "arisen_at": ctx.now,
            "due_at": due,
            "reminders": written(reminders),
            "remind_at": remind,
            "escalate_to": spec.escalate_to,
            "priority": rule.priority if rule is not None else 0,
            "rules_id": arising.rules_id,
            "basis": choice.basis,
        }
        connection = self.kernel.db.connection_of(ctx.guarded)
        waiting.put(connection, [(_ADD, {**row, **stamps(ctx)})])
        ctx.within.come.discard(arising.case.id)

    def _tell(
        self,
        ctx: KernelContext,
        users: Iterable[int],
        title: Text,
        body: Text | None,
        about: Record,
        stay: tuple[int, int] | None = None,
    ) -> None:
        told = sorted(users)
        if told:
            self.kernel.notify.notify(ctx, told, title, body, about, kind=TASK, stay=stay)

    def _tell_administrators(self, ctx: KernelContext, title: Text, about: Record) -> None:
        keepers = self.kernel.access.holders(ctx, ADMINISTRATOR, None)
        self._tell(ctx, keepers, _("Nobody can take the task {task}", task=title), None, about)

    def _run(self, ctx: KernelContext, statement: Any, parameters: Any = None) -> Any:
        return self.kernel.db.execute(ctx.guarded, statement, parameters)


def _named(arising: Arising) -> Arising:
    """By the record, where that names the position whose task it is, and the institution names none."""
    spec, rule = arising.task, arising.rule
    named = getattr(arising.record, spec.position_of) if spec.position_of else ""
    if not named or (rule is not None and rule.position):
        return arising
    return replace(arising, task=replace(spec, position=named, to_owner=False))


def outside(recused: Collection[int]) -> dict[str, Any] | None:
    """What a task of several people keeps of those who have no part in it."""
    return {RECUSED: sorted(recused)} if recused else None


def _like(arising: Arising) -> tuple[Any, ...]:
    """Tasks of the same kind."""
    table = type(arising.record).__tablename__
    return task.c.table_name == table, task.c.stage == arising.state.name
