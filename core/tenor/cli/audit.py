"""``tenor audit``: whether the ledger is what it was when it was sealed."""

from __future__ import annotations

import argparse

from tenor.cli.place import Place
from tenor.cli.words import Commands, command, group
from tenor_sdk.i18n import _


def add(commands: Commands) -> None:
    audit = group(commands, "audit", "verify and seal the ledger")
    command(audit, "verify", _verify, "check every sealed entry and the chain of seals")
    command(audit, "seal", _seal, "seal what isn't sealed yet")


def _verify(place: Place, options: argparse.Namespace) -> int:
    del options
    with place.kernel() as kernel:
        verdict = kernel.audit.verify()
    for finding in verdict.findings:
        place.say(str(finding))
    figures = {"entries": verdict.entries, "seals": verdict.seals, "unsealed": verdict.unsealed}
    if verdict.findings:
        place.say(
            _("The ledger is NOT whole: {entries} entries in {seals} seals checked.", **figures)
        )
        return 1
    place.say(
        _("The ledger is whole: {entries} entries in {seals} seals, {unsealed} not yet sealed.", **figures)
    )  # fmt: skip
    return 0


def _seal(place: Place, options: argparse.Namespace) -> int:
    del options
    with place.kernel() as kernel:
        place.say(_("{n} entries sealed.", n=kernel.audit.seal()))
    return 0
