"""REST from the declarations: every kind of record that a person may read, with its transitions, actions, history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

from tenor.api import openapi, problems
from tenor.api.archiving import Archiving
from tenor.api.conflict import conflict_of
from tenor.api.contents import Contents
from tenor.api.decisions import ballot_of, is_voted_on, told, told_vote
from tenor.api.desk import Desk
from tenor.api.discussing import Discussing
from tenor.api.frame import PREFIX, tagged
from tenor.api.ledger import Ledger
from tenor.api.problems import blocker
from tenor.api.requests import body_of, version_of
from tenor.api.told import Told
from tenor.db.numbers import number
from tenor.exports import FORMATS, export_of
from tenor.exports.streams import streamed
from tenor.records import PageQuery
from tenor.records.counted import TOP, Counted, as_filter, is_countable, narrowing
from tenor.records.custom import name_of
from tenor.records.values import currency_of, from_ledger, to_json
from tenor.views import address
from tenor.views.merge import has_page
from tenor.workflow.definitions import titled
from tenor_sdk.approvals import Ballot
from tenor_sdk.errors import Conflict, Invalid, NotFound, Refused, TenorError
from tenor_sdk.files import Upload
from tenor_sdk.records import Record
from tenor_sdk.workflow import Transition

if TYPE_CHECKING:
    from tenor.api.once import Answer
    from tenor.audit.audit import Entry
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor.records import FieldSpec
    from tenor.workflow import Step
    from tenor_sdk.views import ListView

#: records of each kind that a search gives
_MOST_FOUND = 50
_RESERVED = frozenset(
    ("q", "filter", "sort", "cursor", "size", "view", "archived", "count", "facets", "format")
)


def api_blueprint(kernel: Kernel) -> Blueprint:
    """The routes below ``/api/v1``."""
    api = Api(kernel)
    made = Blueprint("api", __name__, url_prefix=PREFIX)
    one = "/<plugin>/<slug>/<int:identity>"
    routes: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", "/me", api.me),
        ("GET", "/me/notices", api.choices),
        ("PATCH", "/me/notices", api.choose),
        ("GET", "/openapi.json", api.openapi),
        ("GET", "/tasks", api.tasks),
        ("POST", "/tasks/<int:identity>/claim", api.claim),
        ("GET", "/ledger", api.ledger),
        ("GET", "/inbox", api.inbox),
        ("POST", "/inbox/<int:identity>/read", api.read),
        ("POST", "/files", api.store),
        ("GET", "/files/<int:identity>", api.file),
        ("GET", "/search", api.search),
        ("GET", "/<plugin>/<slug>", api.page),
        ("POST", "/<plugin>/<slug>", api.create),
        ("GET", "/<plugin>/<slug>/export", api.export),
        ("POST", "/<plugin>/<slug>/actions/<name>", api.act_on_list),
        ("GET", "/<plugin>/<slug>/by-external-id", api.by_external_id),
        ("GET", f"{one}/external-ids", api.external_ids),
        ("GET", one, api.one),
        ("PATCH", one, api.update),
        ("DELETE", one, api.delete),
        ("POST", f"{one}/archive", api.archive),
        ("POST", f"{one}/restore", api.restore),
        ("GET", f"{one}/history", api.history),
        ("GET", f"{one}/panels", api.panels),
        ("GET", f"{one}/comments", api.comments),
        ("POST", f"{one}/comments", api.comment),
        ("POST", f"{one}/follow", api.follow),
        ("POST", f"{one}/unfollow", api.unfollow),
        ("GET", f"{one}/transitions", api.transitions),
        ("POST", f"{one}/transitions/<name>", api.transition),
        ("POST", f"{one}/transitions/<name>/recall", api.recall),
        ("GET", f"{one}/decisions", api.decisions),
        ("POST", f"{one}/actions/<name>", api.act),
        ("POST", f"{one}/actions/<name>/preview", api.preview),
    )
    for method, path, view in routes:
        made.add_url_rule(path, view.__name__, view, methods=[method])
    made.register_error_handler(TenorError, api.told)
    made.register_error_handler(HTTPException, api.told_http)
    made.register_error_handler(Exception, api.broken)
    return made


class Api(Desk, Told, Ledger, Archiving, Discussing):
    """The views of files and records."""

    def search(self) -> Response:
        """Records of every kind by words, pinyin or number (``q``), the best first; ``size`` of each kind."""
        size = number(request.args.get("size", "5"))
        if size is None or not 1 <= size <= _MOST_FOUND:
            raise Invalid("invalid", {"size": Invalid("too-large", None, maximum=_MOST_FOUND)})
        kinds = [kind for kind in self.kernel.search.kinds if has_page(kind)]
        with self._context(write=False) as ctx:
            items: list[dict[str, Any]] = []
            for found in self.kernel.search.everywhere(ctx, request.args.get("q", ""), size, kinds):
                names = self.kernel.records.display_names(ctx, found.record, found.ids)
                items.append({
                    "record": name_of(found.record),
                    "more": found.more,
                    "found": [
                        {"id": one, "name": names[one], "_href": f"{PREFIX}{address(found.record, one)}"}
                        for one in found.ids
                    ],
                })  # fmt: skip
        return jsonify(items=items)

    # -- description and files --------------------------------------------------------------------------------------

    def openapi(self) -> Response:
        """What this person's API offers, as OpenAPI 3.1."""
        with self._context(write=False) as ctx:
            return jsonify(openapi.document(ctx))

    def store(self) -> Response:
        """Keep a file: a form with ``file``, or JSON with ``file: {name, base64}``."""

        def act(ctx: KernelContext, body: dict[str, Any]) -> Answer:
            upload = body.get("file")
            if not isinstance(upload, Upload):
                raise Invalid("invalid", {"file": Invalid("not-a-file")})
            kept = self.kernel.files.store(ctx, upload.name, upload.content, None)
            return {
                "id": kept.id,
                "name": kept.name,
                "media_type": kept.media_type,
                "sha256": kept.sha256,
            }, 201

        return self._write(act)

    def file(self, identity: int) -> Response:
        """A file's bytes."""
        with self._context(write=False) as ctx:
            found, content = self.kernel.files.read(ctx, identity)
        made = make_response(content)
        made.mimetype = found.media_type
        made.headers["Content-Disposition"] = "attachment"
        made.headers["X-Content-Type-Options"] = "nosniff"
        return made

    # -- records ----------------------------------------------------------------------------------------------------

    def page(self, plugin: str, slug: str) -> Response:
        """A page of records: ``q``, ``filter``, ``sort``, ``cursor``, ``size``, and fields by which the list can be
        narrowed; with ``facets`` how many rows have which of their values."""
        kind = self._kind(plugin, slug)
        query = _query(request.args)
        with self._context(write=False) as ctx:
            if not ctx.may(kind, "read"):
                raise NotFound("not-found")
            view = self.kernel.views.list_view(kind, request.args.get("view", ""))
            page = self.kernel.records.page(ctx, view, query)
            items = self.kernel.records.showing.several(ctx, page.records, g.language)
            asked = request.args.get("facets") == "true"
            facets = {"facets": _facets(ctx, view, query)} if asked else {}
        return jsonify(
            **facets,
            items=items,
            count=page.count if query.count else None,
            next=page.following,
            previous=page.preceding,
            sort=page.sort,
        )

    def export(self, plugin: str, slug: str) -> Response:
        """All that a page's words narrow, as a file in a ``format``, row by row."""
        kind, form = self._kind(plugin, slug), request.args.get("format", "csv")
        query = _query(request.args)
        with ExitStack() as opened:
            ctx = opened.enter_context(self._context(write=False))
            if not ctx.may(kind, "read"):
                raise NotFound("not-found")
            view = self.kernel.views.list_view(kind, request.args.get("view", ""))
            made = export_of(ctx, kind, form, view=view, query=query)
            response: Response = streamed(Response, made, opened)
        response.mimetype = FORMATS[form]
        return response

    def create(self, plugin: str, slug: str) -> Response:
        """Make a record."""
        kind = self._kind(plugin, slug)

        def act(ctx: KernelContext, body: dict[str, Any]) -> Answer:
            made = self.kernel.records.create(ctx, kind, body)
            return self._dump(ctx, made), 201

        return self._write(act, lambda ctx, told: self._record(ctx, plugin, slug, told["id"]))

    def one(self, plugin: str, slug: str, identity: int) -> Response:
        """One record."""
        with self._context(write=False) as ctx:
            shown = self._dump(ctx, self._record(ctx, plugin, slug, identity))
        return tagged(jsonify(shown), shown)

    def by_external_id(self, plugin: str, slug: str) -> Response:
        """The record that another system (``source``) calls ``value``."""
        kind = self._kind(plugin, slug)
        source, value = request.args.get("source", ""), request.args.get("value", "")
        with self._context(write=False) as ctx:
            if not ctx.may(kind, "read"):
                raise NotFound("not-found")
            shown = self._dump(ctx, self.kernel.records.external.find(ctx, kind, source, value))
        return tagged(jsonify(shown), shown)

    def external_ids(self, plugin: str, slug: str, identity: int) -> Response:
        """What other systems call a record, by source."""
        with self._context(write=False) as ctx:
            record = self._record(ctx, plugin, slug, identity)
            found = self.kernel.records.external.of(ctx, record)
        return jsonify(external_ids=found)

    def update(self, plugin: str, slug: str, identity: int) -> Response:
        """Change a record; ``If-Match`` names the version that is changed."""
        version = version_of(request)

        def act(ctx: KernelContext, body: dict[str, Any]) -> Answer:
            record = self._record(ctx, plugin, slug, identity, to="update")
            self.kernel.records.update(ctx, record, body, version=version)
            return self._dump(ctx, record), 200

        try:
            return self._write(act, self._still(plugin, slug, identity))
        except Conflict as error:
            if error.key != "changed-since":
                raise
            with self._context(write=False) as ctx:
                raise conflict_of(
                    ctx, self._record(ctx, plugin, slug, identity), body_of(request), version
                ) from error

    def delete(self, plugin: str, slug: str, identity: int) -> Response:
        """Remove a record; ``If-Match`` names the version that is removed."""
        version = version_of(request)

        def act(ctx: KernelContext, body: dict[str, Any]) -> Answer:
            self.kernel.records.delete(
                ctx, self._record(ctx, plugin, slug, identity, to="delete"), version=version
            )
            return {}, 200

        return self._write(act)

    def history(self, plugin: str, slug: str, identity: int) -> Response:
        """The ledger's entries of a record, newest first."""
        with self._context(write=False) as ctx:
            record = self._record(ctx, plugin, slug, identity)
            entries = self.kernel.audit.history(ctx, record)
            specs = self.kernel.records.in_ledger(ctx, type(record))
            currency = currency_of(record)
        return jsonify(items=[_entry(specs, entry, currency) for entry in entries])

    def panels(self, plugin: str, slug: str, identity: int) -> Response:
        """What plugins compute about a record: ratios, a working sheet, a schedule."""
        with self._context(write=False) as ctx:
            record = self._record(ctx, plugin, slug, identity)
            items = Contents(ctx, g.language).panels(record)
        return jsonify(items=items)

    # -- workflow and actions ---------------------------------------------------------------------------------------

    def transitions(self, plugin: str, slug: str, identity: int) -> Response:
        """The transitions that lead on from here, with what blocks each; what one may take back; who returned it."""
        with self._context(write=False) as ctx:
            record = self._record(ctx, plugin, slug, identity)
            offered = self.kernel.workflow.available(ctx, record)
            translator, language = self.kernel.translator, g.language
            items = [
                {
                    "name": one.name,
                    "branch": one.branch,
                    "title": translator.text(one.title, language),
                    "allowed": one.allowed,
                    "at": one.at.isoformat() if one.at is not None else None,
                    "why": translator.text(one.why, language) if one.why is not None else "",
                    "votes": one.votes,
                    "needed": one.needed,
                    "shown": one.shown,
                    "ballots": list(one.ballots),
                    "blockers": [blocker(each, translator, language) for each in one.blockers],
                }
                for one in offered
            ]
            recall = [
                {
                    "name": one.how.name,
                    "title": translator.text(titled(one.how.title, one.how.plugin), language),
                }
                for one in self.kernel.workflow.recallable(ctx, record)
            ]
            returned = [_returned(one) for one in self.kernel.workflow.returned(ctx, record)]
        return jsonify(items=items, recall=recall, returned=returned)

    def recall(self, plugin: str, slug: str, identity: int, name: str) -> Response:
        """Take back a transition that one went last, while nobody has acted since; the body may hold a ``reason``."""

        def act(ctx: KernelContext, body: dict[str, Any]) -> Answer:
            record = self._record(ctx, plugin, slug, identity)
            how = self._transition_named(record, name)
            self.kernel.workflow.recall(ctx, record, how, body.get("reason") or "")
            return {"record": self._dump(ctx, record)}, 200

        return self._write(act, self._still(plugin, slug, identity))

    def transition(self, plugin: str, slug: str, identity: int, name: str) -> Response:
        """Carry out a transition; the body holds its inputs, ``reason``, and of a decision the ``shown`` that it is
        about; of a committee's the ``ballot``."""

        def act(ctx: KernelContext, body: dict[str, Any]) -> Answer:
            record = self._record(ctx, plugin, slug, identity)
            how = self._transition_named(record, name)
            ballot = ballot_of(how, body)
            beside = ("reason", "shown", *(("ballot",) if is_voted_on(how) else ()))
            given = {name: value for name, value in body.items() if name not in beside}
            inputs = (
                self.kernel.records.read_inputs(how.inputs, given, currency=currency_of(record))
                if ballot is Ballot.FOR
                else None
            )
            reason, seen = body.get("reason") or "", str(body.get("shown") or "")
            changed = self.kernel.workflow.transition(
                ctx, record, how, inputs, reason, seen=seen, ballot=ballot
            )
            return {"changed": changed, "record": self._dump(ctx, record)}, 200

        return self._write(act, self._still(plugin, slug, identity))

    def decisions(self, plugin: str, slug: str, identity: int) -> Response:
        """How the decisions of several people on a record stand, and every vote that was put in."""
        with self._context(write=False) as ctx:
            record = self._record(ctx, plugin, slug, identity)
            say = partial(self.kernel.translator.text, language=g.language)
            items = [told(one, say) for one in self.kernel.workflow.decisions(ctx, record)]
            votes = [told_vote(one) for one in self.kernel.workflow.voted(ctx, record)]
        return jsonify(items=items, votes=votes)

    def _transition_named(self, record: Record, name: str) -> Transition:
        found = self.kernel.workflow.named(type(record), name)
        if found is None:
            raise NotFound("not-found")
        return found

    def act(self, plugin: str, slug: str, identity: int, name: str) -> Response:
        """Carry out an action on a record."""
        return self._write(
            lambda ctx, body: self._do(ctx, self._record(ctx, plugin, slug, identity), name, body),
            self._still(plugin, slug, identity),
        )

    def preview(self, plugin: str, slug: str, identity: int, name: str) -> Response:
        """What an action would do: nothing is changed."""
        body = body_of(request)
        with self._context(write=False) as ctx:
            record = self._record(ctx, plugin, slug, identity)
            action = self.kernel.views.action(type(record), name, on_list=False)
            self.kernel.views.check_act(ctx, action, record)
            if action.preview is None:
                raise NotFound("not-found")
            inputs = self.kernel.records.read_inputs(
                action.inputs, body, currency=currency_of(record)
            )
            content = action.preview(ctx, record, inputs)
            items = Contents(ctx, g.language).parts(content, action.plugin)
        return jsonify(items=items)

    def act_on_list(self, plugin: str, slug: str, name: str) -> Response:
        """Carry out an action of a list."""
        kind = self._kind(plugin, slug)

        def still(ctx: KernelContext, _told: dict[str, Any]) -> None:
            action = self.kernel.views.action(kind, name, on_list=True)
            self.kernel.views.check_act(ctx, action, None)

        return self._write(lambda ctx, body: self._do(ctx, None, name, body, kind), still)

    def _do(
        self,
        ctx: KernelContext,
        record: Record | None,
        name: str,
        body: Mapping[str, Any],
        kind: Any = None,
    ) -> Answer:
        of: type[Record] = kind if record is None else type(record)
        action = self.kernel.views.action(of, name, on_list=record is None)
        currency = currency_of(record) if record is not None else "CNY"
        inputs = self.kernel.records.read_inputs(action.inputs, body, currency=currency)
        told = self.kernel.views.carry_out(ctx, action, record, inputs)
        language = g.language
        if isinstance(told, Refused):
            return problems.problem(
                told, self.kernel.translator, language, g.request_id
            ), told.status
        text = (
            told
            if isinstance(told, str)
            else self.kernel.translator.text(told, language)
            if told
            else ""
        )
        return {
            "told": text,
            **({"record": self._dump(ctx, record)} if record is not None else {}),
        }, 200


