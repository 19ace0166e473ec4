"""Records: what an institution keeps. A class is a table; its bases make the class line a sentence.

``class Application(Record, Owned, Archivable, Discussed)`` — ``Line[Parent]`` inherits access and is edited in place,
``Extension[Host]`` adds columns to another plugin's record, ``Dated[Parent]`` holds facts as of a date, ``AppendOnly``
is written once.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from inspect import get_annotations
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar, get_args, get_origin

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Index, MetaData, inspect, select
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, registry, relationship

from tenor_sdk import journals
from tenor_sdk.columns import (
    AmountType,
    CustomType,
    CustomValues,
    RateType,
    UtcTime,
    choice_type,
    text_type,
)
from tenor_sdk.computed import Formula, computed, formulas_of, install, linked_from, shut, stored
from tenor_sdk.declare import Origin, caller, plugin_of
from tenor_sdk.fields import (
    FieldInfo,
    Id,
    field,
    file_field,
    info_of,
    keep_normal,
    lines,
    link,
    linked,
    numbered,
    person,
    state_field,
)
from tenor_sdk.i18n import Text
from tenor_sdk.port import port_of
from tenor_sdk.superseded import Superseded
from tenor_sdk.values import Amount, Rate

if TYPE_CHECKING:
    from sqlalchemy import Select, Table
    from sqlalchemy.orm import Mapper

    from tenor_sdk.context import Context

__all__ = [
    "AppendOnly", "Archivable", "Customizable", "Dated", "Discussed", "Extension", "FieldInfo", "Json", "Line",
    "Owned", "Record", "as_of", "comment", "computed", "field", "file_field", "formulas_of", "info_of", "lines",
    "link", "linked", "linked_from", "name_of", "numbered", "person", "state_field", "stored",
]  # fmt: skip

P = TypeVar("P", bound="Record")
R = TypeVar("R", bound="Record")

#: A JSON value: what a rule or a working sheet keeps.
Json = dict[str, Any]


#: One MetaData, so that foreign keys cross plugins; one registry per plugin, so that one broken plugin is disposed of
#: and the others go on (decision 1).
metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_registries: Final[dict[str, registry]] = {}
_TYPES: Final[dict[Any, Any]] = {
    str: text_type(),
    int: BigInteger(),
    date: Date(),
    datetime: UtcTime(),
    Amount: AmountType(),
    Rate: RateType(),
    enum.Enum: choice_type(),
    dict[str, Any]: JSON(),
    list[Any]: JSON(),
    list[str]: JSON(),
}


def registry_of(plugin: str) -> registry:
    """The registry in which the records of ``plugin`` are mapped."""
    if plugin not in _registries:
        _registries[plugin] = registry(metadata=metadata, type_annotation_map=_TYPES)
    return _registries[plugin]


def registries() -> Sequence[registry]:
    """Those of all plugins."""
    return tuple(_registries.values())


def dispose(plugin: str) -> Sequence[str]:
    """Take a plugin's classes and tables out of the process, with those that depend on them.

    Returns:
        The names of the tables that went. For the loader, after a mapping that failed.
    """
    gone = [table for table in metadata.tables.values() if table.info.get("plugin") == plugin]
    if plugin in _registries:
        _registries.pop(plugin).dispose(cascade=True)
    for table in gone:
        metadata.remove(table)
    return [table.name for table in gone]


def snake(name: str) -> str:
    """``LoanPosting`` → ``loan_posting``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


@cache
def _slug(name: str) -> str:
    return snake(name).replace("_", "-")


def words(name: str) -> str:
    """``registered_capital`` → ``Registered capital``; a final ``_id`` falls away."""
    text = snake(name).removesuffix("_id").replace("_", " ").strip()
    return text[:1].upper() + text[1:]


