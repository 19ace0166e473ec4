"""What the tests of loans share: the vectors, the published calendars, short ways to write values."""

import dataclasses
import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tenor_credit.public import Judgement, confirm, propose_rating
from tenor_customers.demo_files import demo_uscc, zeyuan_workbook
from tenor_customers.imports import StatementUpload, import_statements
from tenor_customers.public import Customer, add_customer
from tenor_loans.disbursing import PayTo
from tenor_loans.domain.calendar import CalendarTable, calendar_from_table
from tenor_loans.domain.day_count import DayCount
from tenor_loans.domain.schedule import Instalment as Row
from tenor_loans.domain.schedule import Method, Schedule
from tenor_loans.records import Loan
from tenor_loans.services import take_over_loan
from tenor_loans.workflow import paying_out
from tenor_origination.checklist import required
from tenor_origination.public import (
    Application,
    Repayment,
    application_flow,
    apply_for,
    bring_document,
)
from tenor_origination.records import View
from tenor_origination.services import Brought
from tenor_origination.workflow import Decision, Recommendation
from tenor_sdk import Amount, Rate, Transition
from tenor_sdk.files import Upload
from tenor_sdk.testing import Institution, as_actor, make_user
from tenor_sdk.workflow import advance, transition

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    """Worked figures; their source stands in the file."""
    loaded: dict[str, Any] = json.loads((DATA / "loan_math.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="session")
def china() -> CalendarTable:
    """Mainland China, 2024 to 2026, by the State Council's notices."""
    return calendar_from_table(
        tomllib.loads((DATA / "calendar_cn.toml").read_text(encoding="utf-8"))
    )


# -- an institution with an application on its way -------------------------------------------------------------------

TODAY = date(2026, 6, 30)
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
PAY_TO = PayTo(payee="云州重型机床有限公司", account="6222000012345678901", bank="云州农商银行")


class Cast:
    """The people of the demo bank, who take an application through the departments as they would.

    Args:
        institution: in which they act.
    """

    def __init__(self, institution: Institution) -> None:
        self.institution = institution
        self.serial = 0

    def act(self, login: str, on: date | None = None) -> Any:
        """A context of one of them."""
        return as_actor(self.institution, login, on=on)

    def customer(self, login: str = "lin.xiaowen") -> int:
        """A rated customer of a relationship manager."""
        self.serial += 1
        with self.act(login) as ctx:
            customer = add_customer(ctx, f"泽远精密制造{self.serial}", demo_uscc(700 + self.serial))
            import_statements(
                ctx, customer, StatementUpload(Upload("zeyuan.xlsx", zeyuan_workbook()), "", True)
            )
            found = customer.id
        with self.act("zhou.qiming") as ctx:
            judged = Judgement(Rate.of("0.82"), *self._judged())
            transition(ctx, propose_rating(ctx, ctx.session.get(Customer, found), judged), confirm)
        return int(found)

    @staticmethod
    def _judged() -> tuple[str, str, str]:
        fields = ("repayment_record", "industry_outlook", "governance")
        asked = {
            f.name: f.metadata["tenor"].choices[0][0] for f in dataclasses.fields(Judgement)[1:]
        }
        return tuple(asked[name] for name in fields)

    def approved(
        self,
        amount: str = "5000000",
        months: int = 36,
        repayment: Repayment = Repayment.LEVEL_PAYMENT,
        rate: str = "0.0435",
        conditions: str = "",
    ) -> int:
        """An application whose conditions precedent are next."""
        customer = self.customer()
        with self.act("lin.xiaowen") as ctx:
            application = apply_for(
                ctx,
                ctx.session.get(Customer, customer),
                Amount.of(amount),
                months,
                Rate.of(rate),
                repayment=repayment,
                purpose="购买数控机床",
            )
            found = application.id
            for kind in required(application.product):
                bring_document(
                    ctx, application, Brought(kind.code, Upload(f"{kind.code}.pdf", PDF))
                )
            transition(ctx, application, flow("submit"))
            advance(ctx, application)
        self.go(found, "zhou.qiming", "recommend", Recommendation(View.AGREE, "good", conditions))
        for login in ("qin.feng", "gu.yan"):
            if self.state(found) == "approval":
                self.go(found, login, "approve", Decision())
        assert self.state(found) == "conditions"
        return int(found)

    def prepared(self, pay_to: PayTo = PAY_TO, **terms: Any) -> int:
        """An application whose disbursement is to be released."""
        found = self.approved(**terms)
        self.go(found, "gao.jie", "prepare-disbursement", pay_to)
        return found

    def lent(self, **terms: Any) -> int:
        """A loan that was released today."""
        found = self.prepared(**terms)
        self.go(found, "jiang.nan", "release")
        with self.act("song.qing") as ctx:
            return int(
                ctx.session.scalars(select(Loan.id).where(Loan.application_id == found)).one()
            )

    def go(
        self, application_id: int, login: str, name: str, inputs: object = None, **more: Any
    ) -> bool:
        """A transition of an application."""
        with self.act(login, more.pop("on", None)) as ctx:
            application = ctx.session.get(Application, application_id)
            assert application is not None, f"{login} can't see the application"
            return transition(ctx, application, flow(name), inputs, **more)

    def state(self, application_id: int) -> str:
        """Where an application is."""
        with self.act("song.qing") as ctx:
            return str(ctx.session.get(Application, application_id).state)

    def read(self, statement: Any, login: str = "song.qing") -> list[Any]:
        """What somebody reads; by default the auditor. Its values stay readable afterwards."""
        with self.act(login) as ctx:
            found = list(ctx.session.scalars(statement))
            ctx.session.expunge_all()
            return found


def flow(name: str) -> Transition:
    """A transition of an application, by its name."""
    known = (*application_flow.transitions, *paying_out.transitions)
    return next(one for one in known if one.name == name)


@pytest.fixture
def cast(institution: Institution) -> Cast:
    """The people of a running institution."""
    return Cast(institution)


# -- a loan of before ------------------------------------------------------------------------------------------------

# Jinlan Textile, scenario 13: 50,000,000 at 4.80 %, 5,000,000 due on 2026-03-20, interest paid to that day
DRAWN, DUE, LATER = date(2025, 3, 20), date(2026, 3, 20), date(2027, 3, 20)
INTEREST = "2433333.33"
JINLAN = Schedule(
    (
        Row(1, DRAWN, DUE, Amount.of(50_000_000), Amount.of(5_000_000), Amount.of(INTEREST)),
        Row(2, DUE, LATER, Amount.of(45_000_000), Amount.of(45_000_000), Amount.of(2_190_000)),
    )
)


@pytest.fixture
def jinlan(cast: Any, institution: Institution) -> int:
    """The loan of Jinlan Textile, taken over on 20 March 2026."""
    make_user(
        institution, "migrator",
        roles=["loans.taker-over-of-existing-loans", "customers.reader-of-all-customers"],
    )  # fmt: skip
    customer = cast.customer()
    with cast.act("migrator", DUE) as ctx:
        loan = take_over_loan(
            ctx,
            ctx.session.get(Customer, customer),
            JINLAN,
            rate=Rate.of("0.048"),
            penalty_rate=Rate.of("0.072"),
            compound=False,
            method=Method.BULLET,
            day_count=DayCount.ACT_360,
            drawn_on=DRAWN,
            repayments=[(DUE, Amount.of(INTEREST))],
        )
        return int(loan.id)
