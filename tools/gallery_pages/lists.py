"""Lists: customers, and one with nothing in it."""

# ruff: noqa: E501 - a row of data stays one line

from __future__ import annotations

from typing import Any

from tools.gallery_pages.shell import Shell, at
from tools.gallery_pages.words import Words

# name, English, group, rating, downgraded, tag, source, exposure, limit, used, hue, dpd, alert, manager, report
ROWS = (
    ("云岭风电新能源有限公司", "Yunling Wind Power", "北辰新能源", "A", 0, "在建项目", "fact", "31,500", "45,000", 70.0, "blue", "", 0, "林晓雯", "2026-05"),
    ("盛川重工股份有限公司", "Shengchuan Heavy Industry", "盛川集团", "A", 1, "", "", "31,200", "36,000", 86.7, "yellow", "", 3, "钱一鸣", "2026-06"),
    ("临海海风一期发电有限公司", "Linhai Offshore I", "北辰新能源", "A+", 0, "运营项目", "fact", "28,600", "32,000", 89.4, "yellow", "", 1, "林晓雯", "2026-06"),
    ("盛川国际贸易有限公司", "Shengchuan Trading", "盛川集团", "A", 0, "", "", "18,400", "20,000", 92.0, "orange", "", 2, "钱一鸣", "2026-03"),
    ("澄江水务集团有限公司", "Chengjiang Water", "", "A++", 0, "优质客户", "derived", "16,500", "30,000", 55.0, "", "", 0, "林晓雯", "2026-06"),
    ("东岭特种钢有限公司", "Dongling Special Steel", "", "A", 0, "", "", "15,800", "18,000", 87.8, "yellow", "", 2, "赵若兰", "2026-03"),
    ("泽远精密制造股份有限公司", "Zeyuan Precision", "", "A+", 0, "优质客户", "derived", "14,000", "17,800", 78.7, "blue", "", 2, "林晓雯", "2026-03"),
    ("盛川物流有限公司", "Shengchuan Logistics", "盛川集团", "A", 0, "", "", "13,200", "15,000", 88.0, "yellow", "", 0, "钱一鸣", "2026-03"),
    ("云州宏远建材有限公司", "Hongyuan Materials", "", "A", 1, "风险较高客户", "risk", "12,750", "13,000", 98.1, "orange", "6", 3, "赵若兰", "2026-03"),
    ("镜远新材料科技（云州）有限公司", "Linyuan New Materials", "", "A+", 0, "专精特新", "fact", "12,300", "16,000", 76.9, "blue", "", 0, "林晓雯", "2026-06"),
    ("云州轨道交通装备有限公司", "Yunzhou Rail Equipment", "", "A+", 0, "优质客户", "derived", "11,900", "20,000", 59.5, "", "", 0, "赵若兰", "2026-06"),
    ("青禾现代农业发展有限公司", "Qinghe Agriculture", "", "A", 0, "", "", "11,260", "12,000", 93.8, "orange", "", 2, "林晓雯", "2026-03"),
    ("瑞和医药流通有限公司", "Ruihe Pharma", "", "A", 0, "", "", "10,980", "15,000", 73.2, "blue", "", 1, "钱一鸣", "2026-03"),
    ("北川电子元件有限公司", "Beichuan Electronics", "", "A+", 0, "专精特新", "fact", "10,750", "14,000", 76.8, "blue", "", 0, "林晓雯", "2026-06"),
    ("临海泰合商贸有限公司", "Taihe Trading", "", "A", 1, "提款频繁", "risk", "10,340", "11,000", 94.0, "orange", "3", 2, "林晓雯", "2026-03"),
    ("云州港务股份有限公司", "Yunzhou Port", "", "A+", 0, "优质客户", "derived", "10,120", "26,000", 38.9, "", "", 0, "赵若兰", "2026-06"),
    ("华亭精细化工有限公司", "Huating Chemicals", "", "A", 0, "", "", "10,050", "12,500", 80.4, "yellow", "", 2, "赵若兰", "2026-03"),
)  # fmt: skip
SEVERITIES = (("", ""), ("蓝色", "Blue"), ("黄色", "Yellow"), ("橙色", "Orange"), ("红色", "Red"))
TAGS = {
    "在建项目": "Building",
    "运营项目": "Operating",
    "优质客户": "Prime",
    "风险较高客户": "High risk",
    "专精特新": "Specialised",
    "提款频繁": "Many draws",
}


