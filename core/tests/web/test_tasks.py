"""The inbox of tasks in a browser and over the API: what is before somebody, and what they do with it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from core.tests.workflow.standing_in import give
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor.workflow.records import Task
from tenor_sdk.testing import make_user

pytestmark = pytest.mark.both_databases
LIN, MEI = "lin.xiaowen", "mei"
Ask = Callable[..., Any]


@pytest.fixture
def ask(app: Flask, institution: Kernel) -> Ask:
    """What the API answers somebody."""
    client: FlaskClient = app.test_client()

    def ask(login: str, method: str, path: str, body: Any = None) -> Any:
        token = institution.identity.create_token(actor_of(institution, login), "test")
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        return client.open(f"/api/v1{path}", method=method, json=body, headers=headers)

    return ask


@pytest.fixture
def mei(institution: Kernel) -> int:
    """A colleague of 林晓雯's; her id."""
    make_user(institution, MEI, positions=[("relationship-manager", "YZ")], unit="YZ")
    return actor_of(institution, MEI).id


@pytest.fixture
def errand(ask: Ask) -> int:
    """A task of 林晓雯's; its id."""
    ask(LIN, "POST", "/errands/errand", {"subject": "to the notary"})
    (task,) = ask(LIN, "GET", "/tasks").json["items"]
    return int(task["id"])


def ids(ask: Ask, login: str, shelf: str = "before") -> list[int]:
    return [one["id"] for one in ask(login, "GET", f"/tasks?shelf={shelf}").json["items"]]


# -- in a browser -----------------------------------------------------------------------------------------------------


def test_the_page_shows_what_is_before_somebody_and_leads_on(person: Any, errand: int) -> None:
    page = person(LIN).get("/tasks")
    for words in ("去跑一趟", "经办人", "待我办理", "推迟", "我移交的", f"/base/task/{errand}"):
        assert words in page, words
    for shelf in ("mine", "units", "snoozed", "handed", "nonsense"):
        person(LIN).get(f"/tasks?shelf={shelf}")
    person(LIN).get("/tasks?after=nonsense", 422)


def test_the_page_of_a_task_says_what_why_and_about_what(person: Any, errand: int) -> None:
    page = person(LIN).get(f"/base/task/{errand}")
    assert re.search(r"<h1[^>]*>去跑一趟：", page)
    for words in ("去跑一趟", "经办人", "所涉业务", "移交", "推迟", "评论"):
        assert words in page, words
    person("shen.bai").get(f"/base/task/{errand}", 404)


def test_a_task_is_handed_over_and_taken_back_by_buttons(
    person: Any, errand: int, mei: int, ask: Ask
) -> None:
    lin = person(LIN)
    form = f"/base/task/{errand}/actions/hand-over"
    lin.press(form, form, taker=str(mei), reason="on leave")
    assert (ids(ask, LIN), ids(ask, MEI), ids(ask, LIN, "handed")) == ([], [errand], [errand])
    assert MEI in lin.get("/tasks?shelf=handed")
    back = f"/base/task/{errand}/actions/take-back"
    lin.press(f"/base/task/{errand}", back)
    assert (ids(ask, LIN), ids(ask, MEI)) == ([errand], [])


def test_what_was_done_with_a_task_stands_on_its_page_and_on_the_records_by_name(
    person: Any, errand: int, mei: int
) -> None:
    lin = person(LIN)
    form = f"/base/task/{errand}/actions/hand-over"
    lin.press(form, form, taker=str(mei), reason="on leave")
    assert "已完成：移交" in lin.get("/tasks")
    for path in (f"/base/task/{errand}", "/errands/errand/1"):
        said = words(lin.get(path))
        assert "移交任务" in said
        assert "任务 去跑一趟" in said
        assert "原办理人 林晓雯 接办人 mei" in said


def test_who_stands_in_has_the_page_of_the_others_task(
    person: Any, errand: int, mei: int, institution: Kernel
) -> None:
    assert mei
    give(institution, LIN, MEI, "relationship-manager")
    form = f"/base/task/{errand}/actions/snooze"
    tomorrow = institution.clock.today() + timedelta(days=1)
    person(MEI).press(form, form, until=tomorrow.isoformat())
    assert f"{tomorrow.isoformat()} 再次显示" in person(LIN).get("/tasks?shelf=snoozed")
    back = f"/base/task/{errand}/actions/wake"
    person(MEI).press(f"/base/task/{errand}", back)
    assert f"/base/task/{errand}" in person(LIN).get("/tasks")


