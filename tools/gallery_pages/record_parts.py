"""The sheets of the gallery's records."""

# ruff: noqa: E501 - a row of data stays one line

from __future__ import annotations

from typing import Any

from tools.gallery_pages.words import Words

Panel = dict[str, Any]


def customer_head(w: Words) -> Panel:
    """Rating, tags, two lines of facts and the ruler of the limit."""
    return {
        "title": w("泽远精密制造股份有限公司", "Zeyuan Precision Manufacturing"),
        "rating": {"text": "A+", "title": w("78 分 · 有效至 2027-06-29", "78 points")},
        "tags": [
            {"text": w("优质客户", "Prime customer"), "source": "derived"},
            {"text": w("制造业 C34", "Manufacturing C34")},
            {"text": w("续作跟进", "Renewal"), "source": "person", "note": w("林晓雯 · 至 09-30", "Lin Xiaowen · to 09-30")},
        ],
        "facts": [
            [
                {"label": w("统一社会信用代码", "Credit code"), "value": "91330100MA7Q2X8K3T"},
                {"label": w("评级", "Rating"), "value": w("78 分 · 制造业-2026.1 · 有效至 2027-06-29", "78 points · to 2027-06-29")},
                {"label": w("客户经理", "Manager"), "value": w("林晓雯", "Lin Xiaowen")},
            ],
            [
                {"label": w("注册资本", "Capital"), "value": w("2.40 亿", "240 m")},
                {"label": w("法定代表人", "Representative"), "value": {"kind": "masked", "text": "3301**********0017", "reveal_href": "#"}},
                {"label": w("档案完整度", "Dossier"), "value": {"kind": "link", "text": w("11 / 13 缺 2 项", "11 of 13"), "href": "#"}},
            ],
        ],
        "gauge": {
            "label": w("授信敞口 / 统一授信额度", "Exposure against limit"),
            "left_label": w("余", "left"),
            "left": "11,800",
            "unit": w("万元", "CNY 10k"),
            "used": 33.7,
            "after": 45.0,
            "lines": [70, 80],
            "scale": True,
            "text": w("已用 6,000", "used 6,000"),
            "share": "33.7%",
            "after_text": w("在途 +8,000 → 78.7%（黄线 80）", "+8,000 → 78.7%"),
            "limit": "17,800",
        },
        "actions": [
            {"label": w("更多", "More"), "icon": "dots", "icon_only": True, "href": "#"},
            {"label": w("新建申请", "New application"), "icon": "plus", "style": "primary", "href": "#"},
        ],
    }  # fmt: skip


def customer_timeline(w: Words) -> Panel:
    """Two days of what happened to a customer."""
    return {
        "kind": "timeline",
        "note": w("全部", "all"),
        "follow": {"label": w("已关注", "Following"), "icon": "bell", "post": "#"},
        "compose": {"action": "#", "file": "file"},
        "days": [
            {
                "label": w("今天 · 6 月 30 日 周二", "Today · Tuesday 30 June"),
                "entries": [
                    {"who": w("预警引擎", "Alerts"), "did": w("开立黄色预警", "opens a yellow alert"), "time": "10:42", "tone": "alert", "text": w("营业收入同比 −23.8%，已通知 林晓雯、周启明", "Revenue −23.8%; told Lin Xiaowen, Zhou Qiming")},
                    {"who": w("评分服务", "Scoring"), "did": w("重新计算", "recomputes"), "time": "10:42", "changes": [{"label": w("评分", "Score"), "old": "78", "new": "75"}]},
                    {"who": w("林晓雯", "Lin Xiaowen"), "did": w("录入 2026 一季报", "files 2026 Q1"), "time": "10:41", "tone": "own", "text": w("营业收入 17,600，来源：管理层报表", "Revenue 17,600, management accounts"), "files": [{"text": "q1-2026.xlsx", "href": "#", "note": "84 KB"}]},
                    {"who": w("周启明", "Zhou Qiming"), "did": w("确认评级", "confirms the rating"), "time": "09:15", "tone": "sealed", "changes": [{"label": w("等级", "Grade"), "old": "A", "new": "A+"}], "seal": {"text": "9f2c…41ae", "full": "9f2c…41ae", "href": "#"}},
                ],
            },
            {
                "label": w("6 月 26 日 周五", "Friday 26 June"),
                "entries": [
                    {"who": w("标签规则 v4", "Tag rule v4"), "did": w("授予", "grants"), "time": "20:00", "text": w("优质客户：A+ · 24 个月无逾期 · 负债率 60.0%", "Prime customer: A+, 24 clean months, leverage 60.0%")},
                    {"who": w("何磊", "He Lei"), "did": w("评论", "comments"), "time": "16:20", "tone": "own", "said": w("@林晓雯 二期厂房环评批复请补到档案，尽调要用。", "@Lin Xiaowen please file the approval of the second plant.")},
                    {"who": w("林晓雯", "Lin Xiaowen"), "did": w("查看证件号", "reveals the identity number"), "time": "11:05", "quiet": True, "text": w("事由：核对授信授权书 · 已记入审计", "Reason: to check the mandate · ledgered")},
                ],
            },
        ],
        "more": {"href": "#"},
    }  # fmt: skip


