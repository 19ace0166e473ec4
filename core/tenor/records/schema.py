"""The door of forms, API and import: marshmallow schemas made from field specs. Nothing is rounded, cut or guessed.

An error is a ``TenorError`` with a key, by field; its words come from the catalogues.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, Literal

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, missing

from tenor.db.numbers import BEYOND
from tenor.records.specs import FieldSpec
from tenor_sdk.errors import Invalid, TenorError
from tenor_sdk.files import Upload
from tenor_sdk.values import Amount, Rate

Style = Literal["api", "form"]
_MOST_TEXT = 100_000
_MOST_SCHEMAS = 2000
_schemas: Final[dict[Any, tuple[Schema, tuple[FieldSpec, ...]]]] = {}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class SpecField(fields.Field[Any]):
    """A marshmallow field that reads and writes one kind of value by its spec."""

    def __init__(self, spec: FieldSpec, style: Style, *, required: bool) -> None:
        super().__init__(required=required, allow_none=not required, data_key=spec.key)
        self.spec = spec
        self.style = style

    def deserialize(
        self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any
    ) -> Any:
        if value is missing and not self.required:
            return missing
        if _is_empty(self.spec, value):
            if self.required:
                raise ValidationError([TenorError("required")])
            return "" if self.spec.kind in ("text", "long-text") and not self._nullable() else None
        try:
            read = READERS[self.spec.kind](self, value)
            _check_bounds(self.spec, read)
            if self.spec.info.check is not None:
                self.spec.info.check(read)
        except TenorError as error:
            raise ValidationError([error]) from None
        return read

    def _nullable(self) -> bool:
        attribute = self.spec.attribute
        if attribute is None or self.spec.is_custom:
            return True
        return bool(attribute.property.columns[0].nullable)


def _is_empty(spec: FieldSpec, value: Any) -> bool:
    """Nothing was given: no value, null, or a text of blanks."""
    if isinstance(value, str):
        return spec.kind != "boolean" and not value.strip()
    return value is missing or value is None


def _check_bounds(spec: FieldSpec, value: Any) -> None:
    info = spec.info
    if info.minimum is not None and value < info.minimum:
        raise Invalid("too-small", minimum=info.minimum)
    if info.maximum is not None and value > info.maximum:
        raise Invalid("too-large", maximum=info.maximum)
    if info.pattern and not re.fullmatch(info.pattern, value):
        raise Invalid("wrong-pattern")


# -- readers ---------------------------------------------------------------------------------------------------------


def _text(field: SpecField, value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid("not-a-text")
    text = value.strip() if field.spec.kind == "text" else value.replace("\r\n", "\n").rstrip()
    if field.spec.kind == "text" and "\n" in text:
        raise Invalid("control-characters")
    return _fit(text, field.spec.max_length or _MOST_TEXT)


def prose(value: object, limit: int) -> str:
    """What somebody says in words of their own, such as a comment or a reason.

    Raises:
        Invalid: ``not-a-text``, ``too-long``, ``control-characters``.
    """
    if not isinstance(value, str):
        raise Invalid("not-a-text")
    return _fit(value.replace("\r\n", "\n").strip(), limit)


def _fit(text: str, limit: int) -> str:
    if len(text) > limit:
        raise Invalid("too-long", limit=limit, length=len(text))
    if _CONTROL.search(text):
        raise Invalid("control-characters")
    return text


def _integer(field: SpecField, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise Invalid("not-a-whole-number")
    try:
        number = int(str(value).replace(",", ""))
    except ValueError:
        raise Invalid("not-a-whole-number") from None
    if abs(number) >= BEYOND:
        raise Invalid("not-a-whole-number")
    return number


def _amount(field: SpecField, value: Any) -> Amount:
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise Invalid("amount-as-text")
    currency = getattr(field.parent, "currency", "CNY")
    return Amount.of(value, currency)


def _rate(field: SpecField, value: Any) -> Rate:
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise Invalid("not-a-rate", None, value=str(value))
    if field.style == "form":
        return Rate.percent(str(value).removesuffix("%").strip())
    return Rate.of(value)


def _date(field: SpecField, value: Any) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
            raise ValueError
        return date.fromisoformat(str(value))
    except ValueError:
        raise Invalid("not-a-date") from None


def _time(field: SpecField, value: Any) -> datetime:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise Invalid("not-a-time") from None
    if found.tzinfo is None:
        raise Invalid("time-without-zone")
    try:
        return found.astimezone(UTC)
    except OverflowError:  # in the first or last hours that there are, said in another zone
        raise Invalid("not-a-time") from None


def _boolean(field: SpecField, value: Any) -> bool:
    if value in (True, "true", "on", "1", "yes"):
        return True
    if value in (False, "false", "off", "0", "no", ""):
        return False
    raise Invalid("not-a-yes-or-no")


def _choice(field: SpecField, value: Any) -> Any:
    allowed = [choice for choice, _ in field.spec.choices]
    if value not in allowed:
        raise Invalid("not-a-choice", None, value=str(value), choices=", ".join(allowed))
    return field.spec.enum(value) if field.spec.enum else value


def _link(field: SpecField, value: Any) -> int:
    try:
        return _integer(field, value)
    except Invalid:
        raise Invalid("not-a-link") from None


def _file(field: SpecField, value: Any) -> Any:
    if field.spec.attribute is None:
        if not isinstance(value, Upload):
            raise Invalid("not-a-file")
        return value
    return value if isinstance(value, Upload) else _link(field, value)


def _json(field: SpecField, value: Any) -> Any:
    if not isinstance(value, (dict, list)):
        raise Invalid("not-an-object")
    return value


READERS = {
    "text": _text, "long-text": _text, "integer": _integer, "amount": _amount, "rate": _rate, "date": _date,
    "time": _time, "boolean": _boolean, "choice": _choice, "link": _link, "file": _file, "json": _json,
}  # fmt: skip


# -- schemas ---------------------------------------------------------------------------------------------------------


def _schema(specs: tuple[FieldSpec, ...], style: Style, currency: str) -> Schema:
    """The schema of these very specs, made once: to make one costs more than to read a record through it."""
    # by identity, as a spec is hashed through all that it holds; they are kept beside it, so an id means no other
    asked = (tuple(map(id, specs)), style, currency)
    found = _schemas.get(asked)
    if found is None:
        # a dot in a name would make an object of it
        made = {spec.input_name: SpecField(spec, style, required=spec.required) for spec in specs}
        schema = Schema.from_dict(made, name="Made")()  # type: ignore[arg-type]  # fields by name
        schema.currency = currency  # type: ignore[attr-defined]  # read by amounts
        if len(_schemas) >= _MOST_SCHEMAS:
            _schemas.clear()
        found = _schemas[asked] = (schema, specs)
    return found[0]


def read(
    specs: Iterable[FieldSpec],
    data: Mapping[str, Any],
    *,
    style: Style,
    partial: bool,
    currency: str = "CNY",
) -> dict[str, Any]:
    """Read what was handed in.

    Args:
        specs: the fields that may be given; another name is an error over the API, left out of a form.
        partial: only what is there is read, and nothing is missing.
        currency: of its amounts.

    Raises:
        Invalid: with an error for each field at fault.
    """
    unknown: Any = EXCLUDE if style == "form" else RAISE
    specs = tuple(specs)
    schema = _schema(specs, style, currency)
    try:
        loaded: dict[str, Any] = schema.load(dict(data), partial=partial, unknown=unknown)
    except ValidationError as error:
        raise Invalid("invalid", _by_field(error.messages)) from None
    return {spec.key: loaded[spec.input_name] for spec in specs if spec.input_name in loaded}


def _by_field(messages: Any) -> dict[str, TenorError]:
    found: dict[str, TenorError] = {}
    for name, errors in (messages if isinstance(messages, dict) else {"": messages}).items():
        first = errors[0] if isinstance(errors, list) else errors
        found[str(name)] = first if isinstance(first, TenorError) else TenorError("unknown-field")
    return found
