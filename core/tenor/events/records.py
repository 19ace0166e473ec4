"""The events that were told, as they stood: what runs after them reads them here. And of which changes plugins hear."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from tenor_sdk.fields import field
from tenor_sdk.records import Record


class OutboxEvent(Record):
    """Something that a plugin told the others, written in the transaction in which it happened."""

    __title__ = "Event"
    __journal__: ClassVar[bool] = True
    name: Mapped[str] = field(max_length=200, index=True, search=True)
    plugin: Mapped[str] = field(max_length=100)
    payload: Mapped[dict[str, Any]] = field(label="What it says")
    actor_id: Mapped[int] = field(label="Person", help="0 where a service acted")
    request_id: Mapped[str] = field(max_length=64, label="Request", index=True)


class Watch(Record):
    """A field of whose changes a plugin wants to hear. The database counts these rows' changes with those of access, so
    that every process knows at once, and asks for them no oftener than it has to."""

    __title__ = "Watched field"
    __journal__: ClassVar[bool] = True
    __table_args__ = (UniqueConstraint("plugin", "key"),)
    plugin: Mapped[str] = field(max_length=100)
    key: Mapped[str] = field(max_length=100, help="The plugin’s own word for it")
    kind: Mapped[str] = field(max_length=200, label="Record")
    name: Mapped[str] = field(max_length=200, label="Field")
    table_name: Mapped[str] = field(max_length=100, help="In which the field stands")
    stands_as: Mapped[str] = field(max_length=200, help="Its name in the ledger")


class Tally(Record):
    """How often a plugin counted something on a day. A journal: counting is its own record."""

    __title__ = "Tally"
    __journal__: ClassVar[bool] = True
    __table_args__ = (UniqueConstraint("plugin", "key", "day"),)
    plugin: Mapped[str] = field(max_length=100)
    key: Mapped[str] = field(max_length=100, help="The plugin’s own word for it")
    day: Mapped[date] = field()
    number: Mapped[int] = field()

    def display(self) -> str:
        return f"{self.key} {self.day.isoformat()}"


class Breaker(Record):
    """A callback of a plugin that kept failing and is left out for a while. The row stays when it is called again. The
    database counts the changes of these rows with those of access, so that every process knows at once."""

    __title__ = "Breaker"
    __journal__: ClassVar[bool] = True
    __table_args__ = (UniqueConstraint("plugin", "kind", "name"),)
    plugin: Mapped[str] = field(max_length=100, search=True)
    kind: Mapped[str] = field(max_length=20)
    name: Mapped[str] = field(max_length=300, label="Callback", search=True)
    plugin_version: Mapped[str] = field(
        max_length=64, label="Version", help="Another one is called again"
    )
    open: Mapped[bool] = field(default=True, label="Left out")
    since: Mapped[datetime] = field(label="Left out since")
    until: Mapped[datetime] = field(label="Tried again")
    tries: Mapped[int] = field(default=0, help="How often it was tried again since then")
    error: Mapped[str] = field(default="", widget="long-text")
    closed_at: Mapped[datetime | None] = field(label="Called again")
