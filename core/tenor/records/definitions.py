"""What holds of a custom field's definition whoever changes it: what values stand by can't be taken from under them."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, event, inspect, literal, select
from sqlalchemy.orm import Mapper, Session

from tenor.db import gate
from tenor.db.state import SessionState, state_of
from tenor.records.custom import compared
from tenor.records.records import CustomChoice, CustomEpoch, CustomField, CustomKind
from tenor_sdk.errors import Invalid, Refused

#: what values are kept by, and found by
_FIXED: Final = ("record", "key", "kind")


@event.listens_for(CustomField, "before_insert")
def _made(_mapper: Mapper[Any], _connection: Connection, target: CustomField) -> None:
    state = _state(target)
    _record_of(state, target)
    if target.kind is CustomKind.CHOICE and not target.choices:
        raise Invalid("invalid", {"choices": Invalid("required")})


@event.listens_for(CustomField, "before_update")
def _changed(_mapper: Mapper[Any], connection: Connection, target: CustomField) -> None:
    state = _state(target)
    moved = {name: was for name in _FIXED if (was := _before(target, name)) is not None}
    if not moved:
        return
    was = {name: moved.get(name, getattr(target, name)) for name in _FIXED}
    if _stands(state, connection, was):
        raise Refused("custom-field-in-use", field=target.label)
    _record_of(state, target)


@event.listens_for(CustomField, "before_delete")
def _removed(_mapper: Mapper[Any], connection: Connection, target: CustomField) -> None:
    state = _state(target)
    if _stands(state, connection, {name: getattr(target, name) for name in _FIXED}):
        raise Refused("custom-field-in-use", field=target.label)


@event.listens_for(CustomChoice, "before_insert")
def _choice_made(_mapper: Mapper[Any], _connection: Connection, target: CustomChoice) -> None:
    _state(target)


@event.listens_for(CustomChoice, "before_update")
def _choice_changed(_mapper: Mapper[Any], connection: Connection, target: CustomChoice) -> None:
    state, value = _state(target), _before(target, "value")
    if value is not None:
        _check_choice(state, connection, target, value)


@event.listens_for(CustomChoice, "before_delete")
def _choice_removed(_mapper: Mapper[Any], connection: Connection, target: CustomChoice) -> None:
    _check_choice(_state(target), connection, target, target.value)


def _check_choice(
    state: SessionState, connection: Connection, target: CustomChoice, value: str
) -> None:
    """A choice that stands somewhere is withdrawn instead."""
    field = CustomField.__table__.c
    statement = select(field.record, field.key, field.kind).where(field.id == target.parent_id)
    row = connection.execute(statement, execution_options=gate.MARKED).one()
    if row.kind is CustomKind.CHOICE and _stands(state, connection, row._asdict(), value):
        raise Refused("custom-choice-in-use", choice=target.label)


def _state(target: CustomField | CustomChoice) -> SessionState:
    """The session's, which reads definitions anew from now on."""
    session = Session.object_session(target)
    assert session is not None  # it is being flushed
    state = state_of(session)
    assert state.ctx is not None  # only admitted sessions write
    state.ctx.kernel.records.custom.changed(state.ctx)
    return state


def _before(target: Any, name: str) -> Any:
    """What a pending change takes away from a field; None where it stays."""
    history = inspect(target).attrs[name].history
    return history.deleted[0] if history.has_changes() and history.deleted else None


def _record_of(state: SessionState, target: CustomField) -> None:
    assert state.ctx is not None
    kinds = state.ctx.kernel.records.custom.kinds
    if target.record not in kinds:
        told = Invalid("takes-no-custom-fields", what=target.record, kinds=", ".join(sorted(kinds)))
        raise Invalid("invalid", {"record": told})


def _stands(
    state: SessionState, connection: Connection, field: dict[str, Any], value: str | None = None
) -> bool:
    """Whether some record has a value of the field, or this one; nobody writes one until this transaction is over.

    Raises:
        Refused: ``custom-field-waits``: the record's plugin is off, so nobody can tell.
    """
    assert state.ctx is not None
    kind = state.ctx.kernel.records.custom.kinds.get(field["record"])
    if kind is None:
        raise Refused("custom-field-waits", what=field["record"])
    epoch = select(CustomEpoch.__table__.c.number).with_for_update()
    connection.execute(epoch, execution_options=gate.MARKED)
    table = kind.__table__
    there = compared(table.c.custom, field["key"], "text")
    asked = there.is_not(None) if value is None else there == value
    statement = select(literal(1)).select_from(table).where(asked).limit(1)
    return connection.execute(statement, execution_options=gate.MARKED).first() is not None
