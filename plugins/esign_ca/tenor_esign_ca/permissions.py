"""Rights that aren't about one kind of record."""

from __future__ import annotations

from tenor_sdk import Permission

confirm_for_borrower = Permission(title="Confirm the borrower's signature by a one-time code")
verify_signatures = Permission(title="Verify signed contracts")
