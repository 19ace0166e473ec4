"""What stands around every page."""

from __future__ import annotations

from typing import Any

from tools.gallery_pages.words import Words

Shell = dict[str, Any]

APPS = (
    ("工作", "Work", "home", 5),
    ("客户", "Clients", "building-factory-2", 0),
    ("申请", "Cases", "file-text", 2),
    ("贷款", "Loans", "cash-banknote", 0),
    ("担保", "Security", "shield-half", 0),
    ("预警", "Alerts", "activity", 3),
    ("组合", "Portfolio", "layout-board-split", 0),
    ("催收", "Collect", "phone-outgoing", 0),
    ("保全", "NPL", "scale", 0),
    ("审委", "Panel", "gavel", 0),
)


def shell_for(w: Words, theme: str) -> Shell:
    """The shell of somebody at work on the last day of June."""
    return {
        "lang": w.tag,
        "theme": theme,
        "density": "",
        "institution": w("海岳商业银行", "Haiyue Commercial Bank"),
        "home_href": "#",
        "next": "/",
        "preferences_action": "/me/preferences",
        "apps": [
            {"label": w(zh, en), "icon": icon, "href": "#", "count": count}
            for zh, en, icon, count in APPS
        ],
        "apps_foot": [{"label": w("管理", "Admin"), "icon": "adjustments-horizontal", "href": "#"}],
        "app": None,
        "search": {
            "action": "/search",
            "placeholder": w("搜索客户、合同、操作", "Search or jump to…"),
        },
        "date": {
            "text": "2026-06-30",
            "iso": "2026-06-30",
            "action": "/date",
            "note": w("下一个工作日 7 月 1 日", "Next business day 1 July"),
        },
        "units": [
            {"label": w("元", "CNY"), "value": "one", "current": False},
            {"label": w("万元", "10k"), "value": "ten-thousand", "current": True},
        ],
        "bell": {"count": 3, "href": "#", "poll_href": ""},
        "languages": [
            {"label": "简体中文", "value": "zh", "lang": "zh-CN", "current": w.lang == "zh"},
            {"label": "English", "value": "en", "lang": "en", "current": w.lang == "en"},
        ],
        "person": {
            "name": w("周启明", "Zhou Qiming"),
            "initials": w("启明", "ZQ"),
            "role": w("风险经理", "Risk manager"),
            "unit": w("风险管理部", "Risk department"),
            "links": [{"label": w("我的设置", "My settings"), "icon": "settings", "href": "#"}],
            "sign_out_action": "/sign-out",
        },
        "banners": [],
        "flashes": [],
        "print": {
            "dates": w("截至 2026-06-30", "as of 2026-06-30"),
            "by": w("周启明 打印", "printed by Zhou Qiming"),
        },
    }


def at(shell: Shell, app: int, title: str, *menus: str, current: int = 0) -> None:
    """Mark where the page is: the app in the rail, its menus in the top bar."""
    if app >= 0:
        shell["apps"][app]["current"] = True
    else:
        shell["apps_foot"][0]["current"] = True
    shell["app"] = {
        "label": title,
        "menus": [
            {"label": label, "href": "#", "current": n == current} for n, label in enumerate(menus)
        ],
    }
