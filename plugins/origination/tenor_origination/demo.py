"""Applications of the demo bank, in every stage that origination leads; played by the people whose work it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import select

from tenor_customers.public import Customer
from tenor_origination.authority import credit_decisions
from tenor_origination.checklist import Product, required
from tenor_origination.records import Application, Repayment, View
from tenor_origination.services import Brought, apply_for, bring_document
from tenor_origination.workflow import (
    Decision,
    Recommendation,
    approve,
    decline,
    recommend,
    send_back,
    submit,
    withdraw,
)
from tenor_sdk import Amount, Context, Money, Rate, Transition
from tenor_sdk.access import APPROVER, BRANCH_HEAD, COMMITTEE_MEMBER
from tenor_sdk.approvals import Ballot, vote
from tenor_sdk.authority import (
    AuthorityLimit,
    approve_authority,
    propose_authority,
    publish_authority,
)
from tenor_sdk.demo import Stage, demo
from tenor_sdk.files import Upload
from tenor_sdk.workflow import transition

RISK: Final = "zhou.qiming"
#: what the customers call their files
FILES: Final = {
    "business-licence": "营业执照",
    "articles": "公司章程",
    "resolution": "股东会决议",
    "credit-report-consent": "征信授权书",
    "audited-statements": "2023-2025年审计报告",
    "use-of-proceeds": "购销合同",
    "project-approval": "项目核准批复",
    "equity-proof": "资本金验资报告",
    "feasibility-study": "可行性研究报告",
    "environmental-approval": "环境影响评价批复",
    "land-and-planning": "建设用地规划许可证",
    "investment-plan": "投资概算与资金筹措方案",
    "latest-statements": "2026年一季度财务报表",
}


@dataclass(frozen=True)
class Case:
    """An application of the demonstration.

    Args:
        documents: how many of the checklist are in; None for all.
        until: how far it has come: ``draft``, ``intake``, ``risk-review``, ``sent-back``, ``recommended``,
            ``half-approved``, ``before-committee``, ``approved``, ``declined``, ``withdrawn``.
        went_on: the days of June on which each act after the submission came.
    """

    customer: str
    amount: str
    months: int
    rate: str
    purpose: str
    until: str
    begun: date
    manager: str = "lin.xiaowen"
    product: Product = Product.WORKING_CAPITAL
    repayment: Repayment = Repayment.LEVEL_PAYMENT
    documents: int | None = None
    conditions: Sequence[str] = field(default=())
    went_on: Sequence[int] = field(default=())


CASES: Final = (
    Case(
        "盛川国际贸易有限公司", "40000000", 12, "4.80", "支付进口货款", "withdrawn", date(2026, 6, 5),
        documents=3, went_on=(10,),
    ),
    Case(
        "云州安泰建筑工程有限公司", "25000000", 24, "5.20", "支付分包工程款", "declined",
        date(2026, 6, 8), went_on=(11,),
    ),
    Case(
        "云州清源水务有限公司", "80000000", 96, "4.30", "第二污水处理厂扩建", "sent-back",
        date(2026, 6, 12), product=Product.FIXED_ASSET, repayment=Repayment.LEVEL_PRINCIPAL, went_on=(16,),
    ),
    Case(
        "盛川重工有限公司", "18000000", 36, "4.55", "支付钢材款", "approved", date(2026, 6, 15),
        conditions=("提供与供应商签订的购销合同", "盛川控股集团有限公司提供保证担保"), went_on=(17, 18, 22),
    ),
    Case(
        "临海远洋水产有限公司", "5000000", 12, "4.65", "收购水产原料", "approved", date(2026, 6, 16),
        manager="shen.bai", repayment=Repayment.BULLET, conditions=("提供仓单",), went_on=(18, 22),
    ),
    # above what two approvers decide: one member is for it, one against, three have yet to vote
    Case(
        "临海港务工程有限公司", "60000000", 36, "4.55", "航道疏浚船队租赁与备料",
        "before-committee", date(2026, 6, 17), manager="shen.bai", conditions=("追加应收账款质押",),
        went_on=(25, 26, 29),
    ),
    Case(
        "临海港务工程有限公司", "30000000", 36, "4.60", "航道工程垫付材料款", "half-approved",
        date(2026, 6, 18), manager="shen.bai", conditions=("工程款回款账户开立在本行",), went_on=(25, 26),
    ),
    Case(
        "云州明泽食品有限公司", "6000000", 12, "4.50", "采购面粉、油脂", "recommended",
        date(2026, 6, 22), conditions=("提供本季度采购合同",), went_on=(26,),
    ),
    Case(
        "盛川物流有限公司", "12000000", 24, "4.45", "支付运费与仓储费", "risk-review",
        date(2026, 6, 24), repayment=Repayment.LEVEL_PRINCIPAL,
    ),
    # one document is missing: whoever brings it sees the file go to the risk department by itself
    Case(
        "泽远精密制造股份有限公司", "20000000", 36, "4.35", "采购精密轴承钢等原材料", "intake",
        date(2026, 6, 26), documents=5,
    ),
    Case(
        "云州恒达汽车零部件股份有限公司", "15000000", 36, "4.20", "制动部件扩产备料", "risk-review",
        date(2026, 6, 26),
    ),
    Case(
        "云州博望电子科技有限公司", "8000000", 24, "4.10", "传感器备货", "draft", date(2026, 6, 29),
        repayment=Repayment.BULLET, documents=2,
    ),
)  # fmt: skip


#: up to ten million the head of a branch alone, or an approver; up to fifty two approvers, above it the committee
WHO_DECIDES: Final = (
    AuthorityLimit(BRANCH_HEAD, up_to={"amount": Money.of("10000000", "CNY")}),
    AuthorityLimit(APPROVER, up_to={"amount": Money.of("10000000", "CNY")}),
    AuthorityLimit(APPROVER, people=2, up_to={"amount": Money.of("50000000", "CNY")}),
    AuthorityLimit(COMMITTEE_MEMBER, people=3),
)


@demo(order=40)
def who_decides(stage: Stage) -> None:
    """The first version of the authority: proposed by risk, approved by an approver, published by an administrator."""
    day = date(2025, 12, 15)
    with stage.as_(RISK, on=day) as ctx:
        version = propose_authority(
            ctx,
            credit_decisions,
            WHO_DECIDES,
            effective_from=date(2026, 1, 1),
            purpose="董事会 2025 年 12 月授权",
        )
    with stage.as_("gu.yan", on=day) as ctx:
        approve_authority(ctx, version)
    with stage.as_("ding.ning", on=day) as ctx:
        publish_authority(ctx, version)


#: from October on an approver decides alone on good borrowers up to twenty million
PROPOSED: Final = (
    AuthorityLimit(BRANCH_HEAD, up_to={"amount": Money.of("10000000", "CNY")}),
    AuthorityLimit(APPROVER, up_to={"amount": Money.of("20000000", "CNY"), "rating": "A"}),
    AuthorityLimit(APPROVER, people=2, up_to={"amount": Money.of("50000000", "CNY")}),
    AuthorityLimit(COMMITTEE_MEMBER, people=3),
)


@demo(order=60)
def who_is_to_decide(stage: Stage) -> None:
    """The next version, proposed and not yet approved."""
    with stage.as_("he.lei", on=date(2026, 6, 24)) as ctx:
        propose_authority(
            ctx,
            credit_decisions,
            PROPOSED,
            effective_from=date(2026, 10, 1),
            purpose="提高优质客户的单人审批额度",
        )


@demo()
def applications(stage: Stage) -> None:
    """Each case as far as it has come, day by day as it happened."""
    courses = [_Course(case) for case in CASES]
    days = sorted({day for course in courses for day in course.days})
    for day in days:
        for course in courses:
            course.play(stage, day)
    stage.run_jobs()


#: who does it, and what
_Deed = tuple[str, Callable[[Context, Application], object]]


class _Course:
    """The course of one case: on each of its days one deed."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.days = (case.begun, *(date(2026, 6, day) for day in case.went_on))
        self._further = dict(zip(self.days[1:], _deeds(case), strict=True))
        self._id = 0

    def play(self, stage: Stage, day: date) -> None:
        """What happened on this day, if anything did."""
        if day == self.case.begun:
            with stage.as_(self.case.manager, on=day) as ctx:
                application = _apply(ctx, self.case)
                if self.case.until != "draft":
                    transition(ctx, application, submit)
                self._id = application.id
        elif day in self._further:
            login, deed = self._further[day]
            with stage.as_(login, on=day) as ctx:
                deed(ctx, ctx.session.get_one(Application, self._id))


