"""Who somebody is: cookies, forms of other sites, addresses that lead away, tokens of people who are gone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.people import Person
from tests.journeys.steps import ADMINISTRATOR, CUSTOMER, MANAGER, Cast
from tests.security.browsing import SESSION, Browser, Forms, signed_in

if TYPE_CHECKING:
    from tests.journeys.bank import Bank

ELSEWHERE = (
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\/evil.example",
    "/\t/evil.example", "javascript:alert(1)", "/\r\nSet-Cookie: a=b", "data:text/html,x", "evil.example",
)  # fmt: skip
POSTS = {
    MANAGER: (
        "/", "/inbox", "/me", "/customers/customer/{id}", "/customers/customer/new", "/customers/customer/{id}/edit",
        "/customers/customer/{id}/actions/import-statements", "/origination/application/{case}",
    ),
    "song.qing": ("/audit",),
    ADMINISTRATOR: (
        "/settings/documents", "/plugins/esign_ca/disable", "/base/user/new", "/base/user/1", "/base/user/1/edit",
        "/base/user-position/new",
    ),
}  # fmt: skip


def change(
    browser: Browser, action: str, fields: dict[str, str], token: str | None, **headers: str
) -> int:
    """The status of a form sent with that token, or with none."""
    held = {name: value for name, value in fields.items() if name != "csrf_token"}
    if token is not None:
        held["csrf_token"] = token
    return browser.send(action, held).status


def test_no_form_that_changes_something_is_taken_from_another_page(
    cast: Cast, customer: Any, browser_of: Callable[[str], Browser], anybody: Browser
) -> None:
    case = cast.application(customer)["id"]
    foreign = browser_of("shen.bai").form("/", "/sign-out")["csrf_token"]
    visitors = anybody.form("/sign-in")["csrf_token"]
    tried = set()
    for login, pages in POSTS.items():
        browser = browser_of(login)
        for page in pages:
            forms = Forms(browser.get(page.format(id=customer["id"], case=case)))
            for action in forms.posted():
                fields = forms.to(action)
                assert fields.get("csrf_token"), f"{page}: the form to {action} has no token"
                for token in (None, "", "0" * 40, foreign, visitors):
                    assert change(browser, action, fields, token) == 403, (page, action, token)
                tried.add(re.sub(r"\d+", "N", action))
    assert len(tried) > 12, tried


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-out", "/language", "/me/preferences", "/nothing"]
)
def test_even_who_is_nobody_yet_needs_the_pages_token(anybody: Browser, path: str) -> None:
    assert anybody.send(path, {"login": "a", "password": "b"}).status == 403
    assert anybody.send(path, {"csrf_token": ""}).status == 403


def test_an_api_takes_no_cookie_for_a_token(browser_of: Callable[[str], Browser]) -> None:
    assert browser_of(MANAGER).ask("GET", "/api/v1/me").status == 401


def test_a_session_that_somebody_planted_is_not_the_one_that_is_opened(anybody: Browser) -> None:
    anybody.cookies[SESSION] = planted = "planted-by-an-attacker"
    assert anybody.sign_in(MANAGER).status == 303
    assert anybody.cookies[SESSION] != planted
    stranger = Browser(anybody.url)
    stranger.cookies[SESSION] = planted
    assert stranger.ask("GET", "/").headers["location"] == "/sign-in"


def test_who_signed_out_leaves_a_cookie_that_opens_nothing(embedded_bank: Bank) -> None:
    browser = signed_in(embedded_bank.url, "he.lei")
    kept = browser.cookies[SESSION]
    browser.send("/sign-out", browser.form("/", "/sign-out"))
    browser.cookies[SESSION] = kept
    assert browser.ask("GET", "/").headers["location"] == "/sign-in"


def test_cookies_are_out_of_the_reach_of_scripts_and_of_other_sites(embedded_bank: Bank) -> None:
    browser = signed_in(embedded_bank.url, "he.lei")
    set_now = browser.set_cookies
    browser.send("/me/preferences", {**browser.form("/", "/me/preferences"), "theme": "dark"})
    for cookie in (*set_now, *browser.set_cookies):
        assert "HttpOnly" in cookie, cookie
        assert "SameSite=Lax" in cookie, cookie
        assert "Path=/" in cookie, cookie
        assert "Domain" not in cookie, cookie


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_signing_in_and_choosing_a_language_lead_to_no_other_site(
    browser_of: Callable[[str], Browser], anybody: Browser, elsewhere: str
) -> None:
    held = anybody.form("/sign-in", "/language")
    answer = anybody.send("/language", {**held, "language": "en", "next": elsewhere})
    assert answer.headers["location"] == "/sign-in"
    known = browser_of(MANAGER)
    held = known.form("/", "/me/preferences")
    answer = known.send("/me/preferences", {**held, "next": elsewhere})
    assert answer.headers["location"] == "/"


def test_signing_in_leads_to_the_page_that_was_wanted_and_to_no_other_site(
    anybody: Browser,
) -> None:
    assert anybody.sign_in(MANAGER, next="//evil.example/").headers["location"] == "/"
    again = Browser(anybody.url)
    assert again.sign_in(MANAGER, next=CUSTOMER).headers["location"] == CUSTOMER


def test_after_five_failures_not_even_the_right_password_opens(anybody: Browser) -> None:
    login = "du.yuan"
    for _ in range(5):
        assert anybody.sign_in(login, "wrong-password").status == 422
    locked = anybody.sign_in(login)
    assert (locked.status, SESSION in anybody.cookies) == (422, False)
    assert "minutes" in locked.text


def test_nobody_learns_from_a_refusal_who_works_here(anybody: Browser) -> None:
    answers = [anybody.sign_in(login, "wrong-password") for login in ("wu.fang.nobody", "chen.li")]
    shown = [
        re.sub(r'name="csrf_token" value="[^"]+"|value="[a-z.]+"', "", one.text) for one in answers
    ]
    assert shown[0] == shown[1]


# -- tokens ------------------------------------------------------------------------------------------------------------


def newcomer(bank: Bank, login: str) -> Any:
    """Somebody of the head office; their record."""
    bank.command("user", "add", login, "新人", "--position", "auditor", given="haiyue-2026\n")
    (found,) = bank.person(ADMINISTRATOR).get("/base/user", login=login)["items"]
    return found


@pytest.mark.parametrize(
    "token",
    ["", "tenor_", "tenor_" + "A" * 43, "tenor_\xe9", "x" * 10_000, "null", "tenor_%00", "' or 1=1 --"],
)  # fmt: skip
def test_what_is_no_token_opens_nothing(embedded_bank: Bank, token: str) -> None:
    answer = Person(embedded_bank.url, "nobody", token).ask("GET", "/me")
    assert answer.problem == (401, "token-needed")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_the_token_and_the_browser_of_somebody_who_left_open_nothing(embedded_bank: Bank) -> None:
    record = newcomer(embedded_bank, "leaver.one")
    person, browser = embedded_bank.person("leaver.one"), signed_in(embedded_bank.url, "leaver.one")
    assert person.get("/me")["login"] == "leaver.one"
    embedded_bank.person(ADMINISTRATOR).patch(f"/base/user/{record['id']}", {"active": False})
    assert person.ask("GET", "/me").problem == (401, "token-needed")
    assert browser.ask("GET", "/").headers["location"] == "/sign-in"
    assert Browser(embedded_bank.url).sign_in("leaver.one").status == 422


def test_a_token_that_expired_opens_nothing(embedded_bank: Bank) -> None:
    token = embedded_bank.command("token", "create", MANAGER, "--days", "0").strip()
    person = Person(embedded_bank.url, MANAGER, token)
    assert person.ask("GET", "/me").problem == (401, "token-needed")


def test_a_token_that_was_revoked_opens_nothing_and_the_persons_other_does(
    embedded_bank: Bank,
) -> None:
    token = embedded_bank.command("token", "create", MANAGER, "--name", "lost").strip()
    person = Person(embedded_bank.url, MANAGER, token)
    assert person.get("/me")["login"] == MANAGER
    embedded_bank.command("token", "revoke", MANAGER, "--name", "lost")
    assert person.ask("GET", "/me").problem == (401, "token-needed")
    assert embedded_bank.person(MANAGER).get("/me")["login"] == MANAGER
