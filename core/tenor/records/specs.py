"""What is known of a field: the one description from which form, API, import, list and ledger view are made."""

from __future__ import annotations

import enum
import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from sqlalchemy import JSON, Boolean, Date, Enum, String
from sqlalchemy.orm import ColumnProperty

from tenor.records.values import from_ledger
from tenor_sdk.columns import AmountType, CustomType, RateType, UtcTime
from tenor_sdk.computed import Computed
from tenor_sdk.declare import plugin_of
from tenor_sdk.fields import FieldInfo
from tenor_sdk.files import Upload
from tenor_sdk.records import Record, info_of, words
from tenor_sdk.values import Amount, Rate
from tenor_sdk.workflow import Asked

Kind = Literal[
    "text", "long-text", "integer", "amount", "rate", "date", "time", "boolean", "choice", "link", "file", "json",
    "state", "computed",
]  # fmt: skip


#: before the key of a custom field in ledger, filters and errors
CUSTOM: Final = "custom."


@dataclass(frozen=True)
class FieldSpec:
    """One field of a record, or one input of a transition, action or setting.

    Args:
        key: the attribute's name; the name in forms, API and files.
        plugin: whose catalogue translates ``label``, ``help`` and the labels of ``choices``.
        kind: how it is read, shown and entered.
        choices: value and English label.
        target: the record that a link leads to.
        default: of an input; ``None`` of records, whose columns know their own.
        attribute: the mapped attribute, of a custom field an expression over its record's column; None for inputs and
            computed values.
    """

    key: str
    plugin: str
    label: str
    kind: Kind
    required: bool = False
    readonly: bool = False
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    enum: type[enum.Enum] | None = None
    target: type[Record] | None = None
    max_length: int | None = None
    default: Any = None
    info: FieldInfo = field(default_factory=FieldInfo)
    attribute: Any = None

    @property
    def is_custom(self) -> bool:
        """Whether the institution added it; then its value stands in the record's column ``custom``."""
        return self.key.startswith(CUSTOM)

    @property
    def name(self) -> str:
        """Its key within ``custom``; of any other field its key."""
        return self.key.removeprefix(CUSTOM)

    @property
    def input_name(self) -> str:
        """The name of its input, which a selector may hold."""
        return self.key.replace(".", "-")


def value_of(record: Any, spec: FieldSpec) -> Any:
    """The value of a field of a record, declared or custom, in the field's own type."""
    if not spec.is_custom:
        return getattr(record, spec.key, None)
    return from_ledger(spec.kind, record.custom.get(spec.name))


#: where a table keeps the attributes that a plugin added which was left out for them: they are no fields
LEFT_OUT: Final = "attributes_left_out"
_STAMPS = frozenset(("id", "version", "created_at", "created_by_id", "changed_at", "changed_by_id"))


#: a mapped class isn't hashable for the type checker, hence no functools.cache
_records: Final[dict[Any, Mapping[str, FieldSpec]]] = {}
_inputs: Final[dict[Any, Mapping[str, FieldSpec]]] = {}
_state_keys: Final[dict[Any, str]] = {}


def specs_of(record: type[Record]) -> Mapping[str, FieldSpec]:
    """The fields of a record by name, in the order in which they stand in the class; stamps last."""
    if record not in _records:
        _records[record] = _specs(record)
    return _records[record]


def state_key(record: type[Record]) -> str:
    """The field that holds the state of a record's workflow; empty where it has none."""
    if record not in _state_keys:
        found = (spec.key for spec in specs_of(record).values() if spec.kind == "state")
        _state_keys[record] = next(found, "")
    return _state_keys[record]


def _specs(record: type[Record]) -> Mapping[str, FieldSpec]:
    columns = [
        _column_spec(record, prop)
        for prop in record.__mapper__.column_attrs
        if not isinstance(prop.columns[0].type, CustomType)  # its values have specs of their own
        and prop.key not in record.__table__.info.get(LEFT_OUT, ())
    ]
    ordered = sorted(columns, key=lambda spec: _place(record, spec.key))
    found = {spec.key: spec for spec in ordered}
    for kind in reversed(record.__mro__):
        for name, value in vars(kind).items():
            if isinstance(value, Computed):
                found[name] = _computed_spec(record, name, value)
    return found


def _place(record: type[Record], key: str) -> int:
    if key in _STAMPS:
        return 1000 + sorted(_STAMPS).index(key)
    own = [
        name for kind in reversed(record.__mro__) for name in getattr(kind, "__annotations__", {})
    ]
    return own.index(key) if key in own else 900


def _computed_spec(record: type[Record], name: str, value: Computed[Any]) -> FieldSpec:
    text, label = (value.__doc__ or "").strip(), value.label or words(name)
    return FieldSpec(name, record.__plugin__, label, "computed", readonly=True, help=text)


