"""Risk rates and gives its opinion; two who had no hand in it decide."""

from __future__ import annotations

import re

from tests.browser.office import Office

OPINION = "第一还款来源可靠，同意上报。"
CONDITIONS = "提供本季度采购合同\n销售回款账户开立在本行"


def rate(office: Office) -> None:
    """The ratios, what the officer adds, the score taken apart, and the rating in force."""
    say, zhou = office.say, office.desk("zhou.qiming")
    zhou.open(office.notes["application"])
    zhou.sees(say("A confirmed rating of the customer", "origination"))
    zhou.follow(say("Go there"))
    zhou.fill(say("Capacity utilisation", "credit"), "82")
    zhou.choose(say("Repayment record", "credit"), say("No arrears in two years", "credit"))
    zhou.choose(say("Industry outlook", "credit"), say("Stable", "credit"))
    zhou.choose(say("Governance", "credit"), say("Sound", "credit"))
    zhou.press(say("Preview"))
    zhou.sees("A+", "78")
    office.picture(zhou, "score-taken-apart")
    zhou.press(say("Rate", "credit"))
    zhou.page.wait_for_url("**/credit/rating/*")
    zhou.press(say("Confirm", "credit"))
    zhou.stage(say("Confirmed", "credit"))


def recommend(office: Office) -> None:
    """The opinion with two conditions; the file goes on."""
    say, zhou = office.say, office.desk("zhou.qiming")
    zhou.open(office.notes["application"])
    zhou.press(say("Give the opinion and send on", "origination"))
    zhou.choose(say("Opinion", "origination"), say("Agree with conditions", "origination"))
    zhou.fill(say("Reasons", "origination"), OPINION)
    zhou.fill(say("Conditions precedent", "origination"), CONDITIONS)
    office.picture(zhou, "opinion")
    zhou.press(say("Give the opinion and send on", "origination"))
    zhou.stage(say("Approval", "origination"))


def refuse_the_rater(office: Office) -> None:
    """Even as an approver, who rated doesn't decide; the page says why."""
    say, zhou, ding = office.say, office.desk("zhou.qiming"), office.desk("ding.ning")
    ding.open("/base/user-position/new")
    ding.pick(say("User"), "周启明", "周启明")
    ding.choose(say("Position"), say("Approver"))
    ding.pick(say("Unit"), "海岳", "海岳商业银行")
    ding.press(say("Save"))
    ding.page.wait_for_url(re.compile("/base/user-position/[0-9]+"))
    zhou.open(office.notes["application"])
    zhou.sees(say("You rated this customer", "origination"))
    zhou.sees(say("Who rates never decides", "origination"))
    office.picture(zhou, "who-rates-never-decides")


def approve(office: Office) -> None:
    """Above 10,000,000 CNY two decide, each on the same terms."""
    say = office.say
    for count, login in enumerate(("liang.heng", "gu.yan"), start=1):
        desk = office.desk(login)
        desk.open("/")
        desk.follow(say("Decide on the application", "origination"))
        desk.hands.press(desk.button(_label(office, count - 1)))
        desk.fill(say("Reasons", "origination"), "同意，按条件放款。")
        if count == 1:
            office.picture(desk, "decide")
        desk.press(say("Approve", "origination"))
        desk.page.wait_for_url(f"**{office.notes['application']}")
    desk = office.desk("gu.yan")
    desk.stage(say("Contract", "documents"))


def _label(office: Office, votes: int) -> str:
    label = office.say("Approve", "origination")
    return office.say("{label} ({votes} of {needed})", label=label, votes=votes, needed=2)
