"""``tenor audit``: whether the ledger is what it was when it was sealed."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from tenor.cli.place import Place
from tenor.cli.words import Commands, as_person, command, group
from tenor_sdk.i18n import _


def add(commands: Commands) -> None:
    audit = group(commands, "audit", "verify and seal the ledger")
    verify = command(audit, "verify", _verify, "check every sealed entry and the chain of seals")
    verify.add_argument(
        "--roots", type=Path, metavar="FILE", help="what `tenor audit roots` said earlier, kept off this machine"
    )  # fmt: skip
    command(audit, "seal", _seal, "seal what isn't sealed yet")
    command(audit, "roots", _roots, "number and digest of each seal, to be kept off this machine")
    as_person(
        command(audit, "rebase", _rebase, "begin the seals anew, once, after a restored dump")
    )


def _verify(place: Place, options: argparse.Namespace) -> int:
    kept = _kept(options.roots) if options.roots else None
    with place.kernel() as kernel:
        verdict = kernel.audit.verify(kept)
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


def _kept(file: Path) -> Mapping[int, str]:
    lines = (line.split() for line in file.read_text("utf-8").splitlines() if line.strip())
    return {int(number): digest for number, digest in lines}


def _roots(place: Place, options: argparse.Namespace) -> int:
    del options
    with place.kernel() as kernel:
        for number, digest in kernel.audit.roots():
            place.say(f"{number} {digest}")
    return 0


def _rebase(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=True) as ctx:
        place.say(_("{n} entries sealed.", n=ctx.kernel.audit.rebase(ctx)))
    return 0
