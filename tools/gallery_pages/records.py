"""Records: a customer, an application, a loan; a form and a conflict."""

# ruff: noqa: E501 - a row of data stays one line

from __future__ import annotations

from typing import Any

from tools.gallery_pages.record_parts import (
    blockers,
    customer_head,
    customer_timeline,
    form_sections,
    rating_sheet,
    schedule,
    statements,
    votes,
    working_capital,
)
from tools.gallery_pages.shell import Shell, at
from tools.gallery_pages.words import Words


def customer(w: Words, shell: Shell) -> dict[str, Any]:
    """A customer with three years of statements."""
    at(
        shell,
        1,
        w("客户", "Clients"),
        w("名单", "List"),
        w("集团与关联方", "Groups"),
        w("标签规则", "Tag rules"),
    )
    tabs = (
        (w("档案", "Dossier"), None),
        (w("财务报表", "Statements"), None),
        (w("敞口与额度", "Exposure"), None),
        (w("申请", "Applications"), 2),
        (w("合同与文档", "Documents"), 31),
        (w("预警", "Alerts"), 1),
        (w("担保", "Security"), 3),
    )
    return {
        "title": w("泽远精密制造", "Zeyuan Precision"),
        "head": customer_head(w),
        "tabs": [
            {"label": label, "count": count, "href": "#", "current": n == 1}
            for n, (label, count) in enumerate(tabs)
        ],
        "tabs_note": w("资料口径：截至营业日已知", "As known on the business date"),
        "main": [
            {
                "title": w("登记信息", "Registration"),
                "sub": w("来源：营业执照 2026-01-12", "from the licence of 2026-01-12"),
                "actions": [{"label": w("修改", "Edit"), "icon": "pencil", "href": "#"}],
                "fields": [
                    {"label": w("注册资本", "Capital"), "value": {"kind": "money", "text": "240,000,000.00", "unit": w("元", "CNY")}},
                    {"label": w("成立日期", "Founded"), "value": {"kind": "date", "text": "2008-03-18"}},
                    {"label": w("行业", "Industry"), "value": w("通用设备制造业 C34", "General machinery C34")},
                    {"label": w("法定代表人", "Legal representative"), "value": {"kind": "link", "text": w("郭振东", "Guo Zhendong"), "href": "#"}},
                    {"label": w("证件号", "Identity no."), "value": {"kind": "masked", "text": "3301**********0017", "reveal_href": "#"}},
                    {"label": w("实际控制人", "Controller"), "value": {"kind": "hidden"}},
                    {"label": w("经营范围", "Business"), "full": True, "value": {"kind": "long", "text": w("数控机床、精密零部件的研发、制造与销售；货物进出口。", "Design, making and sale of machine tools and precision parts.")}},
                ],
            },
            statements(w),
        ],
        "side": [customer_timeline(w)],
    }  # fmt: skip


