"""The session that plugins are handed: it lets through statements over mapped records, adds the criteria of whoever
acts, and keeps every other way to the database shut. It stops mistakes and careless code, not malice (see the security
page): Python in the same process can always find a way.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NoReturn

from sqlalchemy import Connection, Result, event, inspect
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.orm.session import JoinTransactionMode
from sqlalchemy.orm.util import LoaderCriteriaOption

from tenor.db import gate, listeners
from tenor.db.conflicts import conflict
from tenor.db.errors import Unguarded
from tenor.db.state import SessionState, keep, state_of
from tenor.db.waiting import waiting_on
from tenor.db.walk import Walk
from tenor_sdk.errors import Conflict, TenorError

_SHUT: Final = {
    "commit": "the kernel opens and commits",
    "rollback": "raise, and the kernel undoes",
    "close": "the kernel closes",
    "reset": "the kernel closes",
    "__enter__": "the kernel opens, commits and closes",
    "connection": "statements go through the session",
    "get_transaction": "the kernel opens and commits",
    "get_nested_transaction": "use savepoint(ctx)",
    "begin": "the kernel opens and commits",
    "begin_nested": "use savepoint(ctx)",
    "merge": "load the record and change it",
    "merge_all": "load the records and change them",
    "bulk_save_objects": "use tenor_sdk.bulk",
    "bulk_insert_mappings": "use tenor_sdk.bulk",
    "bulk_update_mappings": "use tenor_sdk.bulk",
    "invalidate": "the kernel closes",
    "prepare": "the kernel commits",
    "enable_relationship_loading": "load the record",
}


#: Parts of SQLAlchemy that call a session on behalf of whoever calls them.
_FRONTS: Final = ("sqlalchemy.orm.scoping", "sqlalchemy.ext.")


def _from_sqlalchemy(depth: int = 2) -> bool:
    name = str(sys._getframe(depth).f_globals.get("__name__", ""))
    return name.startswith("sqlalchemy.") and not name.startswith(_FRONTS)


class GuardedSession(Session):
    """See the module. Made by ``Database`` alone; with ``bind=None``, as a bind would give the connection away."""

    def __init__(self, state: SessionState, *, within: bool = False) -> None:
        mode: JoinTransactionMode = "create_savepoint" if within else "rollback_only"
        # what was only read is over with its transaction: nothing is gained by expiring each record
        super().__init__(
            bind=None,
            autoflush=True,
            expire_on_commit=state.writes,
            join_transaction_mode=mode,
        )
        self._unflushed = False
        keep(self, state)

    @property
    def has_changes(self) -> bool:
        """Whether anything may be left to be written."""
        return not self._is_clean()

    @contextmanager
    def unflushed(self) -> Iterator[None]:
        """Within it nothing is flushed: for the beginning of a savepoint before what is pending."""
        self._unflushed = True
        try:
            yield
        finally:
            self._unflushed = False

    def get_bind(self, *args: Any, **kwargs: Any) -> Connection:
        if not _from_sqlalchemy():
            raise Unguarded("get_bind is shut: statements go through the session")
        return state_of(self).connection

    def flush(self, objects: Any = None) -> None:
        """Write what is pending; errors of the database become answers that a person understands."""
        state = state_of(self)
        if self._unflushed:
            return
        if not self._flushing and self._is_clean():  # as it mostly is where somebody makes sure
            self._follow_up(state)
            return
        waiting_on(state.connection).open_sections()
        try:
            with gate.flushing(state.connection):
                super().flush(objects)
        except StaleDataError:
            raise Conflict("changed-since") from None
        except IntegrityError as error:
            raise conflict(error, state) from error
        except StatementError as error:
            # a wrong type (a float for an amount) surfaces wrapped; the SDK's own words say it better
            raise (
                error.orig if isinstance(error.orig, (TypeError, TenorError)) else error
            ) from error
        self._follow_up(state)

    def _follow_up(self, state: SessionState) -> None:
        """What a flush leaves to be done."""
        if state.stale and state.ctx is not None:
            state.ctx.kernel.db.formulas.renew(self)
        if state.unkeyed and state.ctx is not None:
            state.ctx.kernel.search.renew(state)
        if state.born and state.ctx is not None:
            born, state.born = state.born, []
            state.ctx.kernel.workflow.on_created(state.ctx, self, born)
        # what a sibling changed is told by the session beside which it stood
        if state.changed and state.ctx is not None and state.ctx.stands_on(self):
            changed, state.changed = state.changed, []
            state.ctx.kernel.events.watches.tell(state.ctx, changed)


def _shut(name: str, reason: str) -> Any:
    own = getattr(Session, name)

    def door(self: GuardedSession, *args: Any, **kwargs: Any) -> Any:
        if _from_sqlalchemy():
            return own(self, *args, **kwargs)
        raise Unguarded(f"session.{name} is shut: {reason}")

    door.__name__ = name
    door.__doc__ = f"Shut: {reason}."
    return door


for _name, _reason in _SHUT.items():
    setattr(GuardedSession, _name, _shut(_name, _reason))


_verdicts: Final[dict[Any, Walk]] = {}
_MOST_VERDICTS: Final = 4096


def judge(statement: Any, *, along: bool = False) -> Walk:
    """The walk of a statement, remembered by its structure: values never change a verdict.

    Args:
        along: whether SQLAlchemy made it, to load a relation of what a judged statement yielded.
    """
    cache_key = statement._generate_cache_key()
    if cache_key is None:
        return Walk(along)(statement)
    key = (along, cache_key.key)
    found = _verdicts.get(key)
    if found is None:
        found = Walk(along)(statement)
        found._keep.clear()
        if len(_verdicts) >= _MOST_VERDICTS:
            _verdicts.clear()
        _verdicts[key] = found
    return found


@event.listens_for(GuardedSession, "do_orm_execute")
def _guard(execution: ORMExecuteState) -> Result[Any] | None:
    state = state_of(execution.session)
    # a kernel's own statement carries the mark already; so does what SQLAlchemy loads along with a judged one, whose
    # options it inherits, and which reads records that nobody has judged yet
    inherited = execution.is_relationship_load or execution.is_column_load
    if execution.execution_options.get(gate.OPTION) is gate.MARK and not inherited:
        return None
    listeners.check(execution.session)
    if not execution.is_select:
        _refuse(execution)
    if "schema_translate_map" in execution.execution_options:
        raise Unguarded(
            "schema_translate_map isn't let through: records lie where they were declared"
        )
    walk = judge(execution.statement, along=execution.is_relationship_load)
    if state.ctx is not None:
        state.ctx.kernel.access.asks.check_kinds(walk.mappers)
    issued = _criteria_there(execution, state)
    if state.rights is not None:
        # a row that a person moves out of their own sight is still refreshed in the session that moved it
        own = execution.bind_mapper if execution.is_column_load else None
        options = [
            option
            for option in (state.rights.option(one) for one in walk.mappers if one is not own)
            if option and option not in issued
        ]
        if options:
            execution.statement = execution.statement.options(*options)
            if not execution.is_orm_statement:
                return _as_one_of_records(execution, walk)
    execution.update_execution_options(**gate.judged(along=execution.is_relationship_load))
    return None


def _as_one_of_records(execution: ORMExecuteState, walk: Walk) -> Result[Any]:
    """Run what SQLAlchemy doesn't take for a statement over records, and would add no criteria to: a condition alone,
    a part of a date, an aggregate with a filter. The walk has found its records where criteria are added."""
    mark = gate.judged(along=execution.is_relationship_load)
    statement: Any = execution.statement.execution_options(**mark)
    plugin = {"compile_state_plugin": "orm", "plugin_subject": next(iter(walk.mappers))}
    statement._set_propagate_attrs(plugin)
    return execution.invoke_statement(statement)


def _criteria_there(execution: ORMExecuteState, state: SessionState) -> set[LoaderCriteriaOption]:
    """Our own criteria that a lazy load carries along from its parent's statement.

    Raises:
        Unguarded: criteria that the guard didn't make; their expression would pass unjudged. Those of a load along a
            relation are the relation's own condition, which was judged with the parent's statement.
    """
    options = execution.statement._with_options
    there = {option for option in options if isinstance(option, LoaderCriteriaOption)}
    ours = {option for option in there if state.rights is not None and state.rights.issued(option)}
    if there - ours and not execution.is_relationship_load:
        raise Unguarded("with_loader_criteria isn't let through: use where()")
    return ours


def _refuse(execution: ORMExecuteState) -> NoReturn:
    if execution.is_insert or execution.is_update or execution.is_delete:
        raise Unguarded(
            "INSERT, UPDATE and DELETE statements are refused: change records, or use tenor_sdk.bulk"
        )
    raise Unguarded("only statements over mapped records are let through: select(TheRecord)")


@event.listens_for(GuardedSession, "before_attach")
def _no_strangers(session: Session, instance: object) -> None:
    """An object with an identity that this session didn't load would be refreshed without criteria."""
    known = inspect(instance)
    if known is not None and known.key is not None:
        raise Unguarded("a record of another session isn't taken in: load it here")
