"""What the bank's people do, each over REST with a token of their own: the short ways that stories share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from tenor_customers.demo_files import demo_uscc, zeyuan_workbook
from tenor_origination.checklist import Product, required
from tenor_origination.demo import FILES, demo_pdf
from tests.journeys.bank import Bank, wait_until
from tests.journeys.people import Person, file_of

MANAGER: Final = "lin.xiaowen"
OTHER_BRANCH: Final = "shen.bai"
RISK: Final = "zhou.qiming"
RISK_DEPARTMENT: Final = (RISK, "he.lei")
APPROVERS: Final = ("liang.heng", "gu.yan")
LEGAL: Final = ("xu.min", "han.xue")
OPERATIONS: Final = "gao.jie"
RELEASER: Final = "jiang.nan"
AUDITOR: Final = "song.qing"
ADMINISTRATOR: Final = "ding.ning"

CUSTOMER: Final = "/customers/customer"
APPLICATION: Final = "/origination/application"
CONTRACT: Final = "/documents/contract"
SIGNING: Final = "/esign_ca/signing"
LOAN: Final = "/loans/loan"
BORROWER_MAIL: Final = "guo.zhendong@zeyuan.example"
XLSX: Final = "zeyuan_2023-2025.xlsx"
JUDGEMENT: Final = {
    "capacity_utilisation": "0.82",
    "repayment_record": "clean-24-months",
    "industry_outlook": "stable",
    "governance": "sound",
}
PAYEE: Final = {
    "payee": "云州特钢材料有限公司",
    "account": "6222000012345678901",
    "bank": "云州农商银行",
}
OPINION: Final = {
    "view": "agree-with-conditions",
    "text": "第一还款来源可靠,同意上报。",
    "conditions": "提供与供应商签订的购销合同",
}
_serials = iter(range(100, 10_000))


def serial() -> int:
    """A number that no other customer of this run has."""
    return next(_serials)


def at(kind: str, record: Any) -> str:
    """Where a record is."""
    return f"{kind}/{record['id']}"


def of(contract: Any) -> str:
    """Where the application of a contract is."""
    return f"{APPLICATION}/{contract['application_id']}"


class Cast:
    """The people of a bank, by what they are.

    Args:
        bank: in which they work.
    """

    def __init__(self, bank: Bank) -> None:
        self.bank = bank

    def __getitem__(self, login: str) -> Person:
        return self.bank.person(login)

    def tasks(self, login: str, application: Any) -> list[Any]:
        """Somebody's open tasks on an application."""
        tasks = self[login].get("/tasks")["items"]
        return [one for one in tasks if one["name"] == application["number"]]

    def holder(self, department: Sequence[str], application: Any) -> str:
        """Who of a department has the task on an application: work goes to whoever has least of it."""
        holders = [login for login in department if self.tasks(login, application)]
        assert len(holders) == 1, f"{holders} of {department} have {application['number']}"
        return holders[0]

    # -- the customer ---------------------------------------------------------------------------------------------

    def customer(self, number: int | None = None, **fields: Any) -> Any:
        """A corporate customer of 林晓雯."""
        number = number or serial()
        given = {
            "name": f"泽远精密制造{number}股份有限公司",
            "credit_code": demo_uscc(number),
            "address": "云州市工业大道88号",
            "representative": "郭振东",
            **fields,
        }
        return self[MANAGER].post(CUSTOMER, given)

    def statements(self, customer: Any, content: bytes | None = None) -> str:
        """Three years of statements from a workbook; what the import says."""
        upload = {"file": file_of(XLSX, content or zeyuan_workbook()), "audited": True}
        told = self[MANAGER].post(f"{at(CUSTOMER, customer)}/actions/import-statements", upload)
        return str(told["told"])

    def rating(self, customer: Any) -> Any:
        """周启明 rates the customer and confirms."""
        risk = self[RISK]
        told = risk.post(f"{at(CUSTOMER, customer)}/actions/rate", JUDGEMENT)["told"]
        return risk.go(told, "confirm")

    # -- the application ------------------------------------------------------------------------------------------

    def application(self, customer: Any, **terms: Any) -> Any:
        """林晓雯's application of a customer: 20,000,000 CNY over 36 months."""
        wanted = {
            "customer_id": customer["id"],
            "amount": "20000000",
            "months": 36,
            "rate": "0.0435",
            "purpose": "采购精密轴承钢等原材料",
            **terms,
        }
        return self[MANAGER].post(APPLICATION, wanted)

    def bring(self, application: Any, kind: str) -> str:
        """A document of the checklist; what the system says."""
        content = demo_pdf(f"{application['number']} {kind}")
        brought = {"kind": kind, "file": file_of(f"{FILES[kind]}.pdf", content)}
        path = f"{at(APPLICATION, application)}/actions/bring-document"
        return str(self[MANAGER].post(path, brought)["told"])

    def submitted(self, customer: Any = None, **terms: Any) -> Any:
        """An application that waits for the risk department, of a rated customer."""
        if customer is None:
            customer = self.customer()
            self.statements(customer)
            self.rating(customer)
        application = self.application(customer, **terms)
        for kind in required(Product(application["product"])):
            self.bring(application, kind.code)
        return self[MANAGER].go(at(APPLICATION, application), "submit")

    def recommended(self, **terms: Any) -> Any:
        """An application that waits for its approvers."""
        application = self.submitted(**terms)
        return self[RISK].go(at(APPLICATION, application), "recommend", OPINION)

    def approved(self, **terms: Any) -> Any:
        """An application that waits for its contract."""
        application = self.recommended(**terms)
        for login in APPROVERS:
            application = self.vote(login, application)
        return application

    def vote(self, login: str, application: Any) -> Any:
        """An approver decides on what they were shown."""
        path = at(APPLICATION, application)
        offer = self[login].offered(path, "approve")
        assert offer is not None, f"{login} isn't offered to approve"
        decision = {"text": "同意,按条件放款。", "shown": offer["shown"]}
        return self[login].go(path, "approve", decision)

    # -- the contract and the money -------------------------------------------------------------------------------

    def contract(self, application: Any) -> Any:
        """The lawyer who has the case generates the contract and issues it."""
        legal = self[self.holder(LEGAL, application)]
        path = f"{at(APPLICATION, application)}/actions/generate-contract"
        place = legal.post(path)["told"]
        return legal.go(place, "issue")

    def signed_on_paper(self, contract: Any) -> Any:
        """The paper's copy, signed by both sides."""
        legal = self[self.holder(LEGAL, self[AUDITOR].get(of(contract)))]
        scan = {
            "file": file_of("signed.pdf", legal.file(contract["file_id"])),
            "reason": "双方当面签署",
        }
        return legal.go(at(CONTRACT, contract), "record-signed-copy", scan)

    def sent_for_signature(self, contract: Any) -> Any:
        """The signing of a contract, once the borrower may sign."""
        legal = self[self.holder(LEGAL, self[AUDITOR].get(of(contract)))]
        legal.go(at(CONTRACT, contract), "send-for-signature", {"email": BORROWER_MAIL})
        return self.signing_in("with-borrower", contract)

    def signing_in(self, state: str, contract: Any) -> Any:
        """The signing of a contract, once it has come to a state: the work is done by jobs."""

        def found() -> Any:
            signings = self[AUDITOR].get(SIGNING)["items"]
            mine = [one for one in signings if one["contract_id"] == contract["id"]]
            return next((one for one in mine if one["state"] == state), None)

        return wait_until(found, f"no signing of {contract['number']} in the state {state}")

    def mailed_code(self, signing: Any) -> str:
        """What the borrower reads out at the counter, once the mail is there."""
        before = len(self.codes())
        self[MANAGER].post(f"{at(SIGNING, signing)}/actions/mail-code")
        return wait_until(lambda: self.codes()[before:], "no code in the borrower's mail")[0]

    def codes(self) -> list[str]:
        """Every code that the borrower was mailed."""
        mails = [one for one in self.bank.mails.messages if BORROWER_MAIL in one["To"]]
        return [
            code for one in mails for code in re.findall(r"(?m)^(\d{6})\r?$", one.get_content())
        ]

    def signed(self, contract: Any) -> Any:
        """The signing of a contract that both sides have signed."""
        signing = self.sent_for_signature(contract)
        code = self.mailed_code(signing)
        self[MANAGER].post(f"{at(SIGNING, signing)}/actions/confirm", {"code": code})
        self[OPERATIONS].go(at(SIGNING, self.signing_in("with-bank", contract)), "seal")
        return self.signing_in("completed", contract)

    def conditions(self, application: Any) -> list[Any]:
        """The conditions precedent, as operations sees them."""
        listed = self[OPERATIONS].get("/origination/condition", application_id=application["id"])
        items: list[Any] = listed["items"]
        return items

    def meet(self, condition: Any) -> str:
        """高洁 confirms that a condition is met, by what shows it."""
        shown = {"note": "购销合同已收", "file": file_of("合同.pdf", demo_pdf("contract"))}
        path = f"/origination/condition/{condition['id']}/actions/meet"
        return str(self[OPERATIONS].post(path, shown)["told"])

    def prepared(self, **terms: Any) -> Any:
        """An application whose money 蒋楠 can release."""
        application = self.approved(**terms)
        self.signed_on_paper(self.contract(application))
        for condition in self.conditions(application):
            self.meet(condition)
        return self[OPERATIONS].go(at(APPLICATION, application), "prepare-disbursement", PAYEE)

    def lent(self, **terms: Any) -> Any:
        """A loan that was paid out today, as the auditor sees it."""
        application = self.prepared(**terms)
        self[RELEASER].go(at(APPLICATION, application), "release")
        return self.loan_of(application)

    def loan_of(self, application: Any) -> Any:
        """The loan to which an application led."""
        (loan,) = self[AUDITOR].get(LOAN, application_id=application["id"])["items"]
        return self[AUDITOR].get(at(LOAN, loan))
