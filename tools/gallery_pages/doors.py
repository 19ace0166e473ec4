"""Pages before the work: sign-in, errors, a question."""

from __future__ import annotations

from typing import Any

from tools.gallery_pages.shell import Shell, at
from tools.gallery_pages.words import Words


def _door(w: Words, shell: Shell) -> dict[str, Any]:
    shell["person"] = None
    return {
        "institution": w("海岳商业银行 · 公司信贷", "Haiyue Commercial Bank · Corporate lending"),
        "action": "/sign-in",
        "languages": shell["languages"],
        "languages_action": "/language",
        "demo": w("演示数据 · 营业日 2026-06-30", "Demo data · business date 2026-06-30"),
    }


def sign_in(w: Words, shell: Shell) -> dict[str, Any]:
    """The first step."""
    fields = [
        {
            "name": "name",
            "label": w("工号", "Staff name"),
            "value": "zhou.qiming",
            "autocomplete": "username",
            "autofocus": True,
            "required": True,
        },
        {
            "name": "password",
            "kind": "password",
            "label": w("密码", "Password"),
            "value": "",
            "required": True,
        },
    ]
    single = [{"label": w("用行内统一身份登录", "Use the bank's single sign-on"), "href": "#"}]
    text = w(
        "下一步需要动态验证码（TOTP）。连续 5 次不成功将锁定 15 分钟。",
        "Next comes your authenticator's code. After 5 failed attempts you wait 15 minutes.",
    )
    return {"sign_in": _door(w, shell) | {"fields": fields, "single": single, "help": text}}


def sign_in_code(w: Words, shell: Shell) -> dict[str, Any]:
    """The second step, after a wrong code."""
    field = {
        "name": "code",
        "label": w("动态验证码", "Code of your authenticator"),
        "inputmode": "numeric",
        "autocomplete": "one-time-code",
        "max_length": 6,
        "required": True,
        "error": w("验证码不对或已过期，还可试 4 次。", "Wrong or expired; 4 attempts left."),
    }
    return {"sign_in": _door(w, shell) | {"step": "code", "fields": [field], "last_step": True}}


def _fault(w: Words) -> dict[str, Any]:
    return {
        "status": "404",
        "title": w("没有找到这份申请", "This application can't be found"),
        "text": w(
            "地址可能有误，或者它不在您可见的范围内。",
            "The address may be wrong, or the record isn't among those you may see.",
        ),
        "points": [
            w("核对编号，例如 AP-2026-0412", "Check the number, for instance AP-2026-0412"),
            w("用搜索（Ctrl K）按客户名称查找", "Search for the customer's name (Ctrl K)"),
            w("需要权限时，联系本机构管理员", "Ask your administrator if you need access"),
        ],
        "actions": [
            {"label": w("回到我的工作", "Back to my work"), "href": "#", "style": "primary"},
            {"label": w("申请列表", "List of applications"), "href": "#"},
        ],
        "request_id": "7f31c0a2",
        "time": "2026-06-30 10:42",
    }


def error(w: Words, shell: Shell) -> dict[str, Any]:
    """Not found, for somebody who is signed in."""
    at(shell, 2, w("申请", "Applications"))
    return {"error": _fault(w)}


def error_bare(w: Words, shell: Shell) -> dict[str, Any]:
    """The same without a shell."""
    shell["person"] = None
    return {"error": _fault(w)}


def confirm(w: Words, shell: Shell) -> dict[str, Any]:
    """Before a plugin is disabled."""
    at(
        shell,
        -1,
        w("管理", "Admin"),
        w("用户与角色", "Users and roles"),
        w("插件", "Plugins"),
        current=1,
    )
    return {
        "title": w("停用插件", "Disable a plugin"),
        "confirm": {
            "title": w("停用插件「催收」", "Disable the plugin “Collections”"),
            "text": w(
                "停用后页面与接口消失，数据保留。受影响：",
                "Its pages and API go away, its data stays. What this touches:",
            ),
            "points": [
                {"count": 24, "text": w("个在办案件转为只读", "open cases become read-only")},
                {
                    "count": 3,
                    "text": w(
                        "个定时作业停止，含今晚 02:00 的提醒",
                        "scheduled jobs stop, tonight's 02:00 reminders among them",
                    ),
                },
                w(
                    "“逾期移交”规则失去动作，将报警",
                    "The rule “Hand over when overdue” loses its action and will raise an alert",
                ),
            ],
            "action": "#",
            "type_name": "collections",
            "label": w("停用", "Disable"),
            "danger": True,
            "cancel_href": "#",
            "cancel_label": w("不停用", "Keep it"),
        },
    }
