"""``tenor audit``: whether the ledger is what it was when it was sealed."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tenor.cli import ledger, stamping
from tenor.cli.place import Place
from tenor.cli.words import Commands, as_person, command, group
from tenor_sdk.errors import Conflict
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tenor.context import KernelContext


def add(commands: Commands) -> None:
    audit = group(commands, "audit", "verify and seal the ledger")
    verify = command(audit, "verify", _verify, "check every sealed entry and the chain of seals")
    verify.add_argument(
        "--roots", type=Path, metavar="FILE", help="what `tenor audit roots` said earlier, kept off this machine"
    )  # fmt: skip
    verify.add_argument(
        "--archive", type=Path, metavar="FILE", action="append", default=[], help="of entries that were taken out"
    )  # fmt: skip
    verify.add_argument(
        "--certificates", type=Path, metavar="FILE",
        help="of the time stamp authority, in PEM form, from elsewhere: believed instead of those in the settings",
    )  # fmt: skip
    verify.add_argument(
        "--times", action="store_true", help="say of each seal by when it surely existed"
    )
    command(audit, "seal", _seal, "seal what isn't sealed yet")
    command(audit, "roots", _roots, "number and digest of each seal, to be kept off this machine")
    ledger.add(audit)
    stamping.add(audit)
    command(
        audit, "erase", _erase, "erase in the ledger what two people decided to erase, as its owner"
    )
    retire = command(
        audit,
        "retire",
        _retire,
        "take out what is older than it must be kept, into an archive, as its owner",
    )
    retire.add_argument("archive", type=Path, metavar="ARCHIVE", help="a new file; keep it")
    anchor = command(audit, "anchor", _anchor, "keep the roots outside: add the new ones to a file")
    anchor.add_argument(
        "file", type=Path, metavar="FILE", help="on another machine's disk, or write-once"
    )
    as_person(
        command(audit, "rebase", _rebase, "begin the seals anew, once, after a restored dump")
    )


def _erase(place: Place, options: argparse.Namespace) -> int:
    del options
    with _owner(place) as (ctx, connection):
        count = ctx.kernel.audit.erase(ctx, connection)
    place.say(_("{n} values erased in the ledger.", n=count))
    return 0


def _retire(place: Place, options: argparse.Namespace) -> int:
    from tenor.audit.retiring import Retention
    from tenor.base.settings import BaseSettings

    if options.archive.exists():
        raise Conflict("archive-exists", name=str(options.archive))
    with _owner(place) as (ctx, connection):
        said = ctx.settings(BaseSettings)
        kept = Retention.of(said.ledger_years, said.ledger_years_of)
        count = ctx.kernel.audit.retire(ctx, connection, options.archive, kept)
    place.say(_("{n} entries taken out of the ledger.", n=count))
    return 0


@contextmanager
def _owner(place: Place) -> Iterator[tuple[KernelContext, Connection]]:
    """The kernel, and a transaction of whoever owns the tables."""
    from tenor.loader.state import connected

    with (
        place.acting("system", write=False) as ctx,
        connected(place.settings.owner) as connection,
        connection.begin(),
    ):
        yield ctx, connection


def _anchor(place: Place, options: argparse.Namespace) -> int:
    """The roots since the last time; what was kept before must still hold."""
    with place.kernel() as kernel:
        roots = kernel.audit.roots()
    kept = kept_roots(options.file) if options.file.exists() else {}
    now = dict(roots)
    changed = [number for number, digest in kept.items() if now.get(number) != digest]
    if changed:
        place.say(_("Seal {n} isn't what was kept. Run tenor audit verify --roots.", n=changed[0]))
        return 1
    fresh = [(number, digest) for number, digest in roots if number not in kept]
    with options.file.open("a", encoding="utf-8") as file:
        file.writelines(f"{number} {digest}\n" for number, digest in fresh)
    place.say(_("{n} roots kept.", n=len(fresh)))
    return 0


def _verify(place: Place, options: argparse.Namespace) -> int:
    kept = kept_roots(options.roots) if options.roots else {}
    return tell_whole(place, kept, options.certificates, options.archive, times=options.times)


def tell_whole(
    place: Place,
    kept: Mapping[int, str],
    certificates: Path | None = None,
    archives: Sequence[Path] = (),
    *,
    times: bool = False,
) -> int:
    """Check the ledger, and say what was found; the exit status.

    Args:
        kept: digests of seals by number, from where they were kept.
        certificates: of the time stamp authority, believed instead of those in the settings.
        archives: of entries that were taken out.
        times: whether to say of each seal by when it surely existed.
    """
    from tenor.base.stamping import times_of, told_of, trust_of

    with place.kernel() as kernel:
        with kernel.context(kernel.access.system_actor(), write=False) as ctx:
            trust = trust_of(
                ctx, certificates.read_text("ascii", "replace") if certificates else ""
            )
        verdict = kernel.audit.verify(kept, trust)
        proved = kernel.audit.proved(archives)
    for finding in verdict.findings:
        place.say(str(finding))
    if certificates:
        place.say(_("Time stamps were checked with {file}.", file=str(certificates)))
    for text in (*(times_of(verdict.stamps) if times else ()), *told_of(verdict.stamps)):
        place.say(text)
    for text in _could_change(place):
        place.say(text)
    if verdict.unnumbered:
        said = _(
            "{n} entries are under seals that don't prove their numbers.", n=verdict.unnumbered
        )
        place.say(said)
    if verdict.unread:
        place.say(
            _("{n} rows of journals weren't checked: their plugin isn't enabled.", n=verdict.unread)
        )
    figures = {"entries": verdict.entries, "seals": verdict.seals, "unsealed": verdict.unsealed}
    if verdict.findings:
        place.say(
            _("The ledger is NOT whole: {entries} entries in {seals} seals checked.", **figures)
        )
        return 1
    if verdict.erased:
        place.say(_("{n} values were lawfully erased.", n=verdict.erased))
    if verdict.retired:
        told = {"n": verdict.retired, "proved": proved}
        place.say(
            _("{n} entries were taken out, {proved} of them proved by the archives shown.", **told)
        )
    place.say(
        _("The ledger is whole: {entries} entries in {seals} seals, {unsealed} not yet sealed.", **figures)
    )  # fmt: skip
    return 0


def _could_change(place: Place) -> Iterator[Text]:
    """Whether who runs this could change what was checked."""
    from tenor.loader.ledger_rights import open_tables
    from tenor.loader.state import connected

    with connected(place.settings.database) as connection:
        role, tables = open_tables(connection)
    if tables:
        yield _(
            "The role {role} of the site could change {n} tables of the ledger.",
            role=role,
            n=len(tables),
        )


def _seal(place: Place, options: argparse.Namespace) -> int:
    del options
    with place.kernel() as kernel:
        place.say(_("{n} entries sealed.", n=kernel.audit.seal()))
    return 0


def kept_roots(file: Path) -> dict[int, str]:
    """What `tenor audit roots` or `anchor` wrote: digests of seals by number."""
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
