"""Changes many records at once: each by itself, under the rights of whoever does it; a refusal stops nothing else.

A dry run does the same and undoes it, so that what it says is what would happen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tenor.events.events import FAILURES
from tenor.records.values import currency_of
from tenor_sdk.errors import Conflict, Forbidden, NotFound, Refused, TenorError
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Archivable

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor_sdk.records import Record
    from tenor_sdk.workflow import Transition

#: a preview tries so many; up to so many are changed while the person waits, more by jobs
TRIED: Final = 500
AT_ONCE: Final = 100


#: records by their ids, each with its version when it was chosen, None where nobody knows it
Chosen = Mapping[int, int | None]
#: the version of a record that its person didn't see when it was chosen: none has it
UNSEEN: Final = 0
#: ids in one statement
_ASKED: Final = 5000


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

    @classmethod
    def of(cls, what: str, given: Mapping[str, str]) -> Change:
        """What ``what`` says, read back."""
        kind, _colon, name = what.partition(":")
        return cls(kind, name, given)


@dataclass
class Outcome:
    """What became of some records.

    Args:
        refused: of each its id, what it is called, and why.
        already: as ``refused``, of those that were so already: nothing was to be done.
    """

    changed: int = 0
    refused: list[tuple[int, str, TenorError]] = field(default_factory=list)
    already: list[tuple[int, str, TenorError]] = field(default_factory=list)


class AlreadySo(Conflict):
    """A record that is as it is meant to be: nobody refuses it, and nothing is changed."""

    def __init__(self) -> None:
        super().__init__("already-so")


class _Undone(Exception):
    """A dry run, which leaves nothing."""


class Bulk:
    """The room's part that changes many.

    Attributes:
        most: records of one change.
    """

    most: int = 20_000

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

    def called(self, kind: type[Record], change: Change) -> Text:
        """What is done, in the words of the button; of a step that is there no more, its name."""
        if change.kind == "transition":
            how = self.kernel.workflow.named(kind, change.name)
            return Text(change.name) if how is None else Text(how.title, module=how.origin.module)
        if change.kind == "field":
            return _("Hand over") if change.name == "owner_id" else _("Change a field")
        return _("Archive") if change.kind == "archive" else _("Bring back")

    # -- doing it ---------------------------------------------------------------------------------------------------

    def check_number(self, number: int) -> None:
        """Raise where so many can't be changed at once.

        Raises:
            Conflict: ``too-many-at-once``.
        """
        if number > self.most:
            raise Conflict("too-many-at-once", most=f"{self.most:,}")

    def as_they_are(self, ctx: KernelContext, kind: type[Record], ids: Sequence[int]) -> Chosen:
        """These records with their versions; one that the person doesn't see has none."""
        record: Any = kind
        wanted = select(record.id, record.version)
        found: dict[int, int] = {}
        for first in range(0, len(ids), _ASKED):
            part = ids[first : first + _ASKED]
            rows = ctx.session.execute(wanted.where(record.id.in_(part)))
            found |= {row.id: row.version for row in rows}
        return {each: found.get(each) for each in ids}

    def tried(
        self, actor: ActorData, kind: type[Record], change: Change, ids: Sequence[int]
    ) -> Outcome:
        """What would become of the first of these records; nothing of it stays."""
        found = Outcome()
        with suppress(_Undone), self.kernel.context(actor, write=True) as own:
            found = self.run(own, kind, change, dict.fromkeys(ids[:TRIED]))
            own.after_end.clear()  # nobody attempted what was denied
            raise _Undone
        return found

    def run(
        self, ctx: KernelContext, kind: type[Record], change: Change, chosen: Chosen
    ) -> Outcome:
        """Change these records, each in a savepoint of its own.

        They are taken by their ids, whatever the order in which they were chosen: so two who change the same ones wait
        for each other, and neither for what the other waits for.
        """
        made = Outcome()
        there = {
            each.id: each for each in ctx.session.scalars(select(kind).where(kind.id.in_(chosen)))
        }
        refused: dict[int, tuple[int, str, TenorError]] = {}
        for identity in sorted(chosen):
            record = there.get(identity)
            if record is None:
                gone = NotFound("not-found", what=kind.called())
                refused[identity] = (identity, "", gone)
                continue
            name, error = self._changed(ctx, record, change, chosen[identity])
            if error is None:
                made.changed += 1
            else:
                refused[identity] = (identity, name, error)
        left = [refused[identity] for identity in chosen if identity in refused]
        made.refused = [each for each in left if not isinstance(each[2], AlreadySo)]
        made.already = [each for each in left if isinstance(each[2], AlreadySo)]
        return made

    def _changed(
        self, ctx: KernelContext, record: Record, change: Change, was: int | None
    ) -> tuple[str, TenorError | None]:
        """Change one, or say why it isn't, with what it is called. A fault in it is its own, one in what it is called
        too, but not one of the database's, with which no other row could be changed either."""
        name = ""
        try:
            with self.kernel.db.savepoint(ctx.guarded):
                name = "" if was == UNSEEN else self.kernel.records.titles.of(ctx, record)
                _check_version(record, was)
                self._one(ctx, record, change)
        except TenorError as error:
            return name, error
        except OperationalError:
            raise
        except FAILURES as error:
            self.kernel.report(error, ctx.request_id)
            return name, Refused("went-wrong", number=ctx.request_id)
        return name, None

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
                raise AlreadySo
            return
        away = change.kind == "archive"
        if isinstance(record, Archivable) and record.archived == away:
            raise AlreadySo
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


def _check_version(record: Record, was: int | None) -> None:
    """Whether a record is as it was when it was chosen, where that is known."""
    if was == UNSEEN:
        raise NotFound("not-found", what=type(record).called())
    if was is not None and record.version != was:
        raise Conflict("changed-since-chosen")
