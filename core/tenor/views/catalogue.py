"""What the plugins declare, by name; see ``tenor_sdk.catalogue``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from tenor.events.events import event_from
from tenor.events.records import OutboxEvent
from tenor.events.rows import table_of
from tenor_sdk.catalogue import PastEvent, kind_name, record_told_of, tells_of
from tenor_sdk.errors import NotFound
from tenor_sdk.events import Event
from tenor_sdk.i18n import Text
from tenor_sdk.records import Record
from tenor_sdk.workflow import Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel

_told: Final = table_of(OutboxEvent)
_MOST: Final = 1000


class Catalogue:
    """Kinds of record, of event, and transitions."""

    def __init__(self, kernel: Kernel, declarations: Declarations) -> None:
        self.kernel, self._declarations = kernel, declarations
        self._kinds = {kind_name(record): record for record in declarations.records}

    def kinds(self, ctx: KernelContext) -> Sequence[type[Record]]:
        """Those that the person may read."""
        return [kind for kind in self._kinds.values() if ctx.may(kind, "read")]

    def kind_named(self, name: str) -> type[Record]:
        """One by its name.

        Raises:
            NotFound: ``kind-unknown``.
        """
        if name not in self._kinds:
            raise NotFound("kind-unknown", what=Text(name[:100], module=__name__))
        return self._kinds[name]

    def events_about(self, kind: type[Record]) -> Sequence[type[Event]]:
        """The kinds of event that tell of records of a kind."""
        moves = self.kernel.workflow.flow(kind) is not None
        every = self.kernel.events.by_name.values()
        return [event for event in every if tells_of(event, kind, has_workflow=moves)]

    def past_events(
        self, ctx: KernelContext, event: type[Event], kind: type[Record], limit: int
    ) -> Sequence[PastEvent]:
        """The latest about records that the person may read."""
        statement = (
            select(_told.c.id, _told.c.created_at, _told.c.payload)
            .where(_told.c.name == event.event_name)
            .order_by(_told.c.id.desc())
            .limit(max(1, min(limit, _MOST)))
        )
        found = []
        for row in self.kernel.db.execute(ctx.guarded, statement).all():
            said = event_from(event, row.payload)
            identity = record_told_of(said, kind)
            if identity is not None:
                found.append(PastEvent(row.id, row.created_at, said, identity))
        ids = {one.record_id for one in found}
        seen = set(ctx.session.scalars(select(kind.id).where(kind.id.in_(ids)))) if ids else set()
        return [one for one in found if one.record_id in seen]

    def transitions_of(self, kind: type[Record]) -> Sequence[Transition]:
        """Those that somebody presses: not those that go by themselves, at once or when a time is over."""
        flow = self.kernel.workflow.flow(kind)
        every = flow.transitions.values() if flow is not None else ()
        return [each for each in every if not each.by_itself]