def test_a_task_calls_what_it_is_about_as_its_page_does(person: Any, ask: Ask) -> None:
    drafted = {"workflow": "errands.errand", "effective_from": "2026-07-01", "purpose": "Shorter"}
    ask("zhou.qiming", "POST", "/base/task-rule-version/actions/draft", drafted)
    (task,) = ids(ask, "zhou.qiming")
    said = words(person("zhou.qiming").get(f"/base/task/{task}"))
    assert "完成任务规则：跑腿，自 2026-07-01 起" in said
    assert "类型 记录 任务规则 跑腿，自 2026-07-01 起" in said


def words(page: str) -> str:
    """What a page says, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_who_may_not_do_it_is_refused_beside_the_form(
    person: Any, errand: int, institution: Kernel
) -> None:
    lin = person(LIN)
    form = f"/base/task/{errand}/actions/hand-over"
    xu = actor_of(institution, "xu.min").id
    answer = lin.press(form, form, 422, taker=str(xu))
    assert "对方不能接手此任务" in answer.text


def test_everything_is_handed_over_after_a_look_at_what_goes_where(
    person: Any, errand: int, mei: int, institution: Kernel, ask: Ask
) -> None:
    ask(LIN, "POST", "/errands/errand", {"subject": "to the court"})
    lin, me = person(LIN), actor_of(institution, LIN).id
    form = f"/base/user/{me}/actions/hand-over-tasks"
    preview = lin.press(form, form, 200, taker=str(mei), reason="moves to another branch")
    assert preview.text.count("去跑一趟") == 2
    assert ids(ask, MEI) == []
    lin.send(form, lin.read(preview.text, form))
    assert (len(ids(ask, MEI)), ids(ask, LIN)) == (2, [])


def test_others_tasks_are_handed_over_by_supervisors_alone(
    person: Any, errand: int, mei: int, institution: Kernel
) -> None:
    me = actor_of(institution, LIN).id
    form = f"/base/user/{me}/actions/hand-over-tasks"
    person("ding.ning").get(form)
    person("shen.bai").get(form, 422)


# -- over the API -----------------------------------------------------------------------------------------------------


def test_a_program_puts_off_and_comments(
    ask: Ask, person: Any, errand: int, institution: Kernel
) -> None:
    tomorrow = institution.clock.today() + timedelta(days=1)
    path = f"/base/task/{errand}/actions"
    assert ask(LIN, "POST", f"{path}/snooze", {"until": tomorrow.isoformat()}).status_code == 200
    assert (ids(ask, LIN), ids(ask, LIN, "snoozed")) == ([], [errand])
    assert f"{tomorrow.isoformat()} 再次显示" in person(LIN).get("/tasks?shelf=snoozed")
    wrong = ask(LIN, "POST", f"{path}/snooze", {"until": date(2020, 1, 1).isoformat()})
    assert wrong.status_code == 422
    assert ask(LIN, "POST", f"{path}/comment", {"text": "the notary is shut"}).status_code == 200
    assert ask("shen.bai", "POST", f"{path}/comment", {"text": "x"}).status_code == 404
    said = ask(LIN, "POST", f"{path}/comment", {"text": "@song.qing"}).json["told"]
    assert said == "Said. 宋清 can’t see this record and wasn’t told."


def test_a_preview_over_the_api_says_what_would_stay_and_why(
    ask: Ask, errand: int, institution: Kernel
) -> None:
    me, xu = actor_of(institution, LIN).id, actor_of(institution, "xu.min").id
    asked = {"taker": xu, "reason": "x"}
    (table,) = ask(LIN, "POST", f"/base/user/{me}/actions/hand-over-tasks/preview", asked).json[
        "items"
    ]
    assert "May not do it on this record" in str(table)


def test_pages_over_the_api(ask: Ask, errand: int) -> None:
    for _ in range(4):
        ask(LIN, "POST", "/errands/errand", {"subject": "more"})
    found: list[list[int]] = []
    after: Any = ""
    while after is not None:
        page = ask(LIN, "GET", f"/tasks?size=2&after={after}").json
        found.append([one["id"] for one in page["items"]])
        after = page["next"]
    assert [len(one) for one in found] == [2, 2, 1]
    assert len({identity for one in found for identity in one}) == 5
    for wrong in ("size=0", "size=x", "shelf=none", "after=x"):
        assert ask(LIN, "GET", f"/tasks?{wrong}").status_code == 422


def test_the_page_takes_as_many_statements_for_many_tasks_as_for_few(
    person: Any, ask: Ask, errand: int, statements: list[str], institution: Kernel
) -> None:
    lin = person(LIN)
    lin.get("/tasks")
    statements.clear()
    lin.get("/tasks")
    few = len(statements)
    for _ in range(60):
        ask(LIN, "POST", "/errands/errand", {"subject": "more"})
    lin.get("/tasks")
    statements.clear()
    page = lin.get("/tasks")
    assert len(statements) == few
    assert page.count("/base/task/") == 50
    assert "after=" in page
    with institution.db.raw(write=False) as connection:
        assert len(list(connection.execute(Task.__table__.select()))) == 61


def test_a_shelf_is_a_calendar_of_its_deadlines_too(
    person: Any, errand: int, mei: int, institution: Kernel
) -> None:
    assert mei
    zone = institution.clock.zone
    with institution.db.raw() as connection:
        midnight = datetime(2026, 6, 30, tzinfo=zone)
        connection.execute(update(Task.__table__).values(due_at=midnight))
    page = person(LIN).get("/tasks?look=calendar")
    day = page.partition('<time datetime="2026-06-30">')[2].partition("</td>")[0]
    assert "00:00" in day
    assert "去跑一趟" in day
    assert "去跑一趟" not in person(LIN).get("/tasks?look=calendar&look_at=2026-05&look_by=")
    for shelf, there in (("mine", True), ("units", False), ("handed", False)):
        shown = person(LIN).get(f"/tasks?look=calendar&shelf={shelf}")
        assert ("去跑一趟" in shown) is there
    with institution.db.raw() as connection:
        connection.execute(update(Task.__table__).values(due_at=None))
    page = person(LIN).get("/tasks?look=calendar")
    assert "1 项任务没有期限" in page
    assert "去跑一趟" not in page


def test_a_calendar_of_tasks_asks_as_often_for_many_as_for_few(
    person: Any, errand: int, ask: Ask, statements: list[str]
) -> None:
    asked = []
    for _time in range(2):
        person(LIN).get("/tasks?look=calendar")
        statements.clear()
        person(LIN).get("/tasks?look=calendar")
        asked.append(len(statements))
        for number in range(9):
            ask(LIN, "POST", "/errands/errand", {"subject": f"to the notary {number}"})
    assert asked[0] == asked[1]


@pytest.fixture
def crowded(ask: Ask, errand: int, institution: Kernel) -> date:
    """A day on which 25 tasks of 林晓雯's are due, and one the day after."""
    for number in range(25):
        ask(LIN, "POST", "/errands/errand", {"subject": f"to the notary {number}"})
    noon = datetime(2026, 7, 2, 12, tzinfo=institution.clock.zone)
    with institution.db.raw() as connection:
        connection.execute(update(Task.__table__).values(due_at=noon))
        later = update(Task.__table__).where(Task.__table__.c.id == errand)
        connection.execute(later.values(due_at=noon + timedelta(days=1)))
    return noon.date()


