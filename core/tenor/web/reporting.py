"""Reports of the request that is being answered: whose it is, whose to read it is, and how a page offers one."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

from tenor.api import reporting as gathering
from tenor.api.reporting import Asker, browser_of
from tenor.reports.kept import Report, Reports
from tenor.web.visit import visit
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenor.context import KernelContext
    from tenor.kernel import Kernel


def reports_of(kernel: Kernel) -> Reports:
    return Reports.of(kernel.settings)


def put_on_record(kernel: Kernel, error: BaseException) -> None:
    """Put an error into the log, and keep a report of it under the number that the person is told."""
    gathering.put_on_record(kernel, error, _asker())


def gathered(kernel: Kernel, asked: str) -> Report:
    """What a report of a page on which nothing failed holds.

    Args:
        asked: its address, as ``pattern`` gives it.
    """
    return gathering.gathered(kernel, _asker(), asked=asked)


def in_its_place(say: Callable[[Text], str], number: str) -> dict[str, Any]:
    """What stands where a part of a page failed: that it did, the number, and the way to a report."""
    make = {"label": say(_("Make a report")), "href": f"/report?number={number}"}
    text = say(_("This part couldn’t be made; it was put on record."))
    return {"title": text, "text": number, "action": make}


def readable(ctx: KernelContext, number: str) -> Report | None:
    """The report of this number, for whose request it was and for whoever looks after the plugins; else None, as if
    there were none."""
    from tenor.loader.access import manage_plugins

    report = reports_of(ctx.kernel).get(number)
    if report is None or ctx.may(manage_plugins) or report.person == ctx.actor.id:
        return report
    mine = browser_of(ctx.kernel, visit().token)
    nobody, same = report.person is None, hmac.compare_digest(report.browser, mine)
    return report if nobody and report.browser and same else None


def _asker() -> Asker:
    found = visit()
    return Asker(found.request_id, found.language, found.actor, found.token)
