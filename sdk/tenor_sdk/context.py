"""What a plugin's function is handed: one ``Context``, by convention ``ctx``, always its first argument."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from tenor_sdk.access import Permission
    from tenor_sdk.drivers import DriverKind
    from tenor_sdk.events import Event
    from tenor_sdk.records import Record
    from tenor_sdk.settings import Settings
    from tenor_sdk.workflow import Transition

T = TypeVar("T")
S = TypeVar("S", bound="Settings")


class Actor(Protocol):
    """Who acts: a person, or a service actor of a job.

    Attributes:
        id: the user's id; ledgered with each change.
        login: by which they sign in.
        name: as others read it.
        language: ``"zh-CN"`` or ``"en"``.
        unit_id: the unit to which they belong, None for a service.
        units: ids of the units in which they hold a position.
        units_below: those and all units under them.
        positions: names of the positions that they hold, such as ``"risk-officer"``.
        roles: keys of the roles that these give them.
    """

    @property
    def id(self) -> int: ...
    @property
    def login(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def unit_id(self) -> int | None: ...
    @property
    def units(self) -> frozenset[int]: ...
    @property
    def units_below(self) -> frozenset[int]: ...
    @property
    def positions(self) -> frozenset[str]: ...
    @property
    def roles(self) -> frozenset[str]: ...

    def assigned(self, record: type[Record]) -> Select[int]:
        """The ids of the ``record``s on which this person has or had a task, for a predicate of a grant."""
        ...


class Context(Protocol):
    """Eleven names, and nothing ambient. Valid within its request or job; afterwards every use raises.

    Attributes:
        session: the guarded session. Reads show the person's rows; writes are judged and ledgered at flush. Commit
            and rollback raise: the kernel opens and commits.
        actor: who acts.
        now: the instant, in UTC, that stands still within a request or job.
        today: the institution's business date.
        request_id: of the request or the job's run; in the log, the ledger and on error pages.
    """

    @property
    def session(self) -> Session: ...
    @property
    def actor(self) -> Actor: ...
    @property
    def now(self) -> datetime: ...
    @property
    def today(self) -> date: ...
    @property
    def request_id(self) -> str: ...

    def settings(self, settings: type[S]) -> S:
        """The institution's values of a plugin's settings."""
        ...

    def emit(self, event: Event) -> None:
        """Tell the others, now and inside this transaction; jobs that wait for the event run after it commits.

        Raises:
            Refused: a handler refuses; the transaction is undone.
        """
        ...

    def enqueue(
        self,
        job: Callable[..., Any],
        /,
        *,
        at: datetime | None = None,
        key: str | None = None,
        **arguments: object,
    ) -> int:
        """Do it later: the job exists when this transaction commits, and never otherwise.

        Args:
            job: a function labelled ``@job``.
            at: not before this instant.
            key: an idempotency key: while a job of this key exists, whatever its state, no second one is made.
            arguments: JSON values, dates, amounts and rates, by name.

        Returns:
            The job's id.
        """
        ...

    def driver(self, kind: DriverKind[T]) -> T:
        """The provider of ``kind`` that the institution has chosen.

        Raises:
            Refused: ``no-driver`` where none is installed and enabled.
        """
        ...

    def elevated(self, reason: str) -> AbstractContextManager[Session]:
        """Work beyond the person's rows: a session of its own on the same transaction, in a savepoint, put on record.

        What it loads doesn't mix with ``session``; return figures from it, not records.
        """
        ...

    def may(
        self,
        what: type[Record] | Permission | Transition,
        verb: str = "",
        record: Record | None = None,
    ) -> bool:
        """Whether the person may do ``verb`` (``read``, ``create``, ``update``, ``delete``, ``export``) with a kind
        of record, use a permission or a transition; with ``record``, on that one."""
        ...

    @property
    def _tenor_port(self) -> object: ...
