"""Authorities on a context's transaction: the version in force on a day, the figures of a case, who may decide it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from tenor.db.state import state_of
from tenor.events.rows import table_of
from tenor.events.wire import from_json, to_json
from tenor.workflow.access import draft_authority
from tenor.workflow.checking import WorkflowError, at
from tenor.workflow.definitions import titled
from tenor.workflow.guards import Guards
from tenor.workflow.limit_text import joined, nearest, read_limits, who_text, write_limits
from tenor.workflow.limits import (
    Cover,
    Figure,
    LineSpec,
    cover,
    in_order,
    line,
    line_of,
)
from tenor.workflow.records import AuthorityLine, AuthorityVersion
from tenor.workflow.versions import day_of, in_force
from tenor_sdk.authority import Authority, AuthorityLimit, Dimension, Measure
from tenor_sdk.errors import Invalid, NotFound
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Record
from tenor_sdk.values import Money
from tenor_sdk.workflow import Blocker

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

_lines: Final = table_of(AuthorityLine)
#: a limit that the declaration of today can't read any more: nobody knows what is within it
_UNREADABLE: Final = "unreadable"


@dataclass(frozen=True)
class InForce:
    """What counts of an authority on a day.

    Args:
        number: of the version; 0: the lines that came with the plugin, until there is one.
        version_id: of its record; None for what came with the plugin.
        since: the day from which it is in force.
    """

    number: int
    lines: tuple[LineSpec, ...]
    version_id: int | None = None
    since: date | None = None


@dataclass(frozen=True)
class Ruling:
    """What an authority says of one case.

    Args:
        in_force: None where nothing is, so that nobody decides.
        figures: of the dimensions on which any line has a limit.
        cover: the lines that cover the case.
    """

    authority: Authority
    in_force: InForce | None
    figures: Mapping[str, Figure]
    cover: Cover

    def basis(self) -> dict[str, Any]:
        """On what it rests, as JSON: enough to work it out again, and part of what binds a vote."""
        version = self.in_force
        return {
            "authority": self.authority.key,
            "version": version.number if version else None,
            "lines": [one.content() for one in in_order(version.lines)] if version else [],
            "figures": {name: _kept(figure) for name, figure in self.figures.items()},
        }


class Authorities:
    """Asks authorities.

    Args:
        declared: by their keys.
    """

    def __init__(self, kernel: Kernel, guards: Guards, declared: Mapping[str, Authority]) -> None:
        self.kernel = kernel
        self._guards = guards
        self.declared = declared

    def named(self, key: str) -> Authority:
        """An authority by its key; the only one for an empty key.

        Raises:
            NotFound: ``no-authority``.
        """
        if not key and len(self.declared) == 1:
            return next(iter(self.declared.values()))
        if key not in self.declared:
            raise NotFound("no-authority", key=key, known=", ".join(sorted(self.declared)) or "–")
        return self.declared[key]

    # -- what is in force -------------------------------------------------------------------------------------------

    def in_force(
        self, ctx: KernelContext, authority: Authority, day: date | None = None
    ) -> InForce | None:
        """What counts on a day, today by default: the published version with the latest beginning; until there is one,
        what came with the plugin; None where it brought nothing."""
        row = in_force(ctx, AuthorityVersion, authority.key, day)
        if row is None:
            return self.delivered(ctx, authority)
        return InForce(row.number, self.lines(ctx, authority, row.id), row.id, row.effective_from)

    def lines(self, ctx: KernelContext, authority: Authority, version: int) -> tuple[LineSpec, ...]:
        """The lines of a version, in their own order."""
        rows = self._run(ctx, select(_lines).where(_lines.c.parent_id == version)).mappings()
        return tuple(in_order(_read(authority, row) for row in rows))

    def delivered(self, ctx: KernelContext, authority: Authority) -> InForce | None:
        """The lines that came with the plugin; None where it brought none."""
        if authority.delivered is None:
            return None
        with self._guards.reading(ctx, "authority", authority.plugin, authority.name):
            given = authority.delivered(ctx)
        return InForce(0, tuple(in_order(spec_of(authority, one) for one in given)))

    def draft(
        self,
        ctx: KernelContext,
        authority: Authority,
        lines: Sequence[LineSpec],
        effective_from: date,
        purpose: str,
    ) -> AuthorityVersion:
        """A new draft with these lines, by the person who acts.

        Raises:
            Forbidden: ``not-permitted``.
            Invalid: at ``effective_from``: ``effective-in-the-past``.
        """
        self.kernel.access.check_use(ctx, draft_authority)
        if effective_from < ctx.today:
            raise Invalid("invalid", {"effective_from": Invalid("effective-in-the-past")})
        version = AuthorityVersion(
            authority=authority.key, effective_from=effective_from, purpose=purpose
        )
        version.entries = [
            AuthorityLine(
                position=one.position,
                people=one.people,
                among=one.among,
                limits=write_limits(dict(one.limits), authority.dimensions),
            )
            for one in lines
        ]
        with self.kernel.access.procedure(ctx, "base", "draft"):
            ctx.session.add(version)
        return version

    # -- one case ---------------------------------------------------------------------------------------------------

    def ruling(
        self, ctx: KernelContext, record: Record, authority: Authority, came: datetime | None = None
    ) -> Ruling:
        """What an authority says of a case. It doesn't depend on who asks; what its code raises goes on.

        Args:
            came: when the case came before those who decide it: the version of that day counts. None: today's.
        """
        found = self.in_force(ctx, authority, day_of(ctx, came) if came is not None else None)
        if found is None:
            return Ruling(authority, None, {}, Cover(()))
        figures = self._figures(ctx, record, authority, found.lines)
        return Ruling(authority, found, figures, cover(found.lines, authority.dimensions, figures))

    def _figures(
        self,
        ctx: KernelContext,
        record: Record,
        authority: Authority,
        lines: Sequence[LineSpec],
    ) -> dict[str, Figure]:
        limited = {name for one in lines for name, _limit in one.limits}
        asked = [each for each in authority.dimensions if each.name in limited]
        if not asked:
            return {}
        with self.seeing(ctx, f"authority {authority.key}") as high:
            same = high.session.get_one(type(record), record.id)
            return {each.name: self._figure(high, same, authority, each, lines) for each in asked}

    @contextmanager
    def seeing(self, ctx: KernelContext, reason: str) -> Iterator[KernelContext]:
        """A context that sees every row. A decision leaves it on record; looking at what might be decided doesn't."""
        if state_of(ctx.session).writes:
            self.kernel.audit.note(ctx, "elevated", reason=reason)
        with self.kernel.db.sibling(ctx.session, elevation=reason) as session:
            yield ctx.seeing(session)

    def _figure(
        self,
        high: KernelContext,
        record: Record,
        authority: Authority,
        dimension: Dimension,
        lines: Sequence[LineSpec],
    ) -> Figure:
        name = f"{authority.name}.{dimension.name}"
        with self._guards.reading(high, "authority", authority.plugin, name):
            value = dimension.of(high, record)
            figure = _figure(dimension, value)
            if dimension.convert is None or not isinstance(figure.value, Money):
                return figure
            converted = {
                currency: dimension.convert(high, figure.value, currency)
                for currency in _currencies(dimension, lines) - {figure.value.currency}
            }
        return Figure(
            figure.value, None, {each: money for each, money in converted.items() if money}
        )

    # -- in words ---------------------------------------------------------------------------------------------------

    def above(self, ruling: Ruling, held: Collection[str]) -> list[Blocker]:
        """Why somebody with these positions may not decide a case; empty where they may."""
        authority, version = ruling.authority, ruling.in_force
        if version is None:
            title = titled(authority.title, authority.plugin)
            return [
                Blocker(
                    _("No version of “{authority}” is in force", authority=title),
                    why=_("Until one is published, nobody decides"),
                )
            ]
        if ruling.cover.for_positions(held):
            return []
        if ruling.cover.unknown:
            return [self._unknown(ruling)]
        what = _above(ruling, [one for one in version.lines if one.positions & set(held)])
        return [Blocker(what, why=self.deciders(ruling))]

    def _unknown(self, ruling: Ruling) -> Blocker:
        known = {each.name: each for each in ruling.authority.dimensions}
        lacking = []
        for name in ruling.cover.unknown:
            figure = ruling.figures.get(name)
            title = titled(known[name].title, ruling.authority.plugin) if name in known else name
            lacks = figure.lacks if figure is not None else None
            lacking.append(lacks or _("{what} isn’t known", what=title))
        return Blocker(
            _("Above your authority: {lacks}", lacks=joined(lacking, _("none"))),
            why=_(
                "Then only who decides without a limit may. {deciders}",
                deciders=self.deciders(ruling),
            ),
        )

    def deciders(self, ruling: Ruling) -> Text:
        """Who may decide a case: ``Decided by: Approver, 2 together``."""
        if not ruling.cover.lines:
            number = ruling.in_force.number if ruling.in_force else 0
            return _("No line of version {n} covers this case: nobody decides it", n=number)
        who = [who_text(one) for one in ruling.cover.lines]
        return _("Decided by: {who}", who=joined(who, _("none")))

    # -- again ------------------------------------------------------------------------------------------------------

    def replay(self, basis: Mapping[str, Any]) -> Cover:
        """The lines that covered a case, worked out again from what its vote keeps.

        Raises:
            NotFound: ``no-authority``: its plugin is off.
        """
        authority = self.named(str(basis["authority"]))
        lines = [line_of(one) for one in basis["lines"]]
        return cover(lines, authority.dimensions, figures_of(basis))

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self.kernel.db.execute(ctx.guarded, statement)


