from __future__ import annotations

from sqlalchemy.orm import Mapped

from tenor_sdk import Amount, Discussed, Owned, Record, field
from tenor_sdk.records import state_field


class Motion(Record, Owned, Discussed):
    """Something that several people decide."""

    subject: Mapped[str] = field(max_length=200)
    amount: Mapped[Amount] = field(default=Amount(0))
    party_id: Mapped[int | None] = field(help="The member who is party to it")
    named: Mapped[str] = field(max_length=200, default="", help="Ids of who decides it")
    conditions: Mapped[str] = field(default="")
    state: Mapped[str] = state_field("draft")


class Relative(Record):
    """Who of the committee is whose relative; read by nobody but the rule."""

    member_id: Mapped[int] = field()
    words: Mapped[str] = field(max_length=200)
