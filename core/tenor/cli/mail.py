"""``tenor mail``: the addresses that bounce, and the door for what mail servers send back."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from typing import Final

from sqlalchemy.exc import OperationalError

from tenor.cli.place import Place
from tenor.cli.words import Commands, as_person, command, group
from tenor.loader.failures import BootError
from tenor.notify.access import keep_notices
from tenor_sdk.errors import Conflict
from tenor_sdk.i18n import Text, _

log = logging.getLogger(__name__)

#: by which a mail server keeps a message and hands it in again (EX_TEMPFAIL); any other failure has it thrown away
_LATER: Final = 75


def add(commands: Commands) -> None:
    mail = group(commands, "mail", "take in mails that came back, list and lift what bounces")
    bounced = command(
        mail, "bounced", _bounced, "take in a mail server's report (RFC 3464), as an MTA's pipe"
    )
    bounced.add_argument(
        "file", nargs="?", type=Path, help="the message (by default standard input)"
    )
    as_person(command(mail, "list", _list, "the addresses that bounce, and why"))
    lifting = command(mail, "lift", _lift, "send to an address again")
    lifting.add_argument("address")
    as_person(lifting)


def _bounced(place: Place, options: argparse.Namespace) -> int:
    raw = options.file.read_bytes() if options.file is not None else sys.stdin.buffer.read()
    try:
        with place.acting("system", write=True) as ctx:
            reports = ctx.kernel.notify.bounces.take_report(ctx, raw)
    except (BootError, OperationalError, Conflict):  # a conflict: others write for so long
        log.exception("the report wasn't taken in")
        place.say(_("The report can’t be taken in now; hand it in again."))
        return _LATER
    for report in reports:
        place.say(_told(report.address, report.reason, failed=report.failed, gone=report.gone))
    return 0


def _told(address: str, reason: str, *, failed: bool, gone: bool) -> Text:
    if not failed:
        return _("The mail to {address} is late; nothing is done.", address=address)
    if gone:
        return _("Mails to {address} come back: {reason}", address=address, reason=reason)
    return _("The mail to {address} came back: {reason}", address=address, reason=reason)


def _list(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=False) as ctx:
        ctx.kernel.access.check_use(ctx, keep_notices, None)
        rows = ctx.kernel.notify.bounces.listed(ctx)
    if rows:
        place.table((_("Address"), _("Problem")), rows)
    else:
        place.say(_("No address bounces."))
    return 0


def _lift(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=True) as ctx:
        ctx.kernel.access.check_use(ctx, keep_notices, None)
        ctx.kernel.notify.bounces.lift(ctx, options.address)
    place.say(_("Mails go to {address} again.", address=options.address))
    return 0
