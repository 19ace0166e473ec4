"""``tenor audit authority`` and ``tenor audit stamp``: who stamps the seals, and a time stamp at once."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tenor.cli.place import Place
from tenor.cli.words import as_person, command
from tenor_sdk.errors import NotFound, Refused
from tenor_sdk.i18n import _


def add(audit: Any) -> None:
    """The words below ``tenor audit``."""
    chosen = command(audit, "authority", _authority, "set who stamps the seals (RFC 3161)")
    chosen.add_argument("address", metavar="ADDRESS", help="such as https://tsa.example/tsr")
    chosen.add_argument(
        "certificates", type=Path, metavar="FILE", help="its root certificates, in PEM form"
    )
    chosen.add_argument(
        "--policy", default="", metavar="OID", help="that each time stamp must name"
    )
    as_person(chosen, default=None)
    command(audit, "stamp", _stamp, "have the last seal stamped now, not at the next full hour")


def _authority(place: Place, options: argparse.Namespace) -> int:
    from tenor.base.settings import BaseSettings

    given = {
        "stamp_authority": options.address,
        "stamp_certificates": options.certificates.read_text("ascii"),
        "stamp_policy": options.policy,
    }
    with place.acting(options.actor, write=True) as ctx:
        for name, value in given.items():
            ctx.kernel.plugin_settings.set(ctx, BaseSettings, name, value)
    place.say(_("The seals go to {address}.", address=options.address))
    return 0


def _stamp(place: Place, options: argparse.Namespace) -> int:
    del options
    from tenor.audit.authority import NoAnswer
    from tenor.audit.trust import BadToken
    from tenor.base.stamping import authority_of, stamp_now

    with place.kernel() as kernel:
        with kernel.context(kernel.access.system_actor(), write=False) as ctx:
            authority = authority_of(ctx)
        if authority is None:
            raise NotFound("no-time-stamp-authority")
        try:
            number = stamp_now(kernel, authority)
        except (NoAnswer, BadToken) as error:
            raise Refused("no-time-stamp", problem=str(error)) from error
    said = _("Seal {n} is stamped.", n=number) if number else _("There is no seal to be stamped.")
    place.say(said)
    return 0
