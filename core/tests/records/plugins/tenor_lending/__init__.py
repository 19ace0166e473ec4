"""Loans whose fields go by one another: shown, asked for and kept as they are."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Mapped

from tenor_sdk import (
    Amount,
    Archivable,
    FormView,
    Line,
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
    lines,
)
from tenor_sdk.access import RELATIONSHIP_MANAGER, FieldRule
from tenor_sdk.conditions import When

plugin = Plugin(title="Lending")


class Kind(StrEnum):
    FIXED = "fixed"
    FLOATING = "floating"


class Loan(Record, Owned, Archivable):
    """A loan."""

    name: Mapped[str] = field(search=True)
    kind: Mapped[Kind] = field(default=Kind.FLOATING)
    amount: Mapped[Amount | None] = field()
    rate: Mapped[Rate | None] = field(label="Fixed rate")
    base: Mapped[str] = field(max_length=20, default="LPR", label="Base rate")
    urgent: Mapped[bool] = field(default=False)
    due_on: Mapped[date | None] = field()
    reason: Mapped[str] = field(max_length=200, default="")
    ceiling: Mapped[Amount | None] = field()
    remark: Mapped[str | None] = field(widget="long-text")
    account: Mapped[str] = field(max_length=30, default="", mask="account")
    steps: Mapped[list[Step]] = lines()


class Step(Line[Loan]):
    """What is to be done for it."""

    what: Mapped[str] = field(max_length=40)
    done: Mapped[bool] = field(default=False)
    proof: Mapped[str | None] = field(max_length=40)
    place: Mapped[str] = field(max_length=40, default="branch")
    cost: Mapped[Amount | None] = field()


large = When(
    Loan,
    'kind == "fixed" && amount > money("1000000", "CNY")',
    visible=(Loan.rate,),
    required=(Loan.rate,),
    read_only=(Loan.base,),
)
hurried = When(Loan, "urgent || due_on < today", visible=(Loan.reason,), required=(Loan.reason,))
beyond = When(Loan, "amount > ceiling", visible=(Loan.remark,), read_only=(Loan.account,))
# what a row begins with counts, whoever writes it
based = When(Loan, "urgent", required=(Loan.base,))
proven = When(Step, "done", required=(Step.proof,), read_only=(Step.place,))
costed = When(Step, "done", visible=(Step.cost,))

keeper = Role("Lender", can.everything(Loan, scope=Scope.UNIT), positions=(RELATIONSHIP_MANAGER,))
head = Role("Head of lending", can.everything(Loan))
clerk = Role("Lending clerk", can.edit(Loan))
ceiling = FieldRule(fields=(Loan.ceiling,), effect="hide", unless=(keeper, head))
account = FieldRule(fields=(Loan.account,), effect="mask", unless=(head,))
form = FormView(
    Loan,
    Section("Loan", Loan.name, Loan.kind, Loan.amount, Loan.rate, Loan.base),
    Section("Haste", Loan.urgent, Loan.due_on, Loan.reason),
    Section("Limits", Loan.ceiling, Loan.account, Loan.remark),
)
menu = Menu("Lending", ListView(Loan, (Loan.name, Loan.kind, Loan.amount, Loan.base)))