def _column_spec(record: type[Record], prop: ColumnProperty[Any]) -> FieldSpec:
    column: Any = prop.columns[0]
    info = info_of(column)
    choices = _choices(column.type)
    return FieldSpec(
        key=prop.key,
        plugin=_owner(record, prop.key),
        label=info.label or words(prop.key),
        kind=_kind(column, info, record),
        required=not column.nullable and column.default is None and column.server_default is None,
        readonly=info.readonly or bool(info.number) or prop.key in _STAMPS,
        help=info.help,
        choices=info.choices
        or tuple(
            (str(member.value), words(str(member.value).replace("-", "_")))
            for member in choices or ()
        ),
        enum=choices,
        target=_target(record, prop.key, info),
        max_length=column.type.length if isinstance(column.type, String) else None,
        info=info,
        attribute=getattr(record, prop.key),
    )


def _owner(record: type[Record], key: str) -> str:
    """Whose words a field's label is in: those of the plugin's record, or of the kernel for what a base brings."""
    for kind in record.__mro__:
        if key in getattr(kind, "__annotations__", {}):
            return "base" if kind.__module__.startswith("tenor_sdk") else plugin_of(kind.__module__)
    return record.__plugin__


def _target(record: type[Record], key: str, info: FieldInfo) -> type[Record] | None:
    if info.target is not None or key == "id":
        return info.target
    from tenor.access.records import Unit, User

    if info.person:
        return User
    if record is Unit and key == "parent_id":  # the only record that links to its own kind
        return Unit
    named: dict[str, type[Record]] = {
        "unit_id": Unit, "owner_id": User, "created_by_id": User, "changed_by_id": User,
    }  # fmt: skip
    return named.get(key)


def _choices(kind: Any) -> type[enum.Enum] | None:
    return kind.enum_class if isinstance(kind, Enum) else None


def _kind(column: Any, info: FieldInfo, record: type[Record]) -> Kind:
    if info.widget in ("state", "file", "long-text"):
        return info.widget
    if info.choices:
        return "choice"
    if _target(record, column.key, info) is not None:
        return "link"
    kinds: tuple[tuple[Any, Kind], ...] = (
        (AmountType, "amount"), (RateType, "rate"), (UtcTime, "time"), (Enum, "choice"), (String, "text"),
        (Date, "date"), (Boolean, "boolean"), (JSON, "json"),
    )  # fmt: skip
    return next((name for kind, name in kinds if isinstance(column.type, kind)), "integer")


# -- inputs ----------------------------------------------------------------------------------------------------------

_INPUT_KINDS: dict[Any, Kind] = {
    str: "text", int: "integer", bool: "boolean", date: "date", datetime: "time", Amount: "amount", Rate: "rate",
    Upload: "file",
}  # fmt: skip


def input_specs(inputs: type[Any]) -> Mapping[str, FieldSpec]:
    """The inputs of a transition or action: the fields of its frozen dataclass, see ``tenor_sdk.workflow.ask``."""
    if inputs not in _inputs:
        hints = get_type_hints(inputs)
        _inputs[inputs] = {
            item.name: _input_spec(inputs, item, hints[item.name]) for item in fields(inputs)
        }
    return _inputs[inputs]


def _input_spec(inputs: type[Any], item: Any, hint: Any) -> FieldSpec:
    asked: Asked = item.metadata.get("tenor", Asked())
    kind_type, optional = bare_type(hint)
    choices = (
        kind_type if isinstance(kind_type, type) and issubclass(kind_type, enum.Enum) else None
    )
    listed = tuple(asked.choices) or tuple(
        (str(member.value), words(str(member.value).replace("-", "_"))) for member in choices or ()
    )
    info = FieldInfo(
        minimum=asked.minimum, maximum=asked.maximum, check=asked.check, offered=asked.offered,
        widget="several" if asked.widget == "several" else "",
    )  # fmt: skip
    has_default = item.default is not MISSING
    return FieldSpec(
        key=item.name,
        plugin=plugin_of(inputs.__module__),
        label=asked.label or words(item.name),
        kind=_input_kind(kind_type, asked, bool(listed)),
        required=not (optional or has_default) and kind_type is not bool,
        help=asked.help,
        choices=listed,
        enum=choices,
        target=asked.target,
        max_length=asked.max_length,
        default=item.default if has_default else None,
        info=info,
    )


def _input_kind(kind_type: Any, asked: Asked, has_choices: bool) -> Kind:
    if asked.target is not None:
        return "link"
    if has_choices:
        return "choice"
    if asked.widget == "long-text":
        return "long-text"
    return _INPUT_KINDS.get(kind_type, "text")


def bare_type(hint: Any) -> tuple[Any, bool]:
    """A type without its ``| None``, and whether it had it."""
    if get_origin(hint) in (Union, types.UnionType):
        rest = [part for part in get_args(hint) if part is not type(None)]
        return rest[0], len(rest) < len(get_args(hint))
    return hint, False
