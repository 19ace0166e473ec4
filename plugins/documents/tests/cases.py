"""The people of the demo bank, who take an application to its contract as they would; for tests of contracts."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

from sqlalchemy import select

from tenor_credit.public import Judgement, confirm, propose_rating
from tenor_customers.demo_files import demo_uscc, zeyuan_workbook
from tenor_customers.imports import StatementUpload, import_statements
from tenor_customers.public import Customer, add_customer
from tenor_documents.generating import Particulars
from tenor_documents.public import (
    Contract,
    DocumentsSettings,
    contract_flow,
    generate_contract,
)
from tenor_documents.workflow import contracting
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
from tenor_sdk.settings import change_setting
from tenor_sdk.testing import Institution, as_actor
from tenor_sdk.workflow import advance, transition

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
MANAGER, LEGAL, AUDITOR = "lin.xiaowen", ("xu.min", "han.xue"), "song.qing"
LENDER = {
    "lender_name": "海岳商业银行股份有限公司云州分行",
    "lender_credit_code": "91530100MA6K7EXA1P",
    "lender_address": "云州市滨江大道88号海岳金融中心",
    "lender_representative": "顾岩",
}


def transition_named(name: str, *where: Any) -> Transition:
    """A transition by its name."""
    known = [one for flow in where for one in flow.transitions]
    return next(one for one in known if one.name == name)


class Cast:
    """Who acts in a running institution.

    Args:
        institution: in which they act.
    """

    def __init__(self, institution: Institution) -> None:
        self.institution = institution
        self.serial = 0
        with self.act("ding.ning") as ctx:
            for name, value in LENDER.items():
                change_setting(ctx, DocumentsSettings, name, value)

    def act(self, login: str, on: date | None = None, write: bool = True) -> Any:
        """A context of one of them."""
        return as_actor(self.institution, login, on=on, write=write)

    def customer(self) -> int:
        """A rated customer of the relationship manager."""
        self.serial += 1
        with self.act(MANAGER) as ctx:
            customer = add_customer(
                ctx,
                f"泽远精密制造{self.serial}号股份有限公司",
                demo_uscc(700 + self.serial),
                address="云州市高新区创业路16号",
                representative="郭振东",
            )
            import_statements(
                ctx, customer, StatementUpload(Upload("zeyuan.xlsx", zeyuan_workbook()), "", True)
            )
            found = customer.id
        with self.act("zhou.qiming") as ctx:
            judged = Judgement(Rate.of("0.82"), *self._judged())
            transition(ctx, propose_rating(ctx, ctx.session.get(Customer, found), judged), confirm)
        return int(found)

    @staticmethod
    def _judged() -> tuple[Any, ...]:
        asked = dataclasses.fields(Judgement)[1:]
        return tuple(field.metadata["tenor"].choices[0][0] for field in asked)

    def approved(
        self,
        amount: str = "5000000",
        months: int = 36,
        rate: str = "0.0435",
        repayment: Repayment = Repayment.LEVEL_PAYMENT,
        conditions: str = "资本金到位证明。",
    ) -> int:
        """An application whose contract is next."""
        customer = self.customer()
        with self.act(MANAGER) as ctx:
            application = apply_for(
                ctx,
                ctx.session.get(Customer, customer),
                Amount.of(amount),
                months,
                Rate.of(rate),
                repayment=repayment,
                purpose="购买数控机床",
            )
            found = int(application.id)
            for kind in required(application.product):
                brought = Brought(kind.code, Upload(f"{kind.code}.pdf", PDF))
                bring_document(ctx, application, brought)
        self.decided(found, conditions)
        return found

    def decided(self, application_id: int, conditions: str = "") -> None:
        """Through the departments to approval."""
        with self.act(MANAGER) as ctx:
            application = ctx.session.get(Application, application_id)
            transition(ctx, application, transition_named("submit", application_flow))
            advance(ctx, application)
        said = Recommendation(View.AGREE, "同意", conditions)
        self.move(application_id, "recommend", said, login="zhou.qiming")
        for login in ("qin.feng", "gu.yan", "liang.heng"):
            if self.state(application_id) == "approval":
                self.move(application_id, "approve", Decision(), login=login)

    def move(
        self,
        application_id: int,
        name: str,
        inputs: object = None,
        *,
        login: str = "",
        **more: Any,
    ) -> bool:
        """A transition of an application; by whoever of the legal department sees it, unless said otherwise."""
        with self.act(login or self.legal(application_id)) as ctx:
            application = ctx.session.get(Application, application_id)
            assert application is not None, f"{login} can't see the application"
            how = transition_named(name, application_flow, contracting)
            return transition(ctx, application, how, inputs, **more)

    def state(self, application_id: int) -> str:
        """Where an application is."""
        with self.act(AUDITOR, write=False) as ctx:
            return str(ctx.session.get(Application, application_id).state)

    def legal(self, application_id: int) -> str:
        """Who of the legal department has the case."""
        for login in LEGAL:
            with self.act(login, write=False) as ctx:
                if ctx.session.get(Application, application_id) is not None:
                    return login
        raise AssertionError("nobody of the legal department sees the application")

    def draft(self, application_id: int, particulars: Particulars | None = None) -> int:
        """A contract, generated."""
        with self.act(self.legal(application_id)) as ctx:
            application = ctx.session.get(Application, application_id)
            return int(generate_contract(ctx, application, particulars).id)

    def press(
        self, contract_id: int, name: str, inputs: object = None, *, login: str = "", **more: Any
    ) -> bool:
        """A transition of a contract, as the legal department."""
        with self.act(login or self.legal(self.contract(contract_id).application_id)) as ctx:
            contract = ctx.session.get(Contract, contract_id)
            how = self.institution.workflow.named(Contract, name)  # type: ignore[attr-defined]  # the kernel itself
            return transition(ctx, contract, how, inputs, **more)

    def issued(self, application_id: int) -> int:
        """A contract that can be signed."""
        found = self.draft(application_id)
        self.press(found, "issue")
        return found

    def contract(self, contract_id: int, login: str = AUDITOR) -> Any:
        """A contract as somebody reads it."""
        return self.read(select(Contract).where(Contract.id == contract_id), login)[0]

    def read(self, statement: Any, login: str = AUDITOR) -> list[Any]:
        """What somebody reads. Its values stay readable afterwards."""
        with self.act(login, write=False) as ctx:
            found = list(ctx.session.scalars(statement))
            ctx.session.expunge_all()
            return found


__all__ = ["AUDITOR", "LEGAL", "MANAGER", "PDF", "Cast", "contract_flow", "transition_named"]
