"""People and where they stand: units, users, the positions that they hold, the roles that they were given, and what
one of them delegated to another for a time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from tenor.access.offered import position_text, positions, roles
from tenor_sdk.errors import Invalid
from tenor_sdk.fields import field, link, linked
from tenor_sdk.i18n import Text
from tenor_sdk.records import Archivable, Record, computed


class Unit(Record, Archivable):
    """A part of the institution: head office, a department, a branch, a sub-branch. Units form a tree."""

    __title__ = "Unit"
    code: Mapped[str] = field(max_length=40, unique=True, search=True)
    name: Mapped[str] = field(max_length=200, search=True)
    parent_id: Mapped[int | None] = field(label="Above it", index=True)
    path: Mapped[str] = field(
        max_length=400,
        readonly=True,
        default="",
        index=True,
        help="The ids from the root down, as /1/4/9/",
    )


class User(Record, Archivable):
    """Somebody who works with Tenor, or a service that does."""

    __title__ = "User"
    login: Mapped[str] = field(max_length=100, unique=True, search=True)
    name: Mapped[str] = field(max_length=100, label="Full name", search=True, index=True)
    email: Mapped[str] = field(max_length=200, default="", label="E-mail")
    language: Mapped[str] = field(
        max_length=10, default="zh-CN", choices=(("zh-CN", "简体中文"), ("en", "English"))
    )
    letters: Mapped[bool | None] = field(
        label="Single letters are shortcuts", help="Empty: as this browser says, else they are"
    )
    unit_id: Mapped[int | None] = link(Unit, label="Unit")
    unit: Mapped[Unit | None] = linked(Unit, unit_id)
    password: Mapped[str] = field(max_length=200, default="", secret=True)
    active: Mapped[bool] = field(default=True, help="Whether this person may sign in")
    on_leave_from: Mapped[date | None] = field(help="Empty: from now on, until the day below")
    on_leave_until: Mapped[date | None] = field(help="New tasks go to others until after this day")

    def check(self) -> None:
        """Leave doesn't end before it begins.

        Raises:
            Invalid: at ``on_leave_until``: ``ends-before-it-begins``.
        """
        begins, ends = self.on_leave_from, self.on_leave_until
        if begins is not None and ends is not None and ends < begins:
            raise Invalid("invalid", {"on_leave_until": Invalid("ends-before-it-begins")})


class UserPosition(Record):
    """A position (岗位) that a person holds in a unit."""

    __title__ = "Position held"
    __plural__ = "Positions held"
    __table_args__ = (UniqueConstraint("user_id", "position", "unit_id"),)
    user_id: Mapped[int] = link(User)
    position: Mapped[str] = field(
        max_length=100, index=True, pattern=r"[a-z][a-z0-9]*(-[a-z0-9]+)*", offered=positions,
    )  # fmt: skip
    unit_id: Mapped[int] = link(Unit)

    @computed("position")
    def position_title(self) -> Text:
        """The position as people call it."""
        return position_text(self.position)

    def display(self) -> str:
        return self.position


class UserRole(Record):
    """A role that an administrator gave to a person beyond those of their positions."""

    __title__ = "Role given"
    __plural__ = "Roles given"
    __table_args__ = (UniqueConstraint("user_id", "role"),)
    user_id: Mapped[int] = link(User)
    role: Mapped[str] = field(max_length=200, offered=roles)


class Delegation(Record):
    """What somebody gave another to do in their place for a time: positions that they hold themselves.

    It counts only for what the giver has held without a break since, so that it ends by itself with the last day, with
    the position, and with the giver's account. Made and ended by services alone.
    """

    __title__ = "Delegation"
    giver_id: Mapped[int] = link(User, label="Of whom")
    taker_id: Mapped[int] = link(User, label="To whom")
    positions: Mapped[str] = field(
        max_length=1000, help="Their keys, with spaces between", widget="several", offered=positions
    )
    held: Mapped[dict[str, Any]] = field(
        label="Held positions",
        readonly=True,
        help="Which positions held these are: the id of each, and when it was given",
    )
    from_day: Mapped[date] = field(label="From the day")
    until: Mapped[date] = field(label="Until and including", index=True)
    reason: Mapped[str] = field(max_length=500)
    ended_at: Mapped[datetime | None] = field(label="Ended early", readonly=True)
    ended_by_id: Mapped[int | None] = link(User, label="Ended by")

    def display(self) -> str:
        return f"{self.from_day.isoformat()} – {self.until.isoformat()}"


class AccessEpoch(Record):
    """How often people, units, positions, roles or delegations changed; one row, counted by the database itself.

    What was read of a person holds until this number moves.
    """

    __title__ = "Changes of access"
    __plural__ = "Changes of access"
    number: Mapped[int] = field(default=1, readonly=True)
