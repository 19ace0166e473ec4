"""The kinds of notices of loans."""

from __future__ import annotations

from typing import Final

from tenor_sdk.notify import NoticeKind

PAYMENT_DUE: Final = NoticeKind(name="payment-due", title="A borrower of mine must pay soon")
