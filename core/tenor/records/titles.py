"""What a record is called before somebody: its own ``display``, asked of a record on which stands what they may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlalchemy.orm import MANYTOONE, Mapper, RelationshipProperty

from tenor.access.access import link_of
from tenor.db.state import state_of
from tenor.records.specs import specs_of
from tenor.records.values import MASKED, masked
from tenor_sdk.records import Record, formulas_of

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

Named = dict[tuple[type[Any], int], str | None]
#: names that are kept for one page
_MOST: Final = 2000
_TELLING: Final = frozenset(("hide", "mask"))


class Titles:
    """Names records for people. Whatever shows a record by its name asks here, and never ``display`` itself."""

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self._kinds: dict[type[Record], type[Record]] = {}

    def of(self, ctx: KernelContext, record: Record) -> str:
        """What this person knows a record by; what it is and its id, where nothing that they may see names it."""
        return self._of(ctx, record, self.kernel.records.effects(ctx, record))

    def several(self, ctx: KernelContext, records: Sequence[Record]) -> list[str]:
        """What each of some records is called, with as many statements as for few."""
        self.kernel.access.look(ctx, records)
        return [self.of(ctx, record) for record in records]

    @staticmethod
    def keep(ctx: KernelContext) -> None:
        """From here on ask for each name once: a page that only reads names the same people and units in its facts,
        its timeline and its frame."""
        state_of(ctx.session).named = {}

    def by_id(self, ctx: KernelContext, kind: type[Record], ids: Iterable[int]) -> dict[int, str]:
        """What this person knows some records by, those left out that they don't see.

        Within a procedure they may see more than outside of it: there nothing is kept.
        """
        state = state_of(ctx.session)
        kept: Named = {} if state.named is None or state.stack else state.named
        if len(kept) > _MOST:
            kept.clear()
        wanted = set(ids)
        fresh = {each for each in wanted if (kind, each) not in kept}
        if fresh:
            found = ctx.session.scalars(select(kind).where(kind.id.in_(fresh))).all()
            names = self.several(ctx, found)
            kept |= {(kind, each): None for each in fresh}
            kept |= {(kind, one.id): name for one, name in zip(found, names, strict=True)}
        named = ((each, kept[kind, each]) for each in wanted)
        return {each: name for each, name in named if name is not None}

    def _of(self, ctx: KernelContext, record: Record, effects: Mapping[str, str]) -> str:
        sight = _Sight(self, ctx)
        try:
            name = sight.on(record, effects).display()
        except Exception:
            if not sight.withheld:
                raise
            name = ""  # it can't do without what was withheld
        if not sight.withheld:
            return name
        name = name.strip()
        # signs between words that aren't there name nothing
        return name if any(sign.isalnum() for sign in name) else _plain(record)

    def shown_kind(self, kind: type[Record]) -> type[Record]:
        """A kind of record of which one can be made that shows another."""
        if kind not in self._kinds:
            bases = (_Shown, kind)
            self._kinds[kind] = type(kind.__name__, bases, {}, abstract=True)
        return self._kinds[kind]


def _plain(record: Record) -> str:
    return f"{type(record).singular()} {record.id}"


class _Sight:
    """What one person sees of a record, and of those that it leads to, while it is asked for its name.

    Attributes:
        withheld: whether something was asked for that they don't see.
    """

    def __init__(self, titles: Titles, ctx: KernelContext) -> None:
        self.titles, self.ctx = titles, ctx
        self.withheld = False

    def on(self, record: Record, effects: Mapping[str, str]) -> Record:
        """A record of the same kind that shows what this person sees of it."""
        shown = object.__new__(self.titles.shown_kind(type(record)))
        object.__setattr__(shown, "_face", _Face(self, record, effects))
        return shown

    def led_to(self, found: Any) -> Any:
        """What a relation leads to, as the person sees it.

        Where they stand in for others a rule is lifted only if it is for each of them: to ask it of each row would take
        a statement for each.
        """
        if isinstance(found, Record):
            kernel, kind = self.titles.kernel, type(found)
            state = kernel.records.state_of(found)
            return self.on(found, kernel.access.field_effects(self.ctx, kind, state))
        return found if found is None else [self.led_to(each) for each in found]


class _Face:
    """A record as one person sees it, by the names of its attributes."""

    def __init__(self, sight: _Sight, record: Record, effects: Mapping[str, str]) -> None:
        self.sight, self.record, self.effects = sight, record, effects
        self.mapper: Mapper[Any] = type(record).__mapper__

    def bears(self, name: str) -> bool:
        """Whether it is of the record itself, not of its class or made of other attributes."""
        return name in self.mapper.attrs or name in formulas_of(type(self.record))

    def value(self, name: str) -> Any:
        """What the person sees of it: a text of no length, or nobody, where that is nothing."""
        relation = self.mapper.relationships.get(name)
        if relation is None:
            return self._value(name)
        if not relation.uselist and self.effects.get(link_of(relation.class_attribute)) in _TELLING:
            self.sight.withheld = True
            return None
        found = getattr(self.record, name)
        if found is None and self._leads_on(relation):
            self.sight.withheld = True
        return self.sight.led_to(found)

    def _leads_on(self, relation: RelationshipProperty[Any]) -> bool:
        """Whether the record links to one all the same, which a rule about rows keeps from the person."""
        keys = (self.mapper.get_property_by_column(each).key for each in relation.local_columns)
        return relation.direction is MANYTOONE and any(
            getattr(self.record, key) is not None for key in keys
        )

    def _value(self, name: str) -> Any:
        effect = self.effects.get(name)
        if effect not in _TELLING:
            return getattr(self.record, name)
        self.sight.withheld = True
        spec = specs_of(type(self.record)).get(name)
        if effect == "hide" or spec is None:
            return ""
        shown = masked(getattr(self.record, name), spec.info.mask)
        return "" if shown == MASKED else shown  # dots name nothing


class _Shown:
    """A record's attributes as its face shows them; all else, its methods among it, as its class has it."""

    _face: _Face

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("__"):
            return object.__getattribute__(self, name)
        face: _Face = object.__getattribute__(self, "_face")
        return face.value(name) if face.bears(name) else object.__getattribute__(self, name)
