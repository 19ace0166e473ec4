"""Time stamps of the seals, by what the institution set: from the hourly job, and at once from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from sqlalchemy import exists, select

from tenor.audit import stamps
from tenor.audit.stamps import Authority
from tenor.audit.trust import Trust
from tenor.base.settings import BaseSettings, check_certificates
from tenor.jobs.leases import job
from tenor.jobs.records import READY
from tenor_sdk.i18n import Text, _
from tenor_sdk.jobs import outside

if TYPE_CHECKING:
    from tenor.audit.verdict import Stamps
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor_sdk.context import Context


def trust_of(ctx: KernelContext, given: str = "") -> Trust | None:
    """Whose time stamps are believed; None where the institution set no certificates.

    Args:
        given: certificates in PEM form that are believed instead. Who can change the database can change the settings.

    Raises:
        Invalid: ``not-certificates``: those that are given.
    """
    check_certificates(given)
    said = ctx.settings(BaseSettings)
    believed = given if given.strip() else said.stamp_certificates
    if not believed.strip():
        return None
    from tenor.audit.tokens import certificates

    return Trust(certificates(believed), said.stamp_policy)


def authority_of(ctx: KernelContext) -> Authority | None:
    """Who stamps the institution's seals; None where it didn't set both address and certificates."""
    address, trust = ctx.settings(BaseSettings).stamp_authority, trust_of(ctx)
    return Authority(address, trust) if address and trust is not None else None


def stamp_within(ctx: KernelContext, name: str) -> None:
    """Stamp the last seal, in a job.

    Args:
        name: the job's; while an earlier run of it waits for its next try, that one does it.

    Raises:
        NoAnswer, BadToken: so that it is tried again later.
    """
    authority = authority_of(ctx)
    kernel, execute = ctx.kernel, partial(ctx.kernel.db.execute, ctx.guarded)
    waits = exists().where(job.c.name == name, job.c.state == READY, job.c.failures > 0)
    if authority is None or execute(select(waits)).scalar_one():
        return
    seal = stamps.unstamped(execute)
    if seal is None:
        return
    # an answer that was lost on the way is asked for again: two time stamps do no harm, and one is kept
    told = outside(
        cast("Context", ctx),
        f"stamp-seal-{seal.number}",
        lambda _key: stamps.fetch(authority, seal, kernel.clock),
        ask=lambda _key: None,
    )
    stamps.keep(execute, kernel.db.dialect, seal, told)


def stamp_now(kernel: Kernel, authority: Authority) -> int | None:
    """Stamp the last seal at once, with no transaction open meanwhile; its number, None where it has its time stamp.

    Raises:
        NoAnswer, BadToken: saying why there is none.
    """
    with kernel.db.raw(write=False) as connection:
        seal = stamps.unstamped(connection.execute)
    if seal is None:
        return None
    told = stamps.fetch(authority, seal, kernel.clock)
    with kernel.db.raw() as connection:
        stamps.keep(connection.execute, kernel.db.dialect, seal, told)
    return seal.number


def told_of(stamps: Stamps) -> Iterator[Text]:
    """What verifying says of the time stamps, where there are any or are to be."""
    if stamps.unread:
        yield _(
            "{n} time stamps weren't checked: no certificates of an authority are set.",
            n=stamps.unread,
        )
    if stamps.standing:
        number, at = stamps.standing[-1]
        yield _(
            "Time stamps stand up to seal {seal}, of {at}; {n} seals aren't stamped yet.",
            seal=number,
            at=f"{at:%Y-%m-%d %H:%M:%S} UTC",
            n=stamps.waiting,
        )
    elif stamps.asked:
        yield _("No time stamp stands; {n} seals aren't stamped yet.", n=stamps.waiting)


def times_of(stamps: Stamps) -> Iterator[Text]:
    """For each seal that is covered, by when it surely existed."""
    for number, at in stamps.existed():
        yield _("seal {seal} existed by {at}", seal=number, at=f"{at:%Y-%m-%d %H:%M:%S} UTC")