def statements(w: Words) -> Panel:
    """Three years side by side."""
    lines = (
        (w("资产总计", "Total assets"), "72,640", "79,310", "86,420", "up", "9.0%", 0, [72.6, 79.3, 86.4]),
        (w("负债合计", "Liabilities"), "45,400", "48,379", "51,852", "up", "7.2%", 0, [45, 48, 52]),
        (w("所有者权益", "Equity"), "27,240", "30,931", "34,568", "up", "11.8%", 0, [27, 31, 35]),
        (w("营业收入", "Revenue"), "81,150", "87,480", "92,300", "up", "5.5%", 1, [81, 87, 92, 70]),
        (w("净利润", "Net profit"), "4,443", "5,052", "5,538", "up", "9.6%", 1, [44, 50, 55, 24]),
        (w("经营活动现金流净额", "Operating cash flow"), "8,210", "9,050", "9,860", "down", "18.6%", 1, [82, 90, 98, 60]),
    )  # fmt: skip
    source = {
        "id": "why-source",
        "title": w("审计 2026-04-20", "Audit 2026-04-20"),
        "lines": [w("文件 zeyuan_2023-2025.xlsx，第 3 列", "zeyuan_2023-2025.xlsx, column 3")],
    }
    rows: list[dict[str, Any]] = [{"group": w("资产负债与损益", "Balance and result")}]
    for n, (label, a, b, c, direction, change, adverse, points) in enumerate(lines):
        rows.append(
            {
                "cells": [
                    {"text": label},
                    {"kind": "number", "text": a},
                    {"kind": "number", "text": b},
                    {"kind": "number", "text": c},
                    {
                        "kind": "change",
                        "direction": direction,
                        "text": change,
                        "adverse": direction == "down",
                    },
                    {"kind": "spark", "points": points, "adverse": bool(adverse)},
                    {
                        "text": w("审计 04-20", "audit 04-20"),
                        "quiet": True,
                        "why": source | {"id": f"why-{n}"},
                    },
                ]
            }
        )
    return {
        "kind": "table",
        "title": w("财务报表", "Statements"),
        "sub": w("合并口径 · 单位：万元 · 三年年报经审计", "Consolidated · CNY 10k · audited"),
        "views": [
            {"label": w("三年对比", "Three years"), "href": "#", "current": True},
            {"label": w("季度", "Quarters"), "href": "#"},
        ],
        "actions": [{"label": w("导入 XLSX", "Import XLSX"), "icon": "table-import", "href": "#"}],
        "table": {
            "columns": [
                {"label": w("科目 / 指标", "Item"), "identity": True},
                {"label": "2023", "align": "end"},
                {"label": "2024", "align": "end"},
                {"label": "2025", "align": "end", "this_period": True},
                {"label": w("同比", "Change"), "align": "end"},
                {"label": w("走势", "Trend")},
                {"label": w("来源", "Source")},
            ],
            "rows": rows,
        },
        "foot": {
            "text": w("三期均平衡（资产 = 负债 + 权益）", "All three balance"),
            "actions": [{"label": "zeyuan_2023-2025.xlsx", "icon": "download", "style": "quiet", "href": "#"}],
        },
    }  # fmt: skip


