"""What the keyboard does: declared here once, for the sheet that tells of it. What a key presses says so itself, in its
``aria-keyshortcuts``; a shortcut whose place isn't on the page isn't on its sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor_sdk.i18n import Text


@dataclass(frozen=True)
class Shortcut:
    """A key, or some together.

    Args:
        letter: whether it is a single character, which a person may switch off.
        place: what must be on the page, as a selector; empty where it always works.
    """

    keys: tuple[Text | str, ...]
    title: Text
    letter: bool = False
    place: str = ""


def _letter(key: str, title: Text) -> Shortcut:
    return Shortcut((key.upper(),), title, letter=True, place=f'[aria-keyshortcuts="{key}"]')


_ROWS: Final = "[data-t-rows] tbody tr[data-href]"
EVERYWHERE: Final = (
    Shortcut(("Ctrl", "K"), _("Find a record, a menu, an action")),
    Shortcut(("?",), _("Show this sheet"), letter=True),
    Shortcut(("Esc",), _("Close what is open")),
)
#: of each kind of page
PAGES: Final = {
    "list": (
        (_("In lists")),
        (
            Shortcut(("↑", "↓"), _("Go to the row above or below"), place=_ROWS),
            Shortcut((_("Space"),), _("Choose the row"), place=".t-table td.is-select"),
            Shortcut(("↵",), _("Open the row"), place=_ROWS),
            _letter("/", _("Search this list")),
            _letter("n", _("Make a new one")),
        ),
    ),
    "record": (_("On the page of a record"), (_letter("e", _("Change it")),)),
    "form": (_("In forms"), (Shortcut(("Ctrl", "↵"), _("Save, or go on")),)),
}