def _row(w: Words, n: int, row: tuple[Any, ...]) -> dict[str, Any]:
    (zh, en, group, rating, down, tag, source, exposure, limit, used, hue, dpd, alert, who, on) = (
        row
    )
    return {
        "href": "#",
        "choose": str(n),
        "label": w(zh, en),
        "overdue": bool(dpd),
        "cells": [
            {"text": w(zh, en), "sub": w(group, "") if group else ""},
            {"kind": "rating", "text": rating, "downgraded": bool(down)},
            {"kind": "tags", "tags": [{"text": w(tag, TAGS[tag]), "source": source}]}
            if tag
            else "",
            {"kind": "money", "text": exposure, "strong": True},
            {"kind": "money", "text": limit},
            {"kind": "ruler", "used": used, "hue": hue, "text": f"{used}%", "lines": [70, 80]},
            {"text": w(f"{dpd} 天", f"{dpd} days"), "adverse": True, "strong": True}
            if dpd
            else None,
            {"kind": "severity", "level": alert, "text": w(*SEVERITIES[alert]), "mark_only": True}
            if alert
            else "",
            who
            if w.lang == "zh"
            else {"林晓雯": "Lin X.", "钱一鸣": "Qian Y."}.get(who, "Zhao R."),
            {"kind": "date", "text": on},
        ],
    }


def _columns(w: Words) -> list[dict[str, Any]]:
    unit = w("万元", "10k")
    return [
        {"label": w("客户", "Customer"), "identity": True, "href_sort": "#"},
        {"label": w("评级", "Rating"), "href_sort": "#"},
        {"label": w("标签", "Tags")},
        {
            "label": w("敞口含在途", "Exposure"),
            "unit": unit,
            "align": "end",
            "href_sort": "#",
            "sorted": "desc",
        },
        {"label": w("额度", "Limit"), "unit": unit, "align": "end", "href_sort": "#"},
        {"label": w("使用率", "Used")},
        {"label": w("最差逾期", "Worst overdue"), "align": "end"},
        {"label": w("预警", "Alert")},
        {"label": w("客户经理", "Manager")},
        {"label": w("报表", "Report"), "align": "end"},
    ]


def _facets(w: Words) -> list[dict[str, Any]]:
    ratings = (
        ("A++", 41),
        ("A+", 188),
        ("A", 402),
        ("BBB", 317),
        (w("BB 及以下", "BB and below"), 96),
    )
    return [
        {
            "key": "rating",
            "label": w("评级", "Rating"),
            "options": [{"label": label, "count": n, "href": "#"} for label, n in ratings],
            "more": {"href": "#"},
        },
        {
            "key": "alert",
            "label": w("预警", "Alert"),
            "options": [
                {"label": w(*SEVERITIES[level]), "level": level, "count": n, "href": "#"}
                for level, n in ((4, 2), (3, 9), (2, 31), (1, 58))
            ],
        },
        {
            "key": "tag",
            "label": w("标签", "Tags"),
            "options": [
                {"label": w("优质客户", "Prime"), "count": 173, "href": "#", "on": True},
                {"label": w("风险较高客户", "High risk"), "count": 22, "href": "#"},
                {"label": w("专精特新", "Specialised"), "count": 88, "href": "#"},
            ],
        },
        {
            "key": "reported",
            "label": w("最近报表", "Last report"),
            "range": {"action": "#", "from_name": "from", "to_name": "to"},
        },
    ]


