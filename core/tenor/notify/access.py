"""Each person's notices and mails are theirs alone: who reads them all reads what their rows hide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenor.notify.records import (
    BouncedAddress,
    HeldNotice,
    Mail,
    Notice,
    NoticeChoice,
    NoticeDefault,
    QuietHours,
)
from tenor_sdk.access import ADMINISTRATOR, EVERYBODY, Permission, Role, can

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from tenor_sdk.context import Actor


keep_notices = Permission(title="Look after notices and the addresses that bounce")


def _own_notices(actor: Actor) -> ColumnElement[bool]:
    return Notice.user_id == actor.id


def _own_mails(actor: Actor) -> ColumnElement[bool]:
    return Mail.user_id == actor.id


def _own_choices(actor: Actor) -> ColumnElement[bool]:
    return NoticeChoice.user_id == actor.id


def _own_held(actor: Actor) -> ColumnElement[bool]:
    return HeldNotice.user_id == actor.id


def _own_quiet_hours(actor: Actor) -> ColumnElement[bool]:
    return QuietHours.user_id == actor.id


reader = Role(
    "Reader of one's own notices",
    can.read(Notice, scope=_own_notices),
    can.read(Mail, scope=_own_mails),
    can.read(HeldNotice, scope=_own_held),
    can.read(NoticeChoice, scope=_own_choices),
    can.read(QuietHours, scope=_own_quiet_hours),
    can.read(NoticeDefault),
    positions=(EVERYBODY,),
)
#: who removes an address from those that bounce has mails sent to it again
keeper = Role(
    "Keeper of notices",
    can.edit(NoticeDefault),
    can.delete(NoticeDefault),
    can.read(BouncedAddress),
    can.delete(BouncedAddress),
    can.use(keep_notices),
    positions=(ADMINISTRATOR,),
)
