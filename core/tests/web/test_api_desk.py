"""What a program finds on its person's desk, and what plugins compute for it: the same words and figures as a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tenor.jobs.notices import JOB_PARKED
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor.workflow.notices import TASK
from tenor_sdk import Amount
from tenor_sdk.i18n import _
from tenor_sdk.notify import notify
from tenor_sdk.testing import as_actor

pytestmark = pytest.mark.both_databases
Ask = Callable[..., Any]


@pytest.fixture
def ask(app: Flask, institution: Kernel) -> Ask:
    """What the API answers somebody."""
    client: FlaskClient = app.test_client()

    def ask(login: str, method: str, path: str, body: Any = None, language: str = "zh-CN") -> Any:
        token = institution.identity.create_token(actor_of(institution, login), "test")
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        return client.open(f"/api/v1{path}", method=method, json=body, headers=headers)

    return ask


@pytest.fixture
def told(institution: Kernel, box: Any) -> int:
    """Lin is told of a box of hers; its id."""
    from tenor_vault.records import Box

    identity: int = box()
    with as_actor(institution, "ding.ning") as ctx:
        notify(ctx, [1], _("Sealed"), about=Box(id=identity))
    return identity


def test_a_task_is_said_in_the_persons_language_with_what_it_is_about(ask: Ask) -> None:
    made = ask("lin.xiaowen", "POST", "/errands/errand", {"subject": "a"}).json
    (task,) = ask("lin.xiaowen", "GET", "/tasks").json["items"]
    assert task["title"] == "去跑一趟"
    assert (task["name"], task["mine"]) == (made["number"], True)
    assert task["_href"] == f"/api/v1/errands/errand/{made['id']}"
    english = ask("lin.xiaowen", "GET", "/tasks", language="en").json["items"][0]
    assert english["title"] == "Run the errand"


def test_what_somebody_was_told_is_read_by_them_alone(ask: Ask, told: int) -> None:
    inbox = ask("lin.xiaowen", "GET", "/inbox").json
    (notice,) = inbox["items"]
    assert (inbox["unread"], notice["read"], notice["about"]) == (1, False, "BOX-001")
    assert notice["_href"] == f"/api/v1/vault/box/{told}"
    assert ask("shen.bai", "GET", "/inbox").json == {"items": [], "unread": 0}
    assert ask("shen.bai", "POST", f"/inbox/{notice['id']}/read", {}).status_code == 404
    assert ask("lin.xiaowen", "POST", f"/inbox/{notice['id']}/read", {}).status_code == 200
    assert ask("lin.xiaowen", "GET", "/inbox").json["unread"] == 0
    assert ask("lin.xiaowen", "GET", "/inbox?unread=true").json["items"] == []


def test_the_inbox_goes_on_before_a_notice_and_nowhere_else(ask: Ask, told: int) -> None:
    notice = ask("lin.xiaowen", "GET", "/inbox").json["items"][0]
    assert ask("lin.xiaowen", "GET", f"/inbox?before={notice['id']}").json["items"] == []
    for wrong in ("-1", "now", "9" * 30):
        answer = ask("lin.xiaowen", "GET", f"/inbox?before={wrong}")
        assert answer.json["errors"]["before"]["key"] == "not-a-whole-number", wrong


def test_what_plugins_compute_about_a_record_is_given_in_exact_figures(
    ask: Ask, box: Any, institution: Kernel
) -> None:
    from tenor_vault.records import Box, Item

    identity = box(value=Amount.of("1000.50"))
    with as_actor(institution, "lin.xiaowen") as ctx:
        ctx.session.get_one(Box, identity).items = [Item(what="ring", worth=Amount.of("99.90"))]
    worth, _broken = ask("lin.xiaowen", "GET", f"/vault/box/{identity}/panels").json["items"][:2]
    table, facts = worth["parts"]
    assert [one["kind"] for one in table["columns"]] == ["text", "money", "percent", "points"]
    (row,) = table["rows"]
    assert [cell["value"] for cell in row] == ["ring", "99.90", "0.5", [7, 10]]
    assert (row[0]["note"], row[1]["tone"]) == ("noted", "adverse")
    assert [one["value"] for one in facts["rows"]] == ["1000.50", "99.90"]


def test_a_panel_that_fails_costs_its_own_part_only(
    ask: Ask, box: Any, faults: list[BaseException]
) -> None:
    identity = box(name="break")
    panels = ask("lin.xiaowen", "GET", f"/vault/box/{identity}/panels").json["items"]
    assert [panel.get("failed", False) for panel in panels] == [False, False, True]
    assert isinstance(faults.pop(), ZeroDivisionError)


def test_panels_of_what_somebody_cant_read_arent_found(ask: Ask, box: Any) -> None:
    assert ask("shen.bai", "GET", f"/vault/box/{box()}/panels").status_code == 404


def test_a_preview_says_what_would_happen_and_does_nothing(ask: Ask, box: Any) -> None:
    path = f"/vault/box/{box(value=Amount.of('5'))}"
    wanted = {"value": "7.25", "why": "gold"}
    (facts,) = ask("lin.xiaowen", "POST", f"{path}/actions/revalue/preview", wanted).json["items"]
    assert [row["value"] for row in facts["rows"]] == ["5.00", "7.25"]
    assert ask("lin.xiaowen", "GET", path).json["value"] == "5.00"


def test_a_preview_is_refused_like_its_action(ask: Ask, box: Any) -> None:
    path = f"/vault/box/{box()}/actions"
    wrong = ask("lin.xiaowen", "POST", f"{path}/revalue/preview", {"value": "0", "why": "x"})
    assert wrong.json["errors"]["value"]["key"] == "too-small"
    assert ask("lin.xiaowen", "POST", f"{path}/open/preview", {}).status_code == 404
    assert ask("shen.bai", "POST", f"{path}/revalue/preview", {}).status_code == 404


def test_a_program_reads_and_changes_its_persons_choices(ask: Ask) -> None:
    read = ask("lin.xiaowen", "GET", "/me/notices").json
    (task,) = [one for one in read["choices"] if one["kind"] == TASK.key]
    assert (task["channel"], task["way"], task["fixed"]) == ("mail", "at-once", False)
    given = {
        "choices": [{"kind": TASK.key, "channel": "mail", "way": "none"}],
        "quiet": {"from": "22:00", "until": "07:00"},
    }
    changed = ask("lin.xiaowen", "PATCH", "/me/notices", given).json
    assert changed["quiet"] == {"from": "22:00", "until": "07:00"}
    (task,) = [one for one in changed["choices"] if one["kind"] == TASK.key]
    assert task["way"] == "none"


def test_a_program_is_told_what_is_wrong(ask: Ask) -> None:
    wrong: list[dict[str, Any]] = [
        {"choices": {}}, {"choices": [{"kind": 1}]}, {"quiet": {"from": 1}}, {"more": 1},
    ]  # fmt: skip
    for given in wrong:
        assert ask("lin.xiaowen", "PATCH", "/me/notices", given).status_code == 422
    fixed = {"choices": [{"kind": JOB_PARKED.key, "channel": "mail", "way": "none"}]}
    assert ask("lin.xiaowen", "PATCH", "/me/notices", fixed).status_code == 409
