"""The ledger, for those who may read it: who did what, when, from what to what; and whether it is whole."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request
from sqlalchemy import select

from tenor.access.records import User
from tenor.audit.records import LedgerEntry, Seal, SealStamp
from tenor.audit.words import asked_of, passed_over
from tenor.base.stamping import told_of, trust_of
from tenor.events.rows import table_of
from tenor.exports.proofs import Proofs
from tenor.exports.streams import streamed
from tenor.files.records import File
from tenor.views import address
from tenor.views.merge import has_page
from tenor.web import tasks_told
from tenor.web.addresses import with_query
from tenor.web.steps import step_of
from tenor.web.timeline import DONE, changes_of, did, who_of
from tenor_sdk.errors import Invalid, NotFound
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.audit.audit import Entry
    from tenor.audit.verdict import Finding, Verdict
    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.records import Record

Values = dict[str, Any]
_SIZE: Final = 50
_FOUND: Final = {
    "edited": _("was edited"), "value-edited": _("has another value"), "removed": _("is gone"),
    "inserted": _("was put in later"), "moved": _("stands elsewhere than it was sealed"),
    "value-removed": _("lacks a value that nobody decided to erase"),
    "seal-edited": _("seal was edited"), "seal-missing": _("seal is gone"),
    "unfounded": _("says that something left the ledger, and nobody decided that"),
    "table-missing": _("the table is gone"),
    "stamp-missing": _("the time stamp is gone"),
    "stamp-edited": _("the time stamp was edited"),
    "stamp-unreadable": _("the time stamp can’t be read"),
    "stamp-not-granted": _("the time stamp was refused"),
    "stamp-of-another-hash": _("the time stamp is of something else"),
    "stamp-nonce": _("the time stamp answers another request"),
    "stamp-not-for-time": _("the time stamp’s certificate isn’t one for time stamps"),
    "stamp-untrusted": _("the time stamp isn’t signed by whom it must be"),
    "stamp-policy": _("the time stamp is of another policy"),
    "stamp-time": _("the time stamp’s time can’t be right"),
}  # fmt: skip


def routes(at: Blueprint, web: Web) -> None:
    """The audit page, to which the plain list of entries leads."""

    @at.get("/base/ledger-entry")
    def entries() -> Response:
        return web.go("/audit")

    @at.get("/audit")
    def audit() -> Response:
        with web.reading() as ctx:
            return web.page(ctx, "audit.html", AuditPage(web, ctx).values())

    @at.post("/audit/export")
    def export() -> Response:
        # that it was taken out is a short write of its own: nobody waits while the file goes out
        with ExitStack() as opened:
            ctx = opened.enter_context(web.reading())
            _may(ctx)
            asked = asked_of(ctx, request.args)
            if faults := passed_over(request.args, asked):
                # lest a file hold more than was wanted
                raise Invalid("invalid", faults)
            made: Response = streamed(Response, Proofs(ctx, asked), opened)
        made.mimetype = "application/x-ndjson"
        return made

    @at.post("/audit/verify")
    def verify() -> Response:
        with web.reading() as ctx:
            _may(ctx)
            trust = trust_of(ctx)
        verdict = web.kernel.audit.verify(trust=trust)
        with web.reading() as ctx:
            return web.page(ctx, "audit.html", AuditPage(web, ctx, verdict).values())


def _may(ctx: KernelContext) -> None:
    if not ctx.may(LedgerEntry, "read"):
        raise NotFound("not-found")


def linked(ctx: KernelContext, entries: Iterable[Entry]) -> list[tuple[type[Record], int]]:
    """The records that entries are about, and those that their values point to."""
    records = ctx.kernel.records
    wanted: list[tuple[type[Record], int]] = []
    for entry in entries:
        kind = records.by_table.get(entry.table_name)
        if kind is None:
            continue
        wanted += tasks_told.people_of([entry])
        if entry.record_id is not None:
            wanted.append((kind, entry.record_id))
        specs = records.in_ledger(ctx, kind)
        for name, pair in entry.changes.items():
            spec = specs.get(name)
            target = File if spec and spec.kind == "file" else spec.target if spec else None
            if target is not None:
                wanted += [(target, value) for value in pair if isinstance(value, int)]
    return wanted


class AuditPage:
    """The page for one person.

    Args:
        verdict: of a check that was asked for.
    """

    def __init__(self, web: Web, ctx: KernelContext, verdict: Verdict | None = None) -> None:
        _may(ctx)
        self.web, self.ctx, self.verdict = web, ctx, verdict
        self.show: Show = web.show(ctx)
        self.by_table = web.kernel.records.by_table
        self.asked = asked_of(ctx, request.args)
        self.faults = passed_over(request.args, self.asked)

    def values(self) -> Values:
        """What the template takes."""
        entries = self._entries()
        shown = entries[:_SIZE]
        title = self.show.say(_("Audit"))
        label = self.show.say(_("Verify"))
        verify = {
            "label": label,
            "icon": "shield-check",
            "post": "/audit/verify",
            "style": "primary",
        }
        actions = [verify]
        if self.ctx.may(LedgerEntry, "export"):
            post = with_query("/audit/export", request.args)
            words = self.show.say(_("Export with proofs"))
            actions.insert(0, {"label": words, "icon": "download", "post": post})
        foot = None
        if len(entries) > _SIZE:
            query = {**request.args, "before": shown[-1].id}
            foot = {"pager": {"next_href": with_query("/audit", query)}}
        return {
            "title": title,
            "head": {
                "title": title,
                "sub": self.show.say(_("Who, when, what, from what to what")),
                "actions": actions,
            },
            "find": {
                "action": "/audit",
                "clear_href": "/audit",
                "fields": [*map(self._with_fault, self._fields())],
            },
            "table_title": self.show.say(_("Entries")),
            "table": self._table(shown),
            "foot": foot,
            "seals": self._seals(),
        }

    def _entries(self) -> list[Entry]:
        return self.web.kernel.audit.search(self.ctx, self.asked, limit=_SIZE + 1)

    # -- the form ---------------------------------------------------------------------------------------------------

    def _fields(self) -> list[Values]:
        args, say = request.args, self.show.say
        people = self.ctx.session.scalars(select(User).order_by(User.id).limit(500))
        kinds = sorted(((kind, did(self.show, kind)) for kind in DONE), key=lambda pair: pair[1])
        records = sorted(
            ((table, self.show.plural(kind)) for table, kind in self.by_table.items()),
            key=lambda pair: pair[1],
        )
        who = [(str(person.id), person.name) for person in people]
        return [
            self._choice("who", say(_("Who")), who, say(_("Anyone"))),
            self._choice("what", say(_("Record")), records, say(_("Any"))),
            {"name": "record", "label": say(_("Record id")), "value": args.get("record", ""), "inputmode": "numeric"},
            *self._of_the_record(),
            self._choice("kind", say(_("Act")), kinds, say(_("Any"))),
            {"kind": "date", "name": "from", "label": say(_("From the day")), "value": args.get("from", "")},
            {"kind": "date", "name": "to", "label": say(_("Until and including")), "value": args.get("to", "")},
            {"name": "request", "label": say(_("Request number")), "value": args.get("request", "")},
        ]  # fmt: skip

    def _with_fault(self, field: Values) -> Values:
        fault = self.faults.get(field["name"])
        return field if fault is None else {**field, "error": self.web.error(fault)}

    def _of_the_record(self) -> list[Values]:
        """Where a kind of record is chosen: one of its fields; where one record is, the whole of its case."""
        kind = self.by_table.get(self.asked.table)
        if kind is None:
            return []
        say = self.show.say
        specs = self.web.kernel.records.in_ledger(self.ctx, kind)
        labels = sorted(
            ((name, self.show.label(spec)) for name, spec in specs.items()), key=lambda one: one[1]
        )
        fields = [self._choice("field", say(_("Field")), labels, say(_("Any")))]
        if self.asked.record_id is not None:
            pairs = [("1", say(_("With its lines and extensions")))]
            fields.append(
                self._choice("case", say(_("Whole case")), pairs, say(_("The record alone")))
            )
        return fields

    def _choice(self, name: str, label: str, pairs: list[tuple[str, str]], nothing: str) -> Values:
        given = request.args.get(name, "")
        options = [
            {"value": value, "label": text, "selected": value == given} for value, text in pairs
        ]
        return {
            "kind": "choice",
            "name": name,
            "label": label,
            "options": options,
            "placeholder": nothing,
            "value": given,
        }

    # -- the entries ------------------------------------------------------------------------------------------------

    def _table(self, entries: list[Entry]) -> Values:
        say = self.show.say
        names = self.show.names(linked(self.ctx, entries))
        return {
            "caption": say(_("Entries")),
            "columns": [
                {"label": say(_("When")), "nowrap": True},
                {"label": say(_("Who")), "identity": True},
                {"label": say(_("Act")), "nowrap": True},
                {"label": say(_("Record")), "name": True},
                {"label": say(_("Change")), "explains": True},
                {"label": say(_("Request")), "tight": True},
                {"label": say(_("Seal")), "nowrap": True},
            ],
            "rows": [{"cells": self._cells(entry, names)} for entry in entries],
            "empty": {"title": say(_("No entry fits."))},
        }

    def _cells(self, entry: Entry, names: Any) -> list[Any]:
        kind = self.by_table.get(entry.table_name)
        specs = self.web.kernel.records.in_ledger(self.ctx, kind) if kind is not None else {}
        step = step_of(self.web.kernel, self.show, kind, entry)
        changes = changes_of(self.show, entry, kind, specs, names)
        if entry.reason:
            changes.insert(0, {"label": self.show.say(_("Reason")), "new": entry.reason})
        if entry.procedure:
            changes.append({"label": self.show.say(_("Through")), "new": entry.procedure})
        shape, word = ("full", _("sealed")) if entry.seal_id else ("hollow", _("not yet"))
        return [
            {**self.show.instant(entry.at), "text": f"{self.show.local(entry.at):%Y-%m-%d %H:%M:%S}"},
            {"text": who_of(self.show, entry)},
            step or did(self.show, entry.kind),
            self._record(entry, kind, names),
            {"kind": "changes", "changes": changes} if changes else None,
            {"kind": "link", "text": entry.request_id, "href": with_query("/audit", {"request": entry.request_id})},
            {"kind": "state", "shape": shape, "text": self.show.say(word)},
        ]  # fmt: skip

    def _record(self, entry: Entry, kind: type[Record] | None, names: Any) -> Any:
        if kind is None:
            return entry.table_name or None
        title = self.show.title(kind)
        if entry.record_id is None:
            return title
        name = names.get((entry.table_name, entry.record_id))
        if name is None:
            return f"{title} {entry.record_id}"
        href = address(kind, entry.record_id) if has_page(kind) else ""
        beside = "" if name == f"{title} {entry.record_id}" else title  # it has no name of its own
        return {"kind": "link", "text": name, "href": href, "sub": beside}

    # -- the seals --------------------------------------------------------------------------------------------------

    def _seals(self) -> list[Values]:
        say = self.show.say
        seal = table_of(Seal)
        statement = (
            select(seal.c.id, seal.c.at, seal.c["count"], seal.c.digest)
            .order_by(seal.c.id.desc())
            .limit(1)
        )
        last = self.web.kernel.db.execute(self.ctx.guarded, statement).first()
        panels = [self._verdict()] if self.verdict is not None else []
        if last is None:
            text = say(_("Nothing is sealed yet; a job seals the ledger every few minutes."))
            return [*panels, {"kind": "notice", "text": text}]
        short = f"{last.digest[:4]}…{last.digest[-4:]}"
        fields = [
            {
                "label": say(_("Last seal")),
                "value": {"kind": "seal", "text": short, "full": last.digest},
            },
            {"label": say(_("Number")), "value": str(last.id)},
            {"label": say(_("When")), "value": self.show.instant(last.at)},
            {"label": say(_("Entries in it")), "value": self.show.number(last.count)},
        ]
        return [
            *panels,
            {
                "kind": "fields",
                "title": say(_("Seals")),
                "columns": 2,
                "fields": fields + self._stamp(),
            },
        ]

    def _stamp(self) -> list[Values]:
        """The last time stamp, where there is one."""
        say, stamp = self.show.say, table_of(SealStamp)
        statement = select(stamp.c.seal_id, stamp.c.at).order_by(stamp.c.seal_id.desc()).limit(1)
        last = self.web.kernel.db.execute(self.ctx.guarded, statement).first()
        if last is None:
            return []
        return [
            {"label": say(_("Last time stamp, of seal")), "value": str(last.seal_id)},
            {"label": say(_("Existed by")), "value": self.show.instant(last.at)},
        ]

    def _verdict(self) -> Values:
        assert self.verdict is not None  # asked for before
        verdict, say = self.verdict, self.show.say
        figures = {
            "entries": f"{verdict.entries:,}",
            "seals": verdict.seals,
            "unsealed": f"{verdict.unsealed:,}",
        }
        if not verdict.findings:
            text = say(
                _(
                    "{entries} entries under {seals} seals were checked: all whole; {unsealed} not yet sealed.",
                    **figures,
                )
            )
            told = list(told_of(verdict.stamps))
            if verdict.unnumbered:
                n = verdict.unnumbered
                told.append(_("{n} entries are under seals that don't prove their numbers.", n=n))
            more = "".join(f" {say(each)}" for each in told)
            return {"kind": "notice", "title": say(_("Verified.")), "text": f"{text}{more}"}
        points = [self._finding(finding) for finding in verdict.findings[:20]]
        text = say(
            _(
                "{entries} entries under {seals} seals were checked; {unsealed} not yet sealed.",
                **figures,
            )
        )
        title = say(_("Not whole."))
        return {"kind": "notice", "tone": "refused", "title": title, "text": text, "points": points}

    def _finding(self, finding: Finding) -> str:
        number, seal = finding.entry_id, finding.seal_id
        where = f"#{number}" if number is not None else f"§{seal}" if seal is not None else ""
        where = f"{finding.table} {where}".strip()
        return f"{where}: {self.show.say(_FOUND.get(finding.key, finding.key))}"
