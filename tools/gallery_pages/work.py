"""My work and the inbox."""

from __future__ import annotations

from typing import Any

from tools.gallery_pages.shell import Shell, at
from tools.gallery_pages.words import Words

Task = dict[str, Any]


def _task(title: str, because: str, subject: str, due: str, note: str, do: str) -> Task:
    return {
        "title": title,
        "href": "#",
        "because": because,
        "subject": subject,
        "due": due,
        "due_note": note,
        "action": {"label": do, "href": "#"},
    }


def _tasks(w: Words) -> list[dict[str, Any]]:
    overdue = _task(
        w("核实预警：应收账款周转 2.1 ← 3.6", "Check alert: receivables turn 2.1 ← 3.6"),
        w("预警 R-118 的责任人；已告知 梁衡", "You own alert R-118; Liang Heng was told"),
        w("金澜纺织", "Jinlan Textile"),
        w("06-26 周五", "Fri 06-26"),
        w("已超 2 天", "2 days late"),
        w("核实", "Check"),
    ) | {"overdue": True}
    review = _task(
        w("风险审查：泽远 8,000 万", "Risk review: Zeyuan 80 m"),
        w(
            "资料齐 13/13 自动派单 · 制造业 · 在手 6 件（均 9）",
            "13 of 13 documents, assigned by rule · 6 open (average 9)",
        ),
        w("泽远精密制造", "Zeyuan Precision"),
        w("今天 17:30", "Today 17:30"),
        w("剩 6 小时", "6 hours left"),
        w("审查", "Review"),
    )
    review["tag"] = {"text": w("优先：优质客户", "Priority: prime customer"), "source": "derived"}
    review["action"]["style"] = "primary"
    review["why"] = {
        "id": "why-review",
        "title": w("为什么派给您", "Why you"),
        "lines": [
            w("资料第 13 件 10:02 入库，触发风险审查", "The 13th document came in at 10:02"),
            w("技能：制造业；在手 6 件，本部平均 9 件", "Skill: manufacturing; 6 open, average 9"),
            w("今天不休假，未参与本案发起", "Not on leave; not the maker of this case"),
        ],
    }
    today = [
        review,
        _task(
            w("资料变化须确认：2026 一季报", "Confirm changed facts: 2026 Q1"),
            w("您是本案风险审查人", "You review this case"),
            w("泽远精密制造", "Zeyuan Precision"),
            w("今天", "Today"),
            w("AP-0412 被卡", "blocks AP-0412"),
            w("确认", "Confirm"),
        ),
        _task(
            w("集团敞口复核：16.25% 超内控线", "Group exposure 16.25% is over our line"),
            w("超 16% 内控线，须您出具意见", "Over the 16% line: your opinion is needed"),
            w("盛川物流", "Shengchuan Logistics"),
            w("今天", "Today"),
            w("6,000 万", "60 m"),
            w("出意见", "Opine"),
        ),
    ]
    later = [
        _task(
            w("年度评级重检", "Yearly rating review"),
            w("评级 07-15 到期", "Rating ends 07-15"),
            w("云岭风电新能源", "Yunling Wind Power"),
            w("07-02 周四", "Thu 07-02"),
            w("剩 2 天", "2 days left"),
            w("开始", "Begin"),
        ),
        _task(
            w("复核五级分类：正常 → 关注", "Second look at class: pass → watch"),
            w("冯磊 提出，您复核，何静 批准", "Feng Lei proposed, you review, He Jing approves"),
            w("临海海风一期", "Linhai Offshore I"),
            w("07-03 周五", "Fri 07-03"),
            w("剩 3 天", "3 days left"),
            w("复核", "Review"),
        ),
    ]
    return [
        {"label": w("逾期", "Overdue"), "overdue": True, "tasks": [overdue]},
        {"label": w("今天", "Today"), "tasks": today},
        {"label": w("以后到期", "Due later"), "tasks": later},
    ]


