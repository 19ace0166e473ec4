"""Running the house: plugins, audit, jobs, mails, settings; and the signs on one page."""

# ruff: noqa: E501 - a row of data stays one line

from __future__ import annotations

from typing import Any

from tools.gallery_pages.shell import Shell, at
from tools.gallery_pages.words import Words


def _admin(w: Words, shell: Shell, current: int) -> None:
    menus = (
        w("用户与角色", "Users and roles"),
        w("机构", "Units"),
        w("插件", "Plugins"),
        w("审计", "Audit"),
        w("作业", "Jobs"),
        w("设置", "Settings"),
    )
    at(shell, -1, w("管理", "Admin"), *menus, current=current)


INSTALLED = (
    ("客户与档案", "Customers", "1.6.2", "客户、报表、关联图谱", "Customers, statements", "48,210", "6 ms", 0, [1, 2, 3, 3, 4]),
    ("评级与额度", "Credit", "1.4.0", "评分卡、决策树、额度测算", "Scorecards, limits", "3,914", "18 ms", 0, [1, 3, 2, 4, 3]),
    ("申请流程", "Origination", "1.5.1", "阶段、权限矩阵、表决", "Stages, authority, votes", "12,660", "9 ms", 0, [1, 2, 2, 4, 4]),
    ("贷款核算", "Loans", "2.0.3", "计划、计息、分录", "Schedules, interest", "91,402", "3 ms", 0, [1, 1, 2, 3, 4]),
    ("合同与签署", "Signing", "1.2.0", "模板、签署、验真", "Templates, signatures", "1,208", "41 ms", 2, [1, 3, 2, 4, 3]),
)  # fmt: skip


