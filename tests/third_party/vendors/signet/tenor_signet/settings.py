"""Where Signet's machine is."""

from __future__ import annotations

from tenor_sdk import Settings, setting


class SignetSettings(Settings):
    """The account with Signet."""

    address: str = setting("", label="Address of the account at Signet")
