"""What an institution may set for applications."""

from __future__ import annotations

from tenor_sdk import Amount, Settings, setting


class OriginationSettings(Settings):
    """Applications."""

    single_approver_up_to: Amount = setting(
        Amount.of("10000000"),
        label="One approver suffices up to",
        help="In CNY; above it, and in any other currency, two distinct people approve. "
        "Counts until the institution publishes who decides",
        minimum=Amount(0),
    )
