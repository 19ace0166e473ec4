"""The API's own description, OpenAPI 3.1, for the kinds of record that the person may read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from apispec import APISpec

from tenor.api.decisions import is_voted_on
from tenor.audit.records import LedgerEntry
from tenor.exports import FORMATS
from tenor.notify.records import WAYS
from tenor.records.filters import LONGEST
from tenor.records.specs import FieldSpec, specs_of
from tenor.records.standing import axes
from tenor.views import address
from tenor.views.merge import has_page
from tenor_sdk.approvals import Ballot
from tenor_sdk.records import Archivable, Customizable, Record

if TYPE_CHECKING:
    from tenor.context import KernelContext

_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "long-text": {"type": "string"},
    "state": {"type": "string"},
    "integer": {"type": "integer"},
    "link": {"type": "integer"},
    "file": {"type": "integer"},
    "amount": {
        "type": "string",
        "pattern": r"^-?\d+(\.\d+)?$",
        "description": "major units, exact",
    },
    "rate": {
        "type": "string",
        "pattern": r"^-?\d+(\.\d+)?$",
        "description": "a fraction of one, exact",
    },
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "date-time"},
    "boolean": {"type": "boolean"},
    "json": {},
    "computed": {},
}
_PROBLEMS = {
    "400": "The request can't be read", "401": "No token, or none that counts", "403": "Not permitted",
    "404": "Not found", "409": "Changed since, or somebody else was first",
    "413": "The body is too large", "415": "Another media type",
    "422": "Refused, blocked, or with errors by field", "428": "If-Match is missing",
}  # fmt: skip


_WORD: dict[str, Any] = {"type": "string"}
_CHOICES: dict[str, Any] = {
    "type": "object",
    "properties": {
        "choices": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "kind": _WORD,
                    "channel": _WORD,
                    "way": {"enum": [way for way, _title in WAYS]},
                },
                "required": ["kind", "channel", "way"],
                "additionalProperties": False,
            },
        },
        "quiet": {
            "type": "object",
            "properties": {"from": _WORD, "until": _WORD},
            "required": ["from", "until"],
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}


def document(ctx: KernelContext) -> dict[str, Any]:
    """The description for the person who asks: what they may not read isn't in it."""
    spec = APISpec(
        title="Tenor", version="1", openapi_version="3.1.0", servers=[{"url": "/api/v1"}]
    )
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", _PROBLEM)
    spec.components.schema("Conflict", _CONFLICT)
    spec.components.schema("Answer", {"type": "object"})
    _describe_own(spec)
    if ctx.may(LedgerEntry, "read"):
        asked = {**_operation("tenor", "The ledger", "200", _LIST), "parameters": _LEDGER}
        spec.path("/ledger", operations={"get": asked})
    for record in ctx.kernel.declarations.records:
        if has_page(record) and ctx.may(record, "read"):
            _Described(ctx, spec, record).describe()
    return dict(spec.to_dict())


def _describe_own(spec: APISpec) -> None:
    own = "tenor"
    task = [_place("id")]
    spec.path("/me", operations={"get": _operation(own, "Who acts", "200", _ANSWER)})
    change = _operation(own, "Choose how one is told", "200", _ANSWER, _CHOICES)
    spec.path("/me/notices", operations={
        "get": _operation(own, "How one is told of which kind of notice", "200", _ANSWER), "patch": change,
    })  # fmt: skip
    spec.path("/tasks", operations={"get": _operation(own, "Open tasks", "200", _LIST)})
    spec.path(
        "/tasks/{id}/claim", parameters=task, operations={"post": _operation(own, "Take a task", "200", _ANSWER)}
    )  # fmt: skip
    spec.path("/inbox", operations={
        "get": {**_operation(own, "What the person was told", "200", _LIST), "parameters": _NOTICES},
    })  # fmt: skip
    spec.path(
        "/inbox/{id}/read", parameters=task, operations={"post": _operation(own, "Read a notice", "200", _ANSWER)}
    )  # fmt: skip
    spec.path("/search", operations={
        "get": {**_operation(own, "Records by words, pinyin or number", "200", _LIST), "parameters": _SEARCH},
    })  # fmt: skip
    file = {"type": "object", "properties": {"file": _FILE}, "required": ["file"]}
    spec.path("/files", operations={"post": _operation(own, "Keep a file", "201", _ANSWER, file)})
    bytes_ = _operation(own, "A file's bytes", "200", _ANSWER)
    bytes_["responses"]["200"]["content"] = {"*/*": {"schema": {}}}
    spec.path("/files/{id}", parameters=task, operations={"get": bytes_})


