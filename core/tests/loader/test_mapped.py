"""What a record may be mapped to: what SQLAlchemy would read, fill in or change by itself, past the guard of statements
and past the judge of writes, is refused when its plugin is loaded.
"""

from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING

import pytest

from core.tests.loader.test_containment import running, stage_of
from tenor.access.records import User
from tenor.records.specs import specs_of

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf

HEAD = """
from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import (
    JSON, Computed, Date, FetchedValue, ForeignKey, ForeignKeyConstraint, Identity, Integer, String, and_, exists, func,
    select, text, types,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import Mapped, aliased, backref, foreign, mapped_column, relationship, synonym
from tenor.access.records import Unit, User, UserPosition
from tenor_sdk import Amount, AppendOnly, Line, Owned, Record, computed, field, lines, link, linked, numbered
from tenor_sdk.fields import Id
from tenor_sdk.records import stored

HIDDEN = select(func.max(User.name)).scalar_subquery()


class Speaks(types.TypeDecorator):
    impl = String
    cache_ok = True

    def column_expression(self, column):
        return HIDDEN


def asked(context):
    return context.connection.scalar(select(func.max(User.name)))


"""

#: of a class ``Thing(Record)``: what it declares, and what is said of it
REFUSED = {
    # what is filled in when it is written
    "a default that asks": ("x: Mapped[str] = mapped_column(String(9), default=HIDDEN)", "Thing.x has a default"),
    "a default that is told what is being executed": (
        "x: Mapped[str] = mapped_column(String(9), default=asked)", "Thing.x has a default that is SQL or asks for it"
    ),
    "SQL at a change": ("x: Mapped[str] = mapped_column(String(9), onupdate=HIDDEN)", "Thing.x has onupdate"),
    "a value at a change": ("x: Mapped[str] = mapped_column(String(9), onupdate=lambda: 'x')", "Thing.x has onupdate"),
    "the database's own at a change": (
        "x: Mapped[str] = mapped_column(String(9), server_onupdate=text('now()'))", "Thing.x has onupdate"
    ),
    "the database's own at first": (
        "x: Mapped[str] = mapped_column(String(9), server_default=text('(SELECT 1)'))", "Thing.x has a server_default"
    ),
    "a function of the database's at first": (
        "x: Mapped[str] = mapped_column(String(9), server_default=func.now())", "Thing.x has a server_default that is"
    ),
    "what a trigger fills in": (
        "x: Mapped[str] = mapped_column(String(9), server_default=FetchedValue())", "Thing.x has a server_default"
    ),
    "a computed column": ("x: Mapped[int] = mapped_column(Computed('version + 1'))", "Thing.x is filled in"),
    "an identity": ("x: Mapped[int] = mapped_column(Identity())", "Thing.x is filled in by the database"),
    # what the database takes along
    "a row that goes with another": (
        "x_id: Mapped[int] = mapped_column(Id, ForeignKey('base_user.id', ondelete='CASCADE'))",
        "Thing.x_id lets the database change rows without a trace",
    ),
    "a link that is let go": (
        "x_id: Mapped[int | None] = mapped_column(Id, ForeignKey('base_user.id', ondelete='set null'))",
        "Thing.x_id lets the database change rows",
    ),
    "a link that follows": (
        "x_id: Mapped[int] = mapped_column(Id, ForeignKey('base_user.id', onupdate='CASCADE'))",
        "Thing.x_id lets the database change rows",
    ),
    "a constraint that takes along": (
        ("x_id: Mapped[int] = mapped_column(Id)\n"
        "__table_args__ = (ForeignKeyConstraint(['x_id'], ['base_user.id'], ondelete='CASCADE'),)"),
        "Thing.x_id lets the database change rows",
    ),
    # how it is written
    "a link written afterwards": (
        ("x_id: Mapped[int | None] = link(User)\n"
        "x: Mapped[User | None] = relationship(User, foreign_keys=[x_id], post_update=True)"),
        "Thing.x has post_update",
    ),
    "no lock": ("__mapper_args__ = {}", "Thing has __mapper_args__"),
    "no ledger": ("__journal__: ClassVar[bool] = True", "Thing has __journal__"),
    "a journal made by hand": ("__sealed__: ClassVar[bool] = True", "Thing has __sealed__ set by hand"),
    # its types
    "a type of its own": ("x: Mapped[str] = mapped_column(Speaks(9))", "Thing.x would be kept as"),
    "a list of such a type": ("x: Mapped[Any] = mapped_column(postgresql.ARRAY(Speaks(9)))", "Thing.x would be"),
    "a variant of such a type": (
        "x: Mapped[str] = mapped_column(String(9).with_variant(Speaks(9), 'postgresql'))", "Thing.x would be kept as"
    ),
    "a length that speaks": ("x: Mapped[str] = mapped_column(String('9) default (now('))", "Thing.x would be kept as"),
    "a collation that speaks": (
        "x: Mapped[str] = mapped_column(String(9, collation='C\" default (now())'))", "Thing.x would be kept as"
    ),
    "a value that changes in place": (
        "x: Mapped[dict[str, Any]] = mapped_column(MutableDict.as_mutable(JSON), default=dict)",
        "Thing.x is changed in place",
    ),
    # its relations
    "a condition with a question": (
        ("x_id: Mapped[int | None] = link(User)\n"
        "x: Mapped[User | None] = relationship(User, viewonly=True,\n"
        "    primaryjoin=lambda: and_(foreign(Thing.x_id) == User.id, exists(select(UserPosition.id))))"),
        "Thing.x has a condition or an order beyond the columns",
    ),
    "a condition with a function": (
        ("x_id: Mapped[int | None] = link(User)\n"
        "x: Mapped[User | None] = relationship(User, viewonly=True,\n"
        "    primaryjoin=lambda: and_(foreign(Thing.x_id) == User.id, func.pg_sleep(9)))"),
        "Thing.x has a condition or an order beyond the columns",
    ),
    "a condition with an operator of its own": (
        ("x_id: Mapped[int | None] = link(User)\n"
        "x: Mapped[User | None] = relationship(User, viewonly=True,\n"
        "    primaryjoin=lambda: and_(foreign(Thing.x_id) == User.id, User.name.op('|| (select 1) ||')('')))"),
        "Thing.x has a condition or an order beyond the columns",
    ),
    "a condition on a third": (
        ("x_id: Mapped[int | None] = link(User)\n"
        "x: Mapped[User | None] = relationship(User, viewonly=True,\n"
        "    primaryjoin=lambda: and_(foreign(Thing.x_id) == User.id, UserPosition.id > 0))"),
        "Thing.x has a condition or an order beyond the columns",
    ),
    "an order by a question": (
        ("x_id: Mapped[int | None] = link(User)\n"
        "x: Mapped[list[User]] = relationship(User, viewonly=True, uselist=True, order_by=lambda: HIDDEN)"),
        "Thing.x has a condition or an order beyond the columns",
    ),
    "an order by a function": (
        ("x_id: Mapped[int | None] = link(User)\n"
        "x: Mapped[list[User]] = relationship(User, viewonly=True, uselist=True, order_by=lambda: func.pg_sleep(9))"),
        "Thing.x has a condition or an order beyond the columns",
    ),
    "a relation to an alias": (
        ("x_id: Mapped[int | None] = link(User)\n"
        "x: Mapped[User | None] = relationship(lambda: aliased(User), viewonly=True,\n"
        "    primaryjoin=lambda: foreign(Thing.x_id) == User.id)"),
        "Thing.x",
    ),
    "a relation that is a statement": (
        ("x_id: Mapped[int | None] = mapped_column(Id, ForeignKey('spy_thing.id'))\n"
        "x: Mapped[list[Thing]] = relationship('Thing', lazy='dynamic')"),
        "Thing.x is loaded as lazy='dynamic'",
    ),
    "another name": ("x: Mapped[str] = synonym('name')", "Thing.x is a Synonym"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_go_past_the_guard_is_refused_at_load(
    shelf: "Shelf", database: str, tmp_path: Path, name: str
) -> None:
    body, said = REFUSED[name]
    thing = "class Thing(Record):\n    name: Mapped[str] = field()\n"
    shelf.plugin("spy", {"records.py": HEAD + thing + indent(body, "    ") + "\n"})
    with running(database, tmp_path, "spy") as kernel:
        assert stage_of(kernel) == {"spy": "mapping"}
        assert said in str(kernel.failures[0].cause)


@pytest.mark.filterwarnings("ignore:Inheriting version_id_col")
def test_a_record_that_inherits_from_another_is_refused(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    """Rules are asked of the records that a statement names: the rows of the other would come along."""
    thing = (
        "class Mine(User):\n"
        "    id: Mapped[int] = mapped_column(Id, ForeignKey('base_user.id'), primary_key=True)\n"
        "    note: Mapped[str | None] = field()\n"
    )
    shelf.plugin("spy", {"records.py": HEAD + thing})
    with running(database, tmp_path, "spy") as kernel:
        assert stage_of(kernel) == {"spy": "mapping"}
        assert "Mine inherits from another record" in str(kernel.failures[0].cause)


def test_a_fact_that_says_it_can_be_changed_is_refused(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    thing = (
        "class Thing(Record, AppendOnly):\n"
        "    __append_only__: ClassVar[bool] = False\n"
        "    name: Mapped[str] = field()\n"
    )
    shelf.plugin("spy", {"records.py": HEAD + thing})
    with running(database, tmp_path, "spy") as kernel:
        assert "Thing has __append_only__ set by hand" in str(kernel.failures[0].cause)


HONEST = """
class Kind(Record):
    name: Mapped[str] = field(unique=True)


class Thing(Record, Owned):
    number: Mapped[str] = numbered("T-{n:04d}", gapless=True)
    name: Mapped[str] = field(default="")
    since: Mapped[date] = mapped_column(Date(), default=lambda: date(2026, 1, 1))
    price: Mapped[Amount | None]
    notes: Mapped[list[str]] = mapped_column(JSON, default=list)
    place: Mapped[str] = mapped_column(String(9), default="here", server_default="here")
    kind_id: Mapped[int | None] = link(Kind)
    kind: Mapped[Kind | None] = linked(Kind, kind_id)
    parts: Mapped[list[Part]] = lines()
    big_parts: Mapped[list[Part]] = relationship(
        "Part", viewonly=True, order_by=lambda: Part.size.desc(),
        primaryjoin=lambda: and_(Thing.id == foreign(Part.parent_id), Part.size > 9),
    )

    @stored("name")
    def words(self) -> int:
        return len(self.name)


class Part(Line[Thing]):
    size: Mapped[int] = field(default=0)


class Receipt(Record, AppendOnly, journal=True):
    amount: Mapped[Amount]
"""


def test_what_an_honest_record_is_made_of_is_taken(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    shelf.plugin("honest", {"records.py": HEAD + HONEST})
    with running(database, tmp_path, "honest") as kernel:
        # as far as its tables, which nobody made
        assert stage_of(kernel) == {"honest": "migration"}


def test_what_a_plugin_adds_to_anothers_record_is_laid_to_it(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    added = (
        "from sqlalchemy import select\n"
        "from sqlalchemy.orm import column_property\n"
        "from tenor_host.records import Thing\n\n"
        "Thing.__mapper__.add_property('x', column_property(select(Thing.__table__.c.id).scalar_subquery()))\n"
    )
    host = (
        "from sqlalchemy.orm import Mapped\n"
        "from tenor_sdk import Record\n"
        "class Thing(Record):\n"
        "    name: Mapped[str]\n"
    )
    shelf.plugin("host", {"records.py": host})
    shelf.plugin("guest", {"records.py": added}, requires=["tenor-host"])
    with running(database, tmp_path, "host", "guest") as kernel:
        guest = next(failure for failure in kernel.failures if failure.plugin == "guest")
        assert guest.stage == "mapping"
        assert "Thing.x is an expression" in str(guest.cause)


@pytest.mark.parametrize("column", ["created_by_id", "name"])
def test_a_second_attribute_over_a_column_is_refused(
    shelf: "Shelf", database: str, tmp_path: Path, column: str
) -> None:
    """By it a stamp could be set, and a field read that a rule hides."""
    thing = (
        "from sqlalchemy.orm import column_property\n\n\n"
        "class Thing(Record):\n"
        "    name: Mapped[str] = field()\n\n\n"
        f"Thing.__mapper__.add_property('x', column_property(Thing.__table__.c.{column}))\n"
    )
    shelf.plugin("spy", {"records.py": HEAD + thing})
    with running(database, tmp_path, "spy") as kernel:
        assert stage_of(kernel) == {"spy": "mapping"}
        assert "stands for the same column as" in str(kernel.failures[0].cause)


def test_a_second_attribute_over_anothers_column_is_laid_to_whoever_added_it(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    """It stays on the record until the process ends, and is shown to nobody."""
    added = (
        "from sqlalchemy.orm import column_property\n"
        "from tenor_shown.records import Thing\n\n"
        "Thing.__mapper__.add_property('x', column_property(Thing.__table__.c.name))\n"
    )
    shown = "class Thing(Record):\n    name: Mapped[str] = field()\n"
    shelf.plugin("shown", {"records.py": HEAD + shown})
    shelf.plugin("guest", {"services.py": added}, requires=["tenor-shown"])
    with running(database, tmp_path, "shown", "guest") as kernel:
        guest = next(failure for failure in kernel.failures if failure.plugin == "guest")
        assert guest.stage == "mapping"
        assert "Thing.x stands for the same column as name" in str(guest.cause)
        from tenor_shown.records import Thing

        assert "name" in specs_of(Thing)
        assert "x" not in specs_of(Thing)


LISTENS = {
    "to the writing of another's record": (
        "User, 'before_update'",
        "listens to before_update of User",
    ),
    "to the writing of all": ("Mapper, 'after_insert'", "listens to after_insert of"),
    "to a session": ("Session, 'before_flush'", "listens to before_flush of the session"),
    "to statements": ("Session, 'do_orm_execute'", "listens to do_orm_execute of the session"),
    "to what follows a flush": (
        "Session, 'after_flush_postexec'",
        "listens to after_flush_postexec",
    ),
    "to a commit": ("Session, 'before_commit'", "listens to before_commit of the session"),
    "to what was just written": (
        "Session, 'pending_to_persistent'",
        "pending_to_persistent of the",
    ),
    "to what the database filled in": ("User, 'refresh_flush'", "listens to refresh_flush of User"),
    "to an engine": ("Engine, 'before_cursor_execute'", "before_cursor_execute of the engine"),
    "to what an engine puts together": ("Engine, 'before_execute'", "before_execute of the engine"),
    "to a connection": (
        "Connection, 'before_cursor_execute'",
        "listens to before_cursor_execute of",
    ),
    "in place of the driver": ("Engine, 'do_execute'", "listens to do_execute of the engine"),
}


@pytest.mark.parametrize("name", LISTENS)
def test_a_plugin_that_listens_past_the_judge_is_left_out_and_heard_no_more(
    shelf: "Shelf", database: str, tmp_path: Path, name: str
) -> None:
    target, said = LISTENS[name]
    body = (
        "from sqlalchemy import Connection, Engine, event\n"
        "from sqlalchemy.orm import Mapper, Session\n"
        "from tenor.access.records import User\n\n"
        f"@event.listens_for({target})\n"
        "def meddle(*_told):\n"
        "    raise AssertionError('heard')\n"
    )
    shelf.plugin("spy", {"services.py": body})
    with running(database, tmp_path, "spy") as kernel:
        assert stage_of(kernel) == {"spy": "mapping"}
        assert said in str(kernel.failures[0].cause)
        system = kernel.access.system_actor()
        with kernel.context(system, write=True) as ctx, kernel.db.system(ctx.session) as session:
            session.add(User(login="new", name="New", unit_id=None))
            session.flush()


def test_nobody_listens_to_what_the_kernel_gives(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    """It is set when the record was judged already."""
    thing = (
        "from sqlalchemy.orm import validates\n\n\n"
        "class Thing(Record):\n"
        "    name: Mapped[str] = field()\n\n"
        "    @validates('changed_by_id')\n"
        "    def forge(self, _name, _value):\n"
        "        return 7\n"
    )
    shelf.plugin("spy", {"records.py": HEAD + thing})
    with running(database, tmp_path, "spy") as kernel:
        assert "Thing.changed_by_id is given by the kernel" in str(kernel.failures[0].cause)
