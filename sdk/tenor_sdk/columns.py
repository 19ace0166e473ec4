"""How values lie in the database: money as BIGINT minor units, rates as BIGINT billionths, times in UTC, text that
sorts by code point on both databases."""

from __future__ import annotations

import enum
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NoReturn

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB

from tenor_sdk.values import Amount, Rate

#: reads a value of a row: the outermost function, as a page of a list has thousands of them
_Read = Callable[..., Any]


class AmountType(TypeDecorator[Amount]):
    """``Amount`` as a BIGINT of minor units. Refuses anything else, a float above all."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Amount | None, dialect: Dialect) -> int | None:
        if value is None or isinstance(value, Amount):
            return None if value is None else value.minor
        raise TypeError(f"an Amount is needed, not {value!r}")

    def result_processor(self, dialect: Dialect, coltype: object) -> _Read | None:
        return lambda value: None if value is None else Amount(int(value))


class RateType(TypeDecorator[Rate]):
    """``Rate`` as a BIGINT of billionths."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Rate | None, dialect: Dialect) -> int | None:
        if value is None or isinstance(value, Rate):
            return None if value is None else value.nano
        raise TypeError(f"a Rate is needed, not {value!r}")

    def result_processor(self, dialect: Dialect, coltype: object) -> _Read | None:
        return lambda value: None if value is None else Rate(int(value))


class UtcTime(TypeDecorator[datetime]):
    """An instant, in UTC. A time without a zone is refused, as nobody knows which instant it is."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError(f"a time with a zone is needed, not {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def result_processor(self, dialect: Dialect, coltype: object) -> _Read | None:
        read = self.impl_instance.result_processor(dialect, coltype)
        return _utc if read is None else lambda value: _utc(read(value))


def _utc(value: datetime | None) -> datetime | None:
    if value is None or value.tzinfo is UTC:
        return value
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CustomValues(dict[str, Any]):
    """The values of an institution's own fields by key, each as its definition's kind is kept. Never changed in place:
    the kernel checks what is handed in, and sets all of them anew."""

    def _stay(self, *_args: object, **_more: object) -> NoReturn:
        raise TypeError("values of custom fields are set by set_custom_fields(ctx, record, …)")

    if not TYPE_CHECKING:  # the names are a dict's, whatever they do
        __setitem__ = __delitem__ = __ior__ = _stay
        update = setdefault = pop = popitem = clear = _stay


class CustomType(TypeDecorator[CustomValues]):
    """``CustomValues`` as one JSON object. Refuses any other mapping, whose values nobody checked."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())

    def process_bind_param(
        self, value: CustomValues | None, dialect: Dialect
    ) -> dict[str, Any] | None:
        if value is None or isinstance(value, CustomValues):
            return dict(value or {})
        raise TypeError("values of custom fields are set by set_custom_fields(ctx, record, …)")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> CustomValues:
        return CustomValues(value or {})


class IsoDate(TypeDecorator[date]):
    """A day as the text ``2026-06-30``: as it stands within JSON, and in the order of days on both databases."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)


def choice_type() -> Enum:
    """A member of a string enumeration, stored as its value; new members need no migration."""
    return Enum(
        enum.Enum,
        native_enum=False,
        create_constraint=False,
        length=64,
        values_callable=lambda choices: [str(member.value) for member in choices],
    )


def text_type(length: int | None = None) -> String:
    """Text that sorts by code point on both databases, so that paging agrees."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


# SQLAlchemy asks values for it: they are written in an expression as in a field: coalesce(sum(Loan.balance), Amount(0))
Amount.__sa_type_engine__ = AmountType()
Rate.__sa_type_engine__ = RateType()