def _approvals(w: Words) -> dict[str, Any]:
    return {
        "kind": "table",
        "title": w("等我审批", "Waiting for my approval"),
        "count": 2,
        "note": w(
            "打开即看到将要批准的内容与其摘要值", "Opening shows what is approved and its hash"
        ),
        "table": {
            "columns": [
                {"label": w("事项", "Matter"), "identity": True},
                {"label": w("客户", "Customer")},
                {"label": w("金额", "Amount"), "unit": w("万元", "CNY 10k"), "align": "end"},
                {"label": w("为什么到我", "Why me"), "explains": True},
                {"label": w("已等", "Waiting"), "align": "end"},
                {"label": "", "key": "do", "tight": True},
            ],
            "rows": [
                {
                    "href": "#",
                    "current": True,
                    "cells": [
                        {"text": w("推翻评级 A → A+", "Override A → A+")},
                        w("临海泰合商贸", "Taihe Trading"),
                        {"kind": "money", "text": "2,000.0"},
                        {
                            "text": w(
                                "上调一级须风险经理以上", "One notch up needs a risk manager"
                            ),
                            "why": {
                                "id": "why-a",
                                "title": w("规则 R-07 v3", "Rule R-07 v3"),
                                "lines": [w("发起人 何磊 不能自批", "He Lei proposed it")],
                            },
                        },
                        w("3 小时", "3 hours"),
                        {"actions": [{"label": w("查看差异", "See change"), "href": "#"}]},
                    ],
                },
                {
                    "href": "#",
                    "cells": [
                        {"text": w("标签规则 v4 发布", "Publish tag rule v4")},
                        w("优质客户：7 户获得", "Prime customer: 7 gain"),
                        None,
                        w("规则发布须第二人", "Publishing needs a second person"),
                        w("昨天", "yesterday"),
                        {"actions": [{"label": w("预览名单", "Preview"), "href": "#"}]},
                    ],
                },
            ],
        },
    }


def _side(w: Words) -> list[dict[str, Any]]:
    alert = {"kind": "severity"}
    return [
        {
            "kind": "news",
            "title": w("预警", "Alerts"),
            "count": w("3 待处理", "3 open"),
            "actions": [{"label": w("全部 14", "All 14"), "href": "#", "plain": True}],
            "news": [
                {
                    "mark": alert | {"level": 3, "text": w("橙色", "Orange")},
                    "title": w(
                        "营收 −26% 且两季现金流为负", "Revenue −26%, cash flow negative twice"
                    ),
                    "unread": True,
                    "href": "#",
                    "text": w("盛川重工 · 限制新增（建议）", "Shengchuan Heavy · no new lending"),
                    "note": w("5 个工作日内出方案", "Plan within 5 business days"),
                },
                {
                    "mark": alert | {"level": 2, "text": w("黄色", "Yellow")},
                    "title": w("营业收入同比 −23.8%", "Revenue −23.8% on the year"),
                    "unread": True,
                    "href": "#",
                    "text": w("泽远精密制造 · 评分 78 → 75", "Zeyuan Precision · score 78 → 75"),
                    "note": w("07-03 前核实", "Check by 07-03"),
                },
                {
                    "mark": alert | {"level": 1, "text": w("蓝色", "Blue")},
                    "title": "DSCR 1.14 < 1.20",
                    "unread": True,
                    "href": "#",
                    "text": w(
                        "临海海风一期 · 宽限 30 天至 07-30", "Linhai Offshore I · grace to 07-30"
                    ),
                    "note": w("豁免须原审批权限", "A waiver needs the first authority"),
                },
            ],
        },
        {
            "kind": "bars",
            "title": w("我的在手量", "My open work"),
            "sub": w("6 件，本部平均 9", "6, department average 9"),
            "bars": [
                {"label": w("何磊", "He Lei"), "used": 84, "text": "12"},
                {"label": w("本部平均", "Average"), "used": 63, "text": "9"},
                {"label": w("周启明", "Zhou Qiming"), "used": 42, "text": "6", "own": True},
                {"label": w("钱一鸣", "Qian Yiming"), "used": 35, "text": "5"},
            ],
        },
    ]


