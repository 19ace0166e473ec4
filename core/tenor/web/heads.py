"""What the columns of a list are called, on its page and in a file made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tenor_sdk.records import words
from tenor_sdk.views import Path

if TYPE_CHECKING:
    from tenor.records import PageColumn
    from tenor.web.show import Show

#: fields by which a linked record is known
NAMES: Final = ("name", "number", "title", "subject")


def column_label(show: Show, column: PageColumn) -> str:
    """A column's label; of a linked record's name, what the link is called."""
    if isinstance(column.attribute, Path) and column.spec.key in NAMES:
        relation = column.attribute.steps[-2]
        return show.say(words(relation.key), relation.class_.__plugin__)
    return show.label(column.spec)
