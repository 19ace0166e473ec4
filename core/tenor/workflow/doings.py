"""Who did what on a case, for the segregation of duties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

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

    def excluding(self, table: str, stage: str) -> frozenset[str]:
        """The steps after which nobody can do what a state's task asks for."""
        flow = self._by_table.get(table)
        if flow is None:
            return frozenset()
        pressed = (each for each in flow.definition.leading_from(stage) if not each.by_itself)
        return frozenset(
            step
            for each in pressed
            for step in self._parts.duties.excluded_by(flow.record, each.name)
        )

    def barred(self, ctx: KernelContext, record: Record, stage: str) -> set[int]:
        """Who, for what they did on a record, can't do what a state's task asks for."""
        steps = self.excluding(type(record).__tablename__, stage)
        return {user for step, user in self._parts.duties.on(ctx, record) if step in steps}