def _deeds(case: Case) -> list[_Deed]:
    """What followed the submission."""
    view = View.AGREE_WITH_CONDITIONS if case.conditions else View.AGREE
    said = Recommendation(view, "第一还款来源可靠，同意上报。", "\n".join(case.conditions))
    recommended = (RISK, _going(recommend, said))
    approved = [
        ("liang.heng", _going(approve, Decision("同意。"))),
        ("gu.yan", _going(approve, Decision("同意，按条件放款。"))),
    ]
    # two of the five members of the committee
    votes = [
        ("he.jing", _going(approve, Decision("订单充足，追加质押后风险可控。"))),
        ("wu.wan", _against("单一客户依赖度过高")),
    ]
    alone = Amount.of(case.amount) <= Amount.of("10000000")
    return {
        "withdrawn": [(case.manager, _going(withdraw, reason="客户改用自有资金"))],
        "sent-back": [(RISK, _going(send_back, reason="资本金到位证明的日期早于出资，请补正"))],
        "declined": [(RISK, _going(decline, reason="资产负债率过高，营业收入下降，评级 D"))],
        "recommended": [recommended],
        "half-approved": [recommended, approved[0]],
        "before-committee": [recommended, *votes],
        "approved": [recommended, *(approved[:1] if alone else approved)],
    }.get(case.until, [])


def _going(
    how: Transition, inputs: object = None, reason: str = ""
) -> Callable[[Context, Application], object]:
    return lambda ctx, application: transition(ctx, application, how, inputs, reason=reason)


def _against(reason: str) -> Callable[[Context, Application], object]:
    return lambda ctx, application: vote(ctx, application, approve, Ballot.AGAINST, reason=reason)


def _apply(ctx: Context, case: Case) -> Application:
    customer = ctx.session.scalars(select(Customer).where(Customer.name == case.customer)).one()
    application = apply_for(
        ctx,
        customer,
        Amount.of(case.amount, customer.currency),
        case.months,
        Rate.percent(case.rate),
        repayment=case.repayment,
        product=case.product,
        purpose=case.purpose,
    )
    for kind in required(case.product)[: case.documents]:
        file = Upload(f"{FILES[kind.code]}.pdf", demo_pdf(f"{application.number} {kind.title}"))
        bring_document(ctx, application, Brought(kind.code, file))
    return application


def demo_pdf(title: str) -> bytes:
    """A PDF of one page with a title in ASCII: what a scanned document stands for here."""
    text = f"BT /F1 14 Tf 72 760 Td ({title}) Tj ET".encode("ascii", "replace")
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 5 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>",
    )
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(parts) + 1,
        start,
    )
    return bytes(made)
