"""The kinds of notices of contracts."""

from __future__ import annotations

from typing import Final

from tenor_sdk.notify import NoticeKind

#: who has to look into it must hear of which contract, though it is of a case that isn't theirs
CONTRACT_CHANGED: Final = NoticeKind(
    name="contract-changed",
    title="A stored file of a contract was changed",
    beyond_rights=True,
)
