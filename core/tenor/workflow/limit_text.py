"""Limits as people write and read them: ``amount <= 10000000.00 CNY; rating >= A; product in working-capital``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from tenor.access.offered import position_text
from tenor.workflow.definitions import titled
from tenor.workflow.limits import Figure, LineSpec, in_currency, in_order, within
from tenor_sdk.authority import Authority, Dimension, LimitValue, Measure
from tenor_sdk.errors import Invalid, TenorError
from tenor_sdk.i18n import Text, _, ngettext
from tenor_sdk.values import Money

#: what a column of 64 bits holds
_MOST: Final = 2**63 - 1
_MOST_MONTHS: Final = 1200
_PART: Final = re.compile(r"(?P<name>[a-z][a-z0-9-]*)\s*(?P<sign><=|>=|≤|≥|\bin\b)\s*(?P<rest>.*)")
_MONEY: Final = re.compile(r"(?P<figure>\S+)\s+(?P<currency>[A-Z]{3})")
_SIGNS: Final = {
    Measure.MONEY: "<=",
    Measure.MONTHS: "<=",
    Measure.GRADE: ">=",
    Measure.CHOICE: "in",
}


def read_limits(text: str, dimensions: Sequence[Dimension]) -> dict[str, LimitValue]:
    """The limits that a text sets.

    Raises:
        Invalid: ``limit-unreadable``, ``limit-unknown``, ``limit-twice``, ``limit-negative``, ``limit-too-large``,
            ``limit-not-a-grade``, ``limit-not-a-choice``, or what reading an amount raises.
    """
    known = {each.name: each for each in dimensions}
    found: dict[str, LimitValue] = {}
    for part in filter(None, (one.strip() for one in re.split("[;；\n]", text))):
        name, sign, rest = split_part(part)
        dimension = known.get(name)
        if dimension is None:
            raise Invalid("limit-unknown", None, name=name, known=", ".join(known))
        if name in found:
            raise Invalid("limit-twice", None, name=name)
        if sign != _SIGNS[dimension.kind]:
            raise Invalid("limit-unreadable", None, part=part)
        found[name] = _limit(dimension, rest, part)
    return found


def split_part(part: str) -> tuple[str, str, str]:
    """The dimension, the sign and the limit of one part of a text.

    Raises:
        Invalid: ``limit-unreadable``.
    """
    match = _PART.fullmatch(part)
    if match is None or not match["rest"].strip():
        raise Invalid("limit-unreadable", None, part=part)
    sign = {"≤": "<=", "≥": ">="}.get(match["sign"], match["sign"])
    return match["name"], sign, match["rest"].strip()


def check_shape(text: str) -> None:
    """Whether a text can be read at all, whichever the dimensions are; for the form."""
    for part in filter(None, (one.strip() for one in re.split("[;；\n]", text))):
        split_part(part)


def _limit(dimension: Dimension, rest: str, part: str) -> LimitValue:
    if dimension.kind is Measure.MONEY:
        return _money(rest, part)
    if dimension.kind is Measure.MONTHS:
        return _months(rest, part)
    if dimension.kind is Measure.GRADE:
        if rest not in dimension.order:
            raise Invalid("limit-not-a-grade", None, grade=rest, order=", ".join(dimension.order))
        return rest
    kinds = tuple(sorted({one.strip() for one in re.split("[,，]", rest)} - {""}))
    choices = [value for value, _label in dimension.choices]
    wrong = [one for one in kinds if one not in choices]
    if wrong or not kinds:
        raise Invalid("limit-not-a-choice", None, choice=", ".join(wrong), known=", ".join(choices))
    return kinds


def _money(rest: str, part: str) -> Money:
    match = _MONEY.fullmatch(rest)
    if match is None:
        raise Invalid("limit-unreadable", None, part=part)
    money = Money.of(match["figure"], match["currency"])
    if money.minor < 0:
        raise Invalid("limit-negative", None, part=part)
    if money.minor > _MOST:
        raise Invalid("limit-too-large", None, part=part)
    return money


def _months(rest: str, part: str) -> int:
    if not re.fullmatch(r"[-−]?[0-9]{1,30}", rest):
        raise Invalid("limit-unreadable", None, part=part)
    if not rest.isdigit():
        raise Invalid("limit-negative", None, part=part)
    if int(rest) > _MOST_MONTHS:
        raise Invalid("limit-too-large", None, part=part)
    return int(rest)


def write_limits(limits: Mapping[str, LimitValue], dimensions: Sequence[Dimension]) -> str:
    """The one text of limits: in the order of the dimensions."""
    parts = [
        f"{each.name} {_SIGNS[each.kind]} {_written(limits[each.name])}"
        for each in dimensions
        if each.name in limits
    ]
    return "; ".join(parts)


def _written(limit: LimitValue) -> str:
    if isinstance(limit, Money):
        return f"{limit.amount.text(limit.currency)} {limit.currency}"
    return ", ".join(limit) if isinstance(limit, tuple) else str(limit)


# -- in words ---------------------------------------------------------------------------------------------------------


def who_text(one: LineSpec) -> Text:
    """Who decides under a line: ``Approver, with 2``."""
    position = position_text(one.position)
    if one.among:
        among = position_text(one.among)
        return _(
            "{position}, {n} together, a {among} among them",
            position=position, n=one.people, among=among,
        )  # fmt: skip
    if one.people > 1:
        return _("{position}, {n} together", position=position, n=one.people)
    return _("{position}, alone", position=position)


def limits_text(one: LineSpec, authority: Authority) -> Text:
    """What a line covers: ``Amount up to 10,000,000.00 CNY; Rating A or better``."""
    known = {each.name: each for each in authority.dimensions}
    parts = [
        limit_text(known[name], limit, authority.plugin)
        for name, limit in one.limits
        if name in known
    ]
    return joined(parts, _("without a limit"))


def joined(parts: Sequence[Text], nothing: Text) -> Text:
    """Several texts in one, with semicolons between them."""
    found = parts[0] if parts else nothing
    for part in parts[1:]:
        found = _("{one}; {more}", one=found, more=part)
    return found


def limit_text(dimension: Dimension, limit: LimitValue, plugin: str) -> Text:
    """One limit: ``Amount up to 10,000,000.00 CNY``."""
    what = titled(dimension.title, plugin)
    if isinstance(limit, tuple):
        labels = dict(dimension.choices)
        kinds = [titled(labels.get(one, one), plugin) for one in limit]
        return _("{what} one of: {kinds}", what=what, kinds=joined(kinds, _("none")))
    if dimension.kind is Measure.GRADE:
        return _("{what} {grade} or better", what=what, grade=limit)
    return _("{what} up to {limit}", what=what, limit=_said(limit))


def figure_text(dimension: Dimension, figure: Figure, plugin: str) -> Text:
    """A figure of a case: ``Amount 20,000,000.00 CNY``."""
    what, value = titled(dimension.title, plugin), figure.value
    if value is None:
        return _("{what} isn’t known", what=what)
    if isinstance(value, str) and dimension.kind is Measure.CHOICE:
        return _(
            "{what} {value}",
            what=what, value=titled(dict(dimension.choices).get(value, value), plugin),
        )  # fmt: skip
    return _("{what} {value}", what=what, value=_said(value))


def _said(value: LimitValue) -> object:
    if isinstance(value, int):
        return ngettext("{n} month", "{n} months", value)
    return value


def not_within(dimension: Dimension, limit: LimitValue, figure: Figure, plugin: str) -> Text:
    """Why a figure isn't within a limit: ``Amount up to 10,000,000.00 CNY; this is 20,000,000.00 CNY``."""
    said = limit_text(dimension, limit, plugin)
    value = figure.value
    if isinstance(limit, Money) and isinstance(value, Money):
        converted = in_currency(figure, limit.currency)
        if converted is None:
            return _("{limit}; this is {value}, which nobody converts", limit=said, value=value)
        value = converted
    if isinstance(value, str) and dimension.kind is Measure.CHOICE:
        return _(
            "{limit}; this is {value}",
            limit=said, value=titled(dict(dimension.choices).get(value, value), plugin),
        )  # fmt: skip
    return _(
        "{limit}; this is {value}", limit=said, value=_said(value) if value is not None else "—"
    )


def nearest(
    lines: Sequence[LineSpec], authority: Authority, figures: Mapping[str, Figure]
) -> tuple[LineSpec, list[Text]]:
    """Of lines that don't cover a case the one that comes nearest, the widest of equals, and what is beyond it."""
    known = {each.name: each for each in authority.dimensions}

    def unmet(one: LineSpec) -> list[Text]:
        return [
            not_within(known[name], limit, figures[name], authority.plugin)
            for name, limit in one.limits
            if name in known and not within(known[name], limit, figures[name])
        ]

    found = [(one, unmet(one)) for one in reversed(in_order(lines))]
    return min(found, key=lambda pair: len(pair[1]))


def fault_text(error: TenorError) -> Text:
    """An error within a sentence."""
    return _("{error}", error=error)
