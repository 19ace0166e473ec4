"""The hashes of the ledger: of a field, of an entry, of a seal. Pure; the tree between them is in ``merkle``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
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
#: with what the salt of an entry of set-based work begins: each value that stood in a row has its own besides. With the
#: older one a list of hashes is hashed as a value that is such a list would be
_LISTED: Final = "km"
_LISTED_BEFORE: Final = "kl"
#: marks the salts of a field whose list of hashes is told apart from any value
_APART: Final = "list"
#: what stands in the place of such a value once it was erased, with its hash
GONE: Final = "erased-sha256"
#: forms of seals: of the first, whose leaves say nothing of the numbers of entries, and that of today
FIRST_FORM: Final = 1
FORM: Final = 2


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
    if not (salt.startswith((_LISTED, _LISTED_BEFORE)) and type(pair[0]) is list):
        return own
    each = [
        "" if gone(value) else field_salt(salt, f"{name}:{n}") for n, value in enumerate(pair[0])
    ]
    apart = {"form": _APART} if salt.startswith(_LISTED) else {}
    return {"own": own, "each": each, **apart}


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
    # values are hashed as lists: an object is none of them
    told = {_APART: [hashes, pair[1]]} if salt.get("form") == _APART else [hashes, pair[1]]
    return field_hash(salt["own"], name, told)


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

    Raises:
        ValueError: what isn't a value before and one after.
    """
    for name, pair in changes.items():
        if type(pair) is not list or len(pair) != 2:
            raise ValueError(f"{name} has no value before and after")
    if salts is not None:
        return {
            name: _salted_hash(salts.get(name, ""), name, pair) for name, pair in changes.items()
        }
    if salt.startswith((_LISTED, _LISTED_BEFORE)):
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
        said = f"{own}:{name}:[{_scalar(pair[0])},{_scalar(pair[1])}]"
        found[name] = sha256(said.encode()).hexdigest()
    return found


def says_behalf(name: str, value: Any) -> bool:
    """Whether a value says in whose place somebody acted; what says nothing isn't part of the digest."""
    return value is not None and not (name == "behalf_of_name" and value == "")


def entry_digest(header: Mapping[str, Any], hashes: Mapping[str, str]) -> str:
    """Over everything but the values. ``at`` is a text (ISO 8601, UTC, microseconds)."""
    said = ",".join(
        [
            f"{key}{_scalar(header[name])}"
            for name, key in _HEADER_KEYS
            if name not in BEHALF or says_behalf(name, header.get(name))
        ]
    )
    told = ",".join(
        [f"{encode_basestring(name)}:{encode_basestring(hashes[name])}" for name in sorted(hashes)]
    )
    return _hash(f"[{{{said}}},{{{told}}}]")


def row_digest(table: str, row_id: int, hashes: Mapping[str, str]) -> str:
    """The leaf of a journal's row: of which table, which, and the salted hash of each of its values."""
    return _hash(canonical([table, row_id, dict(hashes)]))


def entry_leaf(form: int, entry_id: int, digest: str) -> str:
    """What stands for an entry under a seal of a form: in the first one its digest, without its number."""
    return digest if form == FIRST_FORM else _hash(f'[{entry_id},"{digest}"]')


@dataclass(frozen=True)
class SealSaid:
    """What a seal's digest covers.

    Args:
        at: a text, as in an entry's header.
        form: how its leaves are made; the first one isn't told.
        stamp: of the last time stamp that was kept then, as ``stamp_said`` tells it; of the first form none is.
    """

    number: int
    at: str
    count: int
    horizon: int
    root: str
    previous: str
    form: int
    stamp: str = ""

    def text(self) -> str:
        """What a seal's digest is the SHA-256 of."""
        return canonical(self.told())

    def told(self) -> list[Any]:
        """As it stands in that text, and in an export."""
        said = [self.number, self.at, self.count, self.horizon, self.root, self.previous]
        return said if self.form == FIRST_FORM else [*said, self.form, self.stamp]

    def digest(self) -> str:
        """What the next seal is chained to."""
        return _hash(self.text())


def stamp_said(seal_id: int, response: str) -> str:
    """What a later seal says of a time stamp: of which seal it is, and the hash of the answer as it is kept."""
    return f"{seal_id}:{_hash(response)}"