class Record:
    """A kind of thing that the institution keeps: its own table, guarded, ledgered, versioned.

    The class's name gives the table's (``<plugin>_<record>``), its docstring the help text. ``__title__`` may name it
    in other words, ``__plural__`` several of them. ``display`` is the name by which a person knows one.

    Attributes:
        id: given by the database.
        version: counted up by each change; two people who change the same version: the second gets ``Conflict``.
        created_at, changed_at: instants in UTC; created_by_id, changed_by_id: the users.
    """

    if TYPE_CHECKING:
        __table__: ClassVar[Table]
        __mapper__: ClassVar[Mapper[Any]]
    __tablename__: str
    __plugin__: ClassVar[str]
    __origin__: ClassVar[Origin]
    __title__: ClassVar[str] = ""
    __plural__: ClassVar[str] = ""
    #: the attribute that holds the currency of this record's amounts, or a fixed ISO code
    __currency__: ClassVar[str] = "currency"
    __formulas__: ClassVar[Mapping[str, Formula]] = {}
    #: whether its rows are leaves of the ledger's seals: ``class …(Record, AppendOnly, journal=True)``
    __sealed__: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(Id, primary_key=True, info={"tenor": FieldInfo(readonly=True)})
    version: Mapped[int] = mapped_column(
        default=1, nullable=False, info={"tenor": FieldInfo(readonly=True)}
    )
    created_at: Mapped[datetime] = mapped_column(
        UtcTime(), nullable=False, info={"tenor": FieldInfo(label="Created", readonly=True)}
    )
    created_by_id: Mapped[int | None] = mapped_column(
        BigInteger, info={"tenor": FieldInfo(label="Created by", readonly=True)}
    )
    changed_at: Mapped[datetime] = mapped_column(
        UtcTime(), nullable=False, info={"tenor": FieldInfo(label="Changed", readonly=True)}
    )
    changed_by_id: Mapped[int | None] = mapped_column(
        BigInteger, info={"tenor": FieldInfo(label="Changed by", readonly=True)}
    )

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": getattr(cls, "version", None), "eager_defaults": True}

    def check(self) -> None:
        """See to it that the fields of this record agree with one another. Asked whenever it is written, whoever does.

        Raises:
            Invalid: with ``fields``: at which of them what is wrong.
        """

    def __init__(self, **values: Any) -> None:
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no field {name!r}")
            setattr(self, name, value)

    def __init_subclass__(
        cls, *, abstract: bool = False, journal: bool = False, **arguments: Any
    ) -> None:
        super().__init_subclass__(**arguments)
        if abstract or "__table__" in cls.__dict__:
            return
        if journal:
            _make_journal(cls)
        cls.__plugin__ = plugin_of(cls.__module__)
        cls.__origin__ = caller()
        if "__tablename__" not in cls.__dict__:
            cls.__tablename__ = f"{cls.__plugin__}_{snake(cls.__name__)}"
        cls.__table_args__ = _table_args(cls)  # type: ignore[attr-defined]  # SQLAlchemy's own name
        install(cls)
        registry_of(cls.__plugin__).mapped(cls)
        shut(cls)
        keep_normal(cls)

    def display(self) -> str:
        """The name by which a person knows this one; by default its number, name, title or subject, else its id.

        Before somebody from whom a rule hides a field, it is asked of a record on which that field is an empty text,
        and a masked one what its mask leaves; a link that is hidden leads to nobody.
        """
        for name in ("number", "name", "title", "subject"):
            value = getattr(self, name, None)
            if value:
                return str(value)
        return f"{type(self).singular()} {self.id}"

    @classmethod
    def singular(cls) -> str:
        """What one of these is called, in English."""
        return cls.__title__ or words(cls.__name__)

    @classmethod
    def called(cls) -> Text:
        """What one of these is called, in the language of whoever is told: ``NotFound("…", what=Loan.called())``."""
        return Text(cls.singular(), module=cls.__module__)

    @classmethod
    def plural(cls) -> str:
        """What several are called, in English."""
        if cls.__plural__:
            return cls.__plural__
        one = cls.singular()
        if re.search("[^aeiou]y$", one):
            return f"{one[:-1]}ies"
        return f"{one}es" if re.search("(s|x|z|ch|sh)$", one) else f"{one}s"

    @classmethod
    def slug(cls) -> str:
        """Its name in addresses: ``loan-posting``."""
        return _slug(cls.__name__)

    def __repr__(self) -> str:
        # an expired object must not be loaded by being printed
        identity = inspect(self).identity
        return f"<{type(self).__name__} {identity[0] if identity else 'new'}>"


