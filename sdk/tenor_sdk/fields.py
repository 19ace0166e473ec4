"""The columns of a record, with what a form, the API and an import need to know of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, cast

from sqlalchemy import BigInteger, ForeignKey, Integer, String, event
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column, relationship

from tenor_sdk.columns import text_type

if TYPE_CHECKING:
    from tenor_sdk.computed import Formula
    from tenor_sdk.context import Context
    from tenor_sdk.i18n import Text
    from tenor_sdk.records import Record

    #: Keys and labels; a function of two is also handed the record whose form it is, None for a new one.
    Offer = (
        Callable[[Context], Iterable[tuple[str, Text]]]
        | Callable[[Context, Any], Iterable[tuple[str, Text]]]
    )

P = TypeVar("P", bound="Record")

#: An identifier: BIGINT, and on SQLite the INTEGER that it counts up by itself.
Id: Final = BigInteger().with_variant(Integer, "sqlite")

Mask = Literal["identity-number", "phone", "account", "name", "all"]
Widget = Literal[
    "", "long-text", "file", "currency", "state", "rating", "tags", "severity", "percent", "several"
]


@dataclass(frozen=True)
class FieldInfo:
    """What a field says of itself beyond its type. ``field`` makes it; the kernel reads it from the column's info.

    Args:
        label: English; by default the attribute's name in words.
        help: a sentence below the input.
        search: whether the search box of lists looks into it (text only).
        mask: how it is shown until somebody reveals it with a reason.
        secret: never shown, never ledgered in clear.
        widget: a form other than the one that its type gets.
        minimum, maximum: bounds, in the field's own type.
        pattern: a regular expression that the whole text must match.
        check: called with the value; raises ``Invalid`` or ``Refused`` with the rule that failed.
        normal: of a text: brings it to the one form in which it is stored, whoever sets it; ``check`` sees that form.
            Of what is in that form it leaves everything as it is.
        readonly: set by the plugin, never by a form, the API or an import.
        number: the pattern of a human number, see ``numbered``.
        target: the record that it links to.
        person: whether it is the id of a user, shown by name.
        choices: values and English labels of a text that takes no others.
        offered: of a text that is the key of something: what a form lets one choose from, see ``Offer``. The API takes
            any key.
        formula: how it comes about, where it is computed and stored; then nobody sets it.
    """

    label: str = ""
    help: str = ""
    search: bool = False
    mask: Mask | None = None
    secret: bool = False
    widget: Widget = ""
    minimum: object = None
    maximum: object = None
    pattern: str = ""
    check: Callable[[Any], object] | None = None
    normal: Callable[[str], str] | None = None
    readonly: bool = False
    number: str = ""
    gapless: bool = False
    target: type[Record] | None = None
    person: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    offered: Offer | None = None
    formula: Formula | None = None


_NO_INFO: Final = FieldInfo()


def info_of(column: Any) -> FieldInfo:
    """What a column (of Core, or a mapped attribute) says of itself; the defaults where it says nothing."""
    return cast("FieldInfo", getattr(column, "info", {}).get("tenor", _NO_INFO))


def keep_normal(record: type[Any]) -> None:
    """From now on texts that have a normal form are brought to it as they are set. Called after the class is mapped."""
    for name, column in record.__mapper__.columns.items():
        normal = info_of(column).normal
        if normal is not None:
            event.listen(getattr(record, name), "set", partial(_normal, normal), retval=True)


def _normal(normal: Callable[[str], str], _record: Any, value: Any, *_before: Any) -> Any:
    return normal(value) if isinstance(value, str) else value


_MISSING: Final = object()


def field(
    *,
    default: Any = _MISSING,
    label: str = "",
    help: str = "",
    max_length: int | None = None,
    search: bool = False,
    unique: bool = False,
    index: bool = False,
    mask: Mask | None = None,
    secret: bool = False,
    widget: Widget = "",
    minimum: object = None,
    maximum: object = None,
    pattern: str = "",
    check: Callable[[Any], object] | None = None,
    normal: Callable[[str], str] | None = None,
    readonly: bool = False,
    choices: Sequence[tuple[str, str]] = (),
    offered: Offer | None = None,
) -> MappedColumn[Any]:
    """A column with words and rules; its type comes from the annotation ``Mapped[…]``. See ``FieldInfo``.

    Args:
        default: a value, or a function of no arguments that makes one.
        max_length: characters, for text; longer is refused at the door, never cut.
        unique: no two records with the same value (None apart), whoever may see them.
        index: for the database alone.
        choices: values and English labels, of a text whose values are data; for a list in code use a ``StrEnum``.
        offered: keys and labels from which a form lets one choose, of a text that is the key of something:
            ``(ctx)``, or ``(ctx, record)`` with the record whose form it is, of a line its parent; None for a new one.
    """
    info = FieldInfo(
        label=label, help=help, search=search, mask=mask, secret=secret, widget=widget, minimum=minimum,
        maximum=maximum, pattern=pattern, check=check, readonly=readonly, choices=tuple(choices),
        offered=offered, normal=normal,
    )  # fmt: skip
    options: dict[str, Any] = {
        "info": {"tenor": info},
        "unique": unique or None,
        "index": index or None,
    }
    if default is not _MISSING:
        options["default"] = default
    if max_length is not None:
        return mapped_column(text_type(max_length), **options)
    return mapped_column(**options)


def numbered(pattern: str, *, gapless: bool = False, label: str = "Number") -> MappedColumn[Any]:
    """A human number that the kernel gives when the record is written first.

    Args:
        pattern: with ``{year}`` (of the business date) and ``{n}``, such as ``"APP-{year}-{n:06d}"``; the count
            begins anew where the text around it changes.
        gapless: whether no number may be missing, where the law wants that: such a record is never deleted. Numbers
            are given in the transaction that writes, so that one that is undone gives its own back.
    """
    info = FieldInfo(label=label, readonly=True, number=pattern, gapless=gapless, search=True)
    return mapped_column(text_type(40), unique=True, info={"tenor": info})


def link(
    target: type[Record],
    *,
    label: str = "",
    help: str = "",
    readonly: bool = False,
    unique: bool = False,
) -> MappedColumn[Any]:
    """The id of another record: ``customer_id: Mapped[int] = link(Customer)``.

    The class itself is handed in, so that a link across plugins can be followed by an editor. A link to a record that
    the person can't read is refused as *not found*; what is linked to is archived, never deleted.
    """
    if not hasattr(target, "__tablename__"):
        raise TypeError(f"link() takes the record's class, not {target!r}: import it")
    info = FieldInfo(label=label, help=help, readonly=readonly, target=target)
    key = ForeignKey(f"{target.__tablename__}.id", ondelete="RESTRICT")
    return mapped_column(Id, key, index=True, unique=unique or None, info={"tenor": info})


def person(*, label: str = "", help: str = "", readonly: bool = True) -> MappedColumn[Any]:
    """The id of a user: ``rated_by_id: Mapped[int] = person(label="Rated by")``; shown by name, set by the plugin."""
    info = FieldInfo(label=label, help=help, readonly=readonly, person=True)
    key = ForeignKey("base_user.id", ondelete="RESTRICT")
    return mapped_column(Id, key, info={"tenor": info})


def linked(target: type[P], key: MappedColumn[Any] | Mapped[Any]) -> Mapped[P]:
    """The record behind a ``link``: ``customer: Mapped[Customer] = linked(Customer, customer_id)``.

    Reads as ``None`` where it lies outside the person's rows.
    """
    return relationship(target, foreign_keys=[cast("Any", key)], lazy="select")


def lines(order_by: str = "id") -> Mapped[Any]:
    """The lines of this record: ``items: Mapped[list[Item]] = lines()``, edited in place and removed with it."""
    return relationship(
        order_by=False if order_by == "id" else order_by,
        cascade="all, delete-orphan",
        lazy="select",
        back_populates="parent",
    )


def state_field(initial: str, *, label: str = "Stage") -> MappedColumn[Any]:
    """The column that a workflow moves: ``state: Mapped[str] = state_field("draft")``. Only the workflow sets it."""
    info = FieldInfo(label=label, readonly=True, widget="state")
    return mapped_column(String(64), default=initial, index=True, info={"tenor": info})


def file_field(*, label: str = "", help: str = "") -> MappedColumn[Any]:
    """The id of a stored file: ``file_id: Mapped[int] = file_field()``; see ``store_file``."""
    info = FieldInfo(label=label, help=help, widget="file")
    key = ForeignKey("base_file.id", ondelete="RESTRICT")
    return mapped_column(Id, key, info={"tenor": info})
