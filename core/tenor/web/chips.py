"""The chips of a list: what narrows it, term by term in the person's words, each with the way to be rid of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from tenor.db.numbers import number
from tenor.records.conditions import Conditions, Joins, Place
from tenor.records.filters import And, Comparison, Not, both, conjuncts, of_pair, parse, written
from tenor.records.specs import specs_of
from tenor.records.standing import is_axis
from tenor.records.words import ME, MY_UNIT
from tenor_sdk.errors import TenorError
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.records import FieldSpec, PageQuery
    from tenor.records.filters import Tree
    from tenor.web.show import Show
    from tenor_sdk.records import Record

Values = dict[str, Any]
#: what a list of dated facts is read as of
AXIS_LABELS: Final = {
    "valid_as_of": _("Valid as of"),
    "issued_as_of": _("Issued as of"),
    "known_as_of": _("Known as of"),
}
_SIGNS: Final = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}


class Chips:
    """The chips of one list whose query is understood.

    Args:
        href: makes the list's address with other filters.
    """

    def __init__(
        self, ctx: KernelContext, show: Show, record: type[Record], query: PageQuery, href: Callable[..., str]
    ) -> None:  # fmt: skip
        self.ctx, self.show, self.record, self.query, self.href = ctx, show, record, query, href
        self.conditions = Conditions(ctx, record, Joins(record))

    def every(self) -> list[Values]:
        """What is looked for, the pairs of the address, and each term that its filter joins by ``and``."""
        made = []
        if self.query.search:
            label = self.show.say(_("Search: {text}", text=self.query.search))
            made.append({"label": label, "href": self.href(q="", cursor="")})
        for key, values in self.query.filters.items():
            rest = {name: other for name, other in self.query.filters.items() if name != key}
            if is_axis(self.record, key):
                label = self.show.say(
                    _("{label}: {values}", label=self.show.say(AXIS_LABELS[key]), values=values[-1])
                )
                made.append({"label": label, "href": self.href(filters=rest, cursor="")})
                continue
            tree = of_pair(key, values)
            if tree is not None:
                href = self.href(filters=rest, cursor="")
                made.append({"label": self.said(tree), "href": href})
        terms = conjuncts(parse(self.query.filter))
        for place, term in enumerate(terms):
            left = written(both(*terms[:place], *terms[place + 1 :]))
            made.append({"label": self.said(term), "href": self.href(filter=left, cursor="")})
        return made

    def said(self, tree: Tree) -> str:
        """A term in words."""
        if isinstance(tree, Comparison):
            return self._test(tree, negated=False)
        if isinstance(tree, Not):
            inner = tree.term
            if isinstance(inner, Comparison) and inner.sign in ("=", "~"):
                return self._test(inner, negated=True)
            return self.show.say(_("not ({terms})", terms=self.said(inner)))
        join = self.show.say(_("and") if isinstance(tree, And) else _("or"))
        return f" {join} ".join(self._within(term) for term in tree.terms)

    def _within(self, term: Tree) -> str:
        said = self.said(term)
        return said if isinstance(term, Comparison | Not) else f"({said})"

    def _test(self, test: Comparison, *, negated: bool) -> str:
        place = self.conditions.place(test.field)
        label = self._label(test.field, place)
        if not test.values:
            empty, filled = (
                _("{label} is empty", label=label),
                _("{label} isn't empty", label=label),
            )
            return self.show.say(filled if negated else empty)
        values = self._values(place, test.values)
        if test.sign == "~" and negated:
            return self.show.say(_("{label} lacks {values}", label=label, values=values))
        if test.sign == "~":
            return self.show.say(_("{label} contains {values}", label=label, values=values))
        if test.sign == "=":
            return (
                f"{label} ≠ {values}"
                if negated
                else self.show.say(_("{label}: {values}", label=label, values=values))
            )
        return f"{label} {_SIGNS[test.sign]} {values}"

    def _values(self, place: Place, values: Sequence[str]) -> str:
        try:
            told = value_labels(self.ctx, self.show, place.kind, place.spec, values)
        except TenorError:  # of a kind whose names the person may not read
            told = {}
        return self.show.listed(told.get(value, value) for value in values)

    def _label(self, name: str, place: Place) -> str:
        """A field's label; of one behind a link, with the link's before it."""
        label = self.show.label(place.spec)
        head, dot, _tail = name.partition(".")
        relation = self.record.__mapper__.relationships.get(head) if dot else None
        if relation is None or place.spec.is_custom:
            return label
        column = next(iter(relation.local_columns))
        key = self.record.__mapper__.get_property_by_column(column).key
        return f"{self.show.label(specs_of(self.record)[key])} · {label}"


def value_labels(
    ctx: KernelContext, show: Show, kind: type[Record], spec: FieldSpec, values: Sequence[str]
) -> dict[str, str]:
    """What a person calls the values of a field, as far as they have names.

    Args:
        kind: the record whose field it is.
    """
    if spec.target is not None:
        ids = filter(None, map(number, values))
        names = ctx.kernel.records.display_names(ctx, spec.target, ids)
        return link_labels(show, names, values)
    if spec.kind == "state":
        return {value: show.state(kind, value)["text"] for value in values}
    if spec.kind == "boolean":
        return {value: show.say(_("Yes") if value == "true" else _("No")) for value in values}
    return {value: show.choice(spec, value) for value in values}


def link_labels(show: Show, names: Mapping[int, str], values: Sequence[str]) -> dict[str, str]:
    """What a person calls the records that a field leads to.

    Args:
        names: of those that they may see, by id.
        values: ids as an address has them, and words for the person's own.
    """
    hidden = show.say(_("not visible to you"))
    own = {ME: show.say(_("myself")), MY_UNIT: show.say(_("my unit"))}
    ids = {value: identity for value in values if (identity := number(value)) is not None}
    told = {value: own[value.lower()] for value in values if value.lower() in own}
    return told | {value: names.get(identity, hidden) for value, identity in ids.items()}