def home(w: Words, shell: Shell) -> dict[str, Any]:
    """My work, with something of each kind."""
    at(
        shell,
        0,
        w("我的工作", "My work"),
        w("今天", "Today"),
        w("我的组合", "My portfolio"),
        w("我关注的", "Followed"),
        w("休假与代理", "Leave"),
    )
    head = {
        "title": w("周启明，上午好", "Good morning, Zhou Qiming"),
        "sub": w(
            "今天 3 件到期，1 件已逾期；审批 2 件等您。",
            "3 due today, 1 overdue; 2 approvals wait for you.",
        ),
        "actions": [{"label": w("设置代理人", "Name a delegate"), "icon": "users", "href": "#"}],
    }
    return {
        "title": w("我的工作", "My work"),
        "head": head,
        "figures": [
            {
                "label": w("我管的敞口", "Exposure in my care"),
                "text": "38.62",
                "unit": w("亿元", "CNY 100 m"),
                "change": "+0.84",
                "note": w("较上月末 · 86 户", "since May · 86 customers"),
                "spark": {"points": [30, 31, 33, 33, 35, 37, 38.6]},
            },
            {
                "label": w("加权评级", "Weighted rating"),
                "text": "A",
                "unit": "6.2 / 10",
                "change": "−0.1",
                "change_adverse": True,
                "note": w("3 户下调，1 户上调", "3 down, 1 up"),
                "spark": {"points": [7, 7, 6.6, 6.6, 6.4, 6.4, 6.2], "adverse": True},
            },
            {
                "label": w("逾期本金", "Overdue principal"),
                "text": "4,799.9",
                "unit": w("万元", "CNY 10k"),
                "change": "+0",
                "note": w("1 户：金澜纺织", "1 customer: Jinlan Textile"),
                "spark": {"points": [0, 0, 2, 2, 2, 47, 48], "adverse": True},
            },
            {
                "label": w("审查平均用时", "Average review"),
                "text": "1.6",
                "unit": w("工作日", "business days"),
                "change": "−0.3",
                "note": w("目标 2.0 · 近 30 天 21 件", "target 2.0 · 21 in 30 days"),
                "spark": {"points": [2.4, 2.3, 2.1, 2, 2, 1.8, 1.6]},
            },
        ],
        "main": [
            _approvals(w),
            {
                "kind": "tasks",
                "title": w("任务", "Tasks"),
                "count": 6,
                "views": [
                    {"label": w("按期限", "By due date"), "href": "#", "current": True},
                    {"label": w("按客户", "By customer"), "href": "#"},
                ],
                "actions": [
                    {"label": w("整批移交", "Hand over"), "icon": "arrow-right", "href": "#"}
                ],
                "groups": _tasks(w),
            },
        ],
        "side": _side(w),
    }


def inbox(w: Words, shell: Shell) -> dict[str, Any]:
    """Notices of two days."""
    at(shell, 0, w("我的工作", "My work"), w("今天", "Today"), w("通知", "Inbox"), current=1)
    read = {"label": w("标为已读", "Mark read"), "post": "#", "style": "quiet"}
    shell["flashes"] = [
        {
            "tone": "done",
            "text": w("已把 8 件任务移交 何磊", "8 tasks handed over to He Lei"),
            "undo": {"label": w("撤销", "Undo"), "post": "#", "style": "quiet"},
        }
    ]
    today = [
        {
            "title": w("新任务：风险审查 泽远 8,000 万", "New task: risk review, Zeyuan 80 m"),
            "text": w("AP-2026-0412 的第 13 件资料已到", "AP-2026-0412: the 13th document is in"),
            "time": "10:02",
            "href": "#",
            "unread": True,
            "actions": [read],
        },
        {
            "title": w("黄色预警：营业收入同比 −23.8%", "Yellow alert: revenue −23.8%"),
            "text": w("泽远精密制造 · 07-03 前核实", "Zeyuan Precision · check by 07-03"),
            "time": "10:42",
            "href": "#",
            "unread": True,
            "actions": [read],
        },
        {
            "title": w("何磊 在 AP-2026-0398 提到您", "He Lei mentions you in AP-2026-0398"),
            "text": w(
                "“二期厂房环评批复请补到档案，尽调要用。”",
                "“Please file the approval of the second plant.”",
            ),
            "time": "16:20",
            "href": "#",
        },
    ]
    return {
        "title": w("通知", "Inbox"),
        "head": {
            "title": w("通知", "Inbox"),
            "sub": w("2 条未读", "2 unread"),
            "actions": [{"label": w("全部标为已读", "Mark all read"), "post": "#"}],
        },
        "tabs": [
            {"label": w("全部", "All"), "href": "#", "current": True},
            {"label": w("未读", "Unread"), "count": 2, "href": "#"},
            {"label": w("提到我的", "Mentions"), "count": 1, "href": "#"},
        ],
        "days": [
            {"label": w("今天 · 6 月 30 日 周二", "Today · Tuesday 30 June"), "news": today},
            {
                "label": w("6 月 26 日 周五", "Friday 26 June"),
                "news": [
                    {
                        "title": w("作业完成：夜间跑批", "Job done: nightly run"),
                        "text": w("贷款 9,800 笔，0 错误", "9,800 loans, 0 errors"),
                        "time": "02:14",
                        "href": "#",
                    }
                ],
            },
        ],
        "foot": {"text": w("显示最近 30 天", "The last 30 days"), "pager": {"next_href": "#"}},
    }
