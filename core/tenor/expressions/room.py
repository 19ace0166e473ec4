"""The room of expressions: compiled once for each set of names, asked with what the person may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tenor.expressions import names as naming
from tenor.expressions.names import Name
from tenor.expressions.scanning import Scan, scan
from tenor.expressions.whens import Whens
from tenor_sdk.errors import Invalid, Refused, TenorError
from tenor_sdk.events import Event
from tenor_sdk.expressions import (
    Expression,
    ExpressionName,
    ExpressionType,
    ExpressionValue,
    Judged,
)
from tenor_sdk.i18n import Text
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.expressions.language import Compiled, Language
    from tenor.kernel import Kernel

#: languages and compiled texts that are kept
_MOST_KEPT = 512
Types = Mapping[str, ExpressionType]


class Expressions:
    """The room of expressions."""

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.whens = Whens(self)

    def load(self, declarations: Declarations) -> None:
        """Forget what was compiled over other declarations; compile what these declare.

        Raises:
            WhenError: a condition that can't be asked, with file and line.
        """
        self._languages: dict[Any, Language] = {}
        self._compiled: dict[Any, Compiled] = {}
        self.whens.load(declarations)

    def check(
        self, ctx: KernelContext, expression: Expression, gives: ExpressionType | None
    ) -> ExpressionType:
        """See ``tenor_sdk.expressions.check_expression``."""
        named = naming.names(ctx, expression.on, expression.told, expression.changed)
        compiled = self._of(expression, named)
        for name in (*compiled.names, *naming.asked_about(named)):
            if naming.unreadable(ctx, named[name]):
                raise Invalid("expression-not-readable", None, name=name)
        found = compiled.gives
        if found is None or gives not in (None, found):
            raise Invalid("expression-gives", None, **_told(gives, found))
        return found

    def value(
        self,
        ctx: KernelContext,
        expression: Expression,
        record: Record,
        told: Event | None,
        entry: int | None = None,
    ) -> ExpressionValue:
        """See ``tenor_sdk.expressions.value_of``."""
        named = naming.names(ctx, expression.on, expression.told, expression.changed)
        if expression.changed and not any(naming.asked_about(named)):  # its plugin is off
            raise Refused("expression-unknown", name=expression.changed)
        compiled = self._of(expression, named)
        asked = (*compiled.names, *naming.asked_about(named))
        wanted = {name: named[name] for name in asked if name in named}
        known = naming.known(ctx, wanted, record, told, entry)
        return compiled.value(known, {name: name in known for name in wanted})

    def holds(
        self,
        ctx: KernelContext,
        expression: Expression,
        record: Record,
        told: Event | None,
        entry: int | None = None,
    ) -> Judged:
        """See ``tenor_sdk.expressions.holds``."""
        try:
            value = self.value(ctx, expression, record, told, entry)
        except TenorError as error:
            return Judged(False, error)
        if not isinstance(value, bool):
            wrong = Refused("expression-gives", **_told(ExpressionType.TRUTH, None))
            return Judged(False, wrong)
        return Judged(value)

    def names(
        self, ctx: KernelContext, on: type[Record], told: type[Event] | None, changed: str = ""
    ) -> Sequence[ExpressionName]:
        """See ``tenor_sdk.expressions.names_on``."""
        return [
            ExpressionName(name, one.label, one.gives)
            for name, one in naming.names(ctx, on, told, changed).items()
            if not naming.unreadable(ctx, one)
        ]

    def field(self, ctx: KernelContext, on: type[Record], name: str) -> tuple[str, str, bool]:
        """Where a field stands of whose changes somebody may hear.

        Returns:
            Its table, its name in the ledger, and whether the person who acts may read it.

        Raises:
            Invalid: ``no-such-field``.
        """
        found = naming.field_of(ctx, on, name)
        if found is None:
            raise Invalid("no-such-field", None, what=on.called(), field=name[:100])
        return found.kind.__tablename__, found.spec.key, not naming.unreadable(ctx, found)

    def compiled(self, types: Types, text: Scan) -> Compiled:
        """A text over names, checked; whoever asks keeps it.

        Raises:
            Invalid: with ``line`` and ``column``.
        """
        return self._language(types).compiled(text)

    def _of(self, expression: Expression, named: Mapping[str, Name]) -> Compiled:
        types = {name: one.gives for name, one in named.items()}
        key = (tuple(types.items()), expression.text)
        if key not in self._compiled:
            language = self._language(types)
            _make_room(self._compiled)
            self._compiled[key] = language.compiled(scan(expression.text))
        return self._compiled[key]

    def _language(self, types: Types) -> Language:
        from tenor.expressions.language import Language  # fifty megabytes, for those who ask

        key = tuple(types.items())
        if key not in self._languages:
            _make_room(self._languages)
            self._languages[key] = Language(types, self._local_day)
        return self._languages[key]

    def _local_day(self, moment: datetime) -> date:
        return moment.astimezone(self.kernel.clock.zone).date()


def _told(wanted: ExpressionType | None, given: ExpressionType | None) -> dict[str, Text]:
    from tenor.expressions.language import type_words

    return {"wanted": type_words(wanted), "given": type_words(given)}


def _make_room(kept: dict[Any, Any]) -> None:
    if len(kept) >= _MOST_KEPT:
        kept.clear()