def _make_journal(cls: type[Record]) -> None:
    """Give a record what an entry of the ledger would have said of it.

    Raises:
        TypeError: it isn't written once, or can't be.
    """
    if not issubclass(cls, AppendOnly):
        raise TypeError(f"{cls.__name__}: a journal is written once; add AppendOnly to its bases")
    for base in (Archivable, Customizable, Line, Extension):
        if issubclass(cls, base):
            raise TypeError(
                f"{cls.__name__}: a journal is its own ledger and can't be {base.__name__}"
            )
    for name, column in journals.columns().items():
        if hasattr(cls, name) or any(name in get_annotations(each) for each in cls.__mro__):
            raise TypeError(f"{cls.__name__}: {name} of a journal is the kernel's to give")
        setattr(cls, name, column)
    cls.__sealed__ = True


def _table_args(cls: type[Record]) -> tuple[Any, ...]:
    given = cls.__dict__.get("__table_args__", ())
    options = {"info": {"plugin": cls.__plugin__}}
    inherited = []
    if issubclass(cls, Owned):
        # a page of what a unit may see must not walk through other units' rows
        inherited.append(Index(None, "unit_id", "id"))
    return (*inherited, *given, options)


class Owned:
    """Belongs to a unit and is looked after by a person; the scopes ``own``, ``unit`` and ``below`` go by these."""

    unit_id: Mapped[int] = mapped_column(
        Id, ForeignKey("base_unit.id", ondelete="RESTRICT"), info={"tenor": FieldInfo(label="Unit")}
    )
    owner_id: Mapped[int | None] = mapped_column(
        Id,
        ForeignKey("base_user.id", ondelete="RESTRICT"),
        index=True,
        info={"tenor": FieldInfo(label="Owner")},
    )


class Archivable:
    """Can be put away without being lost; lists leave archived ones out unless asked."""

    archived: Mapped[bool] = mapped_column(
        default=False, info={"tenor": FieldInfo(label="Archived", readonly=True)}
    )


class Discussed:
    """Has comments, followers and attachments on its timeline: see ``comment``, ``follow`` and ``store_file``."""

    __discussed__: ClassVar[bool] = True


class Customizable:
    """Takes fields that an institution adds without code; they stand wherever a declared field does.

    Attributes:
        custom: their values in one column, checked by their definitions. What a plugin computes with isn't among them:
            that is a column of its own, or of an ``Extension``.
    """

    custom: Mapped[CustomValues] = mapped_column(
        CustomType(),
        default=CustomValues,
        server_default="{}",
        info={"tenor": FieldInfo(label="Custom fields", readonly=True)},
    )


class AppendOnly:
    """Written once: an update or a delete is refused. Facts about money are of this kind.

    ``journal=True`` besides makes a record its own ledger: for what is written in great number.
    """

    __append_only__: ClassVar[bool] = True


def host_of(cls: type, base: type) -> type[Record]:
    """The class that ``cls`` names in ``base[…]``: the parent of a line, the host of an extension."""
    for ancestor in cls.__mro__:
        for generic in getattr(ancestor, "__orig_bases__", ()):
            if get_origin(generic) is base and isinstance(get_args(generic)[0], type):
                host: type[Record] = get_args(generic)[0]
                return host
    raise TypeError(f"{cls.__name__}: write {base.__name__}[ItsHost]")


class Line(Record, Generic[P], abstract=True):
    """A row of another record: seen, taken out, changed and removed with its parent, by whoever may do that to the
    parent; making one is changing the parent."""

    if TYPE_CHECKING:
        parent_id: Mapped[int]
        parent: Mapped[P]
    else:

        @declared_attr
        @classmethod
        def parent_id(cls) -> Mapped[int]:
            host = host_of(cls, Line)
            info = FieldInfo(label=host.singular(), readonly=True, target=host)
            key = ForeignKey(f"{host.__tablename__}.id", ondelete="RESTRICT")
            return mapped_column(Id, key, index=True, info={"tenor": info})

        @declared_attr
        @classmethod
        def parent(cls) -> Mapped[P]:
            return relationship(host_of(cls, Line), foreign_keys=[cls.parent_id])


class Extension(Record, Generic[P], abstract=True):
    """Columns that a plugin adds to another plugin's record: a table of its own, one row a host, the same id.

    Joined, sorted and searched in the host's lists; seen and changed by whoever may do that to the host; gone without
    trace with its plugin.
    """

    if TYPE_CHECKING:
        host: Mapped[P]
    else:

        @declared_attr
        @classmethod
        def id(cls) -> Mapped[int]:
            target = host_of(cls, Extension)
            key = ForeignKey(f"{target.__tablename__}.id", ondelete="RESTRICT")
            info = FieldInfo(readonly=True, target=target)
            return mapped_column(
                Id, key, primary_key=True, autoincrement=False, info={"tenor": info}
            )

        @declared_attr
        @classmethod
        def host(cls) -> Mapped[P]:
            return relationship(host_of(cls, Extension), foreign_keys=[cls.id], viewonly=True)


