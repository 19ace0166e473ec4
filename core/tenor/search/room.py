"""The room of search: who is found, by what a person types, within what that person may see.

An index names candidates, the newest first; the guarded statement of the records themselves says which of them are
there for this person. So a result, a count or a suggestion never tells of a row that the session wouldn't show.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, and_, false, or_, select, text

from tenor.access.rights import parent_of
from tenor.db import gate
from tenor.db.beneath import Beneath
from tenor.db.state import SessionState, state_of
from tenor.records.conditions import containing
from tenor.search import asking
from tenor.search.behind import Stood, all_stood, read, stood
from tenor.search.keeping import Keeping
from tenor.search.keys import Wanted, wanted
from tenor.search.kinds import Kind, Searched, edition, kinds_of
from tenor.search.marking import Match, match
from tenor.search.records import SearchKey
from tenor_sdk.errors import Invalid
from tenor_sdk.records import Archivable, Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenor.context import KernelContext
    from tenor.db.changes import Change
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel
    from tenor.records.specs import FieldSpec

#: characters that are searched for
LONGEST: Final = 2000
#: candidates that are looked at: as a rule, and where these are mostly others' rows; then what one may see is walked
_CANDIDATES: Final = 200
_FURTHER: Final = 3000
#: of a list, whose order and filters are another's: up to so many are named to it
_NAMED: Final = 1000
#: of PostgreSQL, whose index knows no order: so many are taken from it; what is commoner is found among the newest
_RARE: Final = 1000
_NEWEST: Final = 1000
#: guessed to be so many, they are looked for among the newest first, and these will do where they have so many
_COMMON: Final = 5000
_ENOUGH: Final = 20
_keys: Final[Any] = SearchKey.__table__


@dataclass(frozen=True)
class Found:
    """Records of one kind that were found.

    Args:
        ids: the best first: those that are exactly what was typed, those that begin so, then the newest.
        more: whether this person may see others that fit.
    """

    record: type[Record]
    ids: tuple[int, ...]
    more: bool


@dataclass(frozen=True)
class _Candidates:
    """Records that may be found.

    Args:
        ids: the newest first.
        is_all: whether there are no others.
        go_on: whether asking for more of them is cheap.
    """

    ids: Sequence[int]
    is_all: bool
    go_on: bool = True


@dataclass(frozen=True)
class _Question:
    """What a person looks for, among records of one kind.

    Args:
        there: what is on record of the keys of this kind.
        is_keyed: whether records have keys by the fields of today.
        visible: the fields by which they may find.
        typed: as it was typed; ``asked`` is what is looked for.
        most: records that are wanted.
        conditions: that hold beside.
    """

    ctx: KernelContext
    kind: Kind
    there: Stood
    is_keyed: bool
    visible: Sequence[Searched]
    typed: str
    asked: Wanted
    most: int
    conditions: Sequence[Any]

    @property
    def connection(self) -> Connection:
        """For what isn't judged: candidates."""
        return state_of(self.ctx.session).connection

    @property
    def slots(self) -> list[str]:
        """Of the visible fields."""
        return [each.slot for each in self.visible]

    def among(self, candidates: Collection[int]) -> list[int]:
        """Those of the candidates that the person may see."""
        key = self.kind.record.id
        statement = select(key).where(key.in_(sorted(candidates)), *self.conditions)
        return list(self.ctx.session.scalars(statement)) if candidates else []

    def newest(self, *conditions: Any) -> list[int]:
        """The newest that meet these conditions, one more than wanted."""
        key = self.kind.record.id
        statement = select(key).where(*self.conditions, *conditions).order_by(key.desc())
        return list(self.ctx.session.scalars(statement.limit(self.most + 1)))


