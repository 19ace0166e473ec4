"""What each position may do: a matrix of records and verbs, with how far each reaches, and of steps and permissions.

It says what the roles that plugins declare allow from the start. What was given to a person beside it stands with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response
from sqlalchemy import select

from tenor.access.actors import SERVICE
from tenor.access.records import User, UserPosition
from tenor.base.access import see_rights
from tenor.web.shell import position_title
from tenor.web.why import reach
from tenor.workflow.definitions import titled
from tenor_sdk.access import EVERYBODY, VERBS, Permission
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import _
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.access import Grant, Role

Values = dict[str, Any]
HOME: Final = "/roles"
#: the verbs of records as heads of columns
_VERBS: Final = {
    "read": _("May see"), "create": _("May make new ones"), "update": _("May change"), "delete": _("May remove"),
    "export": _("May export"),
}  # fmt: skip


def routes(at: Blueprint, web: Web) -> None:
    """The list of positions, and what one of them may do, or all of them with one kind of record."""

    @at.get(HOME)
    def roles() -> Response:
        with web.reading() as ctx:
            web.kernel.access.check_use(ctx, see_rights)
            return web.page(ctx, "page.html", Matrix(web, ctx).positions())

    @at.get(f"{HOME}/<position>")
    def role(position: str) -> Response:
        with web.reading() as ctx:
            web.kernel.access.check_use(ctx, see_rights)
            return web.page(ctx, "page.html", Matrix(web, ctx).position(position))

    @at.get(f"{HOME}/of/<plugin>/<slug>")
    def of(plugin: str, slug: str) -> Response:
        with web.reading() as ctx:
            web.kernel.access.check_use(ctx, see_rights)
            return web.page(ctx, "page.html", Matrix(web, ctx).record(plugin, slug))


class Matrix:
    """The pages of one request."""

    def __init__(self, web: Web, ctx: KernelContext) -> None:
        self.web, self.ctx = web, ctx
        self.show: Show = web.show(ctx)
        self.roles: Sequence[Role] = list(web.kernel.access.roles.values())

    # -- pages ------------------------------------------------------------------------------------------------------

    def positions(self) -> Values:
        """All positions, with the roles that they bring and how many people hold them."""
        holders, say = self._holders(), self.show.say
        rows = [
            {
                "href": f"{HOME}/{position}",
                "cells": [
                    {"text": self._called(position)},
                    {"text": say(_(", ")).join(self._titles(position))},
                    self._held(position, holders),
                ],
            }
            for position in self._known()
        ]
        columns: list[Values] = [
            {"label": say(_("Position")), "identity": True},
            {"label": say(_("Roles that it brings")), "explains": True},
            {"label": say(_("Held by")), "align": "end"},
        ]
        head = {"title": say(_("Roles")), "sub": say(_("What each position may do from the start"))}
        return self._page(head, self._sheet("", columns, rows))

    def position(self, position: str) -> Values:
        """What one position may do with each kind of record, and which steps and permissions it has.

        Raises:
            NotFound: no role is brought by it.
        """
        if position not in self._known():
            raise NotFound("not-found")
        brought = self._brought(position)
        grants = [grant for role in brought for grant in role.grants]
        head = {
            "title": self._called(position),
            "crumb": [{"label": self.show.say(_("Roles")), "href": HOME}],
            "sub": self.show.say(_(", ")).join(self._titles(position)),
        }
        return self._page(
            head,
            self._sheet(
                self.show.say(_("Records")), self._heads(_("Record")), self._records(grants)
            ),
            *self._steps(grants),
            *self._doors(grants),
        )

    def record(self, plugin: str, slug: str) -> Values:
        """What all positions may do with one kind of record.

        Raises:
            NotFound: there is no such kind.
        """
        kind = self.web.kernel.records.find(plugin, slug)
        rows = []
        for position in self._known():
            grants = [grant for role in self._brought(position) for grant in role.grants]
            if any(grant.target is kind for grant in grants):
                cells = [{"text": self._called(position)}, *self._verbs(kind, grants)]
                rows.append({"href": f"{HOME}/{position}", "cells": cells})
        head = {
            "title": self.show.plural(kind),
            "crumb": [{"label": self.show.say(_("Roles")), "href": HOME}],
            "sub": self.show.say(_("What each position may do from the start")),
        }
        return self._page(head, self._sheet("", self._heads(_("Position")), rows))

    # -- tables -----------------------------------------------------------------------------------------------------

    def _records(self, grants: Sequence[Grant]) -> list[Values]:
        """Each kind of record that it may do something with, by plugin."""
        kinds = {kind: None for grant in grants if (kind := _kind_of(grant)) is not None}
        rows: list[Values] = []
        before = ""
        for kind in sorted(kinds, key=lambda one: (one.__plugin__, self.show.plural(one))):
            if kind.__plugin__ != before:
                before = kind.__plugin__
                rows.append({"group": self.web.plugin_title(before)})
            href = f"{HOME}/of/{kind.__plugin__}/{kind.slug()}"
            rows.append(
                {
                    "href": href,
                    "cells": [{"text": self.show.plural(kind)}, *self._verbs(kind, grants)],
                }
            )
        return rows

    def _verbs(self, kind: Any, grants: Sequence[Grant]) -> list[Any]:
        return [
            self._reaches(grant for grant in grants if grant.target is kind and verb in grant.verbs)
            for verb in VERBS
        ]

    def _steps(self, grants: Sequence[Grant]) -> Iterator[Values]:
        """The steps of workflows that it may take."""
        rows = []
        for flow in self.web.kernel.workflow.flows.values():
            for one in flow.transitions.values():
                reaches = self._reaches(grant for grant in grants if grant.target is one)
                if reaches:
                    told = self.show.say(titled(flow.definition.title, flow.workflow.plugin))
                    title = self.show.say(one.title, one.plugin or flow.workflow.plugin)
                    rows.append({"cells": [{"text": title}, {"text": told}, reaches]})
        columns: list[Values] = [
            {"label": self.show.say(_("Step")), "identity": True},
            {"label": self.show.say(_("Workflow"))},
            {"label": self.show.say(_("How far"))},
        ]
        if rows:
            yield self._sheet(self.show.say(_("Steps of workflows")), columns, rows)

    def _doors(self, grants: Sequence[Grant]) -> Iterator[Values]:
        """What isn't about one kind of record."""
        doors = {grant.target: None for grant in grants if isinstance(grant.target, Permission)}
        rows = [{"cells": [{"text": self.show.say(one.title, one.plugin)}]} for one in doors]
        if rows:
            columns: list[Values] = [{"label": self.show.say(_("Permission")), "identity": True}]
            yield self._sheet(self.show.say(_("Permissions")), columns, rows)

    def _reaches(self, grants: Iterable[Grant]) -> Any:
        """How far grants reach together, in words; nothing where there are none."""
        said = list(dict.fromkeys(reach(self.show, grant.scope) for grant in grants))
        return {"text": self.show.clauses(said)} if said else ""

    def _heads(self, first: Any) -> list[Values]:
        columns: list[Values] = [{"label": self.show.say(first), "identity": True}]
        return columns + [{"label": self.show.say(_VERBS[verb])} for verb in VERBS]

    def _sheet(self, title: str, columns: list[Values], rows: list[Values]) -> Values:
        table = {
            "caption": title or self.show.say(_("Roles")),
            "columns": columns,
            "rows": rows,
            "empty": {},
        }
        sheet: Values = {"kind": "table", "table": table}
        return sheet | ({"title": title} if title else {"label": table["caption"]})

    @staticmethod
    def _page(head: Values, *sheets: Values) -> Values:
        return {"title": head["title"], "head": head, "tabs": [], "main": list(sheets)}

    # -- positions --------------------------------------------------------------------------------------------------

    def _known(self) -> list[str]:
        """Every position that brings a role; what everybody has, first."""
        named = {position for role in self.roles for position in role.positions}
        return sorted(
            named, key=lambda one: (one != EVERYBODY, one.startswith(SERVICE), self._called(one))
        )

    def _brought(self, position: str) -> list[Role]:
        return [role for role in self.roles if position in role.positions]

    def _titles(self, position: str) -> list[str]:
        return [self.show.say(role.title, role.plugin) for role in self._brought(position)]

    def _called(self, position: str) -> str:
        if position.startswith(SERVICE):
            plugin = self.web.plugin_title(position.removeprefix(SERVICE))
            return self.show.say(_("Jobs of {plugin}", plugin=plugin))
        return self.show.say(position_title(position))

    def _holders(self) -> Counter[str]:
        """How many people hold each position, of those that whoever asks may see."""
        held = select(UserPosition.position, UserPosition.user_id).distinct()
        there = (User.active, ~User.archived)
        joined = held.join(User, User.id == UserPosition.user_id).where(*there)
        return Counter(row.position for row in self.ctx.session.execute(joined))

    def _held(self, position: str, holders: Counter[str]) -> Any:
        by_nobody = position == EVERYBODY or position.startswith(SERVICE)
        told = self.web.kernel.access.may_sort(self.ctx, UserPosition.position)
        return "" if by_nobody or not told else self.show.number(holders[position])


def _kind_of(grant: Grant) -> type[Record] | None:
    target = grant.target
    return target if isinstance(target, type) and issubclass(target, Record) else None
