"""Reading a request: who asks, in which language, with what body."""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from flask import Request

from tenor.db.numbers import number
from tenor_sdk.errors import Invalid, TenorError
from tenor_sdk.files import Upload

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tenor.access import ActorData
    from tenor.kernel import Kernel

#: levels of lists and objects in a body
_DEEPEST: Final = 32
_HALF: Final = re.compile("[\ud800-\udfff]")


class Unauthenticated(TenorError):
    """Nobody, or nobody known."""

    status = 401


class Unsupported(TenorError):
    """A body of another kind than those that are read."""

    status = 415


class PreconditionRequired(TenorError):
    """A change without the version that it is a change of."""

    status = 428


def actor_of(kernel: Kernel, request: Request, connection: Connection | None = None) -> ActorData:
    """Who asks, by the bearer token.

    Args:
        connection: of a transaction that is open already.

    Raises:
        Unauthenticated: ``token-needed``.
        SafeMode: ``safe-mode``: only administrators may come in.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    actor = (
        kernel.identity.actor_of_token(token.strip(), connection)
        if scheme.lower() == "bearer"
        else None
    )
    if actor is None:
        raise Unauthenticated("token-needed")
    kernel.let_in(actor)
    return actor


def body_of(request: Request) -> dict[str, Any]:
    """The body as a mapping: JSON, or a form with files.

    Raises:
        Invalid: ``not-json``, ``not-an-object``.
        Unsupported: ``media-type``.
    """
    if request.mimetype == "multipart/form-data":
        files = {
            name: Upload(item.filename or "", item.read()) for name, item in request.files.items()
        }
        return {**request.form.to_dict(), **files}
    if not request.get_data():  # what comes in pieces says no length
        return {}
    if request.mimetype != "application/json":
        raise Unsupported("media-type", given=request.mimetype)
    body = _json(request)
    if not isinstance(body, dict):
        raise Invalid("not-an-object")
    return {name: _upload(value) for name, value in body.items()}


def _json(request: Request) -> Any:
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError):
        raise Invalid("not-json") from None
    if not _sound(body, _DEEPEST):
        raise Invalid("not-json")
    return body


def _sound(value: Any, levels: int) -> bool:
    """Whether it is what JSON knows: Python also reads NaN, halves of characters, and numbers without end."""
    if isinstance(value, str):
        return value.isascii() or _HALF.search(value) is None
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return levels > 0 and all(
            _sound(name, 0) and _sound(each, levels - 1) for name, each in value.items()
        )
    return not isinstance(value, list) or (
        levels > 0 and all(_sound(each, levels - 1) for each in value)
    )


def _upload(value: Any) -> Any:
    """``{"name": …, "base64": …}`` is a file."""
    if not (isinstance(value, Mapping) and set(value) == {"name", "base64"}):
        return value
    name, content = value["name"], value["base64"]
    if not (isinstance(name, str) and isinstance(content, str)):
        return value
    try:
        return Upload(name, base64.b64decode(content, validate=True))
    except ValueError:  # binascii.Error is one of them, letters beyond ASCII another
        raise Invalid("not-base64") from None


def version_of(request: Request) -> int:
    """The version that a change is meant for, from ``If-Match``.

    Raises:
        PreconditionRequired: ``version-needed``.
    """
    given = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    version = number(given)
    if version is None:
        raise PreconditionRequired("version-needed")
    return version
