"""Each person's notices and mails are theirs alone: who reads them all reads what their rows hide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenor.notify.records import Mail, Notice
from tenor_sdk.access import EVERYBODY, Role, can

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from tenor_sdk.context import Actor


def _own_notices(actor: Actor) -> ColumnElement[bool]:
    return Notice.user_id == actor.id


def _own_mails(actor: Actor) -> ColumnElement[bool]:
    return Mail.user_id == actor.id


reader = Role(
    "Reader of one's own notices",
    can.read(Notice, scope=_own_notices),
    can.read(Mail, scope=_own_mails),
    positions=(EVERYBODY,),
)