def plugins(w: Words, shell: Shell) -> dict[str, Any]:
    """Installed, available, one failed, and the plan of one."""
    _admin(w, shell, 2)
    full = {"kind": "state", "shape": "full", "text": w("运行", "running")}
    rows: list[dict[str, Any]] = [
        {
            "href": "#",
            "cells": [
                {"text": w(zh, en)},
                {
                    "kind": "list",
                    "parts": [
                        version,
                        {
                            "kind": "tags",
                            "tags": [{"text": w("1.2.0 可升", "1.2.0 ready"), "source": "derived"}],
                        },
                    ],
                }
                if en == "Signing"
                else version,
                {"text": w(does, does_en), "quiet": True},
                {"kind": "number", "text": calls},
                {"kind": "number", "text": time},
                {"kind": "number", "text": str(errors), "adverse": errors > 0},
                {"kind": "spark", "points": trend},
                full,
            ],
        }
        for zh, en, version, does, does_en, calls, time, errors, trend in INSTALLED
    ]
    rows.append(
        {
            "href": "#",
            "cells": [
                {"text": w("征信数据源", "Credit bureau")},
                "2.1.0",
                {"text": w("查询、授权", "Queries, consents"), "quiet": True},
                "0",
                None,
                {"kind": "number", "text": "1", "adverse": True},
                {"kind": "spark", "points": [3, 3, 1, 1], "adverse": True},
                {"kind": "state", "shape": "refused", "text": w("失败", "failed")},
            ],
        }
    )
    end = {"align": "end"}
    return {
        "title": w("插件", "Plugins"),
        "head": {
            "title": w("插件", "Plugins"),
            "sub": w("已装 6 · 可装 2 · 失败 1", "6 installed · 2 available · 1 failed"),
        },
        "failed": [
            {
                "title": w("征信数据源 · 2.1.0 启动失败", "Credit bureau 2.1.0 didn't start"),
                "sub": w("其余插件照常运行 · 请求号 7f31c0", "the others run · request 7f31c0"),
                "reason": w("需要 审计 ≥ 1.4，现有 1.3.2；它声明的记录“查询授权”因此无处记账。", "It needs audit ≥ 1.4, there is 1.3.2."),
                "remedy": w("先把 审计 升到 1.4.0（已在可装列表，无数据变更），再重新启用。", "Upgrade audit to 1.4.0, then enable it again."),
                "actions": [{"label": w("停用", "Disable"), "href": "#"}, {"label": w("按办法修复", "Apply the remedy"), "href": "#"}],
            }
        ],
        "main": [
            {
                "kind": "table",
                "title": w("已装", "Installed"),
                "count": 6,
                "note": w("负载取近 24 小时", "Load of the last 24 hours"),
                "table": {
                    "columns": [
                        {"label": w("插件", "Plugin"), "identity": True},
                        {"label": w("版本", "Version")},
                        {"label": w("它能做", "What it does"), "explains": True},
                        {"label": w("调用", "Calls")} | end,
                        {"label": w("均时", "Mean time")} | end,
                        {"label": w("错误", "Errors")} | end,
                        {"label": w("走势", "Trend")},
                        {"label": w("状态", "State")},
                    ],
                    "rows": rows,
                },
            },
            {
                "kind": "table",
                "title": w("可装", "Available"),
                "count": 2,
                "table": {
                    "headless": True,
                    "columns": [{"label": w("插件", "Plugin"), "identity": True}, {"label": ""}, {"label": "", "explains": True}, {"label": ""}, {"label": "", "tight": True}],
                    "rows": [
                        {"current": True, "cells": [{"text": w("资产保全", "NPL disposal")}, "1.0.0", w("方案比较、转让包、诉讼日志", "Options, packages"), w("新增 7 种记录", "7 records more"), {"actions": [{"label": w("看计划", "See plan"), "href": "#"}]}]},
                        {"cells": [{"text": w("项目融资", "Project finance")}, "0.9.2", w("进度、资本金比例、DSCR", "Progress, equity, DSCR"), w("新增 5 种记录", "5 records more"), {"actions": [{"label": w("看计划", "See plan"), "href": "#"}]}]},
                    ],
                },
            },
        ],
        "side": [
            {
                "kind": "steps",
                "title": w("启用「资产保全 1.0.0」之前", "Before “NPL disposal 1.0.0” is enabled"),
                "summary": w("预计 40 秒，页面可用；可退回，数据保留 30 天。", "About 40 seconds; can be undone, data is kept for 30 days."),
                "steps": [
                    {"title": w("新增 7 张表", "7 tables are added"), "text": w("npl_case、npl_option、… 不改动已有表", "npl_case, npl_option, …; none is changed")},
                    {"title": w("加 1 段流程", "1 flow is added"), "text": w("贷款：次级 → 移交保全", "Loan: substandard → handed over")},
                    {"title": w("加 2 个定时作业", "2 schedules are added"), "text": w("每日 01:30 时效检查、02:00 重估", "daily at 01:30 and 02:00")},
                ],
                "asks": [
                    {"text": w("读 贷款", "read loans")},
                    {"text": w("发邮件", "send mail")},
                    {"text": w("生成 PDF 并盖章", "seal PDFs"), "source": "risk"},
                ],
                "checks": [
                    {"shape": "full", "text": w("依赖齐全：贷款核算 ≥ 2.0", "Requirements met: loans ≥ 2.0")},
                    {"shape": "full", "text": w("在副本上试装通过（06-30 09:02）", "Rehearsed on a copy (06-30 09:02)")},
                    {"shape": "waiting", "text": w("需要第二位管理员 白露 确认", "A second administrator must confirm")},
                ],
                "buttons": [{"label": w("请 白露 确认并启用", "Ask Bai Lu to confirm"), "style": "primary", "post": "#"}, {"label": w("取消", "Cancel"), "href": "#"}],
            }
        ],
    }  # fmt: skip


