"""The first steps: signing in, the customer, the statements."""

from __future__ import annotations

import re

from tenor_customers.demo_files import demo_uscc
from tests.browser.office import Office
from tests.browser.tutorial import FILES

CUSTOMER = "泽远精密制造股份有限公司"
CODE = demo_uscc(1)


def set_up(office: Office) -> None:
    """The administrator says who lends."""
    door = office.stranger()
    door.open("/sign-in")
    office.picture(door, "sign-in")
    say, ding = office.say, office.desk("ding.ning")
    ding.open("/settings/documents")
    ding.fill(say("Name of the lender", "documents"), "海岳商业银行股份有限公司")
    ding.fill(say("Credit code of the lender", "documents"), demo_uscc(900))
    ding.fill(say("Address of the lender", "documents"), "云州市滨江大道 1 号")
    ding.fill(say("Person in charge of the lender", "documents"), "顾岩")
    ding.press(say("Save"))
    ding.told("")
    assert ding.field(say("Person in charge of the lender", "documents")).input_value() == "顾岩"


def create_customer(office: Office) -> None:
    """A wrong check digit is refused at its field, with the rule that failed; the right one is taken."""
    say, lin = office.say, office.desk("lin.xiaowen")
    lin.app(say("Customers", "customers"))
    lin.press(say("New {what}", what=say.within(say("Customer", "customers"))))
    lin.fill(say("Name", "customers"), CUSTOMER)
    wrong = "A" if CODE[-1] != "A" else "B"
    lin.fill(say("Unified social credit code", "customers"), CODE[:-1] + wrong)
    lin.fill(say("Industry", "customers"), "C34")
    lin.fill(say("Registered capital", "customers"), "168000000")
    lin.fill(say("Legal representative", "customers"), "郭振东")
    office.console.expect("422")
    lin.press(say("Save"))
    refused = say("error:uscc-check-digit", "customers", found=wrong, expected=CODE[-1])
    assert refused in lin.error_at(say("Unified social credit code", "customers"))
    office.picture(lin, "wrong-check-digit")
    lin.fill(say("Unified social credit code", "customers"), CODE)
    lin.press(say("Save"))
    lin.page.wait_for_url(re.compile("/customers/customer/[0-9]+$"))
    lin.sees(CUSTOMER, CODE)
    office.notes["customer"] = lin.path


def import_statements(office: Office) -> None:
    """The faulty file is shown to be 100 ten thousands out; the mended one gives three years."""
    say, lin = office.say, office.desk("lin.xiaowen")
    lin.open(office.notes["customer"])
    lin.press(say("Import statements", "customers"))
    lin.attach(say("File", "customers"), FILES / "zeyuan_2023-2025_faulty.xlsx")
    lin.press(say("Preview"))
    lin.sees(
        say(
            "error:statement-unbalanced", "customers", assets="86,420",
            liabilities_and_equity="86,320", difference="100", unit=say("ten thousand yuan", "customers"),
        )
    )  # fmt: skip
    lin.sees(say("left out", "customers"))
    office.picture(lin, "statements-do-not-balance")
    lin.open(office.notes["customer"])
    lin.press(say("Import statements", "customers"))
    lin.attach(say("File", "customers"), FILES / "zeyuan_2023-2025.xlsx")
    lin.press(say("Preview"))
    lin.misses(say("left out", "customers"))
    lin.press(say("Import statements", "customers"))
    lin.tab(say("Statements", "customers"))
    lin.sees("864,200,000.00", "60.0%", say("Audited", "customers"))
    office.picture(lin, "statements")
