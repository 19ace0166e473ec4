"""The demo bank: its units and its people, the cast of every example in the documentation and the tests."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import select

from tenor.access.records import User
from tenor.base.authorities import Drafted, draft_version
from tenor.base.delegating import delegate
from tenor.base.services import add_unit, add_user
from tenor_sdk import access
from tenor_sdk.demo import Stage, demo

if TYPE_CHECKING:
    from tenor.context import KernelContext

#: The one password of all accounts of a demo institution; ``make demo`` prints it, ``tenor init`` knows none.
DEMO_PASSWORD: Final = "haiyue-2026"

INSTITUTION: Final = "海岳商业银行"
MAIL: Final = "haiyue.example"

#: code, name, and the unit above it
UNITS: Final = (
    ("HQ", INSTITUTION, ""),
    ("RISK", "风险管理部", "HQ"),
    ("LEGAL", "法律合规部", "HQ"),
    ("OPS", "运营管理部", "HQ"),
    ("NPL", "资产保全部", "HQ"),
    ("AUDIT", "审计部", "HQ"),
    ("IT", "信息科技部", "HQ"),
    ("YZ", "云州分行", "HQ"),
    ("LH", "临海分行", "HQ"),
)

#: login, name, the unit they belong to, what they do, and in which unit they do it: head office's people for all below
PEOPLE: Final = (
    ("lin.xiaowen", "林晓雯", "YZ", access.RELATIONSHIP_MANAGER, "YZ"),
    ("fang.zheng", "方正", "YZ", access.BRANCH_HEAD, "YZ"),
    ("shen.bai", "沈柏", "LH", access.RELATIONSHIP_MANAGER, "LH"),
    ("du.yuan", "杜远", "LH", access.BRANCH_HEAD, "LH"),
    ("zhou.qiming", "周启明", "RISK", access.RISK_OFFICER, "HQ"),
    ("he.lei", "何磊", "RISK", access.RISK_OFFICER, "HQ"),
    ("qin.feng", "秦峰", "HQ", access.APPROVER, "HQ"),
    ("liang.heng", "梁衡", "RISK", access.APPROVER, "HQ"),
    ("gu.yan", "顾岩", "HQ", access.APPROVER, "HQ"),
    ("chen.li", "陈立", "HQ", access.COMMITTEE_CHAIR, "HQ"),
    ("he.jing", "何静", "HQ", access.COMMITTEE_MEMBER, "HQ"),
    ("sun.jianguo", "孙建国", "HQ", access.COMMITTEE_MEMBER, "HQ"),
    ("wu.wan", "吴婉", "HQ", access.COMMITTEE_MEMBER, "HQ"),
    ("zheng.tao", "郑涛", "HQ", access.COMMITTEE_MEMBER, "HQ"),
    ("xu.min", "许敏", "LEGAL", access.LEGAL, "HQ"),
    ("han.xue", "韩雪", "LEGAL", access.LEGAL, "HQ"),
    ("gao.jie", "高洁", "OPS", access.OPERATIONS, "HQ"),
    ("jiang.nan", "蒋楠", "OPS", access.RELEASE_CHECKER, "HQ"),
    ("feng.lei", "冯磊", "OPS", access.POST_LOAN, "HQ"),
    ("luo.qiang", "罗强", "NPL", access.COLLECTIONS, "HQ"),
    ("tang.lan", "唐岚", "NPL", access.ASSET_PRESERVATION, "HQ"),
    ("shao.ning", "邵宁", "LEGAL", access.COMPLIANCE, "HQ"),
    ("song.qing", "宋清", "AUDIT", access.AUDITOR, "HQ"),
    ("ding.ning", "丁宁", "IT", access.ADMINISTRATOR, "HQ"),
    ("bai.lu", "白露", "IT", access.ADMINISTRATOR, "HQ"),
)


@demo(order=0)
def people(stage: Stage) -> None:
    """Units and people, without passwords: ``tenor demo`` gives them the one of the demo."""
    with stage.as_("system") as ctx:
        for code, name, above in UNITS:
            add_unit(ctx, code, name, above)
        for login, name, unit, position, where in PEOPLE:
            email = f"{login}@{MAIL}"
            add_user(ctx, login, name, unit=unit, email=email, positions=[(position, where)])


@demo(last=True)
def standing_in(stage: Stage) -> None:
    """An approver is on leave, and a risk officer stands in: what he proposed himself he meets there, and may not
    approve."""
    with stage.as_("gu.yan", on=date(2026, 6, 29)) as ctx:
        taker = ctx.session.scalars(select(User.id).where(User.login == "he.lei")).one()
        delegate(ctx, taker, until=date(2026, 7, 10), reason="年休假")


@demo(last=True)
def drafts(stage: Stage) -> None:
    """Of each authority a draft that begins with the lines in force."""
    with stage.as_("zhou.qiming", on=date(2026, 6, 26)) as ctx:
        declared = cast("KernelContext", ctx).kernel.workflow.authorities.declared
        for key in sorted(declared):
            draft_version(ctx, None, Drafted(date(2027, 1, 1), "2027 年度授权，待董事会审议", key))
