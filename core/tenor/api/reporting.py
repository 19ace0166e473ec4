"""Gathers a report of a request, of whatever asked it: a page in a browser, a program over the API."""

from __future__ import annotations

import hmac
import platform
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from tenor.events.events import FAILURES
from tenor.reports.kept import Report, Reports
from tenor.reports.trace import roots, trace_of

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.kernel import Kernel

_BROWSER: Final = 200
_ANY: Final = "<plugin>/<slug>"


@dataclass(frozen=True)
class Asker:
    """Whose request it is.

    Args:
        number: of the request.
        actor: None where nobody was recognised.
        token: of the browser's session; empty where there is none.
    """

    number: str
    language: str
    actor: ActorData | None = None
    token: str = ""


def put_on_record(kernel: Kernel, error: BaseException, asker: Asker) -> None:
    """Put an error into the log, and keep a report of it under the number that the person is told."""
    kernel.report(error, asker.number)
    with suppress(*FAILURES):  # whatever fails here costs a report, never the answer
        Reports.of(kernel.settings).keep(gathered(kernel, asker, error))


def gathered(
    kernel: Kernel, asker: Asker, error: BaseException | None = None, asked: str = ""
) -> Report:
    """What a report of this request holds.

    Args:
        error: the one that it is of; none: the person makes one of a page on which nothing failed.
        asked: the address that it is of, as ``pattern`` gives it; by default this request's.
    """
    actor = asker.actor
    named = roots(kernel.declarations.plugins)
    facts: dict[str, Any] = {
        **_versions(kernel),
        "browser": _printable(request.headers.get("User-Agent", "")),
        "language": asker.language,
        "positions": sorted(actor.positions) if actor is not None else [],
        "roles": sorted(actor.roles) if actor is not None else [],
    }
    return Report(
        number=asker.number,
        at=kernel.clock.now().astimezone(kernel.clock.zone).isoformat(timespec="seconds"),
        person=actor.id if actor is not None else None,
        browser=browser_of(kernel, asker.token),
        asked=asked or f"{request.method} {pattern(kernel, request.path, request.method)}",
        facts=facts,
        errors=[trace_of(error, named)] if error is not None else [],
    )


def pattern(kernel: Kernel, path: str, method: str = "GET") -> str:
    """The address's pattern; of a record's pages with the kind, which is a word of the program."""
    adapter = current_app.url_map.bind("localhost")
    try:
        rule, given = adapter.match(path, method=method, return_rule=True)
    except HTTPException:
        return "-"
    kind = (str(given.get("plugin")), str(given.get("slug")))
    known = kind in kernel.records.by_path
    return str(rule.rule).replace(_ANY, "/".join(kind)) if known else str(rule.rule)


def browser_of(kernel: Kernel, token: str) -> str:
    """A browser's session as a keyed hash."""
    if not token:
        return ""
    return hmac.new(kernel.settings.key.encode(), f"report:{token}".encode(), "sha256").hexdigest()


def _versions(kernel: Kernel) -> dict[str, Any]:
    dialect = kernel.db.writer.dialect
    own = getattr(dialect.dbapi, "sqlite_version_info", ())
    number = getattr(dialect, "server_version_info", None) or own or ()
    return {
        "tenor": version("tenor"),
        "sdk": version("tenor-sdk"),
        "python": platform.python_version(),
        "database": " ".join(filter(None, (dialect.name, ".".join(map(str, number))))),
        "plugins": {
            each.name: each.version for each in kernel.declarations.plugins if each.name != "base"
        },
        "failed": [each.plugin for each in kernel.failures],
    }


def _printable(text: str) -> str:
    return "".join(each for each in text if each.isprintable())[:_BROWSER]