def audit(w: Words, shell: Shell) -> dict[str, Any]:
    """The ledger, and its seals."""
    _admin(w, shell, 3)
    entries = (
        ("10:42:07", w("评分服务", "Scoring"), w("改动", "changed"), w("评级 RT-0931", "Rating RT-0931"), [{"label": w("评分", "Score"), "old": "78", "new": "75"}], "full"),
        ("10:41:55", w("林晓雯", "Lin Xiaowen"), w("新建", "created"), w("报表 2026-Q1", "Statement 2026-Q1"), [{"label": w("营业收入", "Revenue"), "new": "17,600"}, {"label": w("来源", "Source"), "new": w("管理层报表", "management")}], "full"),
        ("10:12:31", w("何磊", "He Lei"), w("流转", "moved"), w("申请 AP-2026-0398", "Case AP-2026-0398"), [{"label": w("阶段", "Stage"), "old": w("尽调", "due diligence"), "new": w("风险审查", "risk review")}], "full"),
        ("09:15:02", w("周启明", "Zhou Qiming"), w("查看证件号", "revealed"), w("郭振东", "Guo Zhendong"), [{"label": w("事由", "Reason"), "new": w("核对授权书", "to check the mandate")}], "hollow"),
    )  # fmt: skip
    state = {"full": w("已封", "sealed"), "hollow": w("待封", "not yet")}
    return {
        "title": w("审计", "Audit"),
        "head": {
            "title": w("审计", "Audit"),
            "sub": w("谁、何时、把什么从什么改成什么", "Who, when, what, from what to what"),
            "actions": [
                {"label": w("导出", "Export"), "icon": "download", "href": "#"},
                {"label": w("核验", "Verify"), "icon": "shield-check", "post": "#", "style": "primary"},
            ],
        },
        "find": {
            "action": "#",
            "clear_href": "#",
            "fields": [
                {"kind": "link", "name": "who", "label": w("谁", "Who"), "options": [{"value": "1", "label": w("周启明", "Zhou Qiming")}], "placeholder": w("任何人", "anyone")},
                {"kind": "text", "name": "what", "label": w("记录或编号", "Record or number"), "value": ""},
                {"kind": "choice", "name": "verb", "label": w("动作", "Act"), "options": [{"value": "change", "label": w("改动", "changed")}], "placeholder": w("全部", "any")},
                {"kind": "date", "name": "from", "label": w("从", "From"), "value": "2026-06-30"},
                {"kind": "date", "name": "to", "label": w("到", "To"), "value": "2026-06-30"},
                {"kind": "text", "name": "request", "label": w("请求号", "Request number")},
            ],
        },
        "table_title": w("账目", "Entries"),
        "table_sub": w("2026-06-30 · 1,000+", "2026-06-30 · 1,000+"),
        "table": {
            "columns": [
                {"label": w("时间", "Time"), "tight": True},
                {"label": w("谁", "Who"), "identity": True},
                {"label": w("动作", "Act"), "tight": True},
                {"label": w("记录", "Record")},
                {"label": w("变化", "Change"), "explains": True},
                {"label": w("请求号", "Request"), "tight": True},
                {"label": w("封存", "Seal"), "tight": True},
            ],
            "rows": [
                {"cells": [time, {"text": who}, verb, {"kind": "link", "text": record, "href": "#"}, {"kind": "changes", "changes": changes}, {"kind": "mono", "text": "7f31c0a2"}, {"kind": "state", "shape": shape, "text": state[shape]}]}
                for time, who, verb, record, changes, shape in entries
            ],
        },
        "foot": {"text": w("显示 1–4", "1–4"), "pager": {"prev_href": "", "next_href": "#"}},
        "seals": [
            {
                "title": w("封存", "Seals"),
                "sub": w("每小时一次", "hourly"),
                "columns": 1,
                "fields": [
                    {"label": w("最近一封", "Last seal"), "value": {"kind": "seal", "text": "9f2c…41ae", "full": "9f2c77d0b3a1", "href": "#"}},
                    {"label": w("封到", "Covers to"), "value": {"kind": "datetime", "text": "2026-06-30 10:00"}},
                    {"label": w("账目", "Entries"), "value": "1,204,418"},
                    {"label": w("上次核验", "Last verified"), "value": {"text": "06-30 02:10", "sub": w("全部一致", "all agree")}},
                ],
            },
            {"kind": "notice", "text": w("库外副本 3 处，最近一次 06-30 10:01。", "3 copies elsewhere, last at 10:01.")},
        ],
    }  # fmt: skip


def jobs(w: Words, shell: Shell) -> dict[str, Any]:
    """What the machine does."""
    _admin(w, shell, 4)
    runs = (
        (w("夜间跑批 06-30", "Nightly run 06-30"), "half", w("运行", "running"), {"kind": "progress", "used": 62, "text": "62%"}, "02:00", "", 1),
        (w("还款提醒", "Reminders"), "full", w("完成", "done"), "31 / 31", "01:30", "4.2 s", 1),
        (w("签署回调 AP-2026-0377", "Signing callback"), "waiting", w("等待重试", "retry at 10:50"), "", "10:40", "", 2),
        (w("征信查询", "Bureau query"), "refused", w("已搁置", "parked"), "", "09:12", "", 5),
    )  # fmt: skip
    return {
        "title": w("作业", "Jobs"),
        "head": {"title": w("作业", "Jobs"), "sub": w("1 运行 · 1 等待 · 1 搁置", "1 running · 1 waiting · 1 parked")},
        "tabs": [{"label": w("运行", "Runs"), "href": "#", "current": True}, {"label": w("计划", "Schedules"), "count": 9, "href": "#"}, {"label": w("搁置", "Parked"), "count": 1, "href": "#"}],
        "main": [
            {
                "kind": "table",
                "title": w("最近", "Recent"),
                "table": {
                    "columns": [{"label": w("作业", "Job"), "identity": True}, {"label": w("状态", "State")}, {"label": w("进度", "Progress")}, {"label": w("开始", "Began"), "align": "end"}, {"label": w("用时", "Took"), "align": "end"}, {"label": w("次数", "Attempt"), "align": "end"}, {"label": "", "tight": True}],
                    "rows": [
                        {"href": "#", "cells": [{"text": title}, {"kind": "state", "shape": shape, "text": text}, progress, at_, took or None, str(n), {"actions": [{"label": w("再试", "Retry"), "post": "#"}] if shape == "refused" else []}]}
                        for title, shape, text, progress, at_, took, n in runs
                    ],
                },
                "foot": {"pager": {"next_href": "#"}},
            }
        ],
        "side": [
            {"kind": "jobs", "title": w("进行中", "Under way"), "jobs": [{"title": w("夜间跑批 06-30", "Nightly run 06-30"), "share": "62%", "used": 62, "note": w("贷款 6,076 / 9,800 · 约剩 4 分钟 · 可离开，完成后在铃铛里告知", "6,076 of 9,800 loans · about 4 minutes · you may leave")}]}
        ],
    }  # fmt: skip


