"""What the API remembers of requests that may come twice."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from tenor_sdk.fields import field
from tenor_sdk.records import Record


class KeyedRequest(Record):
    """A request that came with an ``Idempotency-Key``, and the answer that it got: the same key gets it again."""

    __title__ = "Keyed request"
    __journal__: ClassVar[bool] = True
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    user_id: Mapped[int] = field()
    key: Mapped[str] = field(max_length=200)
    fingerprint: Mapped[str] = field(max_length=64, help="Of method, address and body")
    status: Mapped[int] = field(default=0)
    body: Mapped[dict[str, Any] | None] = field()
