"""What tags tell the others."""

from tenor_sdk import Event


class TagsChanged(Event):
    """A customer carries other tags than before.

    Attributes:
        tags: codes of those that it carries now.
        priority: the highest among them; 0 for none.
    """

    customer_id: int
    tags: list[str]
    priority: int
