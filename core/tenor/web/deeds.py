"""What a person can do by an address alone: the buttons of a record and of a list, as the palette offers them.

Whatever a button posts at once is reached by the page that asks first; what has no such page stays a button.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tenor.imports.plan import importable
from tenor.views import address
from tenor.web.buttons import Offers
from tenor.web.listed import may_make
from tenor_sdk.i18n import _
from tenor_sdk.views import ListView

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.records import Record

#: pages that a button leads to, what moves a record before what looks at it
_ASKS_FIRST: Final = ("transitions", "actions", "edit", "why", "delete")
_ICON: Final = "chevron-right"


@dataclass(frozen=True)
class Doable:
    """Something to be done.

    Args:
        key: by which it is done on its own page.
    """

    label: str
    href: str
    icon: str = _ICON
    key: str = ""


def deeds_of_record(web: Web, ctx: KernelContext, show: Show, record: Record) -> list[Doable]:
    """The buttons of a record that this person may press now."""
    found = []
    for button in Offers(web, ctx, show, record).actions():
        href = button.get("href") or button.get("post", "")
        asking = [each for each in _ASKS_FIRST if each in href.split("/")[-2:]]
        if asking and not button.get("refused"):
            icon, key = button.get("icon") or _ICON, button.get("letter", "")
            found.append((_ASKS_FIRST.index(asking[0]), Doable(button["label"], href, icon, key)))
    return [doable for _rank, doable in sorted(found, key=lambda one: one[0])]


def deeds_of_list(web: Web, ctx: KernelContext, show: Show, kind: type[Record]) -> list[Doable]:
    """The buttons of a list, but for those that take it out."""
    return list(_of_list(web, ctx, show, kind, known=False))


def deeds_of_menus(web: Web, ctx: KernelContext, show: Show) -> Iterator[Doable]:
    """The buttons of each list that a menu leads to."""
    menus = web.kernel.views.menus
    kinds = dict.fromkeys(menu.view.record for menu in menus if isinstance(menu.view, ListView))
    for kind in kinds:
        if ctx.may(kind, "read"):
            yield from _of_list(web, ctx, show, kind, known=True)


def _of_list(
    web: Web, ctx: KernelContext, show: Show, kind: type[Record], *, known: bool
) -> Iterator[Doable]:
    """Args: known: whether the words are to say of which list it is."""
    path = address(kind)
    if may_make(web, ctx, kind):
        yield Doable(
            show.new_one(kind),
            f"{path}/new",
            "plus",
            "n",
        )
        if importable(kind):
            words = _("Import: {what}", what=show.plural(kind)) if known else _("Import")
            yield Doable(show.say(words), f"{path}/import", "upload")
    for action in web.kernel.views.actions_on(kind, on_list=True):
        if web.kernel.views.may_act(ctx, action, None):
            yield Doable(show.say(action.title, action.plugin), f"{path}/actions/{action.name}")
