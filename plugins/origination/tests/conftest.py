"""The people of the demo bank who take an application through the departments, and short ways to let them act."""

from typing import Any

import pytest

from tenor_credit.public import Judgement, confirm, propose_rating
from tenor_customers.demo_files import demo_uscc, zeyuan_workbook
from tenor_customers.imports import StatementUpload, import_statements
from tenor_customers.public import Customer, add_customer
from tenor_origination.checklist import Product, required
from tenor_origination.demo import demo_pdf
from tenor_origination.public import Application, apply_for, bring_document
from tenor_origination.records import View
from tenor_origination.services import Brought
from tenor_origination.workflow import Decision, Recommendation, approve, recommend, submit
from tenor_sdk import Amount, Rate, Transition
from tenor_sdk.files import Upload
from tenor_sdk.testing import Institution, as_actor
from tenor_sdk.workflow import transition

MANAGER, OFFICER, AUDITOR = "lin.xiaowen", "zhou.qiming", "song.qing"
APPROVERS = ("qin.feng", "liang.heng", "gu.yan")
JUDGED = Judgement(Rate.of("0.82"), "clean-24-months", "stable", "sound")
PDF = demo_pdf("a document")
AGREED = Recommendation(View.AGREE, "第一还款来源可靠")


class Cast:
    """Lets people act on applications.

    Args:
        institution: in which.
    """

    def __init__(self, institution: Institution) -> None:
        self.institution = institution
        self._serial = 700

    def act(self, login: str, **more: Any) -> Any:
        """A context of one of them."""
        return as_actor(self.institution, login, **more)

    def customer(self, *, manager: str = MANAGER, rated: bool = True, currency: str = "CNY") -> int:
        """A customer with statements, rated where asked."""
        self._serial += 1
        with self.act(manager) as ctx:
            name = f"泽远精密制造{self._serial}股份有限公司"
            customer = add_customer(ctx, name, demo_uscc(self._serial), currency=currency)
            if currency == "CNY":
                file = Upload("zeyuan.xlsx", zeyuan_workbook())
                import_statements(ctx, customer, StatementUpload(file))
            identity = customer.id
        if rated:
            self.rate(identity)
        return identity

    def rate(self, customer: int, login: str = OFFICER, judged: Judgement = JUDGED) -> None:
        """A confirmed rating."""
        with self.act(login) as ctx:
            rating = propose_rating(ctx, ctx.session.get_one(Customer, customer), judged)
            transition(ctx, rating, confirm)

    def applied(
        self,
        amount: str = "20000000",
        months: int = 36,
        *,
        customer: int | None = None,
        manager: str = MANAGER,
        product: Product = Product.WORKING_CAPITAL,
    ) -> int:
        """A draft."""
        customer = customer or self.customer(manager=manager)
        with self.act(manager) as ctx:
            made = apply_for(
                ctx,
                ctx.session.get_one(Customer, customer),
                Amount.of(amount),
                months,
                Rate.percent("4.35"),
                product=product,
                purpose="采购原材料",
            )
            return made.id

    def bring(
        self,
        application: int,
        *kinds: str,
        login: str = MANAGER,
        file: Upload | None = None,
    ) -> None:
        """Documents of these kinds; all that the product needs where none is named."""
        with self.act(login) as ctx:
            found = ctx.session.get_one(Application, application)
            wanted = kinds or tuple(kind.code for kind in required(found.product))
            for kind in wanted:
                bring_document(ctx, found, Brought(kind, file or Upload(f"{kind}.pdf", PDF)))

    def go(
        self, application: int, login: str, how: Transition, inputs: object = None, **more: Any
    ) -> bool:
        """A transition."""
        with self.act(login) as ctx:
            found = ctx.session.get_one(Application, application)
            return transition(ctx, found, how, inputs, **more)

    def submitted(self, amount: str = "20000000", **more: Any) -> int:
        """An application under review: complete and submitted."""
        application = self.applied(amount, **more)
        self.bring(application, login=more.get("manager", MANAGER))
        self.go(application, more.get("manager", MANAGER), submit)
        return application

    def recommended(self, amount: str = "20000000", said: object = AGREED, **more: Any) -> int:
        """An application that waits for approval."""
        application = self.submitted(amount, **more)
        self.go(application, OFFICER, recommend, said)
        return application

    def approved(self, amount: str = "5000000", said: object = AGREED, **more: Any) -> int:
        """An application at the conditions precedent."""
        application = self.recommended(amount, said, **more)
        for login in APPROVERS[:2]:
            if self.state(application) == "approval":
                self.go(application, login, approve, Decision())
        return application

    def state(self, application: int) -> str:
        """Where it is."""
        with self.act(AUDITOR, write=False) as ctx:
            return str(ctx.session.get_one(Application, application).state)


@pytest.fixture
def cast(institution: Institution) -> Cast:
    return Cast(institution)
