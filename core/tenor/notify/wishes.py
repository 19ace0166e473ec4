"""Who wants to be told of what in which way, when each digest is due, and whose hours are quiet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol, cast
from zoneinfo import ZoneInfo

from sqlalchemy import false, literal, select, union_all

from tenor.events.rows import table_of
from tenor.jobs.calendar import next_after
from tenor.notify.notices import OTHER
from tenor.notify.offered import titled
from tenor.notify.records import CLOCK, WAYS, NoticeChoice, NoticeDefault, QuietHours
from tenor_sdk.errors import Conflict, Invalid, NotFound
from tenor_sdk.i18n import Text, _
from tenor_sdk.jobs import Daily
from tenor_sdk.notify import AT_ONCE, DIGEST, MAIL, NONE, Channel, NoticeKind

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel


_choice: Final = table_of(NoticeChoice)
_default: Final = table_of(NoticeDefault)
_quiet: Final = table_of(QuietHours)


class HouseTimes(Protocol):
    """What the institution sets of times; see ``tenor.base.settings``."""

    digest_at: str
    digest_working_days_only: bool
    quiet_from: str
    quiet_until: str


@dataclass(frozen=True)
class Wish:
    """In which way somebody is told.

    Args:
        way: ``at-once``, ``digest`` or ``none``.
        fixed: whether they can't choose otherwise.
    """

    way: str
    fixed: bool = False


@dataclass(frozen=True)
class Quiet:
    """Hours of the day, local times as ``22:00``; both empty: none."""

    starts: str = ""
    ends: str = ""


class Wishes:
    """What people chose, over what the institution and the plugins give."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.kinds: Mapping[str, NoticeKind] = {}
        self.channels: Mapping[str, Text] = {}
        self.digesting: frozenset[str] = frozenset({MAIL})
        self.further: Sequence[Channel] = ()

    def load(self, declarations: Declarations) -> None:
        """Take in the kinds of notices.

        Raises:
            TypeError: two kinds of one name in a plugin.
        """
        found: dict[str, NoticeKind] = {}
        for kind in declarations.of(NoticeKind):
            if kind.key in found:
                raise TypeError(f"{kind.origin}: there is a kind of notice {kind.key} already")
            found[kind.key] = kind
        self.kinds = found
        self.further = tuple(declarations.of(Channel))
        self.digesting = frozenset({MAIL, *(one.key for one in self.further if one.digest)})
        self.channels = {
            MAIL: _("E-mail"),
            **{each.key: titled(each.title, each.plugin) for each in self.further},
        }

    def kind_of(self, key: str) -> NoticeKind:
        """A kind by its key; that of other news where its plugin isn't on any more."""
        return self.kinds.get(key, OTHER)

    def ways(self, channel: str) -> Sequence[tuple[str, str]]:
        """In which ways a channel tells: values and English labels."""
        return [one for one in WAYS if one[0] != DIGEST or channel in self.digesting]

    # -- in which way ---------------------------------------------------------------------------

    def of(
        self, ctx: KernelContext, users: Sequence[int], kind: NoticeKind, channel: str = MAIL
    ) -> dict[int, Wish]:
        """In which way each of the users is told of a kind; one statement."""
        if kind.required and channel == MAIL:
            return dict.fromkeys(users, Wish(AT_ONCE, fixed=True))
        chosen, house = self._stored(ctx, users, [kind.key])
        return {user: self._wish(kind, channel, house, chosen.get(user, {})) for user in users}

    def all_of(self, ctx: KernelContext, user_id: int) -> dict[tuple[str, str], Wish]:
        """In which way somebody is told, by kind and channel."""
        chosen, house = self._stored(ctx, [user_id], list(self.kinds))
        mine = chosen.get(user_id, {})
        return {
            (kind.key, channel): self._wish(kind, channel, house, mine)
            for kind in self.kinds.values()
            for channel in self.channels
        }

    def choose(self, ctx: KernelContext, kind: str, channel: str, way: str) -> None:
        """Have oneself told of a kind in another way.

        Raises:
            NotFound: ``no-notice-kind``, ``no-channel``.
            Invalid: ``no-such-way``.
            Conflict: ``notice-fixed``: it is the institution's to say.
        """
        if kind not in self.kinds:
            raise NotFound("no-notice-kind", name=kind)
        if channel not in self.channels:
            raise NotFound("no-channel", name=channel)
        if way not in dict(self.ways(channel)):
            raise Invalid("no-such-way", way=way)
        now = self.of(ctx, [ctx.actor.id], self.kinds[kind], channel)[ctx.actor.id]
        if now.way == way:
            return
        if now.fixed:
            declared = self.kinds[kind]
            raise Conflict("notice-fixed", kind=titled(declared.title, declared.plugin))
        self._keep(ctx, kind, channel, way)

    def _keep(self, ctx: KernelContext, kind: str, channel: str, way: str) -> None:
        same = {"user_id": ctx.actor.id, "kind": kind, "channel": channel}
        with self.kernel.db.system(ctx.guarded) as session:
            row = session.scalars(select(NoticeChoice).filter_by(**same)).one_or_none()
            if row is None:
                session.add(NoticeChoice(**same, way=way))
            else:
                row.way = way

    def _stored(
        self, ctx: KernelContext, users: Sequence[int], kinds: Sequence[str]
    ) -> tuple[dict[int, dict[tuple[str, str], str]], dict[tuple[str, str], Wish]]:
        """What is stored of these people and of the institution."""
        nobody: Any = literal(0)
        chosen_by = select(
            _choice.c.user_id, _choice.c.kind, _choice.c.channel, _choice.c.way, false()
        ).where(_choice.c.user_id.in_(users), _choice.c.kind.in_(kinds))
        of_house = select(
            nobody, _default.c.kind, _default.c.channel, _default.c.way, _default.c.fixed
        ).where(_default.c.kind.in_(kinds))
        chosen: dict[int, dict[tuple[str, str], str]] = {}
        house: dict[tuple[str, str], Wish] = {}
        rows: Any = self.kernel.db.execute(ctx.guarded, union_all(chosen_by, of_house))
        for user, kind, channel, way, fixed in rows:
            if user:
                chosen.setdefault(user, {})[kind, channel] = way
            else:
                house[kind, channel] = Wish(way, bool(fixed))
        return chosen, house

    def _wish(
        self,
        kind: NoticeKind,
        channel: str,
        house: Mapping[tuple[str, str], Wish],
        mine: Mapping[tuple[str, str], str],
    ) -> Wish:
        if kind.required and channel == MAIL:
            return Wish(AT_ONCE, fixed=True)
        given = house.get((kind.key, channel)) or Wish(kind.mail if channel == MAIL else NONE)
        if given.fixed or (kind.key, channel) not in mine:
            return given
        return Wish(mine[kind.key, channel])

    # -- when -----------------------------------------------------------------------------------

    def house(self, ctx: KernelContext) -> HouseTimes:
        """The institution's times."""
        settings = self.kernel.plugin_settings
        return cast("HouseTimes", settings.of(ctx, settings.classes["base"]))

    def next_digest(self, ctx: KernelContext) -> datetime:
        """When the digest is made that holds what is told now, in UTC."""
        house = self.house(ctx)
        daily = Daily(
            at=time.fromisoformat(house.digest_at), working_days_only=house.digest_working_days_only
        )
        return next_after(
            daily, ctx.now, self.kernel.clock.zone, self.kernel.workflow.calendar.works(ctx)
        )

    def quiet_hours(self, ctx: KernelContext, user_id: int) -> Quiet:
        """Somebody's quiet hours: their own, else the institution's."""
        own = self._own_quiet(ctx, user_id)
        if own is not None:
            return own
        house = self.house(ctx)
        return Quiet(house.quiet_from, house.quiet_until)

    def keep_quiet(self, ctx: KernelContext, starts: str, ends: str) -> None:
        """Set one's own quiet hours; both empty: none, whatever the institution gives.

        Raises:
            Invalid: ``not-a-time-of-day``, on the field that is none; one of them alone.
        """
        given = {"starts": starts.strip(), "ends": ends.strip()}
        errors = {
            name: Invalid("not-a-time-of-day")
            for name, value in given.items()
            if not is_clock(value) or (not value and any(given.values()))
        }
        if errors:
            raise Invalid("invalid", errors)
        with self.kernel.db.system(ctx.guarded) as session:
            mine = select(QuietHours).where(QuietHours.user_id == ctx.actor.id)
            row = session.scalars(mine).one_or_none()
            if row is None:
                session.add(QuietHours(user_id=ctx.actor.id, **given))
            else:
                row.starts, row.ends = given["starts"], given["ends"]

    def not_before(self, ctx: KernelContext, user_id: int, kind: NoticeKind) -> datetime | None:
        """The end of the quiet hours in which somebody is now, in UTC; None where they may be told.

        What is urgent or required doesn't keep to them, by whichever channel it goes.
        """
        if kind.urgent or kind.required:
            return None
        return end_of_quiet(self.quiet_hours(ctx, user_id), ctx.now, self.kernel.clock.zone)

    def house_quiet_until(self, ctx: KernelContext) -> datetime | None:
        """The end of the institution's own quiet hours, in UTC; None where it isn't in them now."""
        house = self.house(ctx)
        return end_of_quiet(
            Quiet(house.quiet_from, house.quiet_until), ctx.now, self.kernel.clock.zone
        )

    def _own_quiet(self, ctx: KernelContext, user_id: int) -> Quiet | None:
        mine = select(_quiet.c.starts, _quiet.c.ends).where(_quiet.c.user_id == user_id)
        row: Any = self.kernel.db.execute(ctx.guarded, mine).one_or_none()
        return Quiet(row.starts, row.ends) if row is not None else None


def is_clock(value: str) -> bool:
    """Whether it is a time of day as ``08:30``, or empty."""
    return re.fullmatch(CLOCK, value) is not None


def end_of_quiet(quiet: Quiet, instant: datetime, zone: ZoneInfo) -> datetime | None:
    """The end of the quiet hours in which an instant lies, in UTC; None where it lies in none. They may go over
    midnight."""
    if not quiet.starts or not quiet.ends or quiet.starts == quiet.ends:
        return None
    local = instant.astimezone(zone)
    starts, ends = time.fromisoformat(quiet.starts), time.fromisoformat(quiet.ends)
    now = local.time().replace(tzinfo=None)
    over_midnight = ends < starts
    within = (now >= starts or now < ends) if over_midnight else starts <= now < ends
    if not within:
        return None
    day = local.date() + timedelta(days=int(over_midnight and now >= starts))
    end = datetime.combine(day, ends, zone)
    if end.astimezone(UTC) <= instant:  # the hour comes twice, and this is the second
        end = end.replace(fold=1)
    return end.astimezone(UTC)
