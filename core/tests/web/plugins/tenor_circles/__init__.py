"""Companies and who holds them, for the tests of what is drawn as a graph."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped

from tenor_sdk import (
    Archivable,
    FormView,
    ListView,
    Menu,
    Owned,
    Plugin,
    Rate,
    Record,
    Role,
    Scope,
    Section,
    can,
    field,
    link,
)
from tenor_sdk.access import RELATIONSHIP_MANAGER
from tenor_sdk.dashboards import Dashboard, GraphTile
from tenor_sdk.looks import CalendarView, ChartView, GraphView, per_month, per_quarter
from tenor_sdk.views import Network

plugin = Plugin(title="Circles", category="Tests")


class How(StrEnum):
    OWNS = "owns"
    GUARANTEES = "guarantees"


class Company(Record, Owned):
    """A company of somebody's."""

    name: Mapped[str] = field(max_length=80, search=True)


class Stake(Record, Archivable):
    """What one company is to another."""

    holder_id: Mapped[int] = link(Company, label="Holder")
    held_id: Mapped[int] = link(Company, label="Held")
    how: Mapped[How] = field(default=How.OWNS)
    share: Mapped[Rate | None] = field()
    agreed_at: Mapped[datetime | None] = field()


class Branch(Record):
    """A place of a company's, which may belong to two."""

    name: Mapped[str] = field(max_length=80)
    company_id: Mapped[int | None] = link(Company, label="Company")
    landlord_id: Mapped[int | None] = link(Company, label="Landlord")


stakes_graph = GraphView(Stake.holder_id, Stake.held_id, kind=Stake.how, share=Stake.share)
stakes = ListView(
    Stake,
    (Stake.holder_id, Stake.held_id, Stake.how, Stake.share),
    looks=(
        stakes_graph,
        CalendarView(Stake.agreed_at, shows=(Stake.how,)),
        ChartView(per_month(Stake.agreed_at)),
        ChartView(per_quarter(Stake.agreed_at)),
    ),
)
branches = ListView(
    Branch, (Branch.name,), looks=(GraphView(Branch, Branch.company_id, Branch.landlord_id),)
)
menu = Menu("Stakes", stakes)
company_form = FormView(
    Company, Section("Company", Company.name), Network(stakes, stakes_graph, title="Circle")
)
circles = Dashboard(
    "circles",
    "Circles",
    (
        GraphTile(
            title="Who guarantees", rows=stakes, filter="how = guarantees", graph=stakes_graph
        ),
    ),
)
holder = Role(
    "Holder",
    can.everything(Company, scope=Scope.UNIT),
    can.everything(Stake),
    can.everything(Branch),
    positions=(RELATIONSHIP_MANAGER,),
)
