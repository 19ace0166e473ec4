"""The legal department's contract: generated, issued, signed by both sides, verified."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

from tests.journeys.bank import wait_until

if TYPE_CHECKING:
    from tests.browser.desk import Desk
    from tests.browser.office import Office

BORROWERS_MAIL = "guo.zhendong@zeyuan.example"
CODE = re.compile(r"^\d{6}$", re.MULTILINE)


def generate(office: Office) -> None:
    """A PDF in Chinese, with the amount in figures and in words."""
    say, xu = office.say, office.desk("xu.min")
    xu.open("/")
    xu.follow(say("Prepare the contract", "documents"))
    xu.press(say("Generate the contract", "documents"))
    xu.fill(say("Account to which the loan is paid", "documents"), "6222020000000001")
    xu.press(say("Generate the contract", "documents"))
    xu.page.wait_for_url("**/documents/contract/*")
    office.notes["contract"] = xu.path
    office.picture(xu, "contract-draft")
    with xu.page.expect_download() as download:
        xu.hands.press(xu.main.locator("a[href^='/files/']").first)
    text = subprocess.run(
        ["pdftotext", "-layout", str(download.value.path()), "-"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "贰仟万元整" in text
    assert "20,000,000.00" in text


def issue(office: Office) -> None:
    """From then on it can't be changed."""
    say, xu = office.say, office.desk("xu.min")
    xu.open(office.notes["contract"])
    xu.press(say("Issue", "documents"))
    xu.stage(say("Issued", "documents"))


def send(office: Office) -> None:
    """To the borrower first; the lender's seal comes last."""
    say, xu = office.say, office.desk("xu.min")
    xu.press(say("Send for signature", "esign_ca"))
    xu.fill(say("E-mail of the borrower", "esign_ca"), BORROWERS_MAIL)
    office.picture(xu, "send-for-signature")
    xu.press(say("Send for signature", "esign_ca"))
    xu.stage(say("Out for signature", "esign_ca"))


def take_the_borrowers_signature(office: Office) -> None:
    """A wrong code is refused; the one from the mail counts."""
    say, lin = office.say, office.desk("lin.xiaowen")
    _follow_task(office, lin, say("Have the borrower sign", "esign_ca"))
    office.notes["signing"] = lin.path
    lin.press(say("Mail a code to the borrower", "esign_ca"))
    code = _code_from_the_mail(office)
    lin.open(office.notes["signing"])
    lin.press(say("Confirm with the code", "esign_ca"))
    lin.fill(say("One-time code", "esign_ca"), "000000" if code != "000000" else "000001")
    lin.press(say("Confirm with the code", "esign_ca"))
    lin.sees(say("error:code-wrong", "esign_ca", left=4))
    lin.press(say("Confirm with the code", "esign_ca"))
    lin.fill(say("One-time code", "esign_ca"), code)
    office.picture(lin, "code-of-the-borrower")
    lin.press(say("Confirm with the code", "esign_ca"))
    _wait_for_stage(office, lin, say("Lender seals", "esign_ca"))


def seal(office: Office) -> None:
    """The second side; then the contract is signed, and the application goes on."""
    say, gao = office.say, office.desk("gao.jie")
    _follow_task(office, gao, say("Seal the contract for the lender", "esign_ca"))
    gao.press(say("Seal for the lender", "esign_ca"))
    _wait_for_stage(office, gao, say("Completed", "esign_ca"))
    gao.open(office.notes["application"])
    gao.stage(say("Conditions precedent", "origination"))


def verify(office: Office) -> None:
    """Whoever may see the contract can ask whether its signatures hold."""
    say, xu = office.say, office.desk("xu.min")
    xu.open(office.notes["signing"])
    xu.press(say("Verify", "esign_ca"))
    xu.sees(say("Hash as on record", "esign_ca"), say("Holds", "esign_ca"))
    office.picture(xu, "signatures-verified")


def _follow_task(office: Office, desk: Desk, title: str) -> None:
    """A task that arises once a job is done."""
    task = desk.main.get_by_role("link", name=title, exact=True)

    def arisen() -> bool:
        desk.open("/")
        return task.count() > 0

    wait_until(arisen, f"{title} doesn't arise")
    desk.hands.press(task.first)
    desk.page.wait_for_url("**/esign_ca/signing/*")


def _wait_for_stage(office: Office, desk: Desk, title: str) -> None:
    def there() -> bool:
        desk.open(office.notes["signing"])
        return desk.page.locator(".t-head .t-state").inner_text().strip() == title

    wait_until(there, f"the signing doesn't come to {title}")


def _code_from_the_mail(office: Office) -> str:
    """What the borrower reads in the mail that was sent to them."""
    text = office.desk("ding.ning").open_mail(BORROWERS_MAIL)
    found = CODE.search(text)
    assert found, text
    return found[0]
