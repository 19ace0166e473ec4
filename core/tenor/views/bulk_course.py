"""A change of many on its way: some rows after the others, each chunk in a transaction of its own that also moves the
place that was reached, so that one that is killed goes on where it stopped, and no row is taken twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, cast

from tenor.events.events import FAILURES
from tenor.jobs.changes import revive
from tenor.views.bulk import AT_ONCE, UNSEEN, Change, Chosen
from tenor.views.bulk_journal import BulkJournal, Entry, Unchanged
from tenor.views.notices import BULK_DONE
from tenor.views.records import DONE, STOPPED, WAITING, BulkChange
from tenor.views.refusals import told
from tenor_sdk.errors import Conflict, NotFound, Refused, TenorError
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor_sdk.context import Context
    from tenor_sdk.records import Record

#: rows of a chunk, which is a transaction; chunks of a job, after which others have their turn
CHUNK: Final = 50
AT_A_STRETCH: Final = 20


class Course:
    """The room's part that carries out what was asked for many records."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.journal = BulkJournal(kernel)

    def kind(self, entry: Entry | BulkChange) -> type[Record]:
        """Of which records a change is.

        Raises:
            NotFound: ``not-found``: their plugin isn't enabled.
        """
        plugin, _dot, slug = entry.record.partition(".")
        return self.kernel.records.find(plugin, slug)

    def called(self, entry: Entry | BulkChange) -> Text:
        """What a change does, in the words of its button."""
        return self.kernel.views.bulk.called(self.kind(entry), Change.of(entry.what, entry.given))

    # -- what its person does ---------------------------------------------------------------------------------------

    def begin(self, ctx: KernelContext, kind: type[Record], change: Change, chosen: Chosen) -> int:
        """Change records at once where they are few, else by jobs; the number of the journal's entry.

        Args:
            chosen: a record without a version is taken as it stands now; one that the person doesn't see is refused,
                also where they see it by the time it is its turn.

        Raises:
            Conflict: ``too-many-at-once``.
        """
        room = self.kernel.views.bulk
        room.check_number(len(chosen))
        unknown = [identity for identity, was in chosen.items() if was is None]
        pinned = {**chosen, **room.as_they_are(ctx, kind, unknown)}
        pinned = {identity: UNSEEN if was is None else was for identity, was in pinned.items()}
        record = f"{kind.__plugin__}.{kind.slug()}"
        number = self.journal.open(ctx, record, change.what, change.given, pinned)
        self.kernel.audit.note(
            ctx, "bulk", of=kind.__tablename__, number=number, what=change.what, records=len(pinned)
        )
        if len(pinned) > AT_ONCE:
            self._enqueue(ctx, number)
        else:
            self._chunk(ctx, self.journal.get(ctx, number), len(pinned))
        return number

    def stop(self, ctx: KernelContext, number: int) -> None:
        """Let it stop after the rows on which it is.

        Raises:
            Conflict: ``bulk-elsewhere``: it doesn't run.
        """
        self.journal.get(ctx, number)
        entry = self.journal.held(ctx, number)
        if entry is None or entry.state != WAITING:
            raise Conflict("bulk-elsewhere")
        self.journal.move(ctx, number, state=STOPPED)

    def resume(self, ctx: KernelContext, number: int) -> None:
        """Let one that stopped go on where it stopped.

        Raises:
            Conflict: ``bulk-elsewhere``: it runs, or is over.
        """
        self.journal.get(ctx, number)
        entry = self.journal.held(ctx, number)
        if entry is None or not entry.stands:
            raise Conflict("bulk-elsewhere")
        self.journal.move(ctx, number, state=WAITING, problem="", told=None)
        if entry.job_id is None or not revive(ctx, entry.job_id):
            self._enqueue(ctx, number)

    # -- what the machine does --------------------------------------------------------------------------------------

    def go(self, actor: ActorData, number: int, told: Callable[[Entry], None]) -> bool:
        """Change what is left, chunk by chunk, with no transaction open. The rights are read anew for each chunk.

        Args:
            told: called before each chunk with the entry as it stands.

        Returns:
            Whether there is more, for which it is others' turn first.
        """
        try:
            for _one in range(AT_A_STRETCH):
                with self.kernel.context(actor, write=False) as ctx:
                    told(self.journal.get(ctx, number))
                if not self._one_chunk(actor, number):
                    return False
        except TenorError as error:
            self._give_up(actor, number, error)
            return False
        return True

    def hand_on(self, ctx: KernelContext, number: int) -> None:
        """Let another job go on, once this transaction commits."""
        self._enqueue(ctx, number)

    def _enqueue(self, ctx: KernelContext, number: int) -> None:
        from tenor.views.jobs import change_many

        job_id = self.kernel.jobs.enqueue(ctx, change_many, {"number": number})
        self.journal.move(ctx, number, job_id=job_id)

    def _one_chunk(self, actor: ActorData, number: int) -> bool:
        def as_they_are(connection: Connection) -> ActorData:
            found = self.kernel.access.actor(connection, actor.id) if actor.is_person else actor
            if found is None:
                raise Refused("actor-gone", user_id=actor.id)
            return found

        with self.kernel.context(as_they_are, write=True, request_id=f"bulk-{number}") as ctx:
            entry = self.journal.held(ctx, number)
            if entry is None or entry.state != WAITING:
                return False
            more = self._chunk(ctx, entry, CHUNK)
            if not more:
                self._tell(ctx, number)
            return more

    def _chunk(self, ctx: KernelContext, entry: Entry, most: int) -> bool:
        """Change the next ones; whether there are others."""
        chosen = self.journal.next(ctx, entry, most)
        change = Change.of(entry.what, entry.given)
        made = self.kernel.views.bulk.run(ctx, self.kind(entry), change, chosen)
        unchanged = {
            identity: self._kept(ctx, name, error, already=already)
            for already, rows in ((False, made.refused), (True, made.already))
            for identity, name, error in rows
        }
        self.journal.keep(ctx, entry, list(chosen), unchanged)
        reached = entry.reached + len(chosen)
        counts = {
            "changed": entry.changed + made.changed,
            "already": entry.already + len(made.already),
        }
        state = DONE if not chosen or reached >= entry.total else WAITING
        self.journal.move(ctx, entry.id, reached=reached, state=state, **counts)
        return state != DONE

    def _kept(
        self, ctx: KernelContext, name: str, error: TenorError, *, already: bool
    ) -> Unchanged:
        """A record that wasn't changed; where there are no words for it, that is a fault of its row alone."""
        language = ctx.actor.language
        try:
            said = self.kernel.translator.error(error, language)
        except FAILURES as fault:
            self.kernel.report(fault, ctx.request_id)
            error = Refused("went-wrong", number=ctx.request_id)
            said = self.kernel.translator.error(error, language)
        return Unchanged(name, said, told(error), already)

    def _tell(self, ctx: KernelContext, number: int) -> None:
        """Tell the person what came of it, and put it on record."""
        entry = self.journal.get(ctx, number)
        kind = self.kind(entry)
        self.kernel.audit.note(
            ctx,
            "bulk-done",
            of=kind.__tablename__,
            number=number,
            what=entry.what,
            records=entry.total,
            changed=entry.changed,
            refused=entry.refused,
            already=entry.already,
        )
        title = _(
            "{what}: {changed} of {n} records changed",
            what=self.called(entry),
            changed=f"{entry.changed:,}",
            n=f"{entry.total:,}",
        )
        about = ctx.session.get(BulkChange, number)
        self.kernel.notify.notify(
            ctx, [ctx.actor.id], title, _unchanged(entry), about, kind=BULK_DONE
        )

    def _give_up(self, actor: ActorData, number: int, error: TenorError) -> None:
        """Stop one with which nobody can go on as it is: say why, and leave it to its person."""
        with self.kernel.context(self.kernel.access.system_actor(), write=True) as ctx:
            entry = self.journal.held(ctx, number)
            if entry is not None and entry.state == WAITING:
                said = self.kernel.translator.error(error, actor.language)
                kept = {"problem": said, "told": told(error)}
                self.journal.move(ctx, number, state=STOPPED, **kept)


def _unchanged(entry: Entry) -> Text | None:
    refused, already = f"{entry.refused:,}", f"{entry.already:,}"
    if not entry.refused:
        return _("{n} were so already.", n=already) if entry.already else None
    if not entry.already:
        return _("{n} were refused; the page says which, and why.", n=refused)
    return _(
        "{n} were refused, {m} were so already; the page says which, and why.", n=refused, m=already
    )


def bulk_heading(ctx: Context, change: BulkChange) -> Text:
    """What a change of many is called: of which records it is, and what it does."""
    course = cast("KernelContext", ctx).kernel.views.bulk_course
    try:
        kind = course.kind(change)
    except NotFound:
        return BulkChange.called()
    records = Text(kind.plural(), module=kind.__module__)
    what = course.called(change)
    return _("{records}: {what} ({n})", records=records, what=what, n=f"{change.total:,}")
