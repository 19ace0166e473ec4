"""The events that were told, as they stood; what runs after them reads them here."""

from __future__ import annotations

from typing import Any, ClassVar

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
