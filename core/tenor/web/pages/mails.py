"""The mails that a demo would have sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.notify.notify import MailView
    from tenor.web.show import Show
    from tenor.web.web import Web

Values = dict[str, Any]


def routes(at: Blueprint, web: Web) -> None:
    """The mail sink, of a demo only."""

    @at.get("/mails")
    def mails() -> Response:
        settings = web.kernel.settings
        if not settings.demo or settings.smtp_host:
            raise NotFound("not-found")
        with web.reading() as ctx:
            return web.page(ctx, "mail_sink.html", _page(web, ctx))


def _page(web: Web, ctx: KernelContext) -> Values:
    show = web.show(ctx)
    found = web.kernel.notify.mails(ctx)
    given = request.args.get("mail", "")
    opened = next((mail for mail in found if str(mail.id) == given), found[0] if found else None)
    title = show.say(_("Mails"))
    sub = show.say(_("Demo: nothing leaves this machine"))
    made: Values = {
        "title": title,
        "head": {"title": title, "sub": sub},
        "mails": [_item(show, mail, mail is opened) for mail in found],
    }
    if opened is not None:
        made["mail"] = {
            "subject": opened.subject,
            "from_text": web.kernel.settings.smtp_sender,
            "to_text": opened.address,
            "time": show.instant(opened.sent_at) if opened.sent_at is not None else None,
            "text": opened.body,
        }
    return made


def _item(show: Show, mail: MailView, current: bool) -> Values:
    time = f"{show.local(mail.sent_at):%m-%d %H:%M}" if mail.sent_at is not None else ""
    return {
        "title": mail.subject or show.say(_("waits to be sent")),
        "text": mail.address,
        "time": time,
        "href": f"/mails?mail={mail.id}",
        "current": current,
    }
