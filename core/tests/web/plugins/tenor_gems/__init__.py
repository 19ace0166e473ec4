"""Gems, each priced in a currency of its own or in none, for the tests of what prices add up to."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Mapped

from tenor_sdk import (
    Amount,
    Extension,
    ListView,
    Menu,
    Owned,
    Plugin,
    Record,
    Role,
    Scope,
    can,
    field,
)
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


class Insured(Extension[Gem]):
    """What a gem is insured for, in a currency that may be another than its price's."""

    currency: Mapped[str | None] = field(max_length=3)
    sum_insured: Mapped[Amount | None] = field()


class Taxed(Extension[Gem]):
    """What a gem owes at home, whatever currency it is priced in."""

    __currency__ = "CNY"

    duty: Mapped[Amount | None] = field()


class Polished(Extension[Gem]):
    """What was spent on a gem, in the currency of its price."""

    spent: Mapped[Amount | None] = field()


class Ring(Record):
    """A ring, whose currency follows from its name."""

    name: Mapped[str] = field(max_length=40)
    worth: Mapped[Amount | None] = field()

    @property
    def currency(self) -> str:
        """The first letters of its name."""
        return self.name[:3]


gems = ListView(
    Gem,
    (Gem.name, Gem.cut, Gem.price),
    title="Gems on offer",
    looks=(
        BoardView(Gem.cut, sums=(Gem.price,)),
        CalendarView(Gem.polished_on, sums=(Gem.price,)),
        ChartView(Gem.cut, sum=Gem.price),
        ChartView(Gem.name, title="By name"),
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
