"""Workflows: each drawn, with how many cases stand where and for how long; the same as a table."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response

from tenor.base.replaying import definition_simulated, strands
from tenor.web.contents import Contents
from tenor.workflow.access import see_workflows
from tenor.workflow.definitions import BranchSpec, StateSpec, titled
from tenor.workflow.drawing import WIDTH, Drawing, drawn
from tenor.workflow.limit_text import joined
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import Text, _, ngettext
from tenor_sdk.views import Facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor.workflow.figures import Stay
    from tenor.workflow.merging import Flow

Values = dict[str, Any]


def routes(at: Blueprint, web: Web) -> None:
    """The list of workflows, and the page of each."""

    @at.get("/workflows")
    def workflows() -> Response:
        with web.reading() as ctx:
            web.kernel.access.check_use(ctx, see_workflows)
            return web.page(ctx, "page.html", _list(web, ctx))

    @at.get("/workflows/<name>")
    def workflow(name: str) -> Response:
        with web.reading() as ctx:
            web.kernel.access.check_use(ctx, see_workflows)
            flow = next(
                (one for one in web.kernel.workflow.flows.values() if one.name == name), None
            )
            if flow is None:
                raise NotFound("not-found")
            return web.page(ctx, "page.html", Page(web, ctx, flow).values())


def _title(flow: Flow) -> Text:
    return titled(flow.definition.title, flow.workflow.plugin)


def _list(web: Web, ctx: KernelContext) -> Values:
    show = web.show(ctx)
    title = show.say(_("Workflows"))
    rows = []
    for flow in web.kernel.workflow.flows.values():
        stays = web.kernel.workflow.figures.of(ctx, flow)
        going = sum(one.open for name, one in stays.items() if not _ended(flow, name))
        cells = [{"text": show.say(_title(flow))}, show.number(going)]
        rows.append({"cells": cells, "href": f"/workflows/{flow.name}"})
    columns = [
        {"label": show.say(_("Workflow")), "identity": True},
        {"label": show.say(_("Open cases")), "align": "end"},
    ]
    table = {"caption": title, "columns": columns, "rows": rows, "empty": {}}
    sheet = {"kind": "table", "label": title, "table": table}
    return {"title": title, "head": {"title": title}, "tabs": [], "main": [sheet]}


def _ended(flow: Flow, state: str) -> bool:
    found = flow.state(state)
    return found is not None and bool(found.final)


class Page:
    """The page of one workflow."""

    def __init__(self, web: Web, ctx: KernelContext, flow: Flow) -> None:
        self.web, self.ctx, self.flow = web, ctx, flow
        self.show: Show = web.show(ctx)
        self.stays: Mapping[str, Stay] = web.kernel.workflow.figures.of(ctx, flow)

    def values(self) -> Values:
        title = self.show.say(_title(self.flow))
        head = {
            "title": title,
            "crumb": [{"label": self.show.say(_("Workflows")), "href": "/workflows"}],
            "sub": self._sub(),
        }
        made = drawn(self.flow.definition)
        drawing = {
            "kind": "drawing",
            "label": title,
            "lines": [self.show.say(self._legend(made))],
            "drawing": self._drawing(title, made),
        }
        table = {"kind": "table", "title": self.show.say(_("By state")), "table": self._table()}
        main = [drawing, table, *self._older()]
        return {"title": title, "head": head, "tabs": [], "main": main}

    def _older(self) -> list[Values]:
        """Where there are cases of an earlier definition: what would become of the open ones, and what of last
        year's."""
        engine = self.web.kernel.workflow
        if not engine.replaying.older(self.ctx, self.flow):
            return []
        contents = Contents(self.web, self.show, "base")
        plan = engine.migrating.plan(self.ctx, self.flow)
        facts = Facts(rows=[(words, n, "number") for words, n in strands(plan)])
        moved = self.show.say(_("Open cases of an earlier version, on today’s"))
        simulated = self.show.say(_("Last year by today’s version"))
        return [
            *contents.panels(moved, facts),
            *contents.panels(simulated, definition_simulated(self.ctx, self.flow)),
        ]

    def _legend(self, made: Drawing) -> Text:
        """What the drawing says, of that which is in it."""
        ways = {arrow.kind for arrow in made.arrows}
        waits = any(self._waits(box.state.name) for box in made.boxes)
        said = [_("In a box: how many cases stand there, and the median time of last year")]
        said += [_("Amber box: waits for the customer")] if waits else []
        said += [_("Amber line: back")] if "back" in ways else []
        said += [_("Grey line: to an end beside the way")] if "off" in ways else []
        return joined(said, _("none"))

    def _sub(self) -> str:
        customer = sum(
            (one.total for name, one in self.stays.items() if self._waits(name)), Decimal(0)
        )
        total = sum((one.total for one in self.stays.values()), Decimal(0))
        return self.show.say(
            _(
                "In the last year {customer} of {total} working days were spent waiting for the customer",
                customer=customer,
                total=total,
            )
        )

    def _waits(self, name: str) -> bool:
        state = self.flow.definition.state(name)
        return state is not None and state.customer

    # -- the drawing ------------------------------------------------------------------------------------------------

    def _drawing(self, title: str, made: Drawing) -> Values:
        boxes = [
            {
                "x": made.x,
                "y": box.y,
                "height": box.height,
                "title": self._say(box.state),
                "note": self._note(box.state.name),
                "kind": self._kind(box.state),
                "lines": [
                    {"y": y, "text": self._branch(branch)}
                    for y, branch in zip(box.lines, box.state.branches, strict=True)
                ],
            }
            for box in made.boxes
        ]
        arrows = [
            {
                "path": arrow.path,
                "kind": arrow.kind,
                "title": self.show.say(titled(arrow.step.title, arrow.step.plugin)),
            }
            for arrow in made.arrows
        ]
        size = {"width": made.width, "height": made.height, "box": WIDTH}
        return {**size, "title": title, "boxes": boxes, "arrows": arrows}

    def _kind(self, state: StateSpec) -> str:
        return state.final or ("customer" if state.customer else "aside" if state.aside else "")

    def _say(self, state: StateSpec) -> str:
        return self.show.say(titled(state.title, state.plugin))

    def _branch(self, branch: BranchSpec) -> str:
        states = " → ".join(self._say(state) for state in branch.states if state.final != "bad")
        title = self.show.say(titled(branch.title, branch.plugin))
        return self.show.say(_("{branch}: {state}", branch=title, state=states))

    def _note(self, name: str) -> str:
        stay = self.stays[name]
        said = self.show.say(ngettext("{n} case", "{n} cases", stay.open))
        if stay.middle is None:
            return said
        days = self.show.say(_("{n} working days", n=stay.middle))
        return f"{said} · {days}"

    # -- the table --------------------------------------------------------------------------------------------------

    def _table(self) -> Values:
        columns = [
            {"label": self.show.say(_("State")), "identity": True},
            {"label": self.show.say(_("Waits for the customer"))},
            {"label": self.show.say(_("Cases in it")), "align": "end"},
            {"label": self.show.say(_("Left in a year")), "align": "end"},
            {"label": self.show.say(_("Median, working days")), "align": "end"},
            {"label": self.show.say(_("Longest, working days")), "align": "end"},
        ]
        rows = [{"cells": self._cells(name, stay)} for name, stay in self.stays.items()]
        return {
            "caption": self.show.say(_("By state")),
            "columns": columns,
            "rows": rows,
            "empty": {},
        }

    def _cells(self, name: str, stay: Stay) -> list[Any]:
        state = self.flow.definition.state(name)
        return [
            {"text": self._say(state) if state is not None else name},
            self.show.say(_("Yes")) if self._waits(name) else "",
            self.show.number(stay.open),
            self.show.number(stay.stays),
            str(stay.middle) if stay.middle is not None else None,
            str(stay.longest) if stay.longest is not None else None,
        ]