def positions_now(ctx: KernelContext) -> frozenset[str]:
    """The positions by which the person acts now: their own, or in another's place those that were delegated."""
    behalf = state_of(ctx.session).behalf
    return ctx.actor.positions if behalf is None else behalf.positions


def authorities_of(declared: Sequence[Authority]) -> dict[str, Authority]:
    """Authorities by their keys.

    Raises:
        WorkflowError: two of one name.
    """
    found: dict[str, Authority] = {}
    for each in declared:
        if each.key in found:
            there = at(found[each.key])
            raise WorkflowError(
                f"{at(each)}: an authority {each.key} is there: {there}", each.plugin
            )
        found[each.key] = each
    return found


def _read(authority: Authority, row: Mapping[str, Any]) -> LineSpec:
    """A line of a row; one that can't be read any more covers nothing and closes the others."""
    try:
        limits: dict[str, Any] = dict(read_limits(row["limits"], authority.dimensions))
    except Invalid:
        limits = {_UNREADABLE: row["limits"]}
    return line(row["position"], row["people"], row["among"], limits)


def spec_of(authority: Authority, given: AuthorityLimit) -> LineSpec:
    """A line that code states.

    Raises:
        TypeError: it names a dimension that there isn't, or nobody.
    """
    names = {each.name for each in authority.dimensions}
    wrong = set(given.up_to) - names
    if wrong or given.people < 1:
        raise TypeError(f"{at(authority)}: a line that can’t be: {given!r}")
    return line(given.position, given.people, given.among, given.up_to)


