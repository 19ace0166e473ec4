"""The hashes of the ledger: of a field, of an entry, of a seal. Pure; the tree between them is in ``merkle``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from json.encoder import encode_basestring
from secrets import token_hex
from typing import Any, Final

#: kept, as ``json.dumps`` makes one for each call that asks for anything of its own
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
HEADER: Final = (
    "at", "actor_id", "actor_name", "kind", "table_name", "record_id", "procedure", "elevation", "reason", "request_id",
)  # fmt: skip


#: In whose place somebody acted; part of an entry's digest where it says so: older entries say nothing of it.
BEHALF: Final = ("behalf_of_id", "behalf_of_name")
#: in the order of the canonical text, each with what stands before its value there
_HEADER_KEYS: Final = tuple((name, f'"{name}":') for name in sorted((*HEADER, *BEHALF)))
#: with what a salt begins by which each field has its own
_KEYED: Final = "k"
#: with what the salt of an entry of set-based work begins: each value that stood in a row has its own besides
_LISTED: Final = "kl"
#: what stands in the place of such a value once it was erased, with its hash
GONE: Final = "erased-sha256"


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


def new_salt() -> str:
    """Of an entry; each field has its own by it, so that one can be told and another kept."""
    return f"{_KEYED}{token_hex(16)}"


def new_listed_salt() -> str:
    """Of an entry of set-based work, so that what stood in one row can be erased and that of the others kept."""
    return f"{_LISTED}{token_hex(16)}"


def field_salt(salt: str, name: str) -> str:
    """The salt of one field. Entries of older ledgers have one for all of theirs."""
    return _hash(f"{salt}:{name}")[:32] if salt.startswith(_KEYED) else salt


def salt_of(salt: str, name: str, pair: Any) -> Any:
    """The salt of one field, as ``field_hashes`` takes it once the entry's own is gone: of a list of what stood in
    rows ``own``, and ``each`` in their order."""
    own = field_salt(salt, name)
    if not (salt.startswith(_LISTED) and type(pair[0]) is list):
        return own
    each = [
        "" if gone(value) else field_salt(salt, f"{name}:{n}") for n, value in enumerate(pair[0])
    ]
    return {"own": own, "each": each}


def gone(value: Any) -> bool:
    """Whether a value that stood in a row was erased."""
    return type(value) is dict and value.keys() == {GONE}


def value_hash(salt: str, name: str, place: int, value: Any) -> str:
    """The hash of what stood in one row of a chunk; it stays when the value is erased."""
    return str(value[GONE]) if gone(value) else field_hash(salt, f"{name}:{place}", value)


def _salted_hash(salt: Any, name: str, pair: Any) -> str:
    """By what ``salt_of`` gave."""
    if type(salt) is not dict:
        return field_hash(salt, name, pair)
    stood = zip(salt["each"], pair[0], strict=True)
    hashes = [value_hash(each, name, place, value) for place, (each, value) in enumerate(stood)]
    return field_hash(salt["own"], name, [hashes, pair[1]])


def field_hash(salt: str, name: str, pair: Any) -> str:
    """The hash of a field's values before and after, with its own salt."""
    return _hash(f"{salt}:{name}:{canonical(pair)}")


def field_hashes(
    salt: str, changes: Mapping[str, Any], salts: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """The salted hash of each field's values, so that erasing them leaves the entry's digest whole.

    Args:
        salts: of the fields that are left, where others were erased: with the salt of all, what was erased could be
            found by trying.
    """
    if salts is not None:
        return {
            name: _salted_hash(salts.get(name, ""), name, pair) for name, pair in changes.items()
        }
    if salt.startswith(_LISTED):
        return {
            name: _salted_hash(salt_of(salt, name, pair), name, pair)
            for name, pair in changes.items()
        }
    if not salt.startswith(_KEYED):
        return {name: field_hash(salt, name, pair) for name, pair in changes.items()}
    # field_salt and field_hash, written out: verifying lives on it
    found = {}
    for name, pair in changes.items():
        own = sha256(f"{salt}:{name}".encode()).hexdigest()[:32]
        if type(pair) is list and len(pair) == 2:
            said = f"{own}:{name}:[{_scalar(pair[0])},{_scalar(pair[1])}]"
        else:
            said = f"{own}:{name}:{canonical(pair)}"
        found[name] = sha256(said.encode()).hexdigest()
    return found


def entry_digest(header: Mapping[str, Any], hashes: Mapping[str, str]) -> str:
    """The leaf of a seal. ``at`` is a text (ISO 8601, UTC, microseconds)."""
    said = ",".join(
        [
            f"{key}{_scalar(header[name])}"
            for name, key in _HEADER_KEYS
            if name not in BEHALF or header.get(name)
        ]
    )
    told = ",".join(
        [f"{encode_basestring(name)}:{encode_basestring(hashes[name])}" for name in sorted(hashes)]
    )
    return _hash(f"[{{{said}}},{{{told}}}]")


def row_digest(table: str, row_id: int, hashes: Mapping[str, str]) -> str:
    """The leaf of a journal's row: of which table, which, and the salted hash of each of its values."""
    return _hash(canonical([table, row_id, dict(hashes)]))


def seal_digest(number: int, at: str, count: int, horizon: int, root: str, previous: str) -> str:
    """What the next seal is chained to."""
    return _hash(seal_text(number, at, count, horizon, root, previous))


def seal_text(number: int, at: str, count: int, horizon: int, root: str, previous: str) -> str:
    """What a seal's digest is the SHA-256 of."""
    return canonical([number, at, count, horizon, root, previous])
