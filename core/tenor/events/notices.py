"""What people are told of callbacks."""

from __future__ import annotations

from typing import Final

from tenor_sdk.notify import NoticeKind

#: nobody may switch it off, and it doesn't wait for the morning
LEFT_OUT: Final = NoticeKind(
    name="callback-left-out",
    title="A part of a plugin keeps failing and is left out",
    urgent=True,
    required=True,
)
