"""Who did what on a case, for the segregation of duties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tenor.db.state import state_of
from tenor.workflow.guards import on_record
from tenor.workflow.parts import Parts
from tenor_sdk.i18n import Text
from tenor_sdk.records import Record
from tenor_sdk.workflow import Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext


class Doings:
    """Puts steps of people on record, and says what they stand against."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._by_table = {kind.__tablename__: flow for kind, flow in parts.flows.items()}

    def did(self, ctx: KernelContext, record: Record, step: str) -> None:
        behalf = state_of(ctx.session).behalf
        self._parts.duties.add(ctx, type(record), [record.id], step, behalf)

    def record_duty(self, ctx: KernelContext, record: Record, step: str) -> None:
        """Put a step of the person's on record; see ``tenor_sdk.workflow.record_duty``.

        Raises:
            Forbidden: ``segregated``: what the person did on this record before stands against it.
        """
        ctx.session.flush()
        standing = self._parts.kernel.access.standing
        with standing.taken(ctx, standing.giver(state_of(ctx.session), record)):
            done = self._parts.duties.on(ctx, record)
            refusal = self._parts.duties.refusal(type(record), step, standing.counts_for(ctx), done)
            if refusal is not None:
                on_record(ctx, "denied", record, step=step, why=refusal.key)
                raise refusal
            self.did(ctx, record, step)

    def who_did(self, ctx: KernelContext, record: Record, step: str) -> Sequence[int]:
        """Whose step a thing done on a record is, each person once, in their order: who did it, and in whose place;
        ``create`` is the making of it."""
        return list(
            dict.fromkeys(user for name, user in self._parts.duties.on(ctx, record) if name == step)
        )

    def forbidden(self, ctx: KernelContext, record: Record) -> list[tuple[str, Text, str]]:
        """The steps on a record that the person may not do any more, each with the rule; those that they may not do in
        another's place with the other's name. A record by its number is enough."""
        done, kind, me = self._parts.duties.on(ctx, record), type(record), ctx.actor.id
        own = self._parts.duties.against(kind, {me}, done)
        found = [(step, rule, "") for step, rule in own]
        for giver in ctx.actor.stands_in:
            steps = self._parts.duties.against(kind, {me, giver.id}, done)
            found += [(step, rule, giver.name) for step, rule in steps if (step, rule) not in own]
        return found

    def pressed(self, table: str, stage: str) -> list[Transition]:
        """The steps that somebody may take from a state of today's workflow."""
        flow = self._by_table.get(table)
        if flow is None:
            return []
        leading = flow.definition.leading_from(stage)
        return [flow.transitions[each.name] for each in leading if not each.by_itself]

    def excluding(
        self, ctx: KernelContext, tasks: Sequence[Mapping[str, Any]]
    ) -> dict[int, frozenset[str]]:
        """For each task, by its id, the steps after which nobody can do what it asks for: by the definition with which
        its case began, whatever today's says. One statement."""
        duties = self._parts.duties
        asked = {row["id"]: self._by_table.get(row["table_name"]) for row in tasks}
        ruled = [row for row in tasks if (flow := asked[row["id"]]) and duties.rule(flow.record)]
        pinned = self._parts.cases.pinned(ctx, {row["case_id"] for row in ruled})
        found = dict.fromkeys(asked, frozenset[str]())
        for row in ruled:
            flow, definition = asked[row["id"]], pinned.get(row["case_id"])
            leading = definition.leading_from(row["stage"]) if definition is not None else ()
            found[row["id"]] = frozenset(
                step
                for each in leading
                if flow is not None and not each.by_itself
                for step in duties.excluded_by(flow.record, each.name)
            )
        return found

    def barred(self, ctx: KernelContext, task: Mapping[str, Any]) -> set[int]:
        """Who, for what they did on its record, can't do what a task asks for."""
        steps, about = (
            self.excluding(ctx, [task])[task["id"]],
            (task["table_name"], task["record_id"]),
        )
        done = self._parts.duties.on_all(ctx, [about]).get(about, ()) if steps else ()
        return {user for step, user in done if step in steps}