def blockers(w: Words) -> Panel:
    """What stands between the case and its decision."""
    upload = {"label": w("上传", "Upload"), "href": "#"}
    lin = w("林晓雯", "Lin Xiaowen")
    before = w("放款前 · 未上传", "before payout · not filed")
    return {
        "kind": "blockers",
        "title": w("决议前还差 2 项", "2 items before a decision"),
        "why": w("为什么上会：8,000 万 + 存量 6,000 万 = 14,000 万 > 总行部门权限 5,000 万", "Why the panel: 80 m + existing 60 m = 140 m > department authority 50 m"),
        "rows": [
            {"what": w("资料已变化：1 项", "Facts changed: 1"), "text": w("2026 一季报入库，营收同比 −23.8%，评分 78 → 75", "2026 Q1 filed, revenue −23.8%, score 78 → 75"), "who": w("周启明", "Zhou Qiming"), "action": {"label": w("查看并确认", "Review"), "href": "#"}},
            {"what": w("赞成 2 / 3", "In favour 2 / 3"), "text": w("有表决权 4 人，须 ≥ 2/3；尚缺 郑涛、陈立", "4 entitled, two thirds needed"), "who": w("陈立", "Chen Li"), "action": {"label": w("提醒", "Remind"), "href": "#"}},
            {"what": w("资本金到位证明", "Proof of equity"), "text": before, "who": lin, "action": upload, "later": True},
            {"what": w("受托支付合同", "Payment contract"), "text": before, "who": lin, "action": upload, "later": True},
        ],
    }  # fmt: skip


FACTORS = (
    ("产能利用率", "Capacity use", "82%", 8, 10, "≥ 85%"),
    ("应收账款周转率", "Receivables turnover", "4.20", 7, 10, "≥ 4.50"),
    ("资产负债率", "Leverage", "60.0%", 7, 9, "≤ 57%"),
    ("流动比率", "Current ratio", "1.46", 6, 8, "≥ 1.50"),
    ("利息保障倍数", "Interest cover", "6.1", 8, 10, "≥ 7.0"),
    ("净利率", "Net margin", "6.0%", 6, 8, "≥ 7.0%"),
    ("营收增长", "Revenue growth", "5.5%", 5, 7, "≥ 8.0%"),
    ("还款记录", "Repayment record", "24", 9, 10, "36"),
)


def rating_sheet(w: Words) -> Panel:
    """The score taken apart."""
    return {
        "kind": "table",
        "title": w("评级底稿", "Rating sheet"),
        "sub": w("制造业-2026.1 · 8 项", "Manufacturing-2026.1 · 8 factors"),
        "actions": [{"label": w("决策树路径", "Tree path"), "icon": "sitemap", "href": "#"}, {"label": w("试算", "What-if"), "href": "#"}],
        "table": {
            "columns": [
                {"label": w("因素", "Factor"), "identity": True},
                {"label": w("取值", "Value"), "align": "end"},
                {"label": w("得分 / 满分", "Points"), "tight": True},
                {"label": "", "key": w("得分", "points"), "align": "end"},
                {"label": w("再得 1 分需要", "One more point needs")},
                {"label": w("来源", "Source")},
            ],
            "rows": [
                {
                    "cells": [
                        {"text": w(zh, en)},
                        {"kind": "number", "text": got, "strong": True},
                        {"kind": "ruler", "used": points * 100 / full, "text": ""},
                        {"kind": "number", "text": f"{points} / {full}", "strong": True},
                        more,
                        {"text": w("审计 2025", "Audit 2025"), "quiet": True, "why": {"id": f"why-f{n}", "title": w("来源", "Source"), "lines": ["zeyuan_2023-2025.xlsx"]}},
                    ]
                }
                for n, (zh, en, got, points, full, more) in enumerate(FACTORS)
            ],
            "total": [w("合计", "Total"), {"kind": "rating", "text": "A+"}, "", "56 / 72", w("A+ 75–79 · A++ 还差 2 分", "A++ is 2 points away"), ""],
        },
    }  # fmt: skip


def working_capital(w: Words) -> Panel:
    """How the limit was computed."""
    rows = (
        (w("2025 营业收入", "Revenue 2025"), "92,300.0"),
        (w("÷ 周转次数 2.80（128.57 天）", "÷ turns 2.80 (128.57 d)"), "31,843.5"),
        (w("− 自有资金", "− own funds"), "12,000.0"),
        (w("− 现有贷款", "− present loans"), "6,000.0"),
        (w("− 其他渠道", "− other sources"), "2,000.0"),
    )
    return {
        "kind": "sums",
        "title": w("流动资金额度测算", "Working-capital limit"),
        "note": w("万元", "CNY 10k"),
        "rows": [
            *({"label": label, "value": value} for label, value in rows),
            {"label": w("新增额度", "New limit"), "value": "11,843.5", "total": True},
            {"label": w("建议（下取百万）", "Proposed"), "note": w("客户申请 150,000,000", "asked 150,000,000"), "value": {"text": "118,000,000", "strong": True}},
        ],
    }  # fmt: skip


