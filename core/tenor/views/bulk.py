"""Changes many records at once: each by itself, under the rights of whoever does it; a refusal stops nothing else.

A dry run does the same and undoes it, so that what it says is what would happen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from tenor.records.values import currency_of
from tenor.views.records import DONE, BulkChange
from tenor_sdk.errors import Conflict, Forbidden, NotFound, Refused, TenorError
from tenor_sdk.records import Archivable

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor_sdk.records import Record
    from tenor_sdk.workflow import Transition

#: records of one change; up to so many are changed while the person waits, the others by a job, chunk by chunk
MOST: Final = 500
AT_ONCE: Final = 100
CHUNK: Final = 50


@dataclass(frozen=True)
class Change:
    """What is done to each.

    Args:
        kind: ``transition``, ``field``, ``archive`` or ``restore``.
        name: of the transition or the field.
        given: what was filled in, as texts of a form.
    """

    kind: str
    name: str = ""
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def what(self) -> str:
        """Its kind and name in one word."""
        return f"{self.kind}:{self.name}" if self.name else self.kind


@dataclass
class Outcome:
    """What became of some records.

    Args:
        refused: of each its id, what it is called, and why.
    """

    changed: int = 0
    refused: list[tuple[int, str, TenorError]] = field(default_factory=list)


class _Undone(Exception):
    """A dry run, which leaves nothing."""


class Bulk:
    """The room's part that changes many."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    # -- what can be done -------------------------------------------------------------------------------------------

    def transitions(self, ctx: KernelContext, kind: type[Record]) -> list[Transition]:
        """The steps that somebody may take with many at once: none that decides, as a decision is about one."""
        flow = self.kernel.workflow.flow(kind)
        found = flow.transitions.values() if flow is not None else ()
        return [how for how in found if self._goes_for_many(how) and ctx.may(how, "use")]

    def _goes_for_many(self, how: Transition) -> bool:
        if how.by_itself or how.approval is not None:
            return False
        asked = self.kernel.records.inputs(how.inputs).values() if how.inputs is not None else ()
        return not any(spec.kind == "file" for spec in asked)

    def transition(self, ctx: KernelContext, kind: type[Record], name: str) -> Transition:
        """One of these.

        Raises:
            NotFound: ``not-found``.
        """
        found = next((how for how in self.transitions(ctx, kind) if how.name == name), None)
        if found is None:
            raise NotFound("not-found")
        return found

    # -- doing it ---------------------------------------------------------------------------------------------------

    def tried(
        self, actor: ActorData, kind: type[Record], change: Change, ids: Sequence[int]
    ) -> Outcome:
        """What would become of these records; nothing of it stays."""
        found = Outcome()
        with suppress(_Undone), self.kernel.context(actor, write=True) as own:
            found = self.run(own, kind, change, ids)
            own.after_end.clear()  # nobody attempted what was denied
            raise _Undone
        return found

    def run(
        self, ctx: KernelContext, kind: type[Record], change: Change, ids: Sequence[int]
    ) -> Outcome:
        """Change these records, each in a savepoint of its own."""
        made = Outcome()
        there = {
            each.id: each for each in ctx.session.scalars(select(kind).where(kind.id.in_(ids)))
        }
        for identity in ids:
            record = there.get(identity)
            if record is None:
                made.refused.append((identity, "", NotFound("not-found", what=kind.called())))
                continue
            name = self.kernel.records.titles.of(ctx, record)
            try:
                with self.kernel.db.savepoint(ctx.guarded):
                    self._one(ctx, record, change)
                made.changed += 1
            except TenorError as error:
                made.refused.append((identity, name, error))
        return made

    def _one(self, ctx: KernelContext, record: Record, change: Change) -> None:
        kind, given = type(record), dict(change.given)
        if change.kind == "transition":
            self._step(ctx, record, self.transition(ctx, kind, change.name), given)
            return
        if not ctx.may(kind, "update", record):
            raise Forbidden("not-permitted", what=kind.called())
        if change.kind == "field":
            before = getattr(record, change.name, None)
            self.kernel.records.update(ctx, record, given, style="form")
            if getattr(record, change.name, None) == before:
                raise Conflict("already-so")
            return
        away = change.kind == "archive"
        if isinstance(record, Archivable) and record.archived == away:
            raise Conflict("already-so")
        self.kernel.records.archive(ctx, record, away=away)

    def _step(
        self, ctx: KernelContext, record: Record, how: Transition, given: dict[str, str]
    ) -> None:
        reason = given.get("reason", "")
        inputs = None
        if how.inputs is not None:
            wanted = self.kernel.records.inputs(how.inputs)
            data = {name: text for name, text in given.items() if name in wanted}
            inputs = self.kernel.records.read_inputs(
                how.inputs, data, style="form", currency=currency_of(record)
            )
        self.kernel.workflow.transition(ctx, record, how, inputs, reason)

    # -- the journal ------------------------------------------------------------------------------------------------

    def begin(
        self, ctx: KernelContext, kind: type[Record], change: Change, ids: Sequence[int]
    ) -> int:
        """Change them at once where they are few, else by a job; the number of the journal's entry.

        Raises:
            Conflict: ``too-many-at-once``.
        """
        from tenor.views.jobs import change_many

        if len(ids) > MOST:
            raise Conflict("too-many-at-once", most=MOST)
        entry = BulkChange(
            record=f"{kind.__plugin__}.{kind.slug()}", what=change.what, given=dict(change.given),
            ids=list(ids), refused=[],
        )  # fmt: skip
        with self.kernel.db.system(ctx.guarded) as session:
            session.add(entry)
            session.flush()
            number = entry.id
        self.kernel.audit.note(
            ctx, "bulk", of=kind.__tablename__, number=number, what=change.what, records=len(ids)
        )
        if len(ids) <= AT_ONCE:
            self._chunk(ctx, number, len(ids))
        else:
            self.kernel.jobs.enqueue(ctx, change_many, {"number": number})
        return number

    def go(self, actor: ActorData, number: int) -> None:
        """Change what an entry of the journal has left, chunk by chunk, each in a transaction of its own; one that was
        killed goes on where it was. The rights are read anew for each chunk.

        Raises:
            Refused: ``actor-gone``: whoever asked for it has left.
        """

        def as_they_are(connection: Connection) -> ActorData:
            found = self.kernel.access.actor(connection, actor.id) if actor.is_person else actor
            if found is None:
                raise Refused("actor-gone", user_id=actor.id)
            return found

        more = True
        while more:
            with self.kernel.context(as_they_are, write=True, request_id=f"bulk-{number}") as ctx:
                more = self._chunk(ctx, number, CHUNK)

    def _chunk(self, ctx: KernelContext, number: int, most: int) -> bool:
        """Change the next ones; whether there are others."""
        with self.kernel.db.system(ctx.guarded) as session:
            entry = session.get(BulkChange, number, with_for_update=True)
            if entry is None or entry.state == DONE:
                return False
            ids = entry.ids[entry.reached : entry.reached + most]
            name, _colon, last = entry.what.partition(":")
            change, record = Change(name, last, entry.given), entry.record
        plugin, _dot, slug = record.partition(".")
        made = self.run(ctx, self.kernel.records.find(plugin, slug), change, ids)
        told = [
            (identity, called, self._said(ctx, error)) for identity, called, error in made.refused
        ]
        with self.kernel.db.system(ctx.guarded) as session:
            entry = session.get(BulkChange, number)
            entry.reached += len(ids)
            entry.changed += made.changed
            entry.refused = [*entry.refused, *told]
            if entry.reached >= len(entry.ids):
                entry.state = DONE
            return bool(entry.state != DONE)

    def _said(self, ctx: KernelContext, error: TenorError) -> str:
        return self.kernel.translator.error(error, ctx.actor.language)

    def entry(self, ctx: KernelContext, number: int) -> BulkChange:
        """One's own entry of the journal.

        Raises:
            NotFound: ``not-found``.
        """
        found: Any = ctx.session.get(BulkChange, number)
        if found is None:
            raise NotFound("not-found", what=BulkChange.called())
        own: BulkChange = found
        return own