def more_of(page: str, day: date) -> str:
    """Where what doesn't stand on a day of a calendar is."""
    cell = page.partition(f'<time datetime="{day.isoformat()}">')[2].partition("</td>")[0]
    return html.unescape(re.findall(r'class="t-day-more" href="([^"]*)"', cell)[0])


def test_what_has_no_room_on_a_day_is_a_list_away(person: Any, crowded: date) -> None:
    lin = person(LIN)
    week = lin.get(more_of(lin.get(f"/tasks?look=calendar&look_at={crowded:%Y-%m}"), crowded))
    assert week.count("/errands/errand/") == 21
    listed = lin.get(more_of(week, crowded))
    assert "2026-07-02 到期" in listed
    assert len(set(re.findall(r"/base/task/(\d+)", listed))) == 25
    assert "当天没有到期的任务" in lin.get("/tasks?due=2026-07-20")
    assert (
        "到期</" not in lin.get("/tasks?due=yesterday").partition("<h1")[2].partition("t-tabs")[0]
    )


def test_the_list_of_a_day_goes_on_on_its_next_page(
    person: Any, crowded: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenor.web.pages.tasks._SIZE", 20)
    first = person(LIN).get(f"/tasks?due={crowded.isoformat()}")
    (onward,) = set(re.findall(r'href="(/tasks[^"]*after=[^"]*)"', first))
    rest = person(LIN).get(html.unescape(onward))
    pages = [set(re.findall(r"/base/task/(\d+)", page)) for page in (first, rest)]
    assert [len(page) for page in pages] == [20, 5]
    assert not pages[0] & pages[1]


def test_a_calendar_that_leaves_tasks_out_says_so(
    person: Any, crowded: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/tasks?look=calendar&look_at={crowded.isoformat()}&look_by=week"
    assert "仅列出" not in person(LIN).get(path)
    monkeypatch.setattr("tenor.web.task_month._MOST", 10)
    assert "仅列出这些天中最紧急的 10 项" in person(LIN).get(path)
