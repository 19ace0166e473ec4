"""The hashes of the ledger: of a field, of an entry, of a seal. Pure; the tree between them is in ``merkle``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any, Final

#: kept, as ``json.dumps`` makes one for each call that asks for anything of its own
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
HEADER: Final = (
    "at", "actor_id", "actor_name", "kind", "table_name", "record_id", "procedure", "elevation", "reason", "request_id",
)  # fmt: skip


#: In whose place somebody acted; part of an entry's digest where it says so: older entries say nothing of it.
BEHALF = ("behalf_of_id", "behalf_of_name")


def canonical(value: Any) -> str:
    """One text for one JSON value: sorted keys, no spaces, as UTF-8."""
    return _ENCODER.encode(value)


def _scalar(value: Any) -> str:
    """The canonical text of what a field mostly holds, without the encoder's own way there: verifying lives on it."""
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    if value is None:
        return "null"
    return repr(value) if kind is int else _ENCODER.encode(value)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def field_hashes(salt: str, changes: Mapping[str, Any]) -> dict[str, str]:
    """The salted hash of each field's values, so that erasing them leaves the entry's digest whole."""
    return {
        name: _hash(f"{salt}:{name}:[{_scalar(pair[0])},{_scalar(pair[1])}]")
        if type(pair) is list and len(pair) == 2
        else _hash(f"{salt}:{name}:{canonical(pair)}")
        for name, pair in changes.items()
    }


def entry_digest(header: Mapping[str, Any], hashes: Mapping[str, str]) -> str:
    """The leaf of a seal. ``at`` is a text (ISO 8601, UTC, microseconds)."""
    said = {name: header[name] for name in HEADER}
    said |= {name: header[name] for name in BEHALF if header.get(name)}
    return _hash(canonical([said, dict(hashes)]))


def seal_digest(number: int, at: str, count: int, horizon: int, root: str, previous: str) -> str:
    """What the next seal is chained to."""
    return _hash(canonical([number, at, count, horizon, root, previous]))
