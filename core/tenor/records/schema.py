"""The door of forms and API: marshmallow schemas made from field specs, whose fields read by their compiled rules.

An error is a ``TenorError`` with a key, by field; its words come from the catalogues.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, missing

from tenor.records.rules import Rule, Style, fit
from tenor.records.specs import FieldSpec
from tenor_sdk.errors import Invalid, TenorError

_MOST_SCHEMAS = 2000
_schemas: Final[dict[Any, tuple[Schema, tuple[FieldSpec, ...]]]] = {}


class SpecField(fields.Field[Any]):
    """A marshmallow field that reads one kind of value by its rule."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(
            required=rule.required, allow_none=not rule.required, data_key=rule.spec.key
        )
        self.rule = rule

    def deserialize(
        self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any
    ) -> Any:
        if value is missing:
            if not self.required:
                return missing
            value = None
        try:
            return self.rule.value(value)
        except TenorError as error:
            raise ValidationError([error]) from None


def prose(value: object, limit: int) -> str:
    """What somebody says in words of their own, such as a comment or a reason.

    Raises:
        Invalid: ``not-a-text``, ``too-long``, ``control-characters``.
    """
    if not isinstance(value, str):
        raise Invalid("not-a-text")
    return fit(value.replace("\r\n", "\n").strip(), limit)


# -- schemas ---------------------------------------------------------------------------------------------------------


def _schema(specs: tuple[FieldSpec, ...], style: Style, currency: str) -> Schema:
    """The schema of these very specs, made once: to make one costs more than to read a record through it."""
    # by identity, as a spec is hashed through all that it holds; they are kept beside it, so an id means no other
    asked = (tuple(map(id, specs)), style, currency)
    found = _schemas.get(asked)
    if found is None:
        # a dot in a name would make an object of it
        made = {spec.input_name: SpecField(Rule(spec, style, currency)) for spec in specs}
        schema = Schema.from_dict(made, name="Made")()  # type: ignore[arg-type]  # fields by name
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
