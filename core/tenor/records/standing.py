"""Lists of dated facts as they stood: up to a day on each of their three axes, less what was corrected by then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from tenor_sdk.errors import Invalid
from tenor_sdk.records import Dated, Record, as_of

if TYPE_CHECKING:
    from tenor.context import KernelContext

#: by what an address calls a day: the argument of ``as_of``, and the field whose past it is
AXES: Final[Mapping[str, tuple[str, str]]] = {
    "valid_as_of": ("valid", "valid_from"),
    "issued_as_of": ("issued", "issued_on"),
    "known_as_of": ("known", "known_on"),
}
TODAY: Final = "today"


def is_axis(record: type[Record], key: str) -> bool:
    """Whether a pair of an address names a day as of which a kind of record is read."""
    return key in AXES and issubclass(record, Dated)


def stood(
    ctx: KernelContext, record: type[Record], pairs: Mapping[str, Sequence[str]]
) -> list[Any]:
    """The conditions on facts that stood on the days that an address asks for; none where it asks for no day.

    Args:
        pairs: of the address; those that name no day are passed over.

    Raises:
        Invalid: ``invalid``, with what is wrong with which day; ``unknown-filter``: of an axis that a rule hides.
    """
    days = {key: values for key, values in pairs.items() if is_axis(record, key) and any(values)}
    if not days:
        return []
    allowed = axes(ctx, record)
    asked: dict[str, date] = {}
    for key, values in days.items():
        if key not in allowed:
            raise Invalid("unknown-filter", None, name=key)
        asked[AXES[key][0]] = day_of(ctx, key, values)
    kind: Any = record
    return [as_of(kind, **asked).whereclause]


def axes(ctx: KernelContext, record: type[Record]) -> list[str]:
    """The axes on which a person may read a kind of record as of a day: not by what is hidden or masked for them. Which
    facts were corrected shows on each of them."""

    def may_ask(field: str) -> bool:
        return ctx.kernel.access.may_sort(ctx, getattr(record, field))

    return [
        key
        for key, (_axis, field) in AXES.items()
        if is_axis(record, key) and may_ask(field) and may_ask("supersedes_id")
    ]


def day_of(ctx: KernelContext, key: str, values: Sequence[str]) -> date:
    """The day that a pair of an address names: as ISO 8601 writes it, or ``today``.

    Raises:
        Invalid: ``invalid``, with what is wrong with it.
    """
    word = values[-1].strip()
    if word.lower() == TODAY:
        return ctx.today
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise Invalid("invalid", {key: Invalid("not-a-day", None, value=word[:40])}) from None
