"""Time stamps over seals. One over the last seal covers all before it, as each seal holds the digest of the one before;
so only the last is sent to the authority, and never within the transaction that seals."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from tenor.audit.authority import ask
from tenor.audit.hashing import stamp_said
from tenor.audit.reading import ODD, rows
from tenor.audit.records import Seal, SealStamp
from tenor.audit.seals import said_by_seal
from tenor.audit.trust import Asked, BadToken, Trust
from tenor.audit.verdict import Finding, Stamps

if TYPE_CHECKING:
    from tenor.clock import Clock

#: runs a statement: a session's, past its guard, or a connection's
Execute = Callable[[Any], Any]

_seals: Any = Seal.__table__
_stamps: Any = SealStamp.__table__


@dataclass(frozen=True)
class Authority:
    """Who stamps, at which address, and what of theirs is believed."""

    address: str
    trust: Trust


@dataclass(frozen=True)
class Unstamped:
    """A seal that is to get a time stamp: ``text`` is what its digest is the hash of."""

    number: int
    at: datetime
    digest: str
    text: str


def unstamped(execute: Execute) -> Unstamped | None:
    """The last seal, unless it has its time stamp."""
    row = execute(select(_seals).order_by(_seals.c.id.desc()).limit(1)).first()
    if row is None or execute(select(_stamps.c.id).where(_stamps.c.seal_id == row.id)).first():
        return None
    return Unstamped(row.id, _utc(row.at), row.digest, said_by_seal(row).text())


def fetch(authority: Authority, seal: Unstamped, clock: Clock) -> dict[str, str]:
    """A time stamp from the authority, proved before it is kept; as texts, to be handed to ``keep``.

    Raises:
        NoAnswer: the authority can't be reached, or says something else.
        BadToken: its answer proves nothing.
    """
    from tenor.audit.tokens import in_der, request_for, stamped_at

    nonce, request = request_for(seal.text)
    answer = ask(authority.address, request)
    received = clock.now()
    at = stamped_at(answer, Asked(seal.digest, seal.at, nonce, received), authority.trust)
    return {
        "at": at.isoformat(),
        "received_at": received.isoformat(),
        "authority": authority.address,
        "nonce": str(nonce),
        "response": b64encode(in_der(answer)).decode(),
    }


def keep(execute: Execute, dialect: str, seal: Unstamped, told: Mapping[str, str]) -> None:
    """Keep what ``fetch`` brought; where somebody else was first, theirs stays."""
    received = datetime.fromisoformat(told["received_at"])
    instants = dict.fromkeys(("received_at", "created_at", "changed_at"), received)
    values = {**told, **instants, "at": datetime.fromisoformat(told["at"])}
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    made = insert(_stamps).values(seal_id=seal.number, version=1, **values)
    execute(made.on_conflict_do_nothing(index_elements=["seal_id"]))


def check(
    connection: Connection, seals: Sequence[Any], trust: Trust | None
) -> tuple[Stamps, list[Finding]]:
    """Which time stamps stand, and what is wrong with the others.

    Args:
        seals: the rows of all seals.
        trust: whose are believed; None: none can be checked.
    """
    by_number = {row.id: row for row in seals}
    standing: list[tuple[int, datetime]] = []
    findings: list[Finding] = []
    unread = 0
    kept: dict[int, str] = {}
    statement = select(_stamps).order_by(_stamps.c.id)
    bare = select(_stamps.c.seal_id).order_by(_stamps.c.id)
    for row, there in rows(connection, statement, bare):
        seal = by_number.get(row.seal_id)
        kept[row.seal_id] = stamp_said(row.seal_id, str(row.response)) if there else ""
        if seal is None:
            findings.append(Finding("seal-missing", seal_id=row.seal_id))
        elif not there:
            findings.append(Finding("stamp-unreadable", seal_id=row.seal_id))
        elif trust is None:
            unread += 1
        else:
            try:
                standing.append((row.seal_id, _proved(row, seal, trust)))
            except BadToken as bad:
                findings.append(Finding(bad.key, seal_id=row.seal_id))
    findings += _said_by_seals(seals, kept)
    standing.sort()
    last = standing[-1][0] if standing else 0
    waiting = sum(row.id > last for row in seals)
    return Stamps(tuple(standing), waiting, unread, asked=trust is not None), findings


def _said_by_seals(seals: Sequence[Any], kept: Mapping[int, str]) -> Iterator[Finding]:
    """The time stamps that later seals say were kept, and that are gone or others now."""
    for said in dict.fromkeys(row.stamp for row in seals if row.stamp):
        number = int(str(said).partition(":")[0]) if str(said)[:1].isdigit() else 0
        if kept.get(number) != said:
            key = "stamp-edited" if number in kept else "stamp-missing"
            yield Finding(key, seal_id=number)


def _proved(row: Any, seal: Any, trust: Trust) -> datetime:
    from tenor.audit.tokens import stamped_at

    try:
        answer, nonce = b64decode(row.response, validate=True), int(row.nonce)
    except ODD as error:
        raise BadToken("stamp-unreadable") from error
    at = stamped_at(answer, Asked(seal.digest, _utc(seal.at), nonce, _utc(row.received_at)), trust)
    if at != _utc(row.at):
        raise BadToken("stamp-time", f"{row.at} was kept, the token says {at}")
    return at


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
