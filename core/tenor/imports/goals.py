"""To what a column of a file can go: a field of the record, a record that it links to, or its id in another system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from tenor.records.specs import FieldSpec, specs_of
from tenor_sdk.errors import Invalid
from tenor_sdk.records import Record, words

if TYPE_CHECKING:
    from tenor.context import KernelContext

OWN_ID: Final = "external_ids."
_LANGUAGES: Final = ("en", "zh-CN")
#: what no cell of a file holds
_NEVER: Final = frozenset(("file", "json", "state", "computed"))
#: by which a person knows a record, where nothing of it is unique
_NAMES: Final = ("number", "code", "login", "name", "title", "subject")
_SOURCE: Final = re.compile(r"[a-z][a-z0-9]*([-_.][a-z0-9]+)*")
_UNIT: Final = re.compile(r"(.+?)[(\[]([^()\[\]]+)[)\]]")
_POWERS: Final = {
    "元": 0, "人民币元": 0, "yuan": 0, "cny": 0, "千元": 3, "人民币千元": 3, "thousand": 3, "thousands": 3, "万元": 4,
    "人民币万元": 4, "tenthousand": 4, "百万元": 6, "人民币百万元": 6, "million": 6, "millions": 6, "亿元": 8,
    "人民币亿元": 8, "billion": 9,
}  # fmt: skip


@dataclass(frozen=True)
class Goal:
    """Where a column goes.

    Args:
        name: as a mapping says it: ``amount``, ``customer_id``, ``customer_id.uscc``, ``external_ids.core``.
        spec: of the field; None for the record's id in another system.
        by: of a link: the field of the other record, or ``external_ids.<source>``; empty: whatever names one.
        source: of the record's id in another system.
    """

    name: str
    spec: FieldSpec | None = None
    by: str = ""
    source: str = ""

    @property
    def is_link(self) -> bool:
        return self.spec is not None and self.spec.target is not None


class Goals:
    """The goals that a person has in a kind of record.

    Args:
        record: which kind.
    """

    def __init__(self, ctx: KernelContext, record: type[Record]) -> None:
        self.ctx, self.record = ctx, record
        room = ctx.kernel.records
        custom = room.custom.writable(ctx, record, hold=ctx.guarded is not None and _writes(ctx))
        self.specs: dict[str, FieldSpec] = {
            spec.key: spec
            for spec in (*room.writable(ctx, record), *custom)
            if spec.kind not in _NEVER
        }

    def goal(self, name: str) -> Goal:
        """The goal of this name.

        Raises:
            Invalid: ``no-such-goal``: there is none for this person.
        """
        if name.startswith(OWN_ID) and _SOURCE.fullmatch(name.removeprefix(OWN_ID)):
            return Goal(name, source=name.removeprefix(OWN_ID))
        if name == "id":
            return Goal(name, specs_of(self.record)["id"])
        spec = self.specs.get(name)
        if spec is not None:
            return Goal(name, spec)
        key, _dot, by = name.partition(".")
        spec = self.specs.get(key)
        if spec is None or spec.target is None or not self._names(spec.target, by):
            raise Invalid("no-such-goal", None, name=name, what=self.record.called())
        return Goal(name, spec, by)

    def _names(self, target: type[Record], by: str) -> bool:
        if by.startswith(OWN_ID):
            return bool(_SOURCE.fullmatch(by.removeprefix(OWN_ID)))
        return by == "id" or any(spec.key == by for spec in naming(self.ctx, target))

    def every(self) -> Iterator[tuple[Goal, str]]:
        """Each with its label, for somebody to choose from."""
        said = self.ctx.kernel.translator.text
        language = self.ctx.actor.language
        for spec in self.specs.values():
            label = said(spec.label, language, spec.plugin)
            yield Goal(spec.key, spec), label
            if spec.target is None:
                continue
            for other in naming(self.ctx, spec.target):
                named = said(other.label, language, other.plugin)
                yield Goal(f"{spec.key}.{other.key}", spec, other.key), f"{label} › {named}"

    def proposed(
        self, header: Sequence[str], remembered: Mapping[str, str] | None = None
    ) -> dict[int, str]:
        """For each column the goal of its name; none for what means nothing here.

        Args:
            remembered: what somebody said of a file with these very columns, by column.
        """
        known = self._by_name()
        found: dict[int, str] = {}
        for place, name in enumerate(header):
            if remembered is not None and name in remembered:
                if remembered[name]:  # twice to one goal is for whoever said it to mend
                    found[place] = remembered[name]
                continue
            goal = known.get(comparable(name)) or known.get(comparable(_bare(name)), "")
            if name.strip().startswith(OWN_ID):
                goal = name.strip()
            if goal and goal not in (*(remembered or {}).values(), *found.values()):
                found[place] = goal
        return found

    def _by_name(self) -> dict[str, str]:
        known: dict[str, str] = {}
        said = self.ctx.kernel.translator.text
        for spec in self.specs.values():
            names = [spec.key, spec.key.removesuffix("_id"), spec.name, words(spec.name)]
            names += [said(spec.label, language, spec.plugin) for language in _LANGUAGES]
            for name in names:
                known.setdefault(comparable(name), spec.key)
        return known


def _writes(ctx: KernelContext) -> bool:
    from tenor.db.state import state_of

    return state_of(ctx.session).writes


def naming(ctx: KernelContext, target: type[Record]) -> list[FieldSpec]:
    """The fields by which this person may name a record of a kind: unique ones first."""
    if not ctx.may(target, "read"):
        return []
    may_ask = [
        spec
        for spec in specs_of(target).values()
        if spec.kind == "text" and ctx.kernel.access.may_sort(ctx, spec.attribute)
    ]
    unique = [spec for spec in may_ask if spec.attribute.property.columns[0].unique]
    return unique + [
        spec for name in _NAMES for spec in may_ask if spec.key == name and spec not in unique
    ]


def comparable(name: str) -> str:
    """A name as it is compared: without case, space and the mark of what is required."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s_*:：-]+", "", folded)


def _bare(name: str) -> str:
    """A column's name without its unit."""
    found = _UNIT.fullmatch(unicodedata.normalize("NFKC", name).strip())
    return found[1] if found else name


def power_of(name: str) -> int:
    """In ten to which power of the currency a column says that its amounts stand: 4 for 「金额（万元）」."""
    found = _UNIT.fullmatch(unicodedata.normalize("NFKC", name).strip())
    return _POWERS.get(comparable(found[2]), 0) if found else 0


def in_percent(name: str) -> bool:
    """Whether a column says that its rates are percentages."""
    return unicodedata.normalize("NFKC", name).strip().endswith(("(%)", "[%]"))


def optional(spec: FieldSpec) -> FieldSpec:
    """A field that may be left as it is."""
    return replace(spec, required=False)


def labels(ctx: KernelContext, spec: FieldSpec) -> Iterable[tuple[str, str]]:
    """What the choices of a field are called, in both languages, beside their values."""
    for value, label in spec.choices:
        for language in _LANGUAGES:
            yield comparable_choice(ctx.kernel.translator.text(label, language, spec.plugin)), value


def comparable_choice(text: Any) -> str:
    """A choice as a file writes it."""
    return unicodedata.normalize("NFKC", str(text)).strip().casefold()
