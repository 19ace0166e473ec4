"""What staff say in versions: drafted by one, published by another, in force from a day on, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final

from sqlalchemy import Select, Table, bindparam, func, select
from sqlalchemy.orm import Mapped

from tenor.events.rows import table_of
from tenor_sdk.fields import field, person, state_field
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Discussed, Record

if TYPE_CHECKING:
    from tenor.context import KernelContext

#: the state in which a version counts
PUBLISHED: Final = "published"


class Version(Record, Discussed, abstract=True):
    """A version of one thing that staff say, from a day on.

    Attributes:
        number: counted by thing when it is published; a draft has none.
        effective_from: the version that counts on a day is the published one with the latest of these not after it.
    """

    #: the attribute that says of which thing
    __of__: ClassVar[str]

    number: Mapped[int | None] = field(readonly=True, label="Version")
    effective_from: Mapped[date] = field(
        index=True,
        label="In force from",
        help="A later day than today, and one on which no other version begins",
    )
    purpose: Mapped[str] = field(
        default="", widget="long-text", label="Why", help="What changes, and on whose decision"
    )
    state: Mapped[str] = state_field("draft")
    proposed_by_id: Mapped[int | None] = person(label="Proposed by")
    published_by_id: Mapped[int | None] = person(label="Published by")
    published_on: Mapped[date | None] = field(readonly=True)

    def display(self) -> str:
        """The day from which it counts, of which there is one a version; its thing has words of its own."""
        day = self.effective_from.isoformat()
        return f"{day} v{self.number}" if self.number else day


def in_force(ctx: KernelContext, kind: type[Version], of: str, day: date | None = None) -> Any:
    """The published version with the latest beginning not after a day, today by default; None without one."""
    asked = {"its": of, "day": day or ctx.today}
    return ctx.kernel.db.execute(
        ctx.guarded, _in_force_of(table_of(kind), kind.__of__), asked
    ).first()


def day_of(ctx: KernelContext, came: datetime) -> date:
    """The day of the institution's on which a case came, for which a version may count; never a day to come, also where
    the business date stands still."""
    return min(came.astimezone(ctx.kernel.clock.zone).date(), ctx.today)


@cache
def _in_force_of(table: Table, of: str) -> Select[Any]:
    """Made once for each kind: every step asks it."""
    return (
        select(table)
        .where(
            table.c[of] == bindparam("its"),
            table.c.state == PUBLISHED,
            table.c.effective_from <= bindparam("day"),
        )
        .order_by(table.c.effective_from.desc(), table.c.number.desc())
        .limit(1)
    )


def faults_of_day(ctx: KernelContext, version: Version) -> Iterator[Text]:
    """What is wrong with the day on which a version begins: each has a day of its own that is to come; today's only
    where none is in force."""
    table, day = table_of(type(version)), version.effective_from
    begun: Any = select(table.c.effective_from).where(
        table.c[version.__of__] == _of(version), table.c.state == PUBLISHED
    )
    days = set(ctx.kernel.db.execute(ctx.guarded, begun).scalars())
    if day < ctx.today:
        yield _("It would begin on {day}, in the past", day=day)
    elif day == ctx.today and any(one <= day for one in days):
        yield _("A version is in force today: the next one begins tomorrow at the earliest")
    elif day in days:
        yield _("Another version begins on {day}", day=day)


def publish_version(ctx: KernelContext, version: Version) -> None:
    """Give a version its number, and put on it who published it and when."""
    kind = type(version)
    with ctx.kernel.db.system(ctx.guarded) as session:
        latest = select(func.max(kind.number))
        of = latest.where(getattr(kind, version.__of__) == _of(version))
        version.number = (session.scalar(of) or 0) + 1
    version.published_by_id, version.published_on = ctx.actor.id, ctx.today


def _of(version: Version) -> str:
    of: str = getattr(version, version.__of__)
    return of
