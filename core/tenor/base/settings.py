"""What an institution sets for the kernel's own records."""

from __future__ import annotations

from tenor_sdk.settings import Settings, setting


class BaseSettings(Settings):
    """The settings of the kernel's own plugin."""

    longest_delegation: int = setting(
        90,
        label="Longest delegation, in days",
        help="Counting the first and the last day. A longer one is refused; it can be made anew when it is over",
        minimum=1,
        maximum=366,
    )
