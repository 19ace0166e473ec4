"""``tenor plugin check``: the rules that a plugin keeps, and the rung that it so stands on."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tenor_sdk.i18n import Text, _
from tenor_sdk.testing.institution import Judged, provider

if TYPE_CHECKING:
    from tenor.cli.place import Place

#: the lowest first
RUNGS: Final[dict[str, Text]] = {
    "sound": _("sound"),
    "explained": _("explained"),
    "proven": _("proven"),
}
#: what isn't kept is told up to so many times
_MOST: Final = 5


def check(place: Place, options: argparse.Namespace) -> int:
    """Tell each rule; 1 where the plugin doesn't stand on the rung that is asked for."""
    judged = provider().quality(options.name, Path.cwd())
    for rung, title in RUNGS.items():
        place.say(title)
        for rule in (each for each in judged if each.rung == rung):
            _tell(place, rule)
    stands = standing(judged)
    below = _("{plugin} stands on no rung yet", plugin=options.name)
    place.say(_("{plugin} is {rung}", plugin=options.name, rung=RUNGS[stands]) if stands else below)
    order = list(RUNGS)
    return 0 if stands and order.index(stands) >= order.index(options.at_least) else 1


def standing(judged: Sequence[Judged]) -> str:
    """The highest rung all of whose rules are kept, and all below; empty where the first isn't."""
    fallen = {rule.rung for rule in judged if rule.broken}
    return next(reversed(list(takewhile(lambda rung: rung not in fallen, RUNGS))), "")


def _tell(place: Place, rule: Judged) -> None:
    place.say(f"  {'–' if rule.broken else '✓'} {place.text(rule.words)}")
    for each in rule.broken[:_MOST]:
        place.say(f"      {each}")
    if len(rule.broken) > _MOST:
        place.say(f"      {place.text(_('and {n} more', n=len(rule.broken) - _MOST))}")
