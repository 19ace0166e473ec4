"""Errors as the API tells them: RFC 9457, with our key, the errors by field and what blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Response, jsonify, make_response, request

from tenor.drivers.callbacks import NotNow, TooMany
from tenor.records.values import to_json
from tenor.records.versions import ChangedSince
from tenor_sdk.errors import Blocked, Invalid, TenorError

if TYPE_CHECKING:
    from werkzeug.exceptions import HTTPException

    from tenor.i18n import Translator
    from tenor.kernel import Kernel

#: a fault of ours, of which a report is kept
FAULT: Final = "http-500"


def answer(kernel: Kernel, error: TenorError, request_id: str, language: str = "") -> Response:
    """A refusal as RFC 9457.

    Args:
        language: of the person; by default what the request prefers.
    """
    preferred = request.accept_languages.best_match(["zh-CN", "en"])
    told = problem(error, kernel.translator, language or preferred or "en", request_id)
    made = make_response(jsonify(told), error.status)
    made.mimetype = "application/problem+json"
    if error.status == 401:
        made.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, (TooMany, NotNow)):
        made.headers["Retry-After"] = str(error.seconds)
    return made


def http_error(error: HTTPException) -> TenorError:
    """An error of HTTP itself: no such address, another method, too large."""
    code = error.code if error.code in (400, 404, 405, 413, 415) else 500
    wrapped = TenorError(f"http-{code}")
    wrapped.status = error.code or 500  # type: ignore[misc]  # of this one instance
    return wrapped


def problem(
    error: TenorError, translator: Translator, language: str, request_id: str
) -> dict[str, Any]:
    """The body of an error's answer.

    Args:
        language: of ``detail``; the key is the same in all.
    """
    told: dict[str, Any] = {
        "type": f"urn:tenor:error:{error.key}",
        "title": error.key,
        "status": error.status,
        "detail": translator.error(error, language),
        "key": error.key,
        "values": {
            name: to_json(value) if _simple(value) else str(value)
            for name, value in error.values.items()
        },
        "request_id": request_id,
    }
    if error.status >= 500 and error.key == FAULT:
        told["report"] = f"/report?number={request_id}"
    if isinstance(error, Invalid) and error.fields:
        told["errors"] = {
            name: {"key": one.key, "detail": translator.error(one, language)}
            for name, one in error.fields.items()
        }
    if isinstance(error, ChangedSince):
        told["conflict"] = {"version": error.version, "fields": error.fields}
    if isinstance(error, Blocked):
        told["blockers"] = [blocker(one, translator, language) for one in error.blockers]
    return told


def blocker(one: Any, translator: Translator, language: str) -> dict[str, str]:
    """One thing that stands in the way."""
    why = translator.text(one.why, language) if one.why is not None else ""
    return {"what": translator.text(one.what, language), "why": why, "href": one.href}


def _simple(value: object) -> bool:
    return isinstance(to_json(value), (str, int, float, bool, type(None)))
