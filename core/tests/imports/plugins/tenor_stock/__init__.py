"""What a lender brings along from another system: firms, their loans, and ratios of companies."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, validates

from tenor_sdk import (
    Amount,
    Line,
    ListView,
    Menu,
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
    numbered,
)
from tenor_sdk.access import RELATIONSHIP_MANAGER, FieldRule
from tenor_sdk.records import AppendOnly, Customizable, state_field

plugin = Plugin(title="Stock")


class Outcome(StrEnum):
    PAID = "P I F"
    CHARGED_OFF = "CHGOFF"


class Firm(Record, Owned, Customizable):
    """A company that borrows."""

    number: Mapped[str] = numbered("FIRM-{n:05d}")
    code: Mapped[str] = field(max_length=18, unique=True, label="Credit code")
    name: Mapped[str] = field(max_length=60, search=True)
    capital: Mapped[Amount | None] = field(label="Registered capital", minimum=Amount(0))
    founded_on: Mapped[date | None] = field()
    listed: Mapped[bool] = field(default=False)
    secret_note: Mapped[str] = field(default="")
    phone: Mapped[str | None] = field(mask="phone", max_length=20)


class Branch(Line[Firm]):
    """A place where a firm has an office."""

    town: Mapped[str] = field(max_length=60)


class Loan(Record, Owned):
    """A loan of the U.S. Small Business Administration's book."""

    __currency__ = "USD"

    number: Mapped[str] = field(max_length=10, unique=True, pattern=r"\d{10}")
    borrower: Mapped[str] = field(max_length=60)
    firm_id: Mapped[int | None] = link(Firm)
    industry: Mapped[str] = field(max_length=6, pattern=r"[1-9]\d{5}", default="")
    approved_on: Mapped[date] = field()
    term: Mapped[int] = field(minimum=1, label="Term in months")
    staff: Mapped[int] = field(minimum=0)
    revolving: Mapped[bool | None] = field()
    charged_off_on: Mapped[date | None] = field()
    disbursed_on: Mapped[date | None] = field()
    disbursed: Mapped[Amount] = field()
    outcome: Mapped[Outcome] = field()
    charged_off: Mapped[Amount] = field()


class Figure(Record, Owned):
    """Figures of a firm for a period."""

    __table_args__ = (UniqueConstraint("firm_id", "period"),)

    firm_id: Mapped[int] = link(Firm)
    period: Mapped[str] = field(max_length=10)
    revenue: Mapped[Amount] = field()


class Ratio(Record):
    """Ratios of a company, as a study published them."""

    profitability: Mapped[Rate | None] = field()
    leverage: Mapped[Rate | None] = field()
    days: Mapped[Rate | None] = field()


class Vehicle(Record):
    """A vehicle that secures a loan."""

    plate: Mapped[str] = field(max_length=12, unique=True, pattern="[A-Z0-9]+", normal=str.upper)
    make: Mapped[str] = field(max_length=20, default="")


class Vessel(Record):
    """A vessel, whose class itself sees to the form of its name."""

    name: Mapped[str] = field(max_length=20)

    @validates("name")
    def _upper(self, _key: str, name: str) -> str:
        return name.upper()


class Payment(Record, AppendOnly, journal=True):
    """What was paid on a loan; written once, and sealed directly."""

    loan_id: Mapped[int] = link(Loan)
    amount: Mapped[Amount] = field()


to_do = State(name="to-do", title="To do")
over = State(name="over", title="Over", final="good", frozen=True)


class Visit(Record, Owned, Customizable):
    """A visit to a firm, with a workflow."""

    state: Mapped[str] = state_field("to-do")
    subject: Mapped[str] = field(max_length=40, unique=True)


end = Transition(name="end", title="End", source=to_do, target=over)
visits = Workflow(Visit.state, states=(to_do, over), transitions=(end,))

manager = Role(
    "Manager",
    can.edit(Firm, Loan, Figure, Visit, scope=Scope.OWN),
    can.edit(Ratio, Payment, Vehicle, Vessel),
    can.export(Firm, Loan, Visit, scope=Scope.OWN),
    can.use(end),
    positions=(RELATIONSHIP_MANAGER,),
)
keeper = Role("Keeper of notes")
hidden = FieldRule(fields=(Firm.secret_note,), effect="hide", unless=(keeper,))
menu = Menu("Firms", ListView(Firm, (Firm.name, Firm.code, Firm.capital)))
loans = Menu("Loans", ListView(Loan, (Loan.number, Loan.borrower, Loan.disbursed)), app="Firms")
