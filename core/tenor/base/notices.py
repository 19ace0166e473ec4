"""What people are told of those who stand in for others."""

from __future__ import annotations

from typing import Final

from tenor_sdk.notify import NoticeKind

DELEGATION: Final = NoticeKind(name="delegation", title="Somebody stands in for another")
