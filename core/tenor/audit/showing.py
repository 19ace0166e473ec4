"""What of an entry a person is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tenor.audit.audit import Entry

#: effects of rules about fields that keep a value from being shown
SHUT: Final = ("hide", "mask")


def without(found: Entry, effects: Mapping[str, str] | None) -> Entry:
    """An entry without what isn't shown.

    Args:
        effects: of rules about the fields of its record; None where nobody in service knows the record: then nothing of
            it is shown.
    """
    if effects is None and found.table_name:
        shut = set(found.changes)
    else:
        # of custom fields, ``custom.<key>``, the rule about their column holds
        rules = {name for name, effect in (effects or {}).items() if effect in SHUT}
        shut = {name for name in found.changes if name.partition(".")[0] in rules}
    if not shut:
        return found
    changes = {
        name: ["••••" if value is not None else None for value in pair] if name in shut else pair
        for name, pair in found.changes.items()
    }
    return replace(found, changes=changes)
