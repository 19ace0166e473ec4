"""The application, from the relationship manager's desk to the risk department's."""

from __future__ import annotations

import re

from tenor_origination.checklist import DocumentKind, Product, required
from tenor_origination.demo import FILES as NAMES
from tests.browser.desk import Desk
from tests.browser.first_loan.customer import CUSTOMER
from tests.browser.office import Office
from tests.browser.tutorial import FILES

DOCUMENTS = required(Product.WORKING_CAPITAL)


def open_application(office: Office) -> None:
    """20,000,000 CNY over 36 months."""
    say, lin = office.say, office.desk("lin.xiaowen")
    lin.app(say("Applications", "origination"))
    lin.press(say("New {what}", what=say.within(say("Application", "origination"))))
    lin.pick(say("Customer", "origination"), "zeyuan", CUSTOMER)
    lin.fill(say("Amount", "origination"), "20000000")
    lin.fill(say("Term in months", "origination"), "36")
    lin.fill(say("Annual rate", "origination"), "4.35")
    lin.fill(say("Purpose", "origination"), "采购精密轴承钢等原材料")
    office.picture(lin, "new-application")
    lin.press(say("Save"))
    lin.page.wait_for_url(re.compile("/origination/application/[0-9]+$"))
    lin.sees("20,000,000.00")
    lin.stage(say("Application", "origination"))
    office.notes["application"] = lin.path


def submit_with_documents(office: Office) -> None:
    """Submitted with one document missing, the file waits; with the last one it goes on by itself."""
    say, lin = office.say, office.desk("lin.xiaowen")
    lin.open(office.notes["application"])
    for kind in DOCUMENTS[:-1]:
        _bring(office, lin, kind)
    lin.press(say("Submit", "origination"))
    lin.stage(say("Intake", "origination"))
    lin.sees(say("missing", "origination"))
    lin.sees(say("{n} of {total} documents are in", "origination", n=5, total=6))
    office.picture(lin, "one-document-missing")
    _bring(office, lin, DOCUMENTS[-1])
    lin.stage(say("Risk review", "origination"))
    office.picture(lin, "with-the-risk-department")


def _bring(office: Office, desk: Desk, kind: DocumentKind) -> None:
    say = office.say
    desk.press(say("Bring a document", "origination"))
    desk.choose(say("Document", "origination"), say(kind.title, "origination"))
    desk.attach(
        say("File", "origination"),
        {
            "name": f"{NAMES[kind.code]}.pdf",
            "mimeType": "application/pdf",
            "buffer": (FILES / "document.pdf").read_bytes(),
        },
    )
    desk.press(say("Bring a document", "origination"))
    desk.page.wait_for_url(f"**{office.notes['application']}")


def see_who_was_told(office: Office) -> None:
    """A task with a deadline for the risk department, a notice, an e-mail; nothing for the other branch."""
    say, zhou = office.say, office.desk("zhou.qiming")
    zhou.open("/")
    zhou.sees(say("Review the risk", "origination"), "07-02")
    office.picture(zhou, "task-of-the-risk-officer")
    zhou.open("/inbox")
    zhou.sees(say("Review the risk", "origination"))
    ding = office.desk("ding.ning")
    ding.open_mail("zhou.qiming@haiyue.example")
    office.picture(ding, "mail")
    shen = office.desk("shen.bai")
    office.console.expect("404")
    shen.open(office.notes["application"], status=404)
    office.picture(shen, "not-found-in-another-branch")