def mail_sink(w: Words, shell: Shell) -> dict[str, Any]:
    """What the demo would have sent."""
    _admin(w, shell, 9)
    subject = w(
        "[Tenor] 新任务：风险审查 泽远 8,000 万", "[Tenor] New task: risk review, Zeyuan 80 m"
    )
    return {
        "title": w("已发邮件", "Sent mail"),
        "head": {"title": w("已发邮件", "Sent mail"), "sub": w("演示环境：不会真的寄出", "Demo: nothing leaves this machine")},
        "mails": [
            {"title": subject, "text": "zhou.qiming@haiyue.example", "time": "10:02", "href": "#", "current": True},
            {"title": w("[Tenor] 黄色预警：营业收入同比 −23.8%", "[Tenor] Yellow alert: revenue −23.8%"), "text": "lin.xiaowen@haiyue.example", "time": "10:42", "href": "#"},
            {"title": w("[Tenor] 还款提醒：LN-2024-0320", "[Tenor] Reminder: LN-2024-0320"), "text": "finance@jinlan.example", "time": "01:30", "href": "#"},
        ],
        "mail": {
            "subject": subject,
            "from_text": "tenor@haiyue.example",
            "to_text": "zhou.qiming@haiyue.example",
            "time": "2026-06-30 10:02",
            "text": w(
                "周启明：\n\nAP-2026-0412 的 13 件资料已齐，风险审查已派给您，请于 7 月 1 日 17:30 前完成。\n\n为什么是您：制造业，在手 6 件（本部平均 9 件）。\n\n打开：https://tenor.haiyue.example/applications/412",
                "Zhou Qiming,\n\nthe 13 documents of AP-2026-0412 are complete and its risk review is yours, due 1 July 17:30.\n\nWhy you: manufacturing, 6 open (average 9).\n\nOpen: https://tenor.haiyue.example/applications/412",
            ),
        },
    }  # fmt: skip


def settings(w: Words, shell: Shell) -> dict[str, Any]:
    """The settings of one plugin."""
    _admin(w, shell, 5)
    return {
        "title": w("设置", "Settings"),
        "head": {"title": w("设置", "Settings"), "sub": w("每次改动都记入审计", "Each change is ledgered")},
        "tabs": [{"label": w("系统", "System"), "href": "#"}, {"label": w("申请流程", "Origination"), "href": "#", "current": True}, {"label": w("合同与签署", "Signing"), "href": "#"}],
        "form": {
            "action": "#",
            "sections": [
                {
                    "columns": 1,
                    "title": w("审查期限", "Time for review"),
                    "fields": [
                        {"kind": "integer", "name": "days", "label": w("风险审查", "Risk review"), "value": "2", "unit": w("工作日", "business days"), "help": w("默认 2。过半时提醒一次，到期告知上级。", "2 unless set. One reminder at half time.")},
                        {"kind": "amount", "name": "line", "label": w("双人审批起点", "Two approvers from"), "value": "10,000,000.00", "currency": w("元", "CNY"), "help": w("金额超过此数须两名不同审批人", "Above this, two distinct people approve")},
                        {"kind": "bool", "name": "auto", "label": w("资料齐全时自动派单", "Assign by itself once complete"), "on": True},
                    ],
                }
            ],
            "submit": {"label": w("保存", "Save")},
            "cancel_href": "#",
        },
        "side": [{"kind": "notice", "tone": "warning", "text": w("改动双人审批起点须第二位管理员确认。", "Changing the second needs another administrator.")}],
    }  # fmt: skip


