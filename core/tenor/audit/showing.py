"""What of an entry a person is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tenor.audit.set_based import BULK

if TYPE_CHECKING:
    from tenor.audit.audit import Entry

#: effects of rules about fields that keep a value from being shown
SHUT: Final = ("hide", "mask")
#: entries that tell of fields alone
_CHANGES: Final = ("update", f"{BULK}update")


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


def less(found: Entry, effects: Mapping[str, str]) -> Entry | None:
    """An entry less what a rule hides; None where it would tell that something hidden was changed, and nothing else."""
    # of custom fields, ``custom.<key>``, the rule about their column holds
    left = {
        name: pair
        for name, pair in found.changes.items()
        if effects.get(name.partition(".")[0]) != "hide"
    }
    if len(left) == len(found.changes):
        return found
    return replace(found, changes=left) if left or found.kind not in _CHANGES else None
