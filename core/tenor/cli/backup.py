"""``tenor backup`` and ``tenor restore``: the whole institution in one file, and back."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from tenor.cli.audit import kept_roots, tell_whole
from tenor.cli.place import Place
from tenor.cli.safe_mode import switch
from tenor.cli.words import Commands, command
from tenor.clock import Clock
from tenor.loader.backup import About, back_up
from tenor.loader.lifecycle import plan_upgrade
from tenor.loader.loader import Loader
from tenor.loader.restoring import restore
from tenor_sdk.i18n import _


def add(commands: Commands) -> None:
    parser = command(
        commands, "backup", _backup, "copy the whole institution into one file, while it runs"
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a new file; keep it elsewhere")
    parser.add_argument(
        "--without-key", action="store_true", help="leave the secret key out: you keep it elsewhere"
    )
    parser = command(
        commands, "restore", _restore, "put a backup into an empty place, and check its ledger"
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="what tenor backup made")
    parser.add_argument(
        "--roots", type=Path, metavar="FILE", help="what `tenor audit roots` said earlier, kept off this machine"
    )  # fmt: skip


def _backup(place: Place, options: argparse.Namespace) -> int:
    settings = place.settings
    clock = Clock(settings.time_zone)
    made = back_up(settings, options.file, clock, key=not options.without_key)
    size = options.file.stat().st_size
    place.say(
        _("{file}: the database, {n} files, {size} bytes.", file=str(options.file), n=made.files, size=size)
    )  # fmt: skip
    return _missing(place, made.missing)


def _missing(place: Place, digests: tuple[str, ...]) -> int:
    """Say which files the database names in vain; the exit status."""
    for digest in digests:
        place.say(_("The file {digest} isn't in the store.", digest=digest))
    return 1 if digests else 0


def _restore(place: Place, options: argparse.Namespace) -> int:
    kept = kept_roots(options.roots) if options.roots else {}
    about, missing = restore(place.settings, options.file)
    place.say(
        _("{institution}, as it was at {at}.", institution=about.institution, at=about.taken_at)
    )
    status = _missing(place, missing)
    if plan_upgrade(Loader(place.settings)).steps:
        place.say(
            _(
                "What is installed here is newer. First run tenor plugin upgrade, audit rebase and audit verify."
            )
        )
        return status
    _note(place, about)
    status = tell_whole(place, _to_hold(place, about, kept)) or status
    switch(place, "system", f"restored, as of {about.taken_at}")
    place.say(_("It is in safe mode: nothing goes out before you say tenor safe-mode off."))
    return status


def _to_hold(place: Place, about: About, kept: Mapping[int, str]) -> Mapping[int, str]:
    """The seals that must be in it: what was kept elsewhere goes before what the backup says itself. Later ones can't
    be in it, and that is said."""
    last, digest = about.seal or (0, "")
    later = [number for number in kept if number > last]
    if later:
        place.say(_("{n} seals came after the backup: what they sealed isn't in it.", n=len(later)))
    before = {number: said for number, said in kept.items() if number <= last}
    return {last: digest, **before} if last else {}


def _note(place: Place, about: About) -> None:
    """Enter it in the ledger; where the database counts transactions anew, the seals begin anew with it."""
    with place.acting("system", write=True) as ctx:
        ctx.kernel.audit.note(ctx, "institution-restored", taken_at=about.taken_at)
        if about.kind == "postgresql":
            ctx.kernel.audit.rebase(ctx)
