"""What is done to a record by a button: removed, archived, commented on, a masked value looked at; and why one may."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from tenor.db.numbers import number
from tenor.records.mentioning import said_of
from tenor.records.schema import prose
from tenor.records.specs import FieldSpec
from tenor.views import address
from tenor.web import addresses
from tenor.web.buttons import may_change
from tenor.web.record_page import found
from tenor.web.rescuing import settled
from tenor.web.templating import nonce
from tenor.web.web import Done, uploads
from tenor.web.why import reasons
from tenor_sdk.errors import Forbidden, Invalid, NotFound, TenorError
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.web import Web
    from tenor_sdk.records import Record

Values = dict[str, Any]
_ONE = "/<plugin>/<slug>/<int:identity>"


def routes(at: Blueprint, web: Web) -> None:
    """The acts that every record has."""
    _discussion(at, web)

    @at.get(f"{_ONE}/delete")
    def ask_delete(plugin: str, slug: str, identity: int) -> Response:
        kind = web.kernel.records.find(plugin, slug)
        with web.reading() as ctx:
            record = found(web, ctx, kind, identity)
            return web.page(ctx, "confirm.html", _removal(web, ctx, record))

    @at.post(f"{_ONE}/delete")
    def delete(plugin: str, slug: str, identity: int) -> Response:
        kind = web.kernel.records.find(plugin, slug)

        def act(ctx: KernelContext) -> Done:
            record = found(web, ctx, kind, identity)
            name = web.show(ctx).name(record)
            web.kernel.records.delete(ctx, record, version=_version())
            return Done(address(kind), web.say(_("{name} is removed.", name=name)))

        return web.once(act)

    @at.post(f"{_ONE}/archive")
    def archive(plugin: str, slug: str, identity: int) -> Response:
        kind = web.kernel.records.find(plugin, slug)

        def act(ctx: KernelContext) -> Done:
            record = found(web, ctx, kind, identity)
            away = request.form.get("_away") != "false"
            web.kernel.records.archive(ctx, record, away=away, version=_version())
            told = _("{name} is archived.") if away else _("{name} is back.")
            said = web.say(_filled(told, web.show(ctx).name(record)))
            back = {"_away": "false", "_version": str(record.version)}
            frozen = web.kernel.workflow.frozen(ctx, record)
            undo = back if away and may_change(ctx, record, frozen=frozen) else {}
            return Done(addresses.of(record), said, undo=undo)

        return web.once(act)

    @at.route(f"{_ONE}/reveal/<name>", methods=["GET", "POST"])
    def reveal(plugin: str, slug: str, identity: int, name: str) -> Response:
        return Reveal(web, plugin, slug, identity, name).response()

    @at.get(f"{_ONE}/why")
    def why(plugin: str, slug: str, identity: int) -> Response:
        kind = web.kernel.records.find(plugin, slug)
        with web.reading() as ctx:
            record = found(web, ctx, kind, identity)
            name = web.show(ctx).name(record)
            head = {
                "title": web.say(_("Why: {name}", name=name)),
                "crumb": [{"label": name, "href": addresses.of(record)}],
            }
            values = {"title": head["title"], "head": head, "main": reasons(web, ctx, record)}
            return web.page(ctx, "page.html", values)


def _discussion(at: Blueprint, web: Web) -> None:
    """What is said on a record's timeline, and who is told of it."""

    @at.post(f"{_ONE}/comments")
    def comment(plugin: str, slug: str, identity: int) -> Response:
        kind = web.kernel.records.find(plugin, slug)
        text, upload = request.form.get("text", ""), uploads().get("file")

        def act(ctx: KernelContext) -> Done:
            record = found(web, ctx, kind, identity)
            discussion = web.kernel.records.discussion
            if upload is not None:
                web.kernel.files.store(ctx, upload.name, upload.content, record)
            said: list[Text] = []
            if text.strip() or upload is None:
                said = said_of(discussion.comment(ctx, record, text))
            if said:  # it stands on top of the page
                told = " ".join(web.say(each) for each in said)
                return Done(addresses.of(record), told, "warning")
            return Done(f"{addresses.of(record)}#timeline")

        return web.once(act)

    @at.get(f"{_ONE}/people")
    def people(plugin: str, slug: str, identity: int) -> Response:
        kind = web.kernel.records.find(plugin, slug)
        with web.reading() as ctx:
            record = found(web, ctx, kind, identity)
            typed = request.args.get("q", "")
            offers = web.kernel.records.discussion.offered(ctx, record, typed)
            unable = web.say(_("can’t see this record"))
            noted = [asdict(one) | ({} if one.reads else {"note": unable}) for one in offers]
            return jsonify(noted)

    @at.post(f"{_ONE}/follow")
    def follow(plugin: str, slug: str, identity: int) -> Response:
        kind = web.kernel.records.find(plugin, slug)

        def act(ctx: KernelContext) -> Done:
            discussion = web.kernel.records.discussion
            if request.form.get("_follow") == "false":  # also of what the person has lost meanwhile
                discussion.leave(ctx, kind, identity)
            else:
                discussion.follow(ctx, found(web, ctx, kind, identity))
            return Done(f"{address(kind, identity)}#timeline")

        return web.once(act)