def application(w: Words, shell: Shell) -> dict[str, Any]:
    """An application before the committee."""
    at(
        shell,
        2,
        w("申请", "Applications"),
        w("在途", "In progress"),
        w("看板", "Board"),
        w("上会材料", "Panel papers"),
        w("流程用时", "Cycle time"),
    )
    stages: tuple[tuple[str, str, str, str], ...] = (
        (w("受理", "Intake"), "done", w("0.5 天", "0.5 d"), ""),
        (w("尽调", "Due diligence"), "done", w("5.0 天", "5.0 d"), ""),
        (w("风险审查", "Risk review"), "done", w("1.5 天", "1.5 d"), ""),
        (w("审委会", "Committee"), "now", w("1.0 天", "1.0 d"), ""),
        (w("合同", "Contract"), "later", "—", ""),
        (w("签署", "Signing"), "later", "—", ""),
        (w("提款条件", "Conditions"), "later", "", w("缺 2 项", "2 missing")),
        (w("放款", "Payout"), "later", "—", ""),
    )
    fact = [
        {"label": w("编号", "No."), "value": "AP-2026-0412"},
        {
            "label": w("借款人", "Borrower"),
            "value": {
                "kind": "list",
                "parts": [
                    {"kind": "link", "text": w("泽远精密制造股份有限公司", "Zeyuan Precision"), "href": "#"},
                    {"kind": "rating", "text": "A+"},
                ],
            },
        },
        {"label": w("主办", "RM"), "value": w("林晓雯", "Lin Xiaowen")},
        {"label": w("审查", "Review"), "value": w("周启明", "Zhou Qiming")},
        {
            "label": w("授权矩阵", "Authority"),
            "value": {
                "text": "v7",
                "sub": w("（申请时锁定）", "(locked at submission)"),
                "why": {"id": "why-v7", "title": w("授权矩阵 v7", "Authority v7"), "lines": [w("2026-04-01 起生效", "in force since 2026-04-01")]},
            },
        },
    ]  # fmt: skip
    return {
        "title": "AP-2026-0412",
        "head": {
            "title": w("固定资产贷款", "Fixed-asset loan"),
            "amount": "80,000,000.00",
            "unit": w("元 · 5 年 · 4.35%", "CNY · 5 years · 4.35%"),
            "tags": [
                {"text": w("优先：优质客户", "Priority: prime customer"), "source": "derived"}
            ],
            "facts": [fact],
            "actions": [
                {"label": w("退回补充", "Return"), "href": "#"},
                {"label": w("形成决议", "Record decision"), "refused": 2},
            ],
        },
        "stages": [
            {"label": label, "status": status, "note": note, "lacks": lacks}
            for label, status, note, lacks in stages
        ],
        "main": [blockers(w), rating_sheet(w)],
        "side": [working_capital(w), *votes(w)],
        "wide_side": True,
    }


def loan(w: Words, shell: Shell) -> dict[str, Any]:
    """A loan as it stood on an earlier day."""
    at(
        shell,
        3,
        w("贷款", "Loans"),
        w("台账", "Ledger"),
        w("到期日历", "Calendar"),
        w("付款", "Payments"),
    )
    shell["date"] |= {"text": "2026-04-20", "past": True, "back_href": "#"}
    shell["units"][0]["current"], shell["units"][1]["current"] = True, False
    shell["banners"] = [
        {
            "tone": "past",
            "title": w("2026-04-20 的账面，", "The books of 2026-04-20,"),
            "text": w("按当日已知的事实。此处只读。", "by what was known that day. Read only."),
            "actions": [{"label": w("回到今天 06-30", "Back to today"), "href": "#"}],
        }
    ]
    figures = (
        (w("未还本金", "Principal"), "47,999,000.00", w("其中逾期 2,999,000.00", "of which overdue 2,999,000.00"), False),
        (w("应计利息", "Accrued interest"), "186,000.00", "45,000,000 × 4.80% × 31/360", False),
        (w("罚息", "Penalty"), "1,199.60", "2,999,000 × 7.20% × 2/360", True),
        (w("今日结清", "To settle today"), "48,186,199.60", w("有效至当日 24:00", "valid until midnight"), False),
        (w("下一期", "Next due"), "2026-06-20", w("利息 552,000.00 · 61 天后", "interest 552,000.00 · in 61 days"), False),
    )  # fmt: skip
    return {
        "title": "LN-2024-0320",
        "head": {
            "title": w("流动资金贷款", "Working-capital loan"),
            "amount": "50,000,000.00",
            "unit": w("元", "CNY"),
            "tags": [
                {"text": w("逾期 31 天", "31 days overdue"), "source": "risk"},
                {"text": w("五级：关注", "Class: watch")},
            ],
            "facts": [
                [
                    {"label": w("编号", "No."), "value": "LN-2024-0320"},
                    {"label": w("借款人", "Borrower"), "value": {"kind": "link", "text": w("金澜纺织有限公司", "Jinlan Textile"), "href": "#"}},
                    {"label": w("利率", "Rate"), "value": w("4.80% 固定 · 实际/360", "4.80% fixed · act/360")},
                    {"label": w("罚息", "Penalty"), "value": "7.20%"},
                    {"label": w("期限", "Term"), "value": "2024-03-20 – 2027-03-20"},
                ]
            ],
            "actions": [
                {"label": w("还款", "Repay"), "refused": True, "title": w("过去的账面只读", "The past is read only")},
                {"label": w("对账单", "Statement"), "icon": "printer", "href": "#"},
            ],
        },
        "smart": [
            {"label": w("文档", "Documents"), "count": 7, "icon": "file-text", "href": "#"},
            {"label": w("催收", "Collections"), "count": 1, "icon": "phone-outgoing", "href": "#"},
            {"label": w("分录", "Postings"), "count": 214, "icon": "receipt", "href": "#"},
        ],
        "figures": {
            "kind": "figures",
            "size": "medium",
            "label": w("余额", "Balances"),
            "figures": [
                {"label": label, "text": text, "note": note, "adverse": adverse}
                for label, text, note, adverse in figures
            ],
        },
        "main": [schedule(w)],
        "side": [
            {
                "kind": "sums",
                "title": w("04-18 还款 2,030,000.00 的分配", "How 2,030,000.00 of 04-18 was used"),
                "rows": [
                    {"label": w("罚息", "Penalty"), "note": "5,000,000 × 7.20% × 29/360", "value": "29,000.00"},
                    {"label": w("逾期本金", "Overdue principal"), "value": "2,001,000.00"},
                    {"label": w("合计", "Total"), "value": "2,030,000.00", "total": True},
                ],
            }
        ],
    }  # fmt: skip


