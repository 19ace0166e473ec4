"""Records as the API gives them. What is done to each field is worked out once for a kind of record and a set of
rules, not for each record: a page has a thousand values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tenor.records.specs import specs_of
from tenor.records.values import PLAIN, masked, to_json
from tenor_sdk.records import Record
from tenor_sdk.values import Amount

Shown = Callable[[Any, str], Any]

_MOST: Final = 1000


class Dumper:
    """Fields of one kind of record under one set of field rules.

    Args:
        effects: ``hide``, ``mask`` or ``freeze`` by field.
    """

    def __init__(self, record: type[Record], effects: Mapping[str, str]) -> None:
        specs = [spec for spec in specs_of(record).values() if effects.get(spec.key) != "hide"]
        self._keys = [spec.key for spec in specs]
        self._masks = [
            (spec.key, spec.info.mask) for spec in specs if effects.get(spec.key) == "mask"
        ]
        bare = [spec for spec in specs if effects.get(spec.key) != "mask"]
        self._times = [spec.key for spec in bare if spec.kind in _TIMES]
        ways = {spec.key: _WAYS.get(spec.kind, _plain) for spec in bare if spec.kind not in _TIMES}
        #: what plugins compute, words in no language among it
        self.computed = [spec.key for spec in bare if spec.kind == "computed"]
        self._ways = [(key, way) for key, way in ways.items() if way]

    def __call__(self, record: Record, currency: str) -> dict[str, Any]:
        """Values by key.

        Args:
            currency: of its amounts, ISO 4217.
        """
        loaded = record.__dict__
        # past the attribute's own ways where the value lies there
        shown = {key: loaded[key] if key in loaded else getattr(record, key) for key in self._keys}
        for key in self._times:  # four of them in each row, so without a call of our own
            if shown[key] is not None:
                shown[key] = shown[key].isoformat()
        for key, way in self._ways:
            if shown[key] is not None:
                shown[key] = way(shown[key], currency)
        for key, mask in self._masks:
            shown[key] = masked(shown[key], mask)
        return shown


def _plain(value: Any, currency: str) -> Any:
    return value if type(value) in PLAIN else to_json(value, currency)


def _text(value: Any, currency: str) -> str:
    return str(value)


#: kinds whose values are of one type; None: given as they are
_WAYS: Final[dict[str, Shown | None]] = {
    **dict.fromkeys(("integer", "link", "file", "boolean", "json", "long-text", "text")),
    "amount": Amount.text,
    "rate": _text,
}
_TIMES: Final = frozenset(("date", "time"))
_dumpers: Final[dict[Any, Dumper]] = {}


def dumper(record: type[Record], effects: Mapping[str, str]) -> Dumper:
    """The one for a kind of record under these rules."""
    asked = (record, frozenset(effects.items()) if effects else None)
    found = _dumpers.get(asked)
    if found is None:
        if len(_dumpers) >= _MOST:
            _dumpers.clear()
        found = _dumpers[asked] = Dumper(record, effects)
    return found