def _version() -> int | None:
    """The version that the person had before them."""
    return number(request.form.get("_version", ""))


def _filled(text: Any, name: str) -> Any:
    from dataclasses import replace

    return replace(text, values={"name": name})


def _removal(web: Web, ctx: KernelContext, record: Record) -> Values:
    if not ctx.may(type(record), "delete", record):
        raise Forbidden("not-permitted", what=type(record).called())
    show = web.show(ctx)
    title = show.say(
        _(
            "Remove {what} {name}",
            what=show.within(show.title(type(record))),
            name=show.name(record),
        )
    )
    text = show.say(_("It can’t be brought back. What other records point at isn’t removed."))
    confirm = {
        "title": title,
        "text": text,
        "action": addresses.of(record, "delete"),
        "once": nonce(),
        "label": show.say(_("Remove")),
        "danger": True,
        "hidden": [{"name": "_version", "value": record.version}],
        "cancel_href": addresses.of(record),
    }
    return {"title": title, "confirm": confirm}


class Reveal:
    """A masked value shown to somebody who says why; the looking is put on record before the answer."""

    def __init__(self, web: Web, plugin: str, slug: str, identity: int, name: str) -> None:
        self.web = web
        self.kind = web.kernel.records.find(plugin, slug)
        self.identity = identity
        self.name = name

    def response(self) -> Response:
        """The question for a reason, or the value."""
        if request.method == "GET":
            return self._ask(None)
        try:
            reason = prose(request.form.get("reason", ""), 2000)
        except Invalid as error:
            return self._ask(error)
        if not reason:
            return self._ask(Invalid("required"))
        with self.web.writing() as ctx:
            record, spec = self._masked(ctx)
            self.web.kernel.audit.note(ctx, "reveal", record, reason=reason, field=spec.key)
            settled(self.web.kernel, ctx)
        return self._shown()

    def _masked(self, ctx: KernelContext) -> tuple[Record, FieldSpec]:
        record = found(self.web, ctx, self.kind, self.identity)
        if self.web.kernel.records.effects(ctx, record).get(self.name) != "mask":
            raise NotFound("not-found")
        return record, self.web.kernel.records.specs(self.kind)[self.name]

    def _ask(self, error: TenorError | None) -> Response:
        with self.web.reading() as ctx:
            record, spec = self._masked(ctx)
            show = self.web.show(ctx)
            field: Values = {
                "kind": "text", "name": "reason", "label": show.say(_("Reason")), "required": True,
                "autofocus": True, "max_length": 500, "value": "",
            }  # fmt: skip
            errors = []
            if error is not None:
                field["error"] = self.web.error(error)
                errors = [{"href": "#f-reason", "label": field["label"], "text": field["error"]}]
            title = show.say(
                _("Show {field} of {name}", field=show.label(spec), name=show.name(record))
            )
            confirm = {
                "title": title,
                "text": show.say(_("That you looked at it, and why, is put on record.")),
                "fields": [field],
                "errors": errors,
                "errors_title": show.say(_("A reason is needed.")),
                "action": request.path,
                "label": show.say(_("Show")),
                "cancel_href": addresses.of(record),
                "cancel_label": show.say(_("Back")),
            }
            status = 200 if error is None else 422
            values = {"title": title, "confirm": confirm}
            return self.web.page(ctx, "confirm.html", values, status=status)

    def _shown(self) -> Response:
        with self.web.reading() as ctx:
            record, spec = self._masked(ctx)
            show = self.web.show(ctx)
            value = show.field(spec, getattr(record, spec.key), of=self.kind, lone=True)
            panel = {
                "kind": "fields",
                "title": show.title(self.kind),
                "columns": 1,
                "fields": [{"label": show.label(spec), "value": value}],
            }
            name = show.name(record)
            crumb = [{"label": name, "href": addresses.of(record)}]
            head = {"title": name, "crumb": crumb}
            values = {"title": name, "head": head, "main": [panel]}
            return self.web.page(ctx, "page.html", values)
