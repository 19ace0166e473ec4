"""What people are told of their lists."""

from __future__ import annotations

from typing import Final

from tenor_sdk.notify import NoticeKind

BULK_DONE: Final = NoticeKind(
    name="bulk-done", title="What I changed in many records is done", mail="none"
)
