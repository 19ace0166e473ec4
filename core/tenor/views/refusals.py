"""Refusals as a journal keeps them: what was said and with which values, so that each reader has them in their own
language, whoever they were told to first."""

from __future__ import annotations

from typing import Any

from tenor.events.wire import from_json, to_json
from tenor_sdk.errors import Invalid, TenorError

Told = dict[str, Any]


def told(error: TenorError) -> Told | None:
    """A refusal as JSON; None where one of its values can't be written, so that only its words can be kept."""
    try:
        return _told(error)
    except TypeError:
        return None


def error_of(kept: Told) -> TenorError:
    """What ``told`` wrote, as something to be said.

    Raises:
        ValueError: a value that this version doesn't know.
    """
    fields = {name: error_of(one) for name, one in kept["fields"].items()}
    error = Invalid(kept["key"], fields=fields) if fields else TenorError(kept["key"])
    errors = {name: error_of(one) for name, one in kept["errors"].items()}
    error.values = {**from_json(kept["values"]), **errors}
    error.module = kept["module"]
    return error


def _told(error: TenorError) -> Told:
    inner = {name: one for name, one in error.values.items() if isinstance(one, TenorError)}
    plain = {name: one for name, one in error.values.items() if name not in inner}
    fields = error.fields if isinstance(error, Invalid) else {}
    return {
        "key": error.key,
        "module": error.module,
        "values": to_json(plain),
        "errors": {name: _told(one) for name, one in inner.items()},
        "fields": {name: _told(one) for name, one in fields.items()},
    }
