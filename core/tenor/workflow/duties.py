"""Who did what on a record, and what the same person may therefore not do (segregation of duties)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, or_, select

from tenor.events.rows import stamps, table_of
from tenor.workflow.checking import WorkflowError, at
from tenor.workflow.definitions import titled
from tenor.workflow.merging import Flow
from tenor.workflow.records import Duty
from tenor_sdk.access import SegregationOfDuties
from tenor_sdk.errors import Forbidden
from tenor_sdk.i18n import Text
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.context import KernelContext

#: The step of whoever made the record; put on record by the kernel.
CREATE: Final = "create"
_table: Final = table_of(Duty)
# made once: to put these together for every step costs as much as to run them
ADD: Final = insert(_table).inline()
_ON_RECORD: Final = (
    select(_table.c.step, _table.c.user_id, _table.c.behalf_of_id)
    .where(
        _table.c.table_name == bindparam("its_table"), _table.c.record_id == bindparam("its_record")
    )
    .order_by(_table.c.id)
)


@dataclass(frozen=True)
class Rule:
    """Steps of which one person may do only one on a record of this kind."""

    title: Text
    steps: frozenset[str]


def rules_of(
    declared: Iterable[SegregationOfDuties], flows: Mapping[type[Record], Flow]
) -> dict[type[Record] | str, list[Rule]]:
    """The rules by the kind of record whose steps they name; those that name no transition by their plugin.

    Raises:
        WorkflowError: a step that is no transition of a workflow, or steps of which none two lie on one record.
    """
    found: dict[type[Record] | str, list[Rule]] = {}
    for rule in declared:
        words = {step for step in rule.steps if isinstance(step, str)}
        kinds: dict[type[Record] | str, set[str]] = {}
        for step in rule.steps:
            if not isinstance(step, str):
                kinds.setdefault(_kind_of(step, flows, rule), set()).add(step.name)
        title = titled(rule.title, rule.plugin)
        for kind, names in (kinds or {rule.plugin: set()}).items():
            steps = frozenset(names | words)
            if len(steps) < 2:
                raise WorkflowError(
                    f"{at(rule)}: on one record there is only {', '.join(steps) or 'nothing'} of its steps, "
                    "so that it forbids nothing",
                    rule.plugin,
                )
            found.setdefault(kind, []).append(Rule(title, steps))
    return found


def _kind_of(
    step: Any, flows: Mapping[type[Record], Flow], rule: SegregationOfDuties
) -> type[Record]:
    for kind, flow in flows.items():
        if flow.transitions.get(step.name) is step:
            return kind
    raise WorkflowError(
        f"{at(rule)}: {step.name!r} ({step.origin}) is a transition of no workflow in service",
        rule.plugin,
    )


def _people(user: int, behalf_of: int | None) -> list[int]:
    """Whose a step is."""
    return [user] if behalf_of is None else [user, behalf_of]


class Duties:
    """Duties on a context's transaction.

    Args:
        rules: see ``rules_of``.
    """

    def __init__(self, rules: Mapping[type[Record] | str, Sequence[Rule]]) -> None:
        self._rules = rules

    def add(
        self,
        ctx: KernelContext,
        record: type[Record],
        ids: Sequence[int],
        step: str,
        behalf: ActorData | None,
    ) -> None:
        """Put on record that the person who acts did a step; what a service does is nobody's duty.

        Args:
            behalf: in whose place: the step is theirs as well.
        """
        rows = self.drafted(ctx, record, ids, step, behalf)
        if rows:
            ctx.kernel.db.execute(ctx.guarded, ADD, rows)

    @staticmethod
    def drafted(
        ctx: KernelContext,
        record: type[Record],
        ids: Sequence[int],
        step: str,
        behalf: ActorData | None,
    ) -> list[dict[str, Any]]:
        """What ``add`` writes, for whoever writes it at once with something else."""
        if not ctx.actor.is_person:
            return []
        giver = behalf.id if behalf else None
        whose = _people(ctx.actor.id, giver)
        for each in ids:
            known = ctx.within.duties.get((record.__tablename__, each))
            if known is not None:
                known += [(step, user) for user in whose]
        shared = {
            "table_name": record.__tablename__,
            "step": step,
            "user_id": ctx.actor.id,
            "behalf_of_id": giver,
        }
        return [{**shared, "record_id": each, "at": ctx.now, **stamps(ctx)} for each in ids]

    def on(self, ctx: KernelContext, record: Record) -> list[tuple[str, int]]:
        """Steps and whose they are, on one record, in their order: of who did them, and in whose place."""
        place = (type(record).__tablename__, record.id)
        if place in ctx.within.duties:
            return list(ctx.within.duties[place])
        its = {"its_table": place[0], "its_record": place[1]}
        rows = ctx.kernel.db.execute(ctx.guarded, _ON_RECORD, its)
        found = [
            (row.step, user) for row in rows for user in _people(row.user_id, row.behalf_of_id)
        ]
        if place in ctx.within.cases:  # who holds the case alone adds to them
            ctx.within.duties[place] = list(found)
        return found

    def steps_of(
        self, ctx: KernelContext, users: Collection[int], about: Iterable[tuple[str, int]]
    ) -> dict[tuple[str, int], list[tuple[str, int]]]:
        """For each (table, id) the steps there that are one of these people's, with whose; one statement."""
        wanted = set(about)
        ids = {identity for _, identity in wanted}
        theirs = or_(_table.c.user_id.in_(users), _table.c.behalf_of_id.in_(users))
        statement = select(_table).where(theirs, _table.c.record_id.in_(ids))
        done: dict[tuple[str, int], list[tuple[str, int]]] = {}
        for row in ctx.kernel.db.execute(ctx.guarded, statement) if wanted else ():
            found = done.setdefault((row.table_name, row.record_id), [])
            found += [
                (row.step, user) for user in _people(row.user_id, row.behalf_of_id) if user in users
            ]
        return {key: steps for key, steps in done.items() if key in wanted}

    def on_all(
        self, ctx: KernelContext, about: Iterable[tuple[str, int]]
    ) -> dict[tuple[str, int], list[tuple[str, int]]]:
        """For each (table, id) the steps there, with whose; one statement."""
        wanted = set(about)
        statement = select(_table).where(_table.c.record_id.in_({each for _name, each in wanted}))
        done: dict[tuple[str, int], list[tuple[str, int]]] = {}
        for row in ctx.kernel.db.execute(ctx.guarded, statement) if wanted else ():
            key = (row.table_name, row.record_id)
            if key in wanted:
                done.setdefault(key, []).extend(
                    (row.step, user) for user in _people(row.user_id, row.behalf_of_id)
                )
        return done

    def rule(self, record: type[Record]) -> bool:
        """Whether any rule is about records of a kind."""
        return bool(self._rules.get(record) or self._rules.get(record.__plugin__))

    def excluded_by(self, record: type[Record], step: str) -> frozenset[str]:
        """The steps after which the same person may not do ``step``."""
        return frozenset(
            other for rule in self._about(record, step) for other in rule.steps if other != step
        )

    def barred(self, ctx: KernelContext, record: Record, steps: Iterable[str]) -> frozenset[int]:
        """Who, by what was done on a record, may not do one of these steps; no statement where no rule is about
        them."""
        excluding = {other for step in steps for other in self.excluded_by(type(record), step)}
        done = self.on(ctx, record) if excluding else ()
        return frozenset(user for step, user in done if step in excluding)

    def refusal(
        self,
        record: type[Record],
        step: str,
        users: Collection[int],
        done: Iterable[tuple[str, int]],
    ) -> Forbidden | None:
        """What a person is told who may not do a step for what was done before; None where nothing is against it.

        Args:
            users: for whom it would count: who acts, and in whose place.
        """
        own = {name for name, user in done if user in users}
        for rule in self._about(record, step):
            if own & (rule.steps - {step}):
                return Forbidden("segregated", rule=rule.title)
        return None

    def against(
        self, record: type[Record], users: Collection[int], done: Iterable[tuple[str, int]]
    ) -> list[tuple[str, Text]]:
        """The steps on a record that these people may not do for what was done before, each with the rule."""
        own = {name for name, user in done if user in users}
        rules = (*self._rules.get(record, ()), *self._rules.get(record.__plugin__, ()))
        return sorted(
            (
                (step, rule.title)
                for rule in rules
                for step in rule.steps
                if own & (rule.steps - {step})
            ),
            key=lambda pair: pair[0],
        )

    def _about(self, record: type[Record], step: str) -> list[Rule]:
        rules = [*self._rules.get(record, ()), *self._rules.get(record.__plugin__, ())]
        return [rule for rule in rules if step in rule.steps]