def _query(args: Any) -> PageQuery:
    given: dict[str, list[str]] = args.to_dict(flat=False)
    filters = {name: values for name, values in given.items() if name not in _RESERVED}
    asked = {name: given[name][0] for name in _RESERVED & given.keys()}
    size = number(asked.get("size", "50"))
    if size is None or not 1 <= size <= 500:
        raise Invalid("invalid", {"size": Invalid("too-large", None, maximum=500)})
    return PageQuery(
        asked.get("q", ""),
        filters,
        asked.get("sort", ""),
        asked.get("cursor", ""),
        size,
        asked.get("archived") == "true",
        count=asked.get("count") != "false",
        shown=False,
        filter=args.get("filter", ""),
    )


def _facets(ctx: KernelContext, view: ListView, query: PageQuery) -> dict[str, Any]:
    """The commonest values of the fields by which a list is narrowed, as filters take them, with their counts."""
    names = [spec.key for spec in narrowing(ctx, view) if is_countable(view, spec)]
    found = Counted(ctx, view, replace(query, cursor="")).by(names, TOP)
    return {
        name: [
            {"value": None if value is None else as_filter(value), "count": count}
            for value, count in found[name]
        ]
        for name in names
    }


def _returned(step: Step) -> dict[str, Any]:
    """The step by which a case was returned."""
    return {"by": step.user_name, "from": step.source, "to": step.target, "reason": step.reason}


def _entry(specs: Mapping[str, FieldSpec], entry: Entry, currency: str) -> dict[str, Any]:
    """An entry of the ledger, its values as the API gives them: amounts and rates as texts."""

    def plain(name: str, value: Any) -> Any:
        spec = specs.get(name)
        return to_json(from_ledger(spec.kind, value), currency) if spec is not None else value

    changes = {name: [plain(name, value) for value in pair] for name, pair in entry.changes.items()}
    return {**vars(entry), "at": entry.at.isoformat(), "changes": changes}
