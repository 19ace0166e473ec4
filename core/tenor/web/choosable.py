"""What the chosen rows of a list can be put to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tenor.records.paging import CAP
from tenor.views import address
from tenor_sdk.i18n import _, ngettext
from tenor_sdk.records import Archivable, Owned

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.records import FieldSpec
    from tenor.web.web import Web
    from tenor_sdk.records import Record

Values = dict[str, Any]
#: buttons for steps
_STEPS: Final = 4
#: kinds of fields that one value makes sense of for many
_ALIKE: Final = ("text", "choice", "boolean", "date", "link", "integer", "rate", "long-text")


def choose_of(
    web: Web, ctx: KernelContext, kind: type[Record], query: str, count: int
) -> Values | None:
    """What the chosen rows of a list can be put to; None where this person can do nothing with many.

    Args:
        query: what the list shows, for all of it to be chosen.
    """
    show, path = web.show(ctx), f"{address(kind)}/bulk"
    actions = [
        {"label": show.say(how.title, how.plugin), "to": f"{path}/transition/{how.name}?step=ask"}
        for how in web.kernel.views.bulk.transitions(ctx, kind)[:_STEPS]
    ]
    if ctx.may(kind, "update"):
        keys = {spec.key for spec in alike(web, ctx, kind)}
        if issubclass(kind, Owned) and "owner_id" in keys:
            actions.append(
                {"label": show.say(_("Hand over…")), "to": f"{path}/field/owner_id?step=ask"}
            )
        if keys:
            actions.append(
                {"label": show.say(_("Change a field…")), "to": f"{path}/field?step=ask"}
            )
        if issubclass(kind, Archivable):
            actions.append({"label": show.say(_("Archive")), "to": f"{path}/archive"})
            if "archived=true" in query:
                actions.append({"label": show.say(_("Bring back")), "to": f"{path}/restore"})
    if ctx.may(kind, "export"):
        actions.append({"label": show.say(_("Export as XLSX")), "to": f"{path}/export/xlsx"})
    if not actions:
        return None
    made: Values = {"action": path, "actions": actions, "query": query}
    if count > CAP:
        made["all"] = show.say(_("all {n}+ of the filter", n=f"{CAP:,}"))
    elif count:
        made["all"] = show.say(ngettext("all {n} of the filter", "all {n} of the filter", count))
    return made


def alike(web: Web, ctx: KernelContext, kind: type[Record]) -> list[FieldSpec]:
    """The fields that somebody may give one value in many records: which of them have it already is told, so that they
    have to be seen."""
    found = web.kernel.records.writable(ctx, kind)
    effects = web.kernel.access.field_effects(ctx, kind, None)
    return [
        spec
        for spec in found
        if spec.kind in _ALIKE
        and spec.attribute is not None
        and not spec.info.mask
        and not spec.info.secret
        and effects.get(spec.key) not in ("hide", "mask")
    ]