def votes(w: Words) -> list[Panel]:
    """The committee, and what departments wrote."""
    return [
        {
            "kind": "people",
            "title": w("审委会表决", "Committee votes"),
            "seal": {"text": "c41d…7b90", "full": "c41d0a55e2", "href": "#"},
            "people": [
                {"text": w("陈立", "Chen Li"), "note": w("主席 · 有否决权", "chair · veto"), "end": w("未投", "open"), "tone": "open"},
                {"text": w("何静", "He Jing"), "own": True, "end": w("同意", "for"), "tone": "for"},
                {"text": w("吴婉", "Wu Wan"), "own": True, "end": w("同意", "for"), "tone": "for"},
                {"text": w("郑涛", "Zheng Tao"), "end": w("未投", "open"), "tone": "open"},
                {"text": w("孙建国", "Sun Jianguo"), "note": w("回避 · 其兄为董事", "recused"), "end": "—", "tone": "open"},
            ],
        },
    ]  # fmt: skip


PLAN = (
    ("2025-12-20", 91, "—", "606,666.67", "606,666.67", "—", "50,000,000.00", "full"),
    ("2026-03-20", 90, "5,000,000.00", "600,000.00", "2,601,000.00", "2,999,000.00", "45,000,000.00", "refused"),
    ("2026-06-20", 92, "—", "552,000.00", "—", "552,000.00", "45,000,000.00", "half"),
    ("2026-09-20", 92, "—", "552,000.00", "—", "552,000.00", "45,000,000.00", "hollow"),
    ("2026-12-20", 91, "—", "546,000.00", "—", "546,000.00", "45,000,000.00", "hollow"),
    ("2027-03-20", 90, "45,000,000.00", "540,000.00", "—", "45,540,000.00", "0.00", "hollow"),
)  # fmt: skip


def schedule(w: Words) -> Panel:
    """The instalments, with paid, due and overdue marked."""
    states = {
        "full": w("已还", "paid"),
        "refused": w("逾期 31 天", "31 days overdue"),
        "half": w("下一期", "next"),
        "hollow": w("未到期", "not due"),
    }
    rows = []
    for n, (due, days, principal, interest, paid, left, balance, shape) in enumerate(PLAN):
        late = shape == "refused"
        figures = [
            {"kind": "money", "text": t} if t != "—" else None for t in (principal, interest, paid)
        ]
        rows.append(
            {
                "overdue": late,
                "current": shape == "half",
                "cells": [
                    str(n + 7),
                    {"kind": "date", "text": due},
                    str(days),
                    *figures,
                    {"kind": "money", "text": left, "adverse": late} if left != "—" else None,
                    {"kind": "money", "text": balance},
                    {"kind": "state", "shape": shape, "text": states[shape]},
                ],
            }
        )
    end = {"align": "end"}
    return {
        "kind": "table",
        "title": w("还款计划", "Schedule"),
        "sub": w("单位：元 · 按季付息，分期还本", "CNY · interest quarterly"),
        "actions": [{"label": "XLSX", "icon": "download", "href": "#"}],
        "table": {
            "columns": [
                {"label": w("期", "No."), "align": "end", "tight": True},
                {"label": w("到期日", "Due"), "identity": True},
                {"label": w("天数", "Days")} | end,
                {"label": w("应还本金", "Principal")} | end,
                {"label": w("应还利息", "Interest")} | end,
                {"label": w("已还", "Paid")} | end,
                {"label": w("未还", "Open")} | end,
                {"label": w("期末本金", "Balance")} | end,
                {"label": w("状态", "State")},
            ],
            "rows": rows,
            "total": ["", w("合计", "Total"), "546", "50,000,000.00", "3,396,666.67", "3,207,666.67", "50,189,000.00", "", ""],
        },
    }  # fmt: skip


