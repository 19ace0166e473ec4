"""Records as the API and the command line give them: hidden fields left out, masked ones masked, money as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tenor.records.dumping import dumper
from tenor.records.lines import lines_of
from tenor.records.values import currency_of
from tenor_sdk.i18n import Text
from tenor_sdk.records import Customizable, Line, Record

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel


class Showing:
    """Shows records to whoever reads them."""

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def one(self, ctx: KernelContext, record: Record, language: str = "") -> dict[str, Any]:
        """A record with its lines.

        Args:
            language: of words that a plugin computes; else that of whoever reads them.
        """
        # a line is seen by whoever sees its whole
        alone = None if isinstance(record, Line) else record
        effects = self._effects(ctx, record, alone)
        shown = self._shown(ctx, record, effects, language)
        for key, _kind in lines_of(type(record)):
            shown[key] = self.several(ctx, getattr(record, key), language)
        return shown

    def several(
        self, ctx: KernelContext, records: Sequence[Record], language: str = ""
    ) -> list[dict[str, Any]]:
        """Records of one kind without their lines, lest each costs statements of its own. It is asked once by whose
        rights they are seen, and once for each state what rules do to their fields.

        Args:
            language: as of ``one``.
        """
        effects: dict[str, Mapping[str, str]] = {}
        made = []
        for record in records:
            state = self.kernel.records.state_of(record)
            if state not in effects:
                effects[state] = self._effects(ctx, record, None)
            made.append(self._shown(ctx, record, effects[state], language))
        return made

    def _effects(
        self, ctx: KernelContext, record: Record, alone: Record | None
    ) -> Mapping[str, str]:
        state = self.kernel.records.state_of(record)
        return self.kernel.access.field_effects(ctx, type(record), state, alone)

    def _shown(
        self, ctx: KernelContext, record: Record, effects: Mapping[str, str], language: str
    ) -> dict[str, Any]:
        currency = currency_of(record)
        dump = dumper(type(record), effects)
        shown = dump(record, currency)
        for key in dump.computed:
            if isinstance(shown[key], Text):
                words = self.kernel.translator.text
                shown[key] = words(shown[key], language or ctx.actor.language)
        if isinstance(record, Customizable) and effects.get("custom") not in ("hide", "mask"):
            shown["custom"] = self.kernel.records.custom.dump(ctx, record, currency)
        return shown
