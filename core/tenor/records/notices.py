"""What people are told of records that they follow, or are mentioned on."""

from __future__ import annotations

from typing import Final

from tenor_sdk.notify import NoticeKind

FOLLOWED: Final = NoticeKind(
    name="followed", title="Something happened on what I follow", mail="digest"
)
MENTIONED: Final = NoticeKind(name="mentioned", title="Somebody mentions me")
