from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from tenor_sdk import (
    Action,
    Amount,
    Context,
    FormView,
    ListView,
    Menu,
    Panel,
    Rate,
    Refused,
    Section,
    Tab,
    Text,
    _,
    ask,
    path,
)  # fmt: skip
from tenor_sdk.files import Upload
from tenor_sdk.looks import BoardView, CalendarView, ChartView, PivotView, per_month, per_quarter
from tenor_sdk.views import Cell, Column, Facts, Only, Related, Table, Template, Tile
from tenor_vault.access import count_boxes
from tenor_vault.records import Box, Kind, Opening, Shelf

boxes = ListView(
    Box,
    (Box.name, Box.number, Box.kind, Box.value, Box.fee, Box.since, Box.sealed, Box.holder_identity, Box.keeper_id,
     path(Box.shelf, Shelf.name), Box.double),
    filters=(Box.kind, Box.sealed, Box.keeper_id, Box.since, Box.value),
    looks=(
        BoardView(Box.kind, shows=(Box.name, Box.value), sums=(Box.value,)),
        CalendarView(Box.since, shows=(Box.name,), sums=(Box.value,)),
        ChartView(per_month(Box.since), sum=Box.value, title="Worth by month"),
        ChartView(Box.keeper_id, title="By keeper"),
        ChartView(Box.holder_identity, title="By holder"),
        ChartView(Box.sealed, title="Sealed or not"),
        PivotView(Box.kind, Box.sealed, per_quarter(Box.since), path(Box.shelf, Shelf.name), sums=(Box.value,)),
    ),
)  # fmt: skip
gold = ListView(
    Box, (Box.name, Box.value), where=lambda actor, today: Box.sealed, title="Sealed boxes"
)
menu = Menu("Vault", boxes, icon="archive")
sealed_menu = Menu("Sealed", gold, app="Vault")


def _worth(ctx: Context, box: Box) -> tuple[Table, Facts]:
    heads = (
        Column(_("Thing")),
        Column(_("Worth"), "money"),
        Column(_("Share"), "percent"),
        Column(_("Score"), "points"),
    )
    rows = [
        (
            Cell(item.what, note=_("noted")),
            Cell(item.worth, tone="adverse"),
            Rate.of("0.5"),
            (7, 10),
        )
        for item in box.items
    ]
    total = (_("Total"), sum((item.worth for item in box.items if item.worth), Amount(0)), "money")
    return Table(heads, rows, totals=("", total[1], None, None)), Facts(
        [(_("Insured"), box.value, "money")], total=total
    )


def _story(ctx: Context, box: Box) -> Template:
    return Template("story.html", {"name": box.name})


def _broken(ctx: Context, box: Box) -> Table:
    if box.name == "break":
        raise ZeroDivisionError
    return Table((Column(_("Thing")),), [], empty=_("Nothing is broken"))


worth = Panel(title="Worth", content=_worth, lines=Box.items)
story = Panel(title="Story", content=_story, aside=True)
broken = Panel(title="Broken", content=_broken)
box_form = FormView(
    Box,
    Section("Box", Box.name, Box.kind, Box.value, Box.fee, Box.since, Box.sealed, Box.double),
    Section(
        "People", Box.holder_identity, Box.keeper_id, Box.shelf_id, path(Box.shelf, Shelf.name)
    ),
    Section("Papers", Box.paper_id, Box.remark, Box.carats),
    worth,
    story,
    Tab("More", broken, Related(Opening.box_id, (Opening.reason, Opening.box_id))),
    facts=(Box.number, Box.value, Box.keeper_id),
    buttons=(Opening.box_id,),
    only=(Only(Box.kind, (Kind.GOLD,), Box.carats),),
)


@dataclass(frozen=True)
class Revalue:
    value: Amount = ask("New value", minimum=Amount(1))
    why: str = ask("Why", widget="long-text")
    proof: Upload | None = ask("Proof", default=None)


@dataclass(frozen=True)
class Combination:
    digits: str = ask("Digits")


def _preview(ctx: Context, box: Box, inputs: Revalue) -> Facts:
    return Facts([(_("Was"), box.value, "money"), (_("Becomes"), inputs.value, "money")])


def _revalue(ctx: Context, box: Box, inputs: Revalue) -> Text:
    if inputs.value > Amount.of("1000000"):
        raise Refused("too-precious", limit=Amount.of("1000000"))
    box.value = inputs.value
    proof = f" ({len(inputs.proof.content)})" if inputs.proof else ""
    box.remark = inputs.why + proof
    return _("Worth {value} now", value=inputs.value)


def _open(ctx: Context, box: Box, inputs: None) -> str:
    opening = Opening(box_id=box.id, reason="action")
    ctx.session.add(opening)
    ctx.session.flush()
    return f"/vault/opening/{opening.id}"


def _try_lock(ctx: Context, box: Box, inputs: Combination) -> Text | Refused:
    if inputs.digits == "314":
        return _("{n} boxes", n=1)
    box.remark = f"{box.remark}x"
    return Refused("wrong-combination", tries=len(box.remark))


def _count(ctx: Context, record: None, inputs: None) -> Text:
    return _("{n} boxes", n=ctx.session.scalar(select(func.count(Box.id))))


revalue = Action(
    name="revalue", title="Revalue", on=Box, do=_revalue, inputs=Revalue, preview=_preview
)
open_box = Action(
    name="open", title="Open box", on=Box, do=_open, shown=lambda ctx, box: not box.sealed
)
try_lock = Action(
    name="try-lock", title="Try the lock", on=Box, do=_try_lock, inputs=Combination,
    shown=lambda ctx, box: box.sealed,
)  # fmt: skip
count = Action(name="count", title="Count", on=Box, do=_count, needs=count_boxes, on_list=True)
tile = Tile(title="Insured", value=lambda ctx: Amount.of("1234567.89"), href="/vault/box")
