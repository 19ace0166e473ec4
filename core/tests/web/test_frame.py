"""Around every page: who is signed in, what the browser is told, in which language, and what an error shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tenor.base.demo import DEMO_PASSWORD
from tenor.identity import passwords
from tenor.kernel import Kernel
from tenor.web.security import POLICY
from tenor_sdk.testing import as_actor

Browser = Any
PATH = "/errands/errand"


@pytest.fixture
def with_password(institution: Kernel) -> None:
    from tenor.base.services import set_password_hash

    with as_actor(institution, "system") as ctx:
        set_password_hash(ctx, "lin.xiaowen", passwords.hashed(DEMO_PASSWORD))


def sign_in(anybody: Any, password: str, **fields: str) -> TestResponse:
    given = {"login": "lin.xiaowen", "password": password, **fields}
    form = anybody.form("/sign-in", "/sign-in")
    answer: TestResponse = anybody.client.post("/sign-in", data={**form, **given})
    return answer


@pytest.mark.usefixtures("with_password")
def test_somebody_signs_in_and_comes_to_the_page_they_wanted(anybody: Any) -> None:
    client = anybody.client
    asked = client.get(f"{PATH}?q=a")
    assert (asked.status_code, asked.headers["Location"]) == (
        303,
        "/sign-in?next=/errands/errand%3Fq%3Da",
    )
    answer = sign_in(anybody, DEMO_PASSWORD, next=f"{PATH}?q=a")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PATH}?q=a")
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if "tenor_session" in each)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert client.get(PATH).status_code == 200


@pytest.mark.usefixtures("with_password")
@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"]
)
def test_signing_in_leads_nowhere_else(anybody: Any, elsewhere: str) -> None:
    answer = sign_in(anybody, DEMO_PASSWORD, next=elsewhere)
    assert answer.headers["Location"] == "/"


@pytest.mark.usefixtures("with_password")
def test_a_wrong_password_and_an_unknown_name_are_answered_alike(anybody: Any) -> None:
    wrong = sign_in(anybody, "not this one")
    unknown = sign_in(anybody, "not this one", login="nobody.here")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert "工号或密码不正确" in wrong.text
    assert wrong.text.replace("lin.xiaowen", "").count("<") == unknown.text.count("<")


@pytest.mark.usefixtures("with_password")
def test_after_five_failures_the_lock_is_told_plainly(anybody: Any) -> None:
    for _try in range(5):
        sign_in(anybody, "not this one")
    answer = sign_in(anybody, DEMO_PASSWORD)
    assert "请 10 分钟后再试" in answer.text


def test_who_signed_out_is_asked_to_sign_in(person: Browser) -> None:
    lin = person("lin.xiaowen")
    lin.press("/", "/sign-out")
    assert lin.client.get("/").headers["Location"] == "/sign-in"


def test_every_page_says_what_the_browser_may_do(person: Browser) -> None:
    lin = person("lin.xiaowen")
    for path in ("/", PATH, "/inbox", "/nothing/here", "/api/v1/me"):
        headers = lin.client.get(path).headers
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store, private"
        assert "HX-Request" in headers["Vary"]
        assert headers["X-Request-ID"]


def test_an_asset_is_kept_for_ever_and_nothing_else_of_its_folder_is_served(app: Flask) -> None:
    from tenor.web.assets import asset

    client = app.test_client()
    with client.get(asset("css/tenor.css")) as style:
        assert "immutable" in style.headers["Cache-Control"]
    assert client.get("/static/manifest.json").status_code == 404
    assert client.get("/static/../app.py").status_code == 404


@pytest.mark.parametrize("token", ["", "0" * 40])
def test_a_change_without_the_pages_token_is_refused(person: Browser, token: str) -> None:
    lin = person("lin.xiaowen")
    answer = lin.client.post(f"{PATH}/new", data={"subject": "forged", "csrf_token": token})
    assert answer.status_code == 403
    assert "请重新打开页面" in answer.text
    assert "forged" not in lin.get(PATH)


def test_the_token_of_another_session_is_refused(person: Browser) -> None:
    lin, shen = person("lin.xiaowen"), person("shen.bai")
    form = shen.form(f"{PATH}/new")
    assert lin.client.post(f"{PATH}/new", data={**form, "subject": "x"}).status_code == 403


def test_the_language_is_the_persons_own(person: Browser) -> None:
    lin = person("lin.xiaowen")
    assert "我的工作" in lin.get("/")
    lin.press("/", "/me/preferences", language="en")
    assert "My work" in lin.get("/")
    assert '<html lang="en"' in person("lin.xiaowen").get("/")


def test_before_signing_in_the_browser_says_the_language(app: Flask) -> None:
    client = app.test_client()
    assert '<html lang="en"' in client.get("/sign-in", headers={"Accept-Language": "en-GB,en"}).text
    assert '<html lang="zh-CN"' in client.get("/sign-in", headers={"Accept-Language": "fr"}).text


def test_amounts_are_shown_in_ten_thousands_where_somebody_wants_that(
    person: Browser, box: Any
) -> None:
    from tenor_sdk import Amount

    box(value=Amount.of("12345678.90"))
    lin = person("lin.xiaowen")
    assert "12,345,678.90" in lin.get("/vault/box")
    lin.press("/vault/box", "/me/preferences", unit="ten-thousand")
    shown = lin.get("/vault/box")
    assert "1,234.6" in shown
    assert 'title="12,345,678.90"' in shown


def test_an_error_of_ours_shows_its_number_and_nothing_of_the_inside(
    person: Browser,
    institution: Kernel,
    faults: list[BaseException],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_given: object) -> None:
        raise ZeroDivisionError("the secret inside")

    monkeypatch.setattr(institution.records, "page", fail)
    answer = person("lin.xiaowen").client.get(PATH)
    assert answer.status_code == 500
    assert "secret inside" not in answer.text
    assert answer.headers["X-Request-ID"] in answer.text
    assert isinstance(faults.pop(), ZeroDivisionError)


def test_what_isnt_there_says_what_one_can_do(person: Browser) -> None:
    shown = person("lin.xiaowen").get("/errands/errand/999", 404)
    assert "没有找到" in shown
    assert "回到我的工作" in shown


def test_a_bell_that_hasnt_rung_costs_no_session(person: Browser, statements: list[str]) -> None:
    lin = person("lin.xiaowen")
    first = lin.client.get("/inbox/count")
    assert first.json == {"count": 0}
    statements.clear()
    again = lin.client.get("/inbox/count", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert len(statements) <= 6, statements


def test_health_is_told_to_whoever_asks(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok"}


def test_menus_are_those_that_a_person_may_open(person: Browser) -> None:
    assert 'href="/plugins"' not in person("lin.xiaowen").get("/")
    assert 'href="/plugins"' in person("ding.ning").get("/plugins")
    person("lin.xiaowen").get("/plugins", 404)
    person("lin.xiaowen").get("/audit", 404)
    person("lin.xiaowen").get("/settings/errands", 404)
    person("lin.xiaowen").get("/jobs", 403)


def test_a_task_says_what_its_case_is_about_in_as_many_statements_as_two_do(
    person: Browser, institution: Kernel, statements: list[str]
) -> None:
    from tenor_errands.public import add_errand

    def begin(number: int) -> None:
        with as_actor(institution, "lin.xiaowen") as ctx:
            add_errand(ctx, f"errand {number}", due_on=ctx.today + timedelta(days=number))

    lin, today = person("lin.xiaowen"), institution.clock.today()
    begin(1)
    lin.get("/")
    statements.clear()
    home = lin.get("/")
    few = len(statements)
    assert f'<span class="t-below">{today + timedelta(days=1)}</span>' in home
    for number in (2, 3, 4):
        begin(number)
    statements.clear()
    assert f'<span class="t-below">{today + timedelta(days=4)}</span>' in lin.get("/")
    assert len(statements) == few