def customers(w: Words, shell: Shell) -> dict[str, Any]:
    """The customers of more than one hundred million."""
    at(
        shell,
        1,
        w("客户", "Clients"),
        w("名单", "List"),
        w("集团与关联方", "Groups"),
        w("标签规则", "Tag rules"),
        w("财务报表导入", "Import"),
    )
    return {
        "title": w("客户", "Clients"),
        "head": {
            "title": w("客户", "Clients"),
            "sub": w("1,000+ 户 · 仅含您可见的数据", "1,000+ · only what you may see"),
            "actions": [
                {"label": w("导出", "Export"), "icon": "download", "href": "#"},
                {"label": w("导入", "Import"), "icon": "table-import", "href": "#"},
                {
                    "label": w("新建客户", "New client"),
                    "icon": "plus",
                    "style": "primary",
                    "href": "#",
                },
            ],
        },
        "saved": [
            {"label": w("全部", "All"), "href": "#"},
            {"label": w("我主办的", "Mine"), "count": 86, "href": "#"},
            {"label": w("敞口过亿", "Over 100 m"), "count": 23, "href": "#", "current": True},
            {"label": w("7 月到期重检", "Due in July"), "count": 11, "href": "#"},
            {
                "label": w("分行关注名单", "Branch watch list"),
                "count": 40,
                "href": "#",
                "icon": "users",
            },
        ],
        "search": {
            "action": "#",
            "placeholder": w("名称、拼音首字母、代码", "Name, initials, code"),
        },
        "facets": _facets(w),
        "chips": [
            {"label": w("敞口 ≥ 1 亿", "Exposure ≥ 100 m"), "href": "#"},
            {"label": w("在贷", "Has loans"), "href": "#"},
        ],
        "clear_href": "#",
        "sorts": {
            "text": w("敞口 ↓", "exposure ↓"),
            "options": [{"label": w("敞口，大到小", "Exposure"), "href": "#", "current": True}],
        },
        "columns": {
            "action": "#",
            "options": [{"value": "rating", "label": w("评级", "Rating"), "on": True}],
        },
        "views": [
            {"label": w("表", "Table"), "href": "#", "current": True},
            {"label": w("板", "Board"), "href": "#"},
        ],
        "table": {
            "caption": w("客户名单", "List of clients"),
            "choose": {
                "action": "#",
                "actions": [
                    {"label": w("加标签…", "Add tag…"), "value": "tag"},
                    {"label": w("移交…", "Hand over…"), "value": "hand-over"},
                ],
                "note": w(
                    "“移交”将拒绝 1 户：盛川物流 有未结审查", "Hand over refuses 1: open review"
                ),
            },
            "columns": _columns(w),
            "rows": [_row(w, n, row) for n, row in enumerate(ROWS)],
        },
        "foot": {
            "text": w("显示 1–17，共 23", "1–17 of 23"),
            "sum": {
                "label": w("本页敞口", "Exposure here"),
                "value": {"kind": "money", "text": "26.97", "unit": w("亿元", "CNY 100 m")},
            },
            "pager": {"prev_href": "", "next_href": "#"},
        },
    }


def empty(w: Words, shell: Shell) -> dict[str, Any]:
    """A list that says what belongs in it."""
    at(shell, 3, w("贷款", "Loans"), w("台账", "Ledger"), w("收款匹配", "Receipts"), current=1)
    shell["banners"] = [
        {
            "tone": "failed",
            "title": w("安全模式", "Safe mode"),
            "text": w(
                "只加载核心插件；2 个插件启动失败。",
                "Only the core plugins are loaded; 2 failed to start.",
            ),
            "actions": [{"label": w("查看插件", "See plugins"), "href": "#"}],
        }
    ]
    return {
        "title": w("收款匹配", "Receipts"),
        "head": {"title": w("收款匹配", "Receipts"), "sub": w("0 笔未匹配", "0 unmatched")},
        "table": {
            "columns": [],
            "rows": [],
            "empty": {
                "title": w("这里放未匹配到贷款的收款。", "Receipts that no loan claims wait here."),
                "text": w(
                    "今天 31 笔均已匹配，最近一次核对 14:05。",
                    "All 31 of today are matched; last checked 14:05.",
                ),
                "action": {"label": w("导入银行流水", "Import a bank statement"), "href": "#"},
            },
        },
    }
