"""A case waits for those of other records, and goes on when the last of them arrives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from tenor.events.rows import table_of
from tenor.workflow.definitions import Definition, TransitionSpec, WaitSpec, titled
from tenor.workflow.jobs import go_on
from tenor_sdk.i18n import Text, _, ngettext
from tenor_sdk.records import Record
from tenor_sdk.workflow import Blocker

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor.workflow.merging import Flow


class Waits:
    """What stands in the way of those who wait, and who waits.

    Args:
        flows: the workflow of each kind of record.
    """

    def __init__(self, kernel: Kernel, flows: Mapping[type[Record], Flow]) -> None:
        self.kernel = kernel
        self._flows = {kind.__tablename__: flow for kind, flow in flows.items()}
        #: by the table of what is waited for: who waits, and how
        self._waiting: dict[str, list[tuple[Flow, WaitSpec]]] = {}
        for flow in flows.values():
            for spec in flow.definition.every_transition.values():
                for wait in spec.waits if spec.automatic else ():
                    self._waiting.setdefault(wait.other, []).append((flow, wait))

    # -- who waits --------------------------------------------------------------------------------------------------

    def arrived(self, ctx: KernelContext, record: Record, state: str) -> None:
        """A record's case has come into a state: whoever waits for it is looked at, once this is committed.

        All that are linked are, in whatever state they are: one may be on its way into the state in which it waits.
        """
        for flow, wait in self._waiting.get(type(record).__tablename__, ()):
            if state in self._reached(wait):
                for identity in self._waiters(ctx, record, flow, wait):
                    table = flow.record.__tablename__
                    ctx.enqueue(go_on, table=table, record_id=identity)

    def _waiters(
        self, ctx: KernelContext, record: Record, flow: Flow, wait: WaitSpec
    ) -> Iterator[int]:
        if wait.table != flow.record.__tablename__:
            linked = getattr(record, wait.column)
            if linked is not None:
                yield int(linked)
            return
        table = table_of(flow.record)
        asked = select(table.c.id).where(table.c[wait.column] == record.id).order_by(table.c.id)
        yield from self._run(ctx, asked).scalars().all()

    def _reached(self, wait: WaitSpec) -> frozenset[str]:
        """The states in which nothing is waited for any more, by the names of every version: cases go on and end with
        the definition with which they began, whether they wait or are waited for."""
        other = self._flows.get(wait.other)
        heirs = other.heirs if other is not None else {}
        until = {heirs.get(name, name) for name in wait.until}
        return frozenset(
            (*wait.until, *until, *(old for old, new in heirs.items() if new in until))
        )

    # -- what stands in the way -------------------------------------------------------------------------------------

    def blockers(
        self,
        ctx: KernelContext,
        record: Record,
        definition: Definition,
        spec: TransitionSpec,
        flow: Flow,
    ) -> list[Blocker]:
        """Every record whose case hasn't got so far, by name where the person may read it."""
        return [one for wait in spec.waits for one in self._blockers(ctx, record, wait)]

    def _blockers(self, ctx: KernelContext, record: Record, wait: WaitSpec) -> list[Blocker]:
        other = self._flows.get(wait.other)
        if other is None:
            return [Blocker(_("What it waits for is out of service"), why=Text(wait.other))]
        missing = self._missing(ctx, record, wait, other)
        names = self.kernel.records.display_names(ctx, other.record, missing)
        until = reduce(
            lambda one, more: _("{one} or {more}", one=one, more=more),
            (_words(other, name) for name in _by_heirs(other, wait.until)),
        )
        shown = [
            Blocker(
                _("{name}: {state}", name=names[one], state=_words(other, state)),
                why=_("Waits until it is: {states}", states=until),
                href=f"/{other.record.__plugin__}/{other.record.slug()}/{one}",
            )
            for one, state in missing.items()
            if one in names
        ]
        hidden = len(missing) - len(shown)
        if hidden:
            count = ngettext(
                "{n} record that you may not see", "{n} records that you may not see", hidden
            )
            shown.append(Blocker(count, why=_("Waits until it is: {states}", states=until)))
        return shown

    def _missing(
        self, ctx: KernelContext, record: Record, wait: WaitSpec, other: Flow
    ) -> dict[int, str]:
        """The records that haven't got so far, whoever looks, with the state of each."""
        table = table_of(other.record)
        state = table.c[other.column]
        if wait.table == wait.other:
            linked = table.c[wait.column] == record.id
        else:
            linked = table.c.id == getattr(record, wait.column)
        asked = select(table.c.id, state).where(linked, state.not_in(self._reached(wait)))
        return {row[0]: row[1] for row in self._run(ctx, asked.order_by(table.c.id))}

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self.kernel.db.execute(ctx.guarded, statement)


def _by_heirs(flow: Flow, names: Iterable[str]) -> Iterable[str]:
    """States by the names that they have now, each once."""
    return dict.fromkeys(flow.heirs.get(name, name) for name in names)


def _words(flow: Flow, name: str) -> Text:
    state = flow.state(name)
    return titled(state.title, state.plugin) if state is not None else Text(name)
