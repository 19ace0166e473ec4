"""To erase values that the law doesn't let one keep: one proposes, another decides, never the same person, nor one in
the other's place; and to hold records that the law doesn't let go. In the record they are erased at the decision; in
the ledger the owner of its tables erases them (``tenor audit erase``), as nobody else can."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import Column, Index, UniqueConstraint, inspect

from tenor.audit.access import decide_erasure, hold_for_law, propose_erasure
from tenor.audit.records import APPROVED, PROPOSED, REFUSED, Erasure, LegalHold
from tenor.base.clearing import clear, computed_from, empty
from tenor.db.derived import own_derived
from tenor.db.state import state_of
from tenor_sdk.columns import CustomType
from tenor_sdk.errors import Conflict, Invalid, NotFound, Refused
from tenor_sdk.journals import is_journal
from tenor_sdk.records import Record, info_of
from tenor_sdk.services import service
from tenor_sdk.workflow import ask, counts_for, record_duty, who_did

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.db.derived import Place
    from tenor_sdk.context import Context

#: the step of who proposes an erasure, and of the one in whose place
_PROPOSING: Final = "propose-erasure"


@dataclass(frozen=True)
class ErasureAsked:
    """What somebody fills in who proposes an erasure."""

    record: str = ask("Record", help="By its table, such as customers_customer", max_length=100)
    number: int = ask("Record id")
    fields: str = ask("Fields", help="Their names with spaces between", max_length=1000)
    reason: str = ask("Reason", max_length=500)
    basis: str = ask("Legal basis", max_length=500)


@dataclass(frozen=True)
class HoldAsked:
    """What somebody fills in who holds a record."""

    record: str = ask("Record", help="By its table, such as customers_customer", max_length=100)
    number: int = ask("Record id")
    reason: str = ask("Reason", max_length=500)


@service(needs=propose_erasure)
def propose(
    ctx: Context, table: str, record_id: int, fields: Sequence[str], *, reason: str, basis: str
) -> int:
    """Propose that the values of these fields are erased; the number of the proposal. It names the stored fields of the
    record that are computed from them too.

    Args:
        fields: as the ledger calls them; an institution's own are ``custom.<key>``.

    Raises:
        NotFound: there is no such record for this person.
        Invalid: ``required``; ``cannot-be-erased``: no such field, or one without which the record wouldn't hold.
        Refused: ``held-for-law``; ``journal-is-kept``: a row of a journal stays as it was sealed;
            ``decision-is-kept``: so does what proves that something was erased lawfully, or held.
    """
    record = _record(ctx, table, record_id)
    if not (reason.strip() and basis.strip() and fields):
        raise Invalid("required")
    for name in fields:
        if not _erasable(type(record), name):
            raise Invalid("cannot-be-erased", None, name=name[:80])
    _check_free(ctx, table, record_id)
    formulas = cast("KernelContext", ctx).kernel.db.formulas
    named = {*fields, *own_derived(formulas, type(record), set(fields))}
    made = Erasure(
        table_name=table,
        record_id=record_id,
        fields=" ".join(sorted(named)),
        reason=reason.strip(),
        basis=basis.strip(),
        proposed_by_id=ctx.actor.id or None,
    )
    ctx.session.add(made)
    ctx.session.flush()
    with _in_place(ctx, record):
        record_duty(ctx, made, _PROPOSING)
    return made.id


@service(needs=decide_erasure)
def approve(ctx: Context, erasure: Erasure) -> None:
    """Erase the values in the record, and let them be erased in the ledger; with them what was computed from them, in
    other records too.

    Raises:
        Conflict: ``already-decided``.
        Refused: ``own-proposal``: by the person, or by one in whose place, on either side; ``held-for-law``: the
            record, or another that computed from it.
    """
    kernel_ctx = cast("KernelContext", ctx)
    _decide(ctx, erasure, APPROVED)
    _check_free(ctx, erasure.table_name, erasure.record_id)
    ctx.session.flush()
    along = computed_from(kernel_ctx, erasure)
    for (kind, record_id), fields in sorted(along.items(), key=_in_order):
        _check_free(ctx, kind.__tablename__, record_id)
        ctx.session.add(_along(erasure, kind, record_id, fields))
    ctx.session.flush()
    for (kind, record_id), fields in clear(kernel_ctx, erasure, along).items():
        ctx.session.add(_along(erasure, kind, record_id, fields))


@service(needs=decide_erasure)
def refuse(ctx: Context, erasure: Erasure) -> None:
    """Erase nothing.

    Raises:
        Conflict: ``already-decided``.
        Refused: ``own-proposal``.
    """
    _decide(ctx, erasure, REFUSED)


@service(needs=hold_for_law)
def hold(ctx: Context, table: str, record_id: int, reason: str) -> int:
    """Hold a record: nothing of it is erased or taken out of the ledger; the number of the hold.

    Raises:
        NotFound: there is no such record for this person.
        Invalid: ``required``.
        Refused: ``journal-is-kept``, ``decision-is-kept``: nothing of it could be erased or taken out.
    """
    _record(ctx, table, record_id)
    if not reason.strip():
        raise Invalid("required")
    kernel_ctx = cast("KernelContext", ctx)  # an erasure that is being decided comes first
    kernel_ctx.kernel.audit.keep_still(kernel_ctx, table, record_id)
    made = LegalHold(table_name=table, record_id=record_id, reason=reason.strip())
    ctx.session.add(made)
    ctx.session.flush()
    return made.id


@service(needs=hold_for_law)
def release(ctx: Context, held: LegalHold) -> None:
    """End a hold.

    Raises:
        Conflict: ``already-decided``.
    """
    if held.ended_at is not None:
        raise Conflict("already-decided")
    held.ended_at = ctx.now


def _in_order(along: tuple[Place, object]) -> tuple[str, int]:
    """By which records are kept still, so that two decisions wait for each other in one direction."""
    (kind, record_id), _fields = along
    return kind.__tablename__, record_id


def _along(erasure: Erasure, kind: type[Record], record_id: int, fields: Iterable[str]) -> Erasure:
    """That what another record computed from erased values, or says of them, is erased in the ledger too, by the same
    decision."""
    return Erasure(
        table_name=kind.__tablename__,
        record_id=record_id,
        fields=" ".join(sorted(fields)),
        reason=erasure.reason,
        basis=erasure.basis,
        state=APPROVED,
        proposed_by_id=erasure.proposed_by_id,
        decided_by_id=erasure.decided_by_id,
        decided_at=erasure.decided_at,
    )


def _decide(ctx: Context, erasure: Erasure, state: str) -> None:
    if erasure.state != PROPOSED:
        raise Conflict("already-decided")
    proposed = {erasure.proposed_by_id or 0, *who_did(ctx, erasure, _PROPOSING)}
    with _in_place(ctx, erasure):
        if proposed & counts_for(ctx):
            raise Refused("own-proposal")
    erasure.state, erasure.decided_at, erasure.decided_by_id = state, ctx.now, ctx.actor.id or None


def _in_place(ctx: Context, record: Record) -> AbstractContextManager[None]:
    """Within it what is done counts for the one in whose place the person sees a record, too."""
    kernel_ctx = cast("KernelContext", ctx)
    standing = kernel_ctx.kernel.access.standing
    return standing.taken(kernel_ctx, standing.giver(state_of(kernel_ctx.session), record))


def _record(ctx: Context, table: str, record_id: int) -> Record:
    """A record that the person can read, whatever its kind, and that can change.

    Raises:
        NotFound: there is none.
        Refused: ``journal-is-kept``, ``decision-is-kept``: whatever the number.
    """
    kinds = cast("KernelContext", ctx).kernel.declarations.records
    kind = next((each for each in kinds if each.__tablename__ == table), None)
    if kind is not None and is_journal(kind):  # whichever row, seen or not: it tells nothing of any
        raise Refused("journal-is-kept", what=kind.called())
    if kind in (
        Erasure,
        LegalHold,
    ):  # by which the ledger shows that what is gone from it went lawfully
        raise Refused("decision-is-kept", what=kind.called())
    found = (
        ctx.session.get(kind, record_id) if kind is not None and 0 < record_id < 1 << 63 else None
    )
    if found is None or getattr(kind, "__append_only__", False):
        raise NotFound("not-found")
    return found


def _check_free(ctx: Context, table: str, record_id: int) -> None:
    """Whether no hold is on the record, or on what it is a part of, seen or not by whoever asks."""
    kernel_ctx = cast("KernelContext", ctx)
    if kernel_ctx.kernel.audit.is_held(kernel_ctx, table, record_id):
        raise Refused("held-for-law")


def _erasable(kind: type[Record], name: str) -> bool:
    """What may be without a value: neither the record's place in the house nor its way through it."""
    columns = inspect(kind).columns
    key, _dot, own = name.partition(".")
    if own:
        return key in columns and isinstance(columns[key].type, CustomType)
    if key not in columns:
        return False
    column, info = columns[key], info_of(columns[key])
    nothing = empty(column)
    bound = bool(info.target is not None or info.widget == "state" or info.number)
    # of nothing there may be many, of one empty text only one
    bound = bound or (nothing is not None and _alone(column))
    bound = bound or info.formula is not None  # it goes with what it is computed from
    mapped_stamps = ("id", "version", "created_at", "changed_at", "created_by_id", "changed_by_id")
    return not bound and key not in mapped_stamps and nothing is not False


def _alone(column: Column[Any]) -> bool:
    """Whether no two records may have the same value, by itself or together with others."""
    rules = (*column.table.constraints, *column.table.indexes)
    unique = (
        rule
        for rule in rules
        if isinstance(rule, UniqueConstraint) or (isinstance(rule, Index) and rule.unique)
    )
    return any(column.key in rule.columns for rule in unique)
