"""Operations: conditions, disbursement, release; then the loan is there."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.first_loan.customer import CUSTOMER
from tests.browser.first_loan.deciding import CONDITIONS
from tests.browser.office import Office
from tests.browser.tutorial import FILES

ACCOUNT = "6222020000000001"
#: 20,000,000 × r ÷ (1 − (1 + r)^−36) with r = 4.35% ÷ 12, of which 72,500.00 is the interest of the first month
FIRST_INSTALMENT = ("2026-07-30", "521,098.68", "72,500.00", "593,598.68")


def confirm_conditions(office: Office) -> None:
    """Each with what shows it; until then nothing is paid."""
    say, gao = office.say, office.desk("gao.jie")
    gao.open("/")
    gao.follow(say("Check the conditions precedent", "origination"))
    for text in CONDITIONS.splitlines():
        gao.sees(say("Condition: {text}", "origination", text=text))
    office.picture(gao, "conditions-stand-in-the-way")
    for text in CONDITIONS.splitlines():
        gao.open(office.notes["application"])
        gao.tab(say("Conditions", "origination"))
        gao.follow(text)
        gao.press(say("Confirm that it is met", "origination"))
        gao.fill(say("What shows it", "origination"), "合同编号 2026-Q3，原件已核")
        gao.attach(say("Evidence", "origination"), FILES / "document.pdf")
        gao.press(say("Confirm that it is met", "origination"))
        gao.page.wait_for_url(re.compile("/origination/condition/[0-9]+$"))


def prepare(office: Office) -> None:
    """To whom the money goes."""
    say, gao = office.say, office.desk("gao.jie")
    gao.open(office.notes["application"])
    gao.press(say("Prepare the disbursement", "loans"))
    gao.fill(say("Payee", "loans"), CUSTOMER)
    gao.fill(say("Account", "loans"), ACCOUNT)
    gao.fill(say("Bank of the account", "loans"), "海岳商业银行云州分行")
    office.picture(gao, "prepare-the-disbursement")
    gao.press(say("Prepare the disbursement", "loans"))
    gao.stage(say("Disbursement", "loans"))
    expect(gao.button(say("Release", "loans"))).to_have_count(0)


def release(office: Office) -> None:
    """A second person; a double click pays once."""
    say, jiang = office.say, office.desk("jiang.nan")
    jiang.open("/")
    jiang.follow(say("Release the disbursement", "loans"))
    jiang.sees("20,000,000.00")
    jiang.tab(say("Disbursement", "loans"))
    jiang.sees(CUSTOMER, *FIRST_INSTALMENT)
    office.picture(jiang, "release")
    jiang.hands.press(jiang.button(say("Release", "loans")), times=2)
    jiang.stage(say("Paid out", "origination"))
    jiang.app(say("Loans", "loans"))
    jiang.menu(say("Payments", "loans"))
    expect(jiang.main.locator("tbody tr")).to_have_count(1)


def see_the_loan(office: Office) -> None:
    """Its schedule to the cent, and its first reminder ahead."""
    say, lin = office.say, office.desk("lin.xiaowen")
    lin.app(say("Loans", "loans"))
    lin.follow_first_row()
    lin.sees("20,000,000.00", *FIRST_INSTALMENT)
    expect(lin.main.locator("table").first.locator("tbody tr")).to_have_count(36)
    office.picture(lin, "loan")
    lin.tab(say("Payment and reminders", "loans"))
    lin.sees(say("Reminders ahead", "loans"), "2026-07-23")
    office.picture(lin, "reminders")
