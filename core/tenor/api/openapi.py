"""The API's own description, OpenAPI 3.1, for the kinds of record that the person may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apispec import APISpec

from tenor.records.specs import FieldSpec, specs_of
from tenor.views import address
from tenor.views.merge import has_page
from tenor_sdk.records import Record

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
    "404": "Not found", "409": "Changed since, or somebody else was first", "415": "Another media type",
    "422": "Refused, blocked, or with errors by field", "428": "If-Match is missing",
}  # fmt: skip


def document(ctx: KernelContext) -> dict[str, Any]:
    """The description for the person who asks."""
    spec = APISpec(
        title="Tenor", version="1", openapi_version="3.1.0", servers=[{"url": "/api/v1"}]
    )
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", {"type": "object", "properties": {"key": {"type": "string"}}})
    for record in ctx.kernel.declarations.records:
        if has_page(record) and ctx.may(record, "read"):
            _describe(spec, record)
    return dict(spec.to_dict())


def _describe(spec: APISpec, record: type[Record]) -> None:
    name = f"{record.__plugin__}.{record.__name__}"
    fields = specs_of(record).values()
    spec.components.schema(
        name, {"type": "object", "properties": {field.key: _type(field) for field in fields}}
    )
    given = {field.key: _type(field) for field in fields if not field.readonly}
    needed = [field.key for field in fields if field.required and not field.readonly]
    body = {"type": "object", "properties": given, "additionalProperties": False}
    spec.components.schema(f"{name}.Given", {**body, "required": needed})
    path = address(record)
    spec.path(path, operations={
        "get": _operation(record, "200", {"type": "object"}),
        "post": _operation(record, "201", {"$ref": f"#/components/schemas/{name}"}, f"{name}.Given"),
    })  # fmt: skip
    parameter = [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}]
    spec.path(f"{path}/{{id}}", parameters=parameter, operations={
        "get": _operation(record, "200", {"$ref": f"#/components/schemas/{name}"}),
        "patch": _operation(record, "200", {"$ref": f"#/components/schemas/{name}"}, f"{name}.Given"),
        "delete": _operation(record, "200", {"type": "object"}),
    })  # fmt: skip


def _type(field: FieldSpec) -> dict[str, Any]:
    if field.choices:
        return {"type": "string", "enum": [value for value, _ in field.choices]}
    kind = _TYPES[field.kind]
    if field.required or "type" not in kind:
        return kind
    return {**kind, "type": [kind["type"], "null"]}


def _operation(
    record: type[Record], status: str, answer: dict[str, Any], body: str = ""
) -> dict[str, Any]:
    content = {"application/json": {"schema": answer}}
    problems = {
        code: {
            "description": words,
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
        for code, words in _PROBLEMS.items()
    }
    told: dict[str, Any] = {
        "tags": [record.__plugin__],
        "security": [{"token": []}],
        "responses": {status: {"description": record.singular(), "content": content}, **problems},
    }
    if body:
        schema = {"$ref": f"#/components/schemas/{body}"}
        told["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return told
