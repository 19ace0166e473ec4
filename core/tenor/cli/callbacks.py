"""``tenor callbacks``: where providers may call back."""

from __future__ import annotations

import argparse

from tenor.cli.place import Place
from tenor.cli.words import Commands, command
from tenor_sdk.i18n import Text, _


def add(commands: Commands) -> None:
    command(commands, "callbacks", _callbacks, "where providers may call back, to be told to them")


def _callbacks(place: Place, options: argparse.Namespace) -> int:
    del options
    with place.acting("system", write=False) as ctx:
        offered = ctx.kernel.drivers.callbacks.offered(ctx)
    rows: list[tuple[Text | str, Text | str, str]] = [
        (Text(each.kind.title, module=each.kind.origin.module), driver or _("none is chosen"), at)
        for each, driver, at in offered
    ]
    if rows:
        place.table((_("Kind of service"), _("Driver"), _("Address")), rows)
    else:
        place.say(_("No plugin that runs has providers that call back."))
    return 0
