"""What becomes of many rows that are changed at once: how far it is, what was refused and why, on the page and as a
file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response

from tenor.exports import FORMATS
from tenor.exports.exports import check
from tenor.exports.files import csv_of
from tenor.exports.rows import exportable
from tenor.exports.streams import streamed
from tenor.records import PageQuery
from tenor.records.paging import Pager
from tenor.views import address
from tenor.views.records import BulkChange
from tenor.web.bulk import SHOWN, counted, records, refused_table
from tenor.web.figures import Head
from tenor.web.listed import readable
from tenor.web.record_page import RecordPage, found
from tenor.web.templating import nonce
from tenor.web.web import Done
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import _
from tenor_sdk.views import ListView

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from tenor.context import KernelContext
    from tenor.views.bulk_journal import Entry, Row
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.i18n import Text
    from tenor_sdk.records import Record

Values = dict[str, Any]
_ONE: Final = "/<plugin>/<slug>/bulk/<int:identity>"
#: seconds after which a page without script is asked for anew
_AGAIN: Final = 2
_FORM: Final = "csv"
#: rows of a piece of the file
_AT_A_TIME: Final = 1000


def routes(at: Blueprint, web: Web) -> None:
    """The page of a change, and what is below it."""

    @at.get(_ONE)
    def bulk_result(plugin: str, slug: str, identity: int) -> Response:
        with web.reading() as ctx:
            return _found(web, ctx, plugin, slug, identity).response()

    @at.get(f"{_ONE}/progress")
    def bulk_progress(plugin: str, slug: str, identity: int) -> Response:
        with web.reading() as ctx:
            return _found(web, ctx, plugin, slug, identity).progressed()

    @at.get(f"{_ONE}/refused")
    def bulk_refused(plugin: str, slug: str, identity: int) -> Response:
        with ExitStack() as opened:
            ctx = opened.enter_context(web.reading())
            page = _found(web, ctx, plugin, slug, identity)
            response: Response = streamed(Response, Refusals(page), opened)
            response.mimetype = FORMATS[_FORM]
            return response

    @at.post(f"{_ONE}/stop")
    def stop_bulk(plugin: str, slug: str, identity: int) -> Response:
        said = _("It stops after the rows on which it is.")
        return _moved(web, plugin, slug, identity, web.kernel.views.bulk_course.stop, said)

    @at.post(f"{_ONE}/resume")
    def resume_bulk(plugin: str, slug: str, identity: int) -> Response:
        return _moved(web, plugin, slug, identity, web.kernel.views.bulk_course.resume, None)

    @at.get(f"/base/{BulkChange.slug()}/<int:identity>")
    def bulk_record(identity: int) -> Response:
        with web.reading() as ctx:
            course = web.kernel.views.bulk_course
            entry = course.journal.get(ctx, identity)
            try:
                kind = course.kind(entry)
            except NotFound:  # their plugin isn't enabled
                return RecordPage(web, ctx, found(web, ctx, BulkChange, identity)).response()
        return web.go(_href(kind, identity))


def _href(kind: type[Record], number: int) -> str:
    return f"{address(kind)}/bulk/{number}"


def _found(web: Web, ctx: KernelContext, plugin: str, slug: str, identity: int) -> Result:
    """The change of a kind of record at this address, if it is the person's own.

    Raises:
        NotFound: ``not-found``.
    """
    kind = web.kernel.records.find(plugin, slug)
    readable(ctx, kind)
    course = web.kernel.views.bulk_course
    entry = course.journal.get(ctx, identity)
    if course.kind(entry) is not kind:
        raise NotFound("not-found")
    return Result(web, ctx, kind, entry)


def _moved(
    web: Web,
    plugin: str,
    slug: str,
    identity: int,
    move: Callable[[KernelContext, int], None],
    said: Text | None,
) -> Response:
    def act(ctx: KernelContext) -> Done:
        page = _found(web, ctx, plugin, slug, identity)
        move(ctx, identity)
        return Done(_href(page.kind, identity), web.say(said) if said is not None else "")

    return web.once(act)


class Result:
    """The page of one change.

    Args:
        entry: of the journal, as it stands.
    """

    def __init__(self, web: Web, ctx: KernelContext, kind: type[Record], entry: Entry) -> None:
        self.web, self.ctx, self.kind, self.entry = web, ctx, kind, entry
        self.show: Show = web.show(ctx)
        self.href = _href(kind, entry.id)

    @property
    def goes_on(self) -> bool:
        """Whether it changes by itself."""
        return not (self.entry.over or self.entry.stands)

    def response(self) -> Response:
        """All of it."""
        title = self.title()
        head = {
            "title": title,
            "sub": self.far() if self.entry.over else "",
            "crumb": [
                {"label": self.show.plural(self.kind), "href": f"{address(self.kind)}?all=1"}
            ],
            "actions": self.actions(),
        }
        values: Values = {"title": title, "head": head, "main": self.main()}
        if self.goes_on:
            values["again"] = _AGAIN
        return self.web.page(self.ctx, "page.html", values)

    def progressed(self) -> Response:
        """How far it is; the whole page anew, once it doesn't go on."""
        response = self.web.fragment("parts/panel.html", "under_way", self.under_way())
        if not self.goes_on:
            response.headers["HX-Refresh"] = "true"
        return response

    def title(self) -> str:
        """What is done with how many."""
        what = self.web.kernel.views.bulk_course.called(self.entry)
        return records(self.show.say, what, self.entry.total)

    def state(self) -> str:
        """How it stands."""
        return self.show.say(_("Stopped") if self.entry.stands else _("Being changed"))

    def far(self) -> str:
        """How far it is."""
        done, of = f"{self.entry.reached:,}", f"{self.entry.total:,}"
        return self.show.say(_("{done} of {of} done", done=done, of=of))

    def actions(self) -> list[Values]:
        """What its person can do now."""
        found: list[Values] = []
        if self.entry.unchanged and self.ctx.may(self.kind, "export"):
            label = self.show.say(_("Unchanged rows as a file"))
            file = {"icon": "download", "href": f"{self.href}/refused", "download": True}
            found.append({"label": label, **file})
        if self.goes_on:
            label = self.show.say(_("Stop"))
            found.append({"label": label, "post": f"{self.href}/stop", "once": nonce()})
        if self.entry.stands:
            label = self.show.say(_("Go on where it stopped"))
            press = {"post": f"{self.href}/resume", "once": nonce(), "style": "primary"}
            found.append({"label": label, **press})
        return found

    def main(self) -> list[Values]:
        """The parts below the head."""
        moving = self.under_way()
        found = [moving] if self.goes_on else [*self.stopped(), *moving["panels"]]
        journal = self.web.kernel.views.bulk_course.journal
        first = journal.refused(self.ctx, self.entry, SHOWN)
        language = self.ctx.actor.language
        refused = [(each.record_id, each.name, journal.why(each, language)) for each in first]
        return found + refused_table(self.show, self.kind, refused, self.entry.refused)

    def under_way(self) -> Values:
        """What changes while one looks at it."""
        state, entry = self.state(), self.entry
        changed = self.show.say(_("Records changed"))
        figures = counted(self.show, changed, entry.changed, entry.already, entry.refused)
        panels: list[Values] = [{"kind": "figures", "label": self.title(), "figures": figures}]
        if not entry.over:
            used = 100 * entry.reached // entry.total
            job = {"title": state, "used": used, "share": f"{used}%", "note": self.far()}
            panels.insert(0, {"kind": "jobs", "label": state, "jobs": [job]})
        return {
            "kind": "under_way",
            "ask": f"{self.href}/progress",
            "every": _AGAIN,
            "panels": panels,
        }

    def stopped(self) -> list[Values]:
        """Why it doesn't go on."""
        if not self.entry.stands:
            return []
        journal = self.web.kernel.views.bulk_course.journal
        text = journal.why_stopped(self.entry, self.ctx.actor.language)
        if self.entry.left:
            text = self.show.say(_("A fault came in its way. Whoever looks after jobs was told."))
        title = self.show.say(_("What was done stays; the rest waits until you have it go on."))
        tone = "warning" if text else "note"
        return [{"kind": "notice", "tone": tone, "title": title, "text": text}]


