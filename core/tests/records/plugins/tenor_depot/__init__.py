"""Parts in a depot: a field of every kind, an extension, links to what some may not read."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tenor_sdk import (
    Amount,
    Archivable,
    Event,
    Extension,
    ListView,
    Menu,
    Money,
    Owned,
    Plugin,
    Rate,
    Record,
    Role,
    Scope,
    State,
    Transition,
    Workflow,
    can,
    field,
    link,
    linked,
    path,
)
from tenor_sdk.access import RELATIONSHIP_MANAGER, FieldRule
from tenor_sdk.records import Json, person, state_field

plugin = Plugin(title="Depot")


class Grade(StrEnum):
    FINE = "fine"
    COARSE = "coarse-cut"


class Maker(Record, Owned):
    """Who makes parts."""

    name: Mapped[str] = field(search=True)
    industry: Mapped[str | None] = field()
    secret_name: Mapped[str | None] = field(mask="name")


class Part(Record, Owned, Archivable):
    """A part in the depot; of an index that holds name and label, their lists find the ids first."""

    __table_args__ = (Index(None, "unit_id", "name", "label", "archived", "id"),)

    name: Mapped[str] = field(search=True)
    label: Mapped[str | None] = field(label="Label on the box")
    local: Mapped[str | None] = mapped_column(String(40))
    grade: Mapped[Grade | None] = field()
    currency: Mapped[str] = field(max_length=3, default="CNY")
    price: Mapped[Amount | None] = field()
    share: Mapped[Rate | None] = field()
    made_on: Mapped[date | None] = field()
    tested_at: Mapped[datetime | None] = field()
    broken: Mapped[bool | None] = field()
    pieces: Mapped[int | None] = field()
    sheet: Mapped[Json | None] = field()
    code: Mapped[str] = field(max_length=20, default="", secret=True)
    holder: Mapped[str] = field(max_length=40, default="", mask="name")
    cost: Mapped[Amount | None] = field()
    maker_id: Mapped[int | None] = link(Maker)
    maker: Mapped[Maker | None] = linked(Maker, maker_id)
    tested_by_id: Mapped[int | None] = person(label="Tested by")
    state: Mapped[str] = state_field("stored")


class PartWeight(Extension[Part]):
    """What a part weighs."""

    grams: Mapped[int | None] = field()
    remark: Mapped[str | None] = field()


class PartPriced(Event):
    """What somebody says of a part: some of it in words that the part has too."""

    part_id: int
    cost: Money
    grams: int = 0
    code: str = ""
    why: str = ""


stored = State(name="stored", title="In store")
gone = State(name="gone", title="Handed out", final="good")
hand_out = Transition(name="hand-out", title="Hand out", source=stored, target=gone)
flow = Workflow(Part.state, states=(stored, gone), transitions=(hand_out,))

keeper = Role(
    "Depot keeper",
    can.everything(Part, scope=Scope.UNIT),
    can.everything(Maker, scope=Scope.UNIT),
    can.use(hand_out),
    positions=(RELATIONSHIP_MANAGER,),
)
head = Role("Depot head", can.everything(Part), can.everything(Maker))
clerk = Role("Depot clerk", can.read(Part))
maker_reader = Role("Reader of makers", can.read(Maker))
cost = FieldRule(fields=(Part.cost, Part.maker_id), effect="hide", unless=(keeper, head))
menu = Menu(
    "Depot",
    ListView(
        Part,
        (Part.name, Part.label, Part.local, Part.grade, Part.price, Part.share, Part.made_on, Part.tested_at,
         Part.broken, Part.pieces, Part.sheet, Part.state, PartWeight.grams, path(Part.maker, Maker.name)),
        filters=(Part.grade, Part.state, Part.broken, Part.made_on, Part.price),
    ),
)  # fmt: skip
broken_menu = Menu(
    "Broken",
    ListView(Part, (Part.name,), where=lambda actor, today: Part.broken, title="Broken parts"),
    app="Depot",
)
makers = Menu("Makers", ListView(Maker, (Maker.name, Maker.industry), sort=Maker.name), app="Depot")