class Search:
    """Keeps keys, and finds by them."""

    kernel: Kernel
    keeping: Keeping

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self._indexed: bool | None = None

    def load(self, declarations: Declarations) -> None:
        """Take in the records that have fields to search.

        Raises:
            TypeError: two tables whose names come to the same number.
        """
        self.kinds = kinds_of(declarations.records)
        self.keeping = Keeping(self.kernel, self.kinds)

    # -- keeping ----------------------------------------------------------------------------------------------------

    def note(self, state: SessionState, changes: Iterable[Change]) -> None:
        """See ``Keeping.note``."""
        self.keeping.note(state, changes)

    def note_rows(
        self,
        state: SessionState,
        record: type[Record],
        ids: Iterable[int],
        names: Iterable[str] | None = None,
    ) -> None:
        """See ``Keeping.note_rows``."""
        self.keeping.note_rows(state, record, ids, names)

    def leave(self, state: SessionState, record: type[Record]) -> bool:
        """See ``Keeping.leave``."""
        return self.keeping.leave(state, record)

    def renew(self, state: SessionState) -> None:
        """See ``Keeping.renew``."""
        self.keeping.renew(state)

    def compact(self, connection: Connection) -> None:
        """Make the index of SQLite anew of what is left: it keeps the words of keys that are gone until it does so
        itself. On the owner's connection."""
        if connection.dialect.name == "sqlite" and self._has_index(connection):
            _run(connection, _COMPACT)

    # -- finding ----------------------------------------------------------------------------------------------------

    def everywhere(
        self, ctx: KernelContext, typed: str, most: int, kinds: Sequence[type[Record]] | None = None
    ) -> list[Found]:
        """What is found of each kind of record that the person may read, as many statements however many records.

        Raises:
            Invalid: ``too-long``.
        """
        asked = self._wanted(typed)
        if asked is None:
            return []
        known = all_stood(state_of(ctx.session).connection)
        found = []
        for record in self.kinds if kinds is None else kinds:
            if record in self.kinds and ctx.may(record, "read"):
                kind = self.kinds[record]
                there = read(known.get(record.__tablename__))
                each = self._found(self._question(ctx, kind, there, typed, asked, most))
                if each.ids:
                    found.append(each)
        return found

    def find(
        self, ctx: KernelContext, record: type[Record], typed: str, most: int, where: Any = None
    ) -> Found:
        """What is found of one kind.

        Args:
            where: a condition that holds beside.

        Raises:
            Invalid: ``too-long``.
        """
        asked, kind = self._wanted(typed), self.kinds.get(record)
        if asked is None or kind is None:
            return Found(record, (), more=False)
        there = read(stood(state_of(ctx.session).connection, record))
        return self._found(self._question(ctx, kind, there, typed, asked, most, where))

    def told_by(
        self, ctx: KernelContext, record: type[Record], ids: Sequence[int], typed: str
    ) -> dict[int, tuple[FieldSpec, Match]]:
        """For each of some records that were found, the first of its own fields in which that stands, as far as this
        person may see it."""
        kind = self.kinds[record]
        own = [
            each.spec
            for each in self._visible(ctx, kind, self.keeping.fields(ctx, kind))
            if each.holder is record and not each.spec.is_custom
        ]
        found: dict[int, tuple[FieldSpec, Match]] = {}
        for one in ctx.session.scalars(select(record).where(record.id.in_(sorted(ids)))):
            for spec in own:
                said = match(str(getattr(one, spec.key) or ""), typed)
                if said is not None:
                    found.setdefault(one.id, (spec, said))
        return found

    def condition(self, ctx: KernelContext, record: type[Record], typed: str) -> Any:
        """The condition of a list that is searched; None where keys say nothing: its texts are looked into then."""
        asked, kind = self._wanted(typed), self.kinds.get(record)
        if asked is None or kind is None:
            return None
        connection, fields = state_of(ctx.session).connection, self.keeping.fields(ctx, kind)
        there, visible = read(stood(connection, record)), self._visible(ctx, kind, fields)
        if there.fields != edition(fields) or not visible:
            return None
        slots = [each.slot for each in visible]
        named = self._candidates(connection, kind, asked, slots, _NAMED)
        found = record.id.in_(named.ids) if named.is_all else _walked(kind, asked, slots)
        if there.after is None:
            return found
        return or_(found, and_(record.id > there.after, _looked_into(kind, visible, typed)))

    def _wanted(self, typed: str) -> Wanted | None:
        if len(typed) > LONGEST:
            raise Invalid("too-long", limit=LONGEST, length=len(typed))
        return wanted(typed)

    def _question(
        self,
        ctx: KernelContext,
        kind: Kind,
        there: Stood,
        typed: str,
        asked: Wanted,
        most: int,
        where: Any = None,
    ) -> _Question:
        fields = self.keeping.fields(ctx, kind)
        conditions = [] if where is None else [where]
        if issubclass(kind.record, Archivable):
            conditions.append(~kind.record.archived)
        visible, keyed = self._visible(ctx, kind, fields), there.fields == edition(fields)
        return _Question(ctx, kind, there, keyed, visible, typed, asked, most, conditions)

    def _found(self, question: _Question) -> Found:
        record, most = question.kind.record, question.most
        if not question.visible:
            return Found(record, (), more=False)
        there, ids = question.there, list[int]()
        if question.is_keyed:
            ids = self._by_keys(question)
        if not question.is_keyed or there.after is not None:
            beyond = [record.id > there.after] if question.is_keyed else []
            looked = question.newest(
                *beyond, _looked_into(question.kind, question.visible, question.typed)
            )
            ids = list(dict.fromkeys([*ids, *looked]))
        return Found(record, tuple(ids[:most]), more=len(ids) > most)

    def _by_keys(self, question: _Question) -> list[int]:
        """Up to one more than asked for, the best first."""
        connection, kind, slots = question.connection, question.kind, question.slots
        named = self._candidates(connection, kind, question.asked, slots, _CANDIDATES)
        candidates = set(named.ids)
        if not named.is_all:  # the best needn't be among the newest
            for better in (question.asked.exact, question.asked.beginning):
                found = self._candidates(connection, kind, better, slots, _CANDIDATES, rare=True)
                candidates.update(found.ids)
        ids = question.among(candidates)
        if not named.is_all and len(ids) <= question.most:
            ids = self._further(question, ids, go_on=named.go_on)
        return _ranked(connection, kind, question.asked, slots, ids)[: question.most + 1]

    def _further(self, question: _Question, ids: Sequence[int], *, go_on: bool) -> list[int]:
        """Where those at hand are mostly others' rows: more of them, then what one may see is walked through."""
        found, kind, slots = set(ids), question.kind, question.slots
        if go_on:
            named = self._candidates(question.connection, kind, question.asked, slots, _FURTHER)
            found.update(question.among(named.ids))
            if named.is_all or len(found) > question.most:
                return list(found)
        return list({*found, *question.newest(_walked(kind, question.asked, slots))})

    def _visible(
        self, ctx: KernelContext, kind: Kind, fields: Sequence[Searched]
    ) -> list[Searched]:
        """The fields by which this person may find: neither hidden from them nor masked, in whatever state."""
        access, custom = self.kernel.access, self.kernel.records.custom
        added = {spec.key for spec in custom.texts(ctx, kind.record)}
        rights = state_of(ctx.session).rights
        return [
            each
            for each in fields
            if (
                each.spec.key in added
                if each.spec.is_custom
                else access.may_sort(ctx, each.spec.attribute)
            )
            and (each.holder is kind.record or rights is None or _goes_with_host(rights, each.holder))
        ]  # fmt: skip

    # -- candidates -------------------------------------------------------------------------------------------------

    def _candidates(
        self,
        connection: Connection,
        kind: Kind,
        asked: Wanted,
        slots: Sequence[str],
        most: int,
        *,
        rare: bool = False,
    ) -> _Candidates:
        """The newest records with these keys, whoever may see them.

        Args:
            rare: whether none are wanted where there are so many that the newest have been looked at already.
        """
        if connection.dialect.name == "postgresql":
            return _of_postgresql(connection, kind, asked, slots, most, rare=rare)
        if self._has_index(connection):
            said = {"said": asking.for_sqlite(asked, slots)}
            ids = _ids(connection, _SQLITE, kind, most + 1, said)
        else:
            ids = _compared(connection, kind, asked, slots, most + 1)
        return _Candidates(ids[:most], is_all=len(ids) <= most)

    def _has_index(self, connection: Connection) -> bool:
        """Whether this SQLite was built with FTS5 when the tables were made."""
        if self._indexed is None:
            self._indexed = _run(connection, _HAS_INDEX).first() is not None
        return self._indexed


