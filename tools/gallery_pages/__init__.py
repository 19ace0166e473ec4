"""The gallery's pages: name → (template, the context that the kernel would prepare)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tools.gallery_pages import doors, lists, records, running, work
from tools.gallery_pages.shell import Shell, shell_for
from tools.gallery_pages.words import Words

Page = tuple[str, Callable[[Words, Shell], dict[str, Any]]]

PAGES: dict[str, Page] = {
    "sign_in": ("sign_in.html", doors.sign_in),
    "sign_in_code": ("sign_in.html", doors.sign_in_code),
    "error": ("error.html", doors.error),
    "error_bare": ("error.html", doors.error_bare),
    "confirm": ("confirm.html", doors.confirm),
    "home": ("home.html", work.home),
    "inbox": ("inbox.html", work.inbox),
    "list": ("list.html", lists.customers),
    "list_empty": ("list.html", lists.empty),
    "record": ("record.html", records.customer),
    "application": ("record.html", records.application),
    "loan": ("record.html", records.loan),
    "form": ("form.html", records.form),
    "conflict": ("form.html", records.conflict),
    "settings": ("settings.html", running.settings),
    "plugins": ("plugins.html", running.plugins),
    "audit": ("audit.html", running.audit),
    "jobs": ("jobs.html", running.jobs),
    "mail_sink": ("mail_sink.html", running.mail_sink),
    "components": ("page.html", running.components),
}

__all__ = ["PAGES", "Words", "shell_for"]
