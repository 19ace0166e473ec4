"""What an administrator sets."""

from tenor_sdk import Settings, setting


class ErrandSettings(Settings):
    """How errands are run here."""

    most_open: int = setting(
        3,
        label="Most errands under way",
        help="How many errands of one person may be under way at a time.",
        minimum=1,
        maximum=50,
    )
