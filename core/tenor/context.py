"""The context that a plugin's functions are handed, and the port behind it: each call goes to the room that does it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from tenor.audit.lasting import Lasting
from tenor.db.within import Within
from tenor.events import counts
from tenor_sdk.approvals import Ballot
from tenor_sdk.errors import Forbidden

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from tenor.access import ActorData
    from tenor.db import GuardedSession
    from tenor.kernel import Kernel
    from tenor_sdk.access import Permission
    from tenor_sdk.authority import Authority, AuthorityLimit
    from tenor_sdk.catalogue import PastEvent
    from tenor_sdk.changes import PastChange
    from tenor_sdk.drivers import DriverKind
    from tenor_sdk.events import Event
    from tenor_sdk.expressions import (
        Expression,
        ExpressionName,
        ExpressionType,
        ExpressionValue,
        Judged,
    )
    from tenor_sdk.files import StoredFile
    from tenor_sdk.i18n import Text
    from tenor_sdk.notify import NoticeKind, Together, Told
    from tenor_sdk.records import Record
    from tenor_sdk.settings import Settings
    from tenor_sdk.workflow import Blocker, Transition

S = TypeVar("S", bound="Settings")
T = TypeVar("T")
R = TypeVar("R", bound="Record")


class KernelContext:
    """One request's or job's context. Valid until the kernel closes it; afterwards every use raises.

    Besides the SDK's eleven names, rooms of the kernel use ``kernel``, ``after_commit``, ``after_end``, ``lasting``,
    ``within`` (what is known of the open transaction), ``led_here`` (the causes of what is done), ``watches_moved``
    (whether it changed what is watched) and the port's methods.
    """

    def __init__(
        self,
        kernel: Kernel,
        session: GuardedSession,
        actor: ActorData,
        request_id: str,
        today: date | None,
        now: datetime | None = None,
    ) -> None:
        self._kernel = kernel
        self._session: GuardedSession | None = session
        self._actor = actor
        self._request_id = request_id
        self._now = now or kernel.clock.now()
        self._today = today or kernel.clock.today()
        self.led_here: tuple[str, ...] = ()
        self.watches_moved = False
        self.after_commit: list[Callable[[], None]] = []
        self.after_end: list[Callable[[], None]] = []
        self.lasting = Lasting()
        self.within = Within()

    # -- the SDK's eleven names -------------------------------------------------------------------------------------

    @property
    def session(self) -> Session:
        return cast("Session", self._open())

    @property
    def actor(self) -> ActorData:
        return self._actor

    @property
    def now(self) -> datetime:
        return self._now

    @property
    def today(self) -> date:
        return self._today

    @property
    def request_id(self) -> str:
        return self._request_id

    def settings(self, settings: type[S]) -> S:
        return self._kernel.plugin_settings.of(self, settings)

    def emit(self, event: Event) -> None:
        self._kernel.events.emit(self, event)

    def enqueue(
        self,
        job: Callable[..., Any],
        /,
        *,
        at: datetime | None = None,
        key: str | None = None,
        **arguments: object,
    ) -> int:
        return self._kernel.jobs.enqueue(self, job, arguments, at=at, key=key)

    def driver(self, kind: DriverKind[T]) -> T:
        return self._kernel.drivers.driver(self, kind)

    def elevated(self, reason: str) -> AbstractContextManager[Session]:
        self._kernel.access.asks.check("elevated")
        return self._kernel.access.elevated(self, reason)

    def may(
        self,
        what: type[Record] | Permission | Transition,
        verb: str = "",
        record: Record | None = None,
    ) -> bool:
        return self._kernel.access.may(self, what, verb, record)

    # -- the port, for the functions of the SDK ---------------------------------------------------------------------

    @property
    def _tenor_port(self) -> object:
        return self

    def procedure(
        self, ctx: Any, plugin: str, name: str, by: Permission | None = None
    ) -> AbstractContextManager[None]:
        return self._kernel.access.procedure(self, plugin, name, by)

    def savepoint(self, ctx: Any) -> AbstractContextManager[None]:
        return self._kernel.db.savepoint(self._open())

    def call_hook(self, ctx: Any, name: str, arguments: Mapping[str, object]) -> list[Any]:
        return self._kernel.events.call_hook(self, name, arguments)

    def transition(
        self,
        ctx: Any,
        record: Record,
        transition: Transition,
        inputs: object,
        reason: str,
        ballot: Ballot = Ballot.FOR,
    ) -> bool:
        return self._kernel.workflow.transition(
            self, record, transition, inputs, reason, ballot=ballot
        )

    def recall(self, ctx: Any, record: Record, how: Transition, reason: str) -> None:
        self._kernel.workflow.recall(self, record, how, reason)

    def advance(self, ctx: Any, record: Record) -> bool:
        return self._kernel.workflow.advance(self, record)

    def start_workflow(self, ctx: Any, record: Record) -> None:
        self._kernel.workflow.start(self, record)

    def blockers(self, ctx: Any, record: Record, transition: Transition) -> Sequence[Blocker]:
        return self._kernel.workflow.blockers(self, record, transition)

    def above_authority(self, ctx: Any, record: Record, authority: Authority) -> Sequence[Blocker]:
        return self._kernel.workflow.above_authority(self, record, authority)

    def propose_authority(
        self,
        ctx: Any,
        authority: Authority,
        lines: Sequence[AuthorityLimit],
        effective_from: date,
        purpose: str,
    ) -> int:
        return self._kernel.workflow.propose_authority(
            self, authority, lines, effective_from, purpose
        )

    def move_authority(self, ctx: Any, version: int, how: str) -> None:
        self._kernel.workflow.move_authority(self, version, how)

    def record_duty(self, ctx: Any, record: Record, step: str) -> None:
        self._kernel.workflow.record_duty(self, record, step)

    def counts_for(self, ctx: Any) -> frozenset[int]:
        return self._kernel.access.standing.counts_for(self)

    def who_did(self, ctx: Any, record: Record, step: str) -> Sequence[int]:
        return self._kernel.workflow.who_did(self, record, step)

    def notify(
        self,
        ctx: Any,
        users: Sequence[int],
        title: Text,
        body: Text | None,
        about: Record | None,
        kind: NoticeKind | None,
    ) -> Sequence[int]:
        return self._kernel.notify.notify(self, users, title, body, about, kind=kind)

    def told(self, ctx: Any, notice_id: int) -> Told | None:
        return self._kernel.notify.told(self, notice_id)

    def reach(self, ctx: Any) -> None:
        self._kernel.access.asks.check("network")
        if self._kernel.db.writing_here():
            raise RuntimeError(
                "other computers are asked with no transaction open: within outside()"
            )

    def told_together(self, ctx: Any, digest_id: int) -> Together | None:
        return self._kernel.notify.told_together(self, digest_id)

    def quiet_until(self, ctx: Any) -> datetime | None:
        return self._kernel.notify.wishes.house_quiet_until(self)

    def mail(
        self, ctx: Any, key: str, address: str, subject: Text, body: Text, language: str
    ) -> None:
        self._kernel.access.asks.check("email")
        self._kernel.notify.mail(self, key, address, subject, body, language)

    def check_expression(
        self, ctx: Any, expression: Expression, gives: ExpressionType | None
    ) -> ExpressionType:
        return self._kernel.expressions.check(self, expression, gives)

    def expression_value(
        self,
        ctx: Any,
        expression: Expression,
        record: Record,
        told: Event | None,
        entry: int | None,
    ) -> ExpressionValue:
        return self._kernel.expressions.value(self, expression, record, told, entry)

    def expression_holds(
        self,
        ctx: Any,
        expression: Expression,
        record: Record,
        told: Event | None,
        entry: int | None,
    ) -> Judged:
        return self._kernel.expressions.holds(self, expression, record, told, entry)

    def expression_names(
        self, ctx: Any, on: type[Record], told: type[Event] | None, changed: str
    ) -> Sequence[ExpressionName]:
        return self._kernel.expressions.names(self, on, told, changed)

    def watch(self, ctx: Any, kind: type[Record], name: str, key: str) -> None:
        self._kernel.events.watches.watch(self, kind, name, key)

    def unwatch(self, ctx: Any, key: str) -> None:
        self._kernel.events.watches.unwatch(self, key)

    def past_changes(
        self, ctx: Any, kind: type[Record], name: str, limit: int
    ) -> Sequence[PastChange]:
        return self._kernel.events.watches.past(self, kind, name, limit)

    def count_up(self, ctx: Any, key: str, times: int) -> None:
        counts.count_up(self, key, times)

    def counted(self, ctx: Any, key: str, plugin: str, since: date | None) -> int:
        return counts.counted(self, key, plugin, since)

    def causes(self, ctx: Any) -> tuple[str, ...]:
        return self.led_here

    def caused_by(self, ctx: Any, cause: str) -> AbstractContextManager[None]:
        return self._caused_by(cause)

    @contextmanager
    def _caused_by(self, cause: str) -> Iterator[None]:
        before = self.led_here
        self.led_here = (*before, cause)
        try:
            yield
        finally:
            self.led_here = before

    def give_mandate(self, ctx: Any, purpose: str) -> int:
        return self._kernel.jobs.mandates.give(self, purpose)

    def end_mandate(self, ctx: Any, mandate: int) -> None:
        self._kernel.jobs.mandates.end(self, mandate)

    def mandate_stands(self, ctx: Any, mandate: int) -> bool:
        return self._kernel.jobs.mandates.stands(self, mandate)

    def enqueue_under(
        self,
        ctx: Any,
        mandate: int,
        job: Callable[..., Any],
        arguments: Mapping[str, object],
        at: datetime | None,
        key: str | None,
    ) -> int:
        return self._kernel.jobs.enqueue_under(self, mandate, job, arguments, at=at, key=key)

    def change_record(self, ctx: Any, record: Record, values: Mapping[str, object]) -> None:
        self._kernel.access.asks.check_kinds([type(record).__mapper__])
        with self._kernel.jobs.mandates.outside_procedures(self):
            self._kernel.records.update(self, record, values)

    def check_change(self, ctx: Any, record: Record, values: Mapping[str, object]) -> None:
        self._kernel.records.check_update(self, record, values)

    def kinds(self, ctx: Any) -> Sequence[type[Record]]:
        return self._kernel.views.catalogue.kinds(self)

    def kind_named(self, ctx: Any, name: str) -> type[Record]:
        return self._kernel.views.catalogue.kind_named(name)

    def events_about(self, ctx: Any, kind: type[Record]) -> Sequence[type[Event]]:
        return self._kernel.views.catalogue.events_about(kind)

    def past_events(
        self, ctx: Any, event: type[Event], kind: type[Record], limit: int
    ) -> Sequence[PastEvent]:
        return self._kernel.views.catalogue.past_events(self, event, kind, limit)

    def transitions_of(self, ctx: Any, kind: type[Record]) -> Sequence[Transition]:
        return self._kernel.views.catalogue.transitions_of(kind)

    def name_of(self, ctx: Any, record: Record) -> str:
        return self._kernel.records.titles.of(self, record)

    def comment(self, ctx: Any, record: Record, text: str) -> None:
        self._kernel.records.discussion.comment(self, record, text)

    def follow(self, ctx: Any, record: Record) -> None:
        self._kernel.records.discussion.follow(self, record)

    def unfollow(self, ctx: Any, record: Record) -> None:
        self._kernel.records.discussion.unfollow(self, record)

    def add_custom_field(
        self, ctx: Any, record: type[Record], values: Mapping[str, object]
    ) -> None:
        self._kernel.records.custom.define(self, record, values)

    def set_custom_fields(self, ctx: Any, record: Record, values: Mapping[str, object]) -> None:
        self._kernel.records.custom.set(self, record, values)

    def set_external_id(self, ctx: Any, record: Record, source: str, value: str) -> None:
        self._kernel.records.external.set(self, record, source, value)

    def external_id(self, ctx: Any, record: Record, source: str) -> str:
        return self._kernel.records.external.value(self, record, source)

    def by_external_id(self, ctx: Any, record: type[R], source: str, value: str) -> R:
        return self._kernel.records.external.find(self, record, source, value)

    def store_file(self, ctx: Any, name: str, content: bytes, about: Record | None) -> StoredFile:
        self._kernel.access.asks.check("files")
        return self._kernel.files.store(self, name, content, about)

    def read_file(
        self, ctx: Any, file_id: int, *, as_it_lies: bool = False
    ) -> tuple[StoredFile, bytes]:
        self._kernel.access.asks.check("files")
        return self._kernel.files.read(self, file_id, as_it_lies=as_it_lies)

    def insert_from(
        self, ctx: Any, target: type[Record], columns: Sequence[Any], source: Select[Any]
    ) -> int:
        return self._kernel.access.bulk.insert_from(self, target, columns, source)

    def update_where(
        self, ctx: Any, target: type[Record], where: Any, values: Mapping[str, object]
    ) -> int:
        return self._kernel.access.bulk.update_where(self, target, where, values)

    def load(self, ctx: Any, target: type[Record], rows: Sequence[Mapping[str, object]]) -> int:
        return self._kernel.access.bulk.load(self, target, rows)

    def outside(
        self, ctx: Any, key: str, call: Callable[[str], Any], ask: Callable[[str], Any] | None
    ) -> Any:
        return self._kernel.jobs.outside(self, key, call, ask)

    def own_transaction(self, ctx: Any) -> AbstractContextManager[KernelContext]:
        return self._kernel.jobs.own_transaction(self)

    def progress(self, ctx: Any, done: int, of: int | None) -> None:
        self._kernel.jobs.progress(self, done, of)

    def change_setting(self, ctx: Any, settings: type[Settings], name: str, value: object) -> None:
        self._kernel.plugin_settings.set(self, settings, name, value)

    def derived_secret(self, ctx: Any, plugin: str, purpose: str) -> bytes:
        return self._kernel.plugin_settings.derived_secret(plugin, purpose)

    def working_days_after(self, ctx: Any, start: datetime, days: int) -> datetime:
        return self._kernel.workflow.calendar.working_days_after(self, start, days)

    def time_zone(self, ctx: Any) -> ZoneInfo:
        return self._kernel.clock.zone

    def is_working_day(self, ctx: Any, day: date) -> bool:
        return self._kernel.workflow.calendar.is_working_day(self, day)

    def text(self, ctx: Any, text: Text | str, language: str = "") -> str:
        return self._kernel.translator.text(text, language or self._actor.language)

    def user_names(self, ctx: Any, users: Sequence[int]) -> Mapping[int, str]:
        return self._kernel.access.names(self, users)

    def users_with(self, ctx: Any, position: str, unit: int | None) -> Sequence[int]:
        return self._kernel.access.holders(self, position, unit)

    # -- for the rooms of the kernel --------------------------------------------------------------------------------

    @property
    def kernel(self) -> Kernel:
        return self._kernel

    @property
    def guarded(self) -> GuardedSession:
        """The session under its own type."""
        return self._open()

    def stands_on(self, session: Session) -> bool:
        """Whether this session is its own, and no sibling of it."""
        return self._session is session

    def seeing(self, session: GuardedSession) -> KernelContext:
        """The same context over an elevated session, for what may not depend on who looks."""
        other = copy.copy(self)
        other._session = session  # noqa: SLF001 -- its own kind
        return other

    def renew(self, session: GuardedSession, now: datetime) -> None:
        """Go on in another transaction, for ``outside``: what was loaded belongs to the one before."""
        self._session = session
        self._now = now
        self.within.forget()

    def finish(self) -> None:
        """Write what is pending; the kernel commits afterwards."""
        self._open().flush()

    def close(self) -> None:
        """End it; whoever kept it can do nothing with it."""
        self._session = None

    def _open(self) -> GuardedSession:
        if self._session is None:
            raise Forbidden("context-closed")
        return self._session