class Refusals:
    """The file of what was refused or was so already, which is put on record as any export is. Of what its person may
    not take out today it has no row; of what they didn't see even then, the number that they gave.

    Raises:
        Forbidden: ``not-permitted``: the person may not take these records out.
    """

    for_people = True

    def __init__(self, page: Result) -> None:
        self.ctx, self.entry, self.record = page.ctx, page.entry, page.kind
        check(self.ctx, self.record, _FORM)
        show = page.show
        labels = (show.say(_("Record id")), show.title(self.record), show.say(_("Why")))
        self.columns = [Head(label, place == 0) for place, label in enumerate(labels)]
        self._rows = [row for rows in self._every() for row in self._taken(rows)]
        self.ctx.kernel.audit.note(
            self.ctx, "export", of=self.record.__tablename__, format=_FORM,
            rows=len(self._rows), fields=["id"], bulk=self.entry.id,
        )  # fmt: skip

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{self.record.slug()}-bulk-{self.entry.id}-refused.{_FORM}"

    def content(self) -> Generator[bytes]:
        """The file, piece by piece."""
        for piece, _given in csv_of(self):
            yield piece

    def chunks(self) -> Iterator[list[Sequence[Any]]]:
        """Ids, names and reasons, some rows at a time."""
        journal = self.ctx.kernel.views.bulk_course.journal
        language = self.ctx.actor.language
        for first in range(0, len(self._rows), _AT_A_TIME):
            rows = self._rows[first : first + _AT_A_TIME]
            yield [
                [each.record_id for each in rows],
                [each.name for each in rows],
                [journal.why(each, language) for each in rows],
            ]

    def _every(self) -> Iterator[list[Row]]:
        """All that the journal has; up to 20,000."""
        return self.ctx.kernel.views.bulk_course.journal.every_unchanged(self.ctx, self.entry)

    def _taken(self, rows: Sequence[Row]) -> list[Row]:
        """Those of these whose records the person may take out, or never saw."""
        view = exportable(self.ctx, ListView(self.record, (self.record.id,)))
        ids = [each.record_id for each in rows if each.name]
        query = PageQuery(only=ids, archived=True, count=False)
        statement = Pager(self.ctx, view, query).everything([self.record.id], ordered=False)
        allowed = set(self.ctx.session.scalars(statement))
        return [each for each in rows if not each.name or each.record_id in allowed]
