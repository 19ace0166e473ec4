"""The kinds of notices of this room."""

from __future__ import annotations

from typing import Final

from tenor_sdk.notify import NoticeKind

#: what is told without a kind
OTHER: Final = NoticeKind(name="other", title="Other news")
BOUNCE: Final = NoticeKind(name="bounce", title="Mails to me come back", mail="none")
