"""People named in a comment by ``@``: found as the writer sees people, told if they can read the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import or_, select

from tenor.access.records import User
from tenor.records.named import LOOKED_AT, Named, Somebody, named_in, names_at, places
from tenor.records.notices import MENTIONED
from tenor_sdk.i18n import Text, _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement

    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor_sdk.records import Record

#: people who are offered while a name is typed
OFFERED: Final = 8
#: people of the names of a text that are looked at
_NAMESAKES: Final = 2_000
_TYPED: Final = 100
Names = Mapping[int, str]


@dataclass(frozen=True)
class Heard:
    """Whom a comment reached by their names, as its writer is told.

    Args:
        told: names by the ids of those who are told.
        untold: of those who can't read the record, or don't work here any more.
        unclear: names that several people have.
        over: whether more are named than one comment reaches.
    """

    told: Names = field(default_factory=dict)
    untold: Names = field(default_factory=dict)
    unclear: Sequence[str] = ()
    over: bool = False


@dataclass(frozen=True)
class Offer:
    """Somebody who may be mentioned.

    Args:
        writes: what stands after the sign and means them alone.
        reads: whether they can read the record, so that they would be told.
    """

    id: int
    name: str
    login: str
    writes: str
    reads: bool


class Mentions:
    """People named in comments."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    # -- while a comment is sent ------------------------------------------------------------------------------------

    def of(self, ctx: KernelContext, text: str) -> Named:
        """Who is named in a text, among the people whom whoever acts can see: two statements, whatever the text."""
        starts = places(text)[:LOOKED_AT]
        pieces = {piece for start in starts for piece in names_at(text, start)}
        if not pieces or not ctx.may(User, "read"):
            return Named()
        by_login: dict[str, Somebody] = {}
        by_name: dict[str, list[Somebody]] = {}
        if self._shows(ctx, User.login):
            logins = {*pieces, *(each.lower() for each in pieces)}
            by_login = {one.login: one for one in self._people(ctx, User.login.in_(sorted(logins)))}
        if self._shows(ctx, User.name):
            for one in self._people(ctx, User.name.in_(sorted(pieces))):
                by_name.setdefault(one.name, []).append(one)
        return named_in(text, by_login, by_name)

    def tell(self, ctx: KernelContext, record: Record, named: Named) -> Heard:
        """Tell those who can read the record that they are mentioned, whoever acts not."""
        told, untold = dict[int, str](), dict[int, str]()
        for person in named.people.values():
            if person.id == ctx.actor.id:
                continue
            able = person.there and self.reads(ctx, person.id, record)
            (told if able else untold)[person.id] = person.name
        if told:
            title = _("{name} mentions you", name=ctx.actor.name)
            self.kernel.notify.notify(ctx, sorted(told), title, None, record, kind=MENTIONED)
        return Heard(told, untold, tuple(named.unclear), named.over)

    def reads(self, ctx: KernelContext, user: int, record: Record) -> bool:
        """Whether somebody reads a record, by their own rights or those that were delegated to them."""
        access = self.kernel.access
        actor = access.actor(self.kernel.db.connection_of(ctx.guarded), user)
        return actor is not None and access.reads(ctx, actor, record)

    # -- while a name is typed --------------------------------------------------------------------------------------

    def offered(
        self, ctx: KernelContext, record: Record, typed: str, lately: Iterable[int]
    ) -> list[Offer]:
        """A few people whom somebody may mean: found by their names, sounds or logins as everywhere; before a letter is
        typed, those of ``lately``. Statements for each who is offered, as rights are their own; none for others."""
        if not ctx.may(User, "read") or not self._shows(ctx, User.name):
            return []
        others = (User.active, ~User.archived, User.id != ctx.actor.id)
        ids: Sequence[int] = list(dict.fromkeys(lately))[: OFFERED + 1]
        if typed.strip():
            found = self.kernel.search.find(
                ctx, User, typed[:_TYPED], OFFERED, User.active & (User.id != ctx.actor.id)
            )
            ids = found.ids
        people = {one.id: one for one in self._people(ctx, User.id.in_(ids), *others)}
        some = [people[one] for one in ids if one in people][:OFFERED]
        return self._offers(ctx, record, some)

    def _offers(
        self, ctx: KernelContext, record: Record, people: Sequence[Somebody]
    ) -> list[Offer]:
        """Each with what means them alone: the name, or the login where another has that name, too."""
        names = sorted({one.name for one in people})
        alike = self._people(ctx, or_(User.name.in_(names), User.login.in_(names)))
        shown, made = self._shows(ctx, User.login), []
        for one in people:
            alone = all(
                one.name not in (each.name, each.login)
                for each in alike
                if each.id != one.id and (each.there or each.login == one.name)
            )
            if alone or shown:
                writes = one.name if alone else one.login
                login, reads = one.login if shown else "", self.reads(ctx, one.id, record)
                made.append(Offer(one.id, one.name, login, writes, reads))
        return made

    # -- people -----------------------------------------------------------------------------------------------------

    def _shows(self, ctx: KernelContext, attribute: Any) -> bool:
        return self.kernel.access.may_sort(ctx, attribute)

    def _people(self, ctx: KernelContext, *where: ColumnElement[bool] | Any) -> list[Somebody]:
        """Those whom whoever acts can see, by their logins where a rule keeps their names from them."""
        shown = User.name if self._shows(ctx, User.name) else User.login.label("name")
        there = (User.active & ~User.archived).label("there")
        columns = select(User.id, User.login, shown, there).where(*where)
        rows = ctx.session.execute(columns.order_by(User.id).limit(_NAMESAKES))
        return [Somebody(row.id, row.login, row.name, bool(row.there)) for row in rows]


def marks_of(named: Named) -> dict[str, Any] | None:
    """What is kept beside a comment of those whom it names: the id, and where the name stands."""
    marks = [[each.person.id, each.start, each.length] for each in named.mentions]
    return {"people": marks} if marks else None


def marks(mentions: Mapping[str, Any] | None) -> list[tuple[int, int, int]]:
    """The same again: id, start and length of each, as they stand in the text."""
    found = (mentions or {}).get("people", ())
    return sorted(((user, start, length) for user, start, length in found), key=itemgetter(1))


def mentioned(mentions: Mapping[str, Any] | None) -> list[int]:
    """The ids of those whom a comment names."""
    return [user for user, _start, _length in marks(mentions)]


def mentions_of(
    mentions: Mapping[str, Any] | None, names: Mapping[int, str]
) -> list[dict[str, Any]]:
    """Whom a comment names, as programs read it: what they are called today, and where each stands in the text."""
    return [
        {"id": user, "name": names.get(user), "start": start, "length": length}
        for user, start, length in marks(mentions)
    ]


def said_of(heard: Heard) -> list[Text]:
    """What the writer is told of those whom the comment didn't reach."""
    made = []
    if heard.untold:
        names = list(heard.untold.values())
        made.append(
            ngettext(
                "{names} can’t see this record and wasn’t told.",
                "{names} can’t see this record and weren’t told.",
                len(names),
                names=_listed(names),
            )
        )
    made += [
        _(
            "Several people are called {name} and none was told: write the login after the @.",
            name=each,
        )
        for each in heard.unclear[:3]
    ]
    if heard.over:
        made.append(_("One comment reaches 20 people at most: whoever else it names wasn’t told."))
    return made


def _listed(names: Sequence[str]) -> Text:
    listed = Text("{name}", {"name": names[0]})
    for name in names[1:5]:
        listed = _("{some}, {one}", some=listed, one=name)
    return _("{some} and {n} more", some=listed, n=len(names) - 5) if names[5:] else listed
