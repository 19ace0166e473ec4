"""``tenor search``: records by words, pinyin or number, as a person who may see them; and their keys, made anew."""

from __future__ import annotations

import argparse

from tenor.cli.export import record_of
from tenor.cli.place import Place
from tenor.cli.words import Commands, command
from tenor.views import address
from tenor.views.merge import has_page
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import Text, _, ngettext

#: the word that isn't looked for, as it says what is to be done
_REBUILD = "rebuild"


def add(commands: Commands) -> None:
    parser = command(
        commands, "search", _search, "find records by words, pinyin or number; `rebuild` keys them anew"
    )  # fmt: skip
    parser.add_argument("text", help="what is looked for; `rebuild`: key all records anew")
    parser.add_argument("--record", default="", help="this kind only, such as notes.note")
    parser.add_argument("--limit", type=int, default=5, metavar="N", help="of each kind (5)")
    parser.add_argument("--as", dest="actor", metavar="LOGIN", help="who acts")
    parser.set_defaults(misspelt=parser.error)


def _search(place: Place, options: argparse.Namespace) -> int:
    if options.text == _REBUILD:
        return _rebuild(place, options)
    if not options.actor:
        options.misspelt("--as LOGIN: whoever searches finds what they may see")
    with place.acting(options.actor, write=False) as ctx:
        search = ctx.kernel.search
        asked = [record_of(ctx.kernel.declarations, options.record)] if options.record else None
        kinds = asked or [kind for kind in search.kinds if has_page(kind)]
        found = search.everywhere(ctx, options.text, max(1, options.limit), kinds)
        rows: list[list[Text | str]] = []
        for each in found:
            names = ctx.kernel.records.display_names(ctx, each.record, each.ids)
            rows += [
                [each.record.called(), names[one], address(each.record, one)] for one in each.ids
            ]
        if not rows:
            place.say(_("Nothing was found."))
            return 0
        place.table([_("Record"), _("Name"), _("Address")], rows)
        if any(each.more for each in found):
            place.say(
                _("There are more; only the first {n} of each kind are shown.", n=options.limit)
            )
    return 0


def _rebuild(place: Place, options: argparse.Namespace) -> int:
    with place.kernel() as kernel:
        kinds = kernel.search.kinds
        if options.record:
            record = record_of(kernel.declarations, options.record)
            if record not in kinds:
                raise NotFound("nothing-to-search")
            kinds = {record: kinds[record]}
        for kind in kinds.values():
            kernel.search.keeping.rebuild(kind)
        said = ngettext(
            "{n} kind of records was keyed anew.",
            "{n} kinds of records were keyed anew.",
            len(kinds),
        )
        place.say(said)
    return 0
