"""What an institution may set."""

from __future__ import annotations

from tenor_sdk import Settings, setting


class SiteCheckSettings(Settings):
    """How young a check must be."""

    days: int = setting(
        180, label="Days for which a site check counts", minimum=1, maximum=730
    )  # fmt: skip