class _Described:
    """The paths of one kind of record."""

    def __init__(self, ctx: KernelContext, spec: APISpec, record: type[Record]) -> None:
        self.ctx, self.spec, self.record = ctx, spec, record
        self.name = f"{record.__plugin__}.{record.__name__}"
        self.path = address(record)

    def describe(self) -> None:
        """Schemas and paths."""
        fields = specs_of(self.record).values()
        shown = {field.key: _type(field) for field in fields if not field.info.secret}
        if issubclass(self.record, Customizable):
            shown["custom"] = self._custom_shown()
        self.spec.components.schema(self.name, {"type": "object", "properties": shown})
        given = {field.key: self._given(field) for field in fields if not field.readonly}
        needed = [field.key for field in fields if field.required and not field.readonly]
        given["external_ids"] = _EXTERNAL
        of_new = dict(given)
        if issubclass(self.record, Customizable):
            given["custom"], of_new["custom"] = self._custom_given()
            needed += ["custom"] if "required" in of_new["custom"] else []
        self.spec.components.schema(f"{self.name}.Changed", _object(given))
        self.spec.components.schema(f"{self.name}.Given", {**_object(of_new), "required": needed})
        self._records()
        self._more()

    def _given(self, field: FieldSpec) -> dict[str, Any]:
        """A field as it is handed in; where that goes by a condition, with its text."""
        said = [
            f"{words} while `{one.when.text}`"
            for one in self.ctx.kernel.expressions.whens.of(self.record)
            for keys, words in ((one.required, "required"), (one.read_only, "read-only"))
            if field.key in keys
        ]
        return {**_type(field), "description": "; ".join(said)} if said else _type(field)

    def _custom_shown(self) -> dict[str, Any]:
        """The fields that the institution added, as they are given out."""
        own = self.ctx.kernel.records.custom.shown(self.ctx, self.record)
        return _object({field.name: _type(field, lacking=True) for field in own})

    def _custom_given(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The same as they are handed in, for a change, and for a new record."""
        own = self.ctx.kernel.records.custom.writable(self.ctx, self.record)
        given = {field.name: _type(field) for field in own}
        return _object(given), _object(given, [field.name for field in own if field.required])

    def _records(self) -> None:
        one, ref = self.record.singular(), _ref(self.name)
        self._path("", {
            "get": {**self._do(self.record.plural(), "200", _LIST), "parameters": self._paging()},
            "post": self._do(f"New {one}", "201", ref, _ref(f"{self.name}.Given")),
        })  # fmt: skip
        changed = self._do(f"Change {one}", "200", ref, _ref(f"{self.name}.Changed"))
        self._path("/{id}", {
            "get": self._do(one, "200", ref),
            "patch": {**changed, "parameters": [_IF_MATCH]},
            "delete": {**self._do(f"Remove {one}", "200", _ANSWER), "parameters": [_IF_MATCH]},
        })  # fmt: skip
        if issubclass(self.record, Archivable):
            for name, title in (("archive", f"Archive {one}"), ("restore", f"Bring back {one}")):
                operation = {**self._do(title, "200", ref), "parameters": [_IF_MATCH]}
                self._path(f"/{{id}}/{name}", {"post": operation})
        known = {
            **self._do(f"{one} by what another system calls it", "200", ref),
            "parameters": _CALLED,
        }
        self._path("/by-external-id", {"get": known})
        taken = self._do(f"{self.record.plural()} as a file", "200", _ANSWER)
        taken["responses"]["200"] = {"description": "the file", "content": _FILES}
        self._path("/export", {"get": {**taken, "parameters": [_FORMAT, *self._paging()]}})
        self._path("/{id}/external-ids", {"get": self._do("Its external ids", "200", _ANSWER)})
        self._path("/{id}/history", {"get": self._do("The ledger's entries", "200", _LIST)})
        self._path("/{id}/panels", {"get": self._do("What is computed about it", "200", _LIST)})

    def _paging(self) -> list[dict[str, Any]]:
        """What narrows a list; of dated facts also the days on which they are to have stood."""
        days = axes(self.ctx, self.record)
        return _PAGING + [{"name": key, "in": "query", "schema": _DAY} for key in days]

    def _more(self) -> None:
        if getattr(self.record, "__discussed__", False):
            text = {
                "type": "object",
                "properties": {"text": {"type": "string"}},
                "required": ["text"],
            }
            said = {
                "get": {**self._do("Comments", "200", _LIST), "parameters": [_BEFORE]},
                "post": self._do("Comment", "201", _ANSWER, text),
            }
            self._path("/{id}/comments", said)
            self._path("/{id}/follow", {"post": self._do("Be told of it", "201", _ANSWER)})
            self._path("/{id}/unfollow", {"post": self._do("Be told no more", "200", _ANSWER)})
        flow = self.ctx.kernel.workflow.flow(self.record)
        if flow is not None:
            self._path("/{id}/transitions", {"get": self._do("What leads on", "200", _LIST)})
            told = self._do("How decisions of several people stand", "200", _LIST)
            self._path("/{id}/decisions", {"get": told})
            for name, how in flow.transitions.items():
                if not how.by_itself:
                    body = _inputs(self.ctx, how.inputs, reason=how.reason)
                    if is_voted_on(how):
                        body = _with_ballot(body)
                    self._path(
                        f"/{{id}}/transitions/{name}",
                        {"post": self._do(how.title, "200", _ANSWER, body)},
                    )
            for name in (name for name, how in flow.transitions.items() if how.recall):
                back = {"type": "object", "properties": {"reason": {"type": "string"}}}
                self._path(
                    f"/{{id}}/transitions/{name}/recall",
                    {
                        "post": self._do(
                            f"Take back: {flow.transitions[name].title}", "200", _ANSWER, back
                        )
                    },
                )
        for on_list in (False, True):
            for action in self.ctx.kernel.views.actions_on(self.record, on_list=on_list):
                body = _inputs(self.ctx, action.inputs)
                where = f"{'' if on_list else '/{id}'}/actions/{action.name}"
                self._path(where, {"post": self._do(action.title, "200", _ANSWER, body)})
                if action.preview is not None and not on_list:
                    asked = self._do(f"{action.title}: what it would do", "200", _LIST, body)
                    self._path(f"{where}/preview", {"post": asked})

    def _path(self, more: str, operations: dict[str, Any]) -> None:
        parameters = [_place("id")] if "{id}" in more else []
        self.spec.path(f"{self.path}{more}", parameters=parameters, operations=operations)

    def _do(self, title: str, status: str, answer: Any, body: Any = None) -> dict[str, Any]:
        return _operation(self.record.__plugin__, title, status, answer, body)


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


_ANSWER = _ref("Answer")
_LIST = {
    "type": "object",
    "properties": {"items": {"type": "array", "items": {"type": "object"}}},
    "required": ["items"],
}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "key", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "in the person's language"},
        "key": {"type": "string", "description": "stable, to be asked for by programs"},
        "request_id": {"type": "string"},
        "report": {
            "type": "string",
            "description": "of a fault of ours: where its report is read and handed over",
        },
        "errors": {"type": "object", "description": "by field"},
        "blockers": {"type": "array", "items": {"type": "object"}},
        "conflict": {"$ref": "#/components/schemas/Conflict"},
    },
}
_CONFLICT = {
    "type": "object",
    "description": "of a change that came too late: what there is to choose from",
    "required": ["version", "fields"],
    "properties": {
        "version": {"type": "integer", "description": "of the record now, for the next If-Match"},
        "fields": {
            "type": "object",
            "description": "by field, where somebody changed it; those of the institution's own as custom.<key>",
            "additionalProperties": {
                "type": "object",
                "required": ["theirs", "mine"],
                "properties": {
                    "base": {
                        "description": "what stood in the version of If-Match; not there where nobody knows"
                    },
                    "theirs": {"description": "what stands there now"},
                    "mine": {"description": "what was handed in; else as base"},
                },
            },
        },
    },
}
_FILE = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "base64": {"type": "string", "contentEncoding": "base64"}},
    "required": ["name", "base64"],
}  # fmt: skip
_IF_MATCH = {
    "name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"},
    "description": "the version that is changed, as ETag gave it",
}  # fmt: skip
_BEFORE = {
    "name": "before", "in": "query", "schema": {"type": "integer"},
    "description": "an id: earlier ones alone",
}  # fmt: skip
_FILTER = """What narrows the list, such as `state = draft and (amount >= 2000万 or customer.industry = C26)`.
A field is compared by `=`, `!=`, `<`, `<=`, `>`, `>=`; `~` and `!~` say whether a text contains another.
A value is a word, a text in quotes, a range `1..5`, a list `(a, b)`, or `empty`; of days also `today`, `today-30d`,
`this-month`, `2026-06`, `2026-q2`; of people `me`, of units `my-unit`. Comparisons are joined by `and`, `or`, `not`
and brackets.
Beside it each field may stand as a parameter of its own: `state=draft`, `amount__from=5`, `amount__to=9`."""
_EXTERNAL = {
    "type": "object",
    "description": "what other systems call it, by source; null takes one away",
    "propertyNames": {"pattern": "^[a-z][a-z0-9]*([-_.][a-z0-9]+)*$", "maxLength": 60},
    "additionalProperties": {"type": ["string", "null"], "maxLength": 200},
}
_CALLED = [
    {"name": name, "in": "query", "required": True, "schema": {"type": "string"}}
    for name in ("source", "value")
]
_BYTES = {"type": "string", "format": "binary"}
_ROWS = {"type": "array", "items": {"type": "object"}}
_FILES = {kind: {"schema": _ROWS if name == "json" else _BYTES} for name, kind in FORMATS.items()}
_FORMAT = {
    "name": "format",
    "in": "query",
    "schema": {"type": "string", "enum": sorted(FORMATS), "default": "csv"},
}
_PAGING = [
    {"name": name, "in": "query", "schema": schema}
    for name, schema in (
        ("q", {"type": "string"}), ("sort", {"type": "string"}), ("cursor", {"type": "string"}),
        ("size", {"type": "integer", "minimum": 1, "maximum": 500}),
        ("archived", {"enum": ["true", "false"]}), ("count", {"enum": ["true", "false"]}),
        ("facets", {"enum": ["true", "false"]}),
    )
] + [{
    "name": "filter", "in": "query", "description": _FILTER, "schema": {"type": "string", "maxLength": LONGEST},
}]  # fmt: skip

_DAY = {"type": "string", "description": "a day, as 2026-05-31, or today"}
_SEARCH = [
    {"name": "q", "in": "query", "schema": {"type": "string", "maxLength": LONGEST}},
    {"name": "size", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 50}},
]
_LEDGER = [
    {"name": name, "in": "query", "schema": schema}
    for name, schema in (
        ("who", {"type": "integer", "minimum": 0}), ("what", {"type": "string"}),
        ("record", {"type": "integer", "minimum": 0}), ("case", {"enum": ["true", "false"]}),
        ("field", {"type": "string"}), ("kind", {"type": "string"}), ("request", {"type": "string"}),
        ("from", {"type": "string", "format": "date"}), ("to", {"type": "string", "format": "date"}),
        ("before", {"type": "integer", "minimum": 1}),
    )
]  # fmt: skip

_NOTICES = [
    {"name": "before", "in": "query", "schema": {"type": "integer", "minimum": 1}},
    {"name": "unread", "in": "query", "schema": {"enum": ["true", "false"]}},
]


def _place(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    }


def _inputs(
    ctx: KernelContext, inputs: type[Any] | None, *, reason: bool = False
) -> dict[str, Any]:
    """The body of a transition or action."""
    specs = ctx.kernel.records.inputs(inputs).values() if inputs is not None else ()
    given = {field.key: _FILE if field.kind == "file" else _type(field) for field in specs}
    needed = [field.key for field in specs if field.required]
    if reason:
        given["reason"] = {"type": "string"}
        needed.append("reason")
    return {"type": "object", "properties": given, **({"required": needed} if needed else {})}


def _with_ballot(body: dict[str, Any]) -> dict[str, Any]:
    """The body of a vote in a committee: its inputs are of a vote for it alone."""
    more = {
        "ballot": {"type": "string", "enum": [each.value for each in Ballot]},
        "reason": {"type": "string"},
        "shown": {"type": "string"},
    }
    return {"type": "object", "properties": {**body["properties"], **more}}


def _object(properties: dict[str, Any], needed: Sequence[str] = ()) -> dict[str, Any]:
    made = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**made, "required": list(needed)} if needed else made


def _type(field: FieldSpec, *, lacking: bool = False) -> dict[str, Any]:
    """The schema of a field's value; ``lacking``: it may not be there yet, though it is required."""
    required = field.required and not lacking
    if field.choices:
        choices: list[str | None] = [value for value, _label in field.choices]
        return {"enum": choices if required else [*choices, None]}
    kind = _TYPES[field.kind]
    if required or "type" not in kind:
        return kind
    return {**kind, "type": [kind["type"], "null"]}


def _operation(
    tag: str, title: str, status: str, answer: dict[str, Any], body: dict[str, Any] | None = None
) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": _ref("Problem")}}
    told: dict[str, Any] = {
        "tags": [tag],
        "summary": title,
        "security": [{"token": []}],
        "responses": {
            status: {"description": title, "content": {"application/json": {"schema": answer}}},
            **{
                code: {"description": words, "content": problem}
                for code, words in _PROBLEMS.items()
            },
        },
    }
    if body is not None:
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return told