#: a condition of the kind is given to FTS5 as a range, and its order is taken as it comes
_SQLITE: Final = text(
    "SELECT rowid FROM tenor_search WHERE tenor_search MATCH :said AND rowid BETWEEN :first AND :last"
    " ORDER BY rowid DESC LIMIT :most"
)
_COMPACT: Final = text("INSERT INTO tenor_search(tenor_search) VALUES ('optimize')")
_HAS_INDEX: Final = text("SELECT 1 FROM sqlite_master WHERE name = 'tenor_search'")
_FITTING: Final = (
    "SELECT id FROM base_search_key WHERE tenor_search_words(document) @@ CAST(:said AS tsquery)"
)
#: in no order, as the index has none; the kind, of which the keys say already, is no condition for the ids' index, all
#: of which would be read
_POSTGRESQL: Final = text(f"{_FITTING} AND id + 0 BETWEEN :first AND :last LIMIT :most")
_GUESS: Final = text(f"EXPLAIN (FORMAT JSON) {_FITTING}")


def _of_postgresql(
    connection: Connection,
    kind: Kind,
    asked: Wanted,
    slots: Sequence[str],
    most: int,
    *,
    rare: bool,
) -> _Candidates:
    """All of what is rare; of what is common, those among the newest.

    Its index has no order and no end: of what half of all records have, it finds all before it gives the first. So the
    planner's guess is asked before, and where the newest have enough of what is common, the index isn't.
    """
    said = {"said": asking.for_postgresql(asked, slots)}
    if _guessed(connection, said) > _COMMON:
        if rare:
            return _Candidates((), is_all=False, go_on=False)
        ids = _compared(connection, kind, asked, slots, most, among=_NEWEST)
        if len(ids) >= _ENOUGH:
            return _Candidates(ids, is_all=False, go_on=False)
    ids = sorted(_ids(connection, _POSTGRESQL, kind, _RARE + 1, said), reverse=True)
    if len(ids) > _RARE and rare:
        return _Candidates((), is_all=False, go_on=False)
    if len(ids) > _RARE:
        ids = _compared(connection, kind, asked, slots, most, among=_NEWEST)
        return _Candidates(ids, is_all=False, go_on=False)
    return _Candidates(ids[:most], is_all=len(ids) <= most)