def form(w: Words, shell: Shell) -> dict[str, Any]:
    """A new application that was refused once: every kind of field."""
    at(shell, 2, w("申请", "Applications"), w("在途", "In progress"), w("看板", "Board"))
    return {
        "title": w("新建申请", "New application"),
        "head": {
            "title": w("新建申请", "New application"),
            "sub": w("草稿只有您能看到，提交后进入受理", "A draft is yours alone until you submit"),
            "crumb": [{"label": w("申请", "Applications"), "href": "#"}, {"label": w("新建", "New"), "href": "#"}],
        },
        "form": {
            "action": "#",
            "version": 3,
            "once": "5f1e",
            "upload": True,
            "errors": [
                {"href": "#f-code", "label": w("统一社会信用代码", "Credit code"), "text": w("第 18 位校验码应为 T，录入为 F", "the 18th character should be T, not F")},
                {"href": "#f-rate", "label": w("年利率", "Rate"), "text": w("不能为负", "can't be negative")},
            ],
            "sections": form_sections(w),
            "submit": {"label": w("提交", "Submit"), "name": "_do", "value": "submit"},
            "other": [{"label": w("存为草稿", "Save as draft"), "name": "_do", "value": "draft"}],
            "cancel_href": "#",
            "foot": w("Ctrl ↵ 保存", "Ctrl ↵ saves"),
        },
    }  # fmt: skip


def conflict(w: Words, shell: Shell) -> dict[str, Any]:
    """Two people changed the same customer."""
    at(shell, 1, w("客户", "Clients"), w("名单", "List"))
    return {
        "title": w("客户", "Customer"),
        "head": {"title": w("泽远精密制造股份有限公司", "Zeyuan Precision")},
        "conflict": {
            "title": w("冲突：三方对照", "Conflict: three versions"),
            "text": w("什么都没有丢", "Nothing is lost"),
            "who": w("何磊", "He Lei"),
            "when": "10:12",
            "action": "#",
            "version": 4,
            "discard_href": "#",
            "fields": [
                {"name": "use", "label": w("产能利用率", "Capacity use"), "base": "80%", "theirs": "82%", "mine": "81%", "theirs_raw": "0.82", "mine_raw": "0.81", "theirs_changed": True, "mine_changed": True, "choice": "theirs"},
                {"name": "contact", "label": w("联系人", "Contact"), "base": w("顾明芳", "Gu Mingfang"), "mine": w("许岚", "Xu Lan"), "mine_raw": "许岚", "mine_changed": True, "choice": "mine"},
            ],
        },
    }  # fmt: skip