class Dated(Record, AppendOnly, Generic[P], abstract=True):
    """Facts as of a date, on three axes: valid from when in the world, issued when, known to us when.

    Append-only: a correction is a further row of the same parent that says what it supersedes; a row is corrected
    once, and its correction then. What a source gives out anew corrects nothing: it is a further fact. ``as_of`` reads
    them.

    Attributes:
        valid_from: from this day on (or for the period that ends on it) the fact holds.
        issued_on: the day on which its source gave it out; None where nobody says.
        known_on: the business date on which it was recorded here; the kernel sets it, and nobody else.
        supersedes_id: the row that this one corrects.
    """

    valid_from: Mapped[date] = field(label="Valid from")
    issued_on: Mapped[date | None] = field(label="Issued on")
    known_on: Mapped[date] = field(label="Known on", readonly=True)
    # a unique index, not a constraint: a table of SQLite takes one without being made anew
    supersedes_id: Mapped[int | None] = mapped_column(
        Id,
        index=True,
        unique=True,
        info={"tenor": FieldInfo(label="Corrects", readonly=True)},
    )
    if TYPE_CHECKING:
        parent_id: Mapped[int]
        parent: Mapped[P]
    else:

        @declared_attr
        @classmethod
        def parent_id(cls) -> Mapped[int]:
            host = host_of(cls, Dated)
            info = FieldInfo(label=host.singular(), readonly=True, target=host)
            key = ForeignKey(f"{host.__tablename__}.id", ondelete="RESTRICT")
            return mapped_column(Id, key, index=True, info={"tenor": info})

        @declared_attr
        @classmethod
        def parent(cls) -> Mapped[P]:
            return relationship(host_of(cls, Dated), foreign_keys=[cls.parent_id])


D = TypeVar("D", bound=Dated[Any])


def as_of(
    record: type[D],
    *,
    valid: date | None = None,
    issued: date | None = None,
    known: date | None = None,
) -> Select[D]:
    """A statement of the facts as they stood: those of ``record`` that are not superseded, each axis up to its date.

    Args:
        valid: facts valid from this day or before; None for all.
        issued: given out by their source on this day or before.
        known: recorded here on this business date or before; corrections made later don't count then.

    A correction counts also where the person can't see it: else a fact that was corrected out of their sight would
    stand before them.
    """
    statement = select(record)
    if known is not None:
        statement = statement.where(record.known_on <= known)
    if valid is not None:
        statement = statement.where(record.valid_from <= valid)
    if issued is not None:
        statement = statement.where(record.issued_on <= issued)
    return statement.where(~Superseded(record, known))


def name_of(ctx: Context, record: Record) -> str:
    """What the person who acts knows ``record`` by: its ``display`` made of what they may see of it; what it is and its
    id, where nothing that they may see names it. Whatever a plugin shows to somebody asks here.
    """
    return port_of(ctx).name_of(ctx, record)


def comment(ctx: Context, record: Record, text: str) -> None:
    """Say something on the timeline of ``record``, which must be ``Discussed``; as the person who acts. Whoever follows
    the record is told that somebody did.

    Raises:
        Invalid: ``required``, ``not-a-text``, ``too-long`` (over 10,000 characters), ``control-characters``.
        Refused: ``not-discussed``.
    """
    port_of(ctx).comment(ctx, record, text)


def follow(ctx: Context, record: Record) -> None:
    """Have the person who acts told of comments on ``record``, which must be ``Discussed``, and of the steps of its
    case: in the inbox and as they chose for that kind of notice. A second time is no more.

    Raises:
        Forbidden: ``no-person``: a service follows nothing.
        Refused: ``not-discussed``.
    """
    port_of(ctx).follow(ctx, record)


def unfollow(ctx: Context, record: Record) -> None:
    """Have the person who acts told no more; nothing where they weren't."""
    port_of(ctx).unfollow(ctx, record)