def _guessed(connection: Connection, said: Mapping[str, str]) -> float:
    """How many records have these keys, as the planner guesses from what ``ANALYZE`` counted."""
    plan = _run(connection, _GUESS, said).scalar_one()
    rows: float = plan[0]["Plan"]["Plan Rows"]
    return rows


def _ids(
    connection: Connection, statement: Any, kind: Kind, most: int, said: dict[str, str]
) -> list[int]:
    bounds = {"first": kind.first, "last": kind.last, "most": most}
    found = _run(connection, statement, {**said, **bounds}).scalars()
    return [int(each) - kind.first for each in found]


def _compared(
    connection: Connection,
    kind: Kind,
    asked: Wanted,
    slots: Sequence[str],
    most: int,
    among: int | None = None,
) -> list[int]:
    """The newest with these keys, without an index; among so many newest of their kind."""
    key = _keys.c.id
    kept = select(key, _keys.c.document).where(key.between(kind.first, kind.last))
    newest = kept.order_by(key.desc()).limit(among).subquery()
    fits = select(newest.c.id).where(asking.compared(newest.c.document, asked, slots))
    found = _run(connection, fits.order_by(newest.c.id.desc()).limit(most)).scalars()
    return [int(each) - kind.first for each in found]


def _walked(kind: Kind, asked: Wanted, slots: Sequence[str]) -> Any:
    """The condition over the keys of each record that is met on the way, in whatever order it is met."""
    own = select(_keys.c.id).where(
        _keys.c.id == kind.record.id + kind.first, asking.compared(_keys.c.document, asked, slots)
    )
    # with an offset, PostgreSQL makes no join of it, whose other side would be all keys
    return Beneath(own.offset(0).exists())


def _looked_into(kind: Kind, fields: Sequence[Searched], typed: str) -> Any:
    """The condition over the record's own texts, as long as not all records have their keys."""
    own = [each.spec.attribute for each in fields if each.holder is kind.record]
    return or_(false(), *(containing(attribute, typed.strip()) for attribute in own))


def _ranked(
    connection: Connection, kind: Kind, asked: Wanted, slots: Sequence[str], ids: Sequence[int]
) -> list[int]:
    """What is exactly what was typed, what begins so, then the rest; of each the newest first."""
    statement = select(_keys.c.id, _keys.c.document)
    statement = statement.where(_keys.c.id.in_([kind.first + each for each in ids]))
    ranks = {}
    for key, document in _run(connection, statement):
        begins = asking.meets(document, asked.beginning, slots)
        ranks[key - kind.first] = 2 - begins - asking.meets(document, asked.exact, slots)
    return sorted(ids, key=lambda each: (ranks.get(each, 3), -each))


def _goes_with_host(rights: Any, extension: type[Record]) -> bool:
    """Whether an extension's rows are seen by whoever sees their host: no grant or restriction is about them."""
    return (
        parent_of(extension) is not None
        and not rights.book.rules.get(extension)
        and not any(each.granted(extension, "read") for each in rights.worn)
    )


def _run(connection: Connection, statement: Any, values: Any = None) -> Any:
    return connection.execute(statement, values, execution_options=gate.MARKED)