def form_sections(w: Words) -> list[dict[str, Any]]:
    """Every kind of field, two of them wrong."""
    currencies = [
        {"value": "CNY", "label": "CNY", "selected": True},
        {"value": "USD", "label": "USD"},
    ]
    customers = [
        {
            "value": "1",
            "label": w("泽远精密制造股份有限公司", "Zeyuan Precision"),
            "note": "A+",
            "selected": True,
        },
        {"value": "2", "label": w("云岭风电新能源有限公司", "Yunling Wind Power"), "note": "A"},
    ]
    uses = [
        {"value": "equipment", "label": w("购置设备", "Equipment"), "selected": True},
        {"value": "plant", "label": w("厂房", "Plant")},
    ]
    plans = [
        {"value": "level", "label": w("等额本息", "Level payment"), "selected": True},
        {"value": "principal", "label": w("等额本金", "Level principal")},
        {"value": "bullet", "label": w("到期还本", "Bullet")},
    ]
    blank = [
        {"kind": "text", "name": "payees-__i__-name", "label": w("收款人", "Payee"), "bare": True},
        {
            "kind": "amount",
            "name": "payees-__i__-amount",
            "label": w("金额", "Amount"),
            "bare": True,
        },
        {"kind": "date", "name": "payees-__i__-on", "label": w("日期", "Date"), "bare": True},
    ]
    return [
        {
            "key": "borrower",
            "title": w("借款人", "Borrower"),
            "fields": [
                {"kind": "link", "name": "customer", "label": w("客户", "Customer"), "required": True, "value": "1", "options": customers},
                {"kind": "code", "name": "code", "label": w("统一社会信用代码", "Credit code"), "value": "91330100MA7Q2X8K3F", "required": True, "error": w("第 18 位校验码应为 T，录入为 F。请核对营业执照。", "The 18th character should be T, not F. See the licence.")},
                {"kind": "masked", "name": "identity", "label": w("法人证件号", "Representative's identity no."), "masked_text": "3301**********0017", "reveal_href": "#", "help": w("留空则不改", "Left empty, it stays")},
            ],
        },
        {
            "key": "terms",
            "title": w("要素", "Terms"),
            "sub": w("提交后由审批锁定", "Locked by the approval"),
            "fields": [
                {"kind": "amount", "name": "amount", "label": w("申请金额", "Amount"), "value": "80,000,000.00", "currencies": currencies, "required": True, "help": w("人民币捌仟万元整 · 余额度 11,800 万", "eighty million · limit left 118 m")},
                {"kind": "integer", "name": "months", "label": w("期限", "Term"), "value": "60", "unit": w("个月", "months"), "required": True},
                {"kind": "rate", "name": "rate", "label": w("年利率", "Rate"), "value": "-4.35", "required": True, "error": w("不能为负。", "Can't be negative.")},
                {"kind": "date", "name": "first", "label": w("首次还款日", "First due date"), "value": "2026-09-20"},
                {"kind": "datetime", "name": "meeting", "label": w("约见时间", "Meeting"), "value": "2026-07-02 10:00"},
                {"kind": "choice", "name": "use", "label": w("用途", "Use"), "options": uses, "value": "equipment", "required": True},
                {"kind": "radio", "name": "plan", "label": w("还款方式", "Repayment"), "options": plans, "width": "half"},
                {"kind": "bool", "name": "entrusted", "label": w("受托支付", "Paid to the supplier"), "on": True, "width": "half"},
                {"kind": "long", "name": "reason", "label": w("用途说明", "What it is for"), "value": w("购置五轴加工中心 12 台，用于二期厂房。", "Twelve machining centres for the second plant."), "width": "half"},
                {"kind": "file", "name": "file", "label": w("采购合同", "Purchase contract"), "width": "half", "help": w("PDF 或 OFD，最大 20 MB", "PDF or OFD, at most 20 MB")},
            ],
        },
        {
            "key": "payees",
            "title": w("受托支付对象", "Payees"),
            "lines": {
                "prefix": "payees",
                "remove_name": "_delete",
                "columns": [{"label": w("收款人", "Payee")}, {"label": w("金额", "Amount"), "unit": w("元", "CNY"), "align": "end"}, {"label": w("日期", "Date")}],
                "rows": [
                    {
                        "index": n,
                        "number": n + 1,
                        "fields": [f | {"name": str(f["name"]).replace("__i__", str(n)), "value": v} for f, v in zip(blank, values, strict=True)],
                    }
                    for n, values in enumerate(((w("东岭机床有限公司", "Dongling Machines"), "52,000,000.00", "2026-09-01"), (w("瑞和设备租赁", "Ruihe Equipment"), "28,000,000.00", "2026-09-15")))
                ],
                "blank": {"index": "__i__", "number": "3", "fields": blank},
                "total": [w("合计", "Total"), "80,000,000.00", ""],
                "count": {"name": "payees-count", "value": 2},
                "add": {"name": "_add", "value": "payees"},
            },
        },
    ]  # fmt: skip
