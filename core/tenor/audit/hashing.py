"""The hashes of the ledger: of a field, of an entry, of a block. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
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


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def field_hashes(salt: str, changes: Mapping[str, Any]) -> dict[str, str]:
    """The salted hash of each field's values, so that erasing them leaves the entry's digest whole."""
    return {name: _hash(f"{salt}:{name}:{canonical(pair)}") for name, pair in changes.items()}


def entry_digest(header: Mapping[str, Any], hashes: Mapping[str, str]) -> str:
    """The leaf of a seal. ``at`` is a text (ISO 8601, UTC, microseconds)."""
    said = {name: header[name] for name in HEADER}
    said |= {name: header[name] for name in BEHALF if header.get(name)}
    return _hash(canonical([said, dict(hashes)]))


def merkle_root(leaves: Sequence[str]) -> str:
    """The root over digests, in order; a last leaf without a pair goes up alone. Inner nodes are marked apart from
    leaves, lest one stand for the other (RFC 6962, section 2.1)."""
    level = [_hash(f"0:{leaf}") for leaf in leaves]
    if not level:
        return _hash("")
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [_hash(f"1:{left}{right}") for left, right in pairs] + level[
            len(level) - len(level) % 2 :
        ]
    return level[0]


def seal_digest(number: int, at: str, count: int, horizon: int, root: str, previous: str) -> str:
    """What the next seal is chained to."""
    return _hash(canonical([number, at, count, horizon, root, previous]))