def _figure(dimension: Dimension, value: object) -> Figure:
    """A figure in its kind.

    Raises:
        TypeError: it is of another kind than its dimension's: the code is at fault.
    """
    if value is None:
        return Figure(None)
    if dimension.kind is Measure.MONEY and isinstance(value, Money):
        return Figure(value)
    if dimension.kind is Measure.MONTHS and isinstance(value, int) and not isinstance(value, bool):
        return Figure(value)
    if dimension.kind is Measure.GRADE and isinstance(value, str):
        if value in dimension.order:
            return Figure(str(value))
        return Figure(None, _("The grade {grade} has no place in the order", grade=value))
    if dimension.kind is Measure.CHOICE and isinstance(value, str):
        return Figure(str(value))
    raise TypeError(f"{dimension.name} is {dimension.kind.value}, not {value!r}")


def _currencies(dimension: Dimension, lines: Sequence[LineSpec]) -> set[str]:
    return {
        limit.currency
        for one in lines
        for name, limit in one.limits
        if name == dimension.name and isinstance(limit, Money)
    }


def _kept(figure: Figure) -> dict[str, Any]:
    converted = {each: to_json(money) for each, money in sorted(figure.converted.items())}
    return {"value": to_json(figure.value), **({"converted": converted} if converted else {})}


def figures_of(basis: Mapping[str, Any]) -> dict[str, Figure]:
    """The figures of a case as a vote keeps them."""
    return {name: _again(kept) for name, kept in basis["figures"].items()}


def _again(kept: Mapping[str, Any]) -> Figure:
    converted = {each: from_json(money) for each, money in kept.get("converted", {}).items()}
    return Figure(from_json(kept["value"]), None, converted)


def _above(ruling: Ruling, mine: Sequence[LineSpec]) -> Text:
    """What of the case is beyond the line of somebody's that comes nearest."""
    if not mine:
        return _("None of your positions decides this case")
    _line, lacking = nearest(mine, ruling.authority, ruling.figures)
    return _("Above your authority: {limits}", limits=joined(lacking, _("none")))
