"""Gems, each priced in a currency of its own or in none, for the tests of what prices add up to."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Mapped

from tenor_sdk import Amount, ListView, Menu, Owned, Plugin, Record, Role, Scope, can, field
from tenor_sdk.access import RELATIONSHIP_MANAGER
from tenor_sdk.dashboards import RowsTile
from tenor_sdk.looks import BoardView, CalendarView, ChartView, PivotView

plugin = Plugin(title="Gems", category="Tests")


class Cut(StrEnum):
    BRILLIANT = "brilliant"
    OVAL = "oval"


class Gem(Record, Owned):
    """A gem that somebody has on offer."""

    name: Mapped[str] = field(max_length=40, search=True)
    cut: Mapped[Cut] = field(default=Cut.BRILLIANT)
    polished_on: Mapped[date | None] = field()
    currency: Mapped[str | None] = field(max_length=3)
    price: Mapped[Amount | None] = field()


gems = ListView(
    Gem,
    (Gem.name, Gem.cut, Gem.price),
    title="Gems on offer",
    looks=(
        BoardView(Gem.cut, sums=(Gem.price,)),
        CalendarView(Gem.polished_on, sums=(Gem.price,)),
        ChartView(Gem.cut, sum=Gem.price),
        PivotView(Gem.name, Gem.cut, sums=(Gem.price,)),
    ),
)
menu = Menu("Gems", gems)
worth = RowsTile(title="Gems' worth", rows=gems, sum=Gem.price)
dealer = Role(
    "Dealer",
    can.edit(Gem),
    can.export(Gem, scope=Scope.OWN),
    positions=(RELATIONSHIP_MANAGER,),
)