def components(w: Words, shell: Shell) -> dict[str, Any]:
    """The signs, each once."""
    at(shell, -1, w("组件", "Parts"), w("状态与反馈", "Signs"))
    shell["flashes"] = [
        {"tone": "refused", "title": w("没有保存：", "Not saved:"), "text": w("合同与批复不一致，金额 80,000,000.00 ≠ 78,000,000.00。", "the contract differs from the approval: 80,000,000.00 ≠ 78,000,000.00."), "href": "#", "link_label": w("打开批复", "Open the approval")}
    ]  # fmt: skip
    shapes = (
        ("hollow", w("未开始", "not begun")),
        ("half", w("进行中", "running")),
        ("full", w("完成", "done")),
        ("waiting", w("等他人", "waits")),
        ("refused", w("被拒", "refused")),
    )
    ratings = (("A++", "strong"), ("A", "strong"), ("BBB", "middle"), ("CC", "poor"), ("", "none"))
    levels = (w("蓝色", "Blue"), w("黄色", "Yellow"), w("橙色", "Orange"), w("红色", "Red"))
    signs = [
        {"label": w("预警", "Severity"), "value": {"kind": "list", "parts": [{"kind": "severity", "level": n + 1, "text": t} for n, t in enumerate(levels)]}},
        {"label": w("状态", "State"), "value": {"kind": "list", "parts": [{"kind": "state", "shape": s, "text": t} for s, t in shapes]}},
        {"label": w("评级", "Rating"), "value": {"kind": "list", "parts": [*({"kind": "rating", "text": t, "band": b} for t, b in ratings), {"kind": "rating", "text": "BB", "band": "middle", "downgraded": True}]}},
        {"label": w("标签", "Tags"), "value": {"kind": "tags", "tags": [{"text": w("优质客户", "Prime"), "source": "derived"}, {"text": w("制造业", "Industry")}, {"text": w("续作跟进", "Renewal"), "source": "person", "note": w("至 09-30", "to 09-30")}, {"text": w("风险较高客户", "High risk"), "source": "risk"}]}},
        {"label": w("封存", "Seal"), "value": {"kind": "list", "parts": [{"kind": "seal", "label": w("已冻结", "Frozen"), "text": "7be3…d05c"}, {"kind": "seal", "label": w("已签署 4 / 4", "Signed 4 / 4"), "text": "c41d…7b90", "href": "#"}]}},
        {"label": w("变化", "Change"), "value": {"kind": "list", "parts": [{"kind": "change", "direction": "up", "text": "9.0%"}, {"kind": "change", "direction": "down", "text": "23.8%", "adverse": True}]}},
        {"label": w("遮盖", "Masked"), "value": {"kind": "masked", "text": "••••", "reveal_href": "#"}},
        {"label": w("未知", "Unknown"), "value": None},
        {"label": w("外币", "Foreign"), "value": {"kind": "money", "currency": "USD", "text": "−1,234.00", "adverse": True}},
    ]  # fmt: skip
    return {
        "title": w("组件", "Parts"),
        "head": {
            "title": w("组件与记号", "Parts and signs"),
            "sub": w("同一记号在每一页只有一个意思", "A sign means one thing on every page"),
            "actions": [
                {"label": w("放款", "Pay out"), "refused": 2},
                {"label": w("停用…", "Disable…"), "style": "danger", "href": "#"},
                {"label": w("退回补充", "Return"), "href": "#"},
                {"label": w("提交审委会", "Submit"), "style": "primary", "href": "#"},
            ],
        },
        "main": [
            {"title": w("记号", "Signs"), "columns": 1, "fields": signs},
            {"kind": "notice", "tone": "warning", "text": w("这家客户在关注名单上。", "This customer is on the watch list.")},
        ],
        "side": [
            {"kind": "empty", "title": w("空列表", "Empty list"), "empty": {"title": w("这里放未匹配到贷款的收款。", "Unmatched receipts wait here."), "text": w("今天 31 笔均已匹配。", "All 31 are matched."), "action": {"label": w("导入银行流水", "Import"), "href": "#"}}},
            {"kind": "later", "title": w("骨架", "Skeleton"), "sub": w("300 ms 后出现", "after 300 ms")},
        ],
    }  # fmt: skip
