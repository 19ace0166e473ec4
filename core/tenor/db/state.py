"""What the kernel knows of a session: who acts, with which rights, inside which procedures. Private to the kernel: a
plugin that holds the session can't reach it."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import get_ident
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from tenor.db.errors import Unguarded

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

    from tenor.access.actors import ActorData
    from tenor.access.rights import Rights
    from tenor.context import KernelContext
    from tenor.db.transaction import Transaction
    from tenor_sdk.records import Record


@dataclass(frozen=True)
class Procedure:
    """A plugin's door that is being gone through."""

    plugin: str
    name: str


@dataclass
class SessionState:
    """One session's state.

    Args:
        connection: its own, with the open transaction.
        writes: whether it may write at all.
        ctx: of the request or job; None before the actor is admitted.
        rights: of the actor; None where all rows are seen (elevated work, the kernel's own).
        kernel: whether the kernel itself works here: it may write every record of ``base``.
        behalf: in whose place it is worked, where one's own rights wouldn't have been enough.
        stack: the procedures being gone through, outermost first.
        elevation: the reason given for elevated work.
        leaving: what the running flush removes with its host, by the host's rights.
        moving: states of workflow may be set on these objects (by identity).
        landings: writes of the running flush of which only the row tells whether they lead to where they may.
        captured: changes of the running flush, on their way to the ledger.
        givers: in whose place new records are made.
        created: (table, id) of what this transaction made.
        cleared: for (table, id, verb) the version of a row that the rights were found to cover when it was read.
        seen_by: for (table, identity) by whose rights a row is seen, where nothing is written.
        named: for a page that asks once: what a person knows records by, of (kind, id); None where they see none.
        born: records whose cases of workflow are still to begin.
        changed: changes of watched fields that are still to be told.
        stale: ids of records, by kind, whose stored fields are to be computed anew.
        unkeyed: ids of records, by kind, whose search keys are to be written, with their values if these are at hand.
        wholes: of records at hand, whose lines the running flush changes, what their entries say of that.
        distant: the same of those that aren't loaded, by kind and id.
        beside: the same of what is kept beside a record, for the next flush.
        transaction: its own; None for a session within another's.
    """

    connection: Connection
    writes: bool
    ctx: KernelContext | None = None
    rights: Rights | None = None
    kernel: bool = False
    behalf: ActorData | None = None
    stack: list[Procedure] = field(default_factory=list)
    elevation: str = ""
    leaving: set[Any] = field(default_factory=set)
    moving: list[Any] = field(default_factory=list)
    landings: list[Any] = field(default_factory=list)
    captured: list[Any] = field(default_factory=list)
    givers: dict[Any, ActorData] = field(default_factory=dict)
    created: set[tuple[str, int]] = field(default_factory=set)
    cleared: dict[tuple[str, int, str], int] = field(default_factory=dict)
    seen_by: dict[Any, Any] = field(default_factory=dict)
    named: dict[tuple[type[Any], int], str | None] | None = None
    born: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    stale: dict[type[Record], set[int]] = field(default_factory=dict)
    unkeyed: dict[type[Record], dict[int, dict[str, Any] | None]] = field(default_factory=dict)
    wholes: dict[Any, dict[str, Any]] = field(default_factory=dict)
    distant: dict[tuple[type[Record], int], dict[str, Any]] = field(default_factory=dict)
    beside: dict[Any, dict[str, Any]] = field(default_factory=dict)
    thread: int = field(default_factory=get_ident)
    transaction: Transaction | None = None

    @property
    def procedure(self) -> Procedure | None:
        return self.stack[-1] if self.stack else None


_states: Final[WeakKeyDictionary[Session, SessionState]] = WeakKeyDictionary()


def keep(session: Session, state: SessionState) -> None:
    """Attach its state to a session."""
    _states[session] = state


def forget(session: Session) -> None:
    """Take a session's state away; every later use of it raises."""
    _states.pop(session, None)


def has_state(session: Session) -> bool:
    return session in _states


def state_of(session: Session) -> SessionState:
    """The state of a session.

    Raises:
        Unguarded: its request or job is over, or another thread uses it.
    """
    state = _states.get(session)
    if state is None:
        raise Unguarded("this session's request or job is over")
    if state.thread != get_ident():
        raise Unguarded("a session belongs to the thread of its request or job")
    return state
