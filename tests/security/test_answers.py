"""What every answer tells the browser, and what none of them gives away."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tenor_origination.checklist import Product, required
from tenor_origination.demo import demo_pdf
from tests.journeys.bank import wait_until
from tests.journeys.people import file_of
from tests.journeys.steps import ADMINISTRATOR, CUSTOMER, MANAGER, Cast, at, serial

if TYPE_CHECKING:
    from tests.journeys.people import Person
    from tests.security.browsing import Browser

#: what shows the inside: a trace, a path of ours, a statement, a class
INSIDE = re.compile(
    r"Traceback|site-packages|/(work|home|usr|tmp)/|\.py\b|\bselect .+ from\b|sqlalchemy|werkzeug",
    re.IGNORECASE,
)
SCRIPT = "<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"


@pytest.fixture
def page(browser_of: Callable[[str], Browser]) -> Browser:
    """The browser of a relationship manager."""
    return browser_of(MANAGER)


def check_headers(headers: Any) -> None:
    """The headers of anything that isn't an asset."""
    policy = headers["content-security-policy"]
    if policy != "sandbox":
        for part in (
            "default-src 'self'",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ):
            assert part in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store, private"
    assert "python" not in headers.get("server", "").lower()


def test_every_answer_says_what_the_browser_may_do(
    page: Browser, anybody: Browser, lin: Person
) -> None:
    kept = lin.post("/files", {"file": file_of("a.pdf", b"%PDF-1.7\n")})["id"]
    for path, status in {
        "/": 200, CUSTOMER: 200, "/nothing": 404, f"{CUSTOMER}/999999": 404, "/static/nothing.css": 404,
        f"{CUSTOMER}?sort=nothing": 422, "/base/user/new": 403, "/sign-in": 303, f"{CUSTOMER}/export": 200,
        f"/files/{kept}": 200, f"/files/{kept}?inline": 200, "/healthz": 200, "/readyz": 200,
        "/api/v1/me": 401, "/api/v1/nothing": 404, "/api/v1/openapi.json": 401, "/inbox/count": 200,
    }.items():  # fmt: skip
        answer = page.ask("GET", path)
        assert answer.status == status, path
        check_headers(answer.headers)
    check_headers(anybody.ask("GET", "/").headers)
    check_headers(anybody.ask("POST", "/sign-in", b"x").headers)
    check_headers(lin.ask("GET", "/me").headers)
    check_headers(lin.ask("POST", CUSTOMER, raw=b"{").headers)
    check_headers(lin.ask("GET", f"/files/{kept}").headers)


def test_an_asset_is_an_asset_and_nothing_else(page: Browser) -> None:
    for found in set(re.findall(r'/static/[^"#]+', page.get("/"))):
        answer = page.ask("GET", found)
        assert answer.status == 200, found
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "text/html" not in answer.headers["content-type"]


@pytest.mark.parametrize(
    "path", ["/%s", "/static/%s", "/api/v1/%s", f"{CUSTOMER}?sort=%s", f"{CUSTOMER}?%s=1"]
)
@pytest.mark.parametrize(
    "text", ["'%22--", "%3Cscript%3Ealert(1)%3C/script%3E", "{{7*7}}", "%00", "%ff"]
)
def test_a_refusal_shows_nothing_of_the_inside_and_runs_nothing(
    page: Browser, lin: Person, path: str, text: str
) -> None:
    token = {"Authorization": f"Bearer {lin.token}"} if path.startswith("/api") else {}
    answer = page.ask("GET", path.replace("%s", text), None, token)
    assert 400 <= answer.status < 500
    assert not INSIDE.search(answer.text)
    assert "<script>alert" not in answer.text
    assert "49" not in re.findall(r">(\d+)<", answer.text)


def test_a_refused_body_shows_nothing_of_the_inside(lin: Person) -> None:
    for body in (b"{", b"[" * 100_000, b'{"name": "\\ud800"}', b'{"%s": {"a": [1]}}'):
        assert not INSIDE.search(lin.ask("POST", CUSTOMER, raw=body).text)


@pytest.mark.parametrize(
    "name", ["Host", "X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL", "Forwarded"]
)
def test_a_forged_host_leads_nobody_away(anybody: Browser, name: str) -> None:
    for path in ("/", CUSTOMER, "/sign-in", "/nothing"):
        answer = anybody.ask("GET", path, None, {name: "evil.example"})
        assert "evil.example" not in answer.text + str(answer.headers)


def test_a_link_in_a_mail_leads_to_the_bank_whoever_caused_it(cast: Cast, customer: Any) -> None:
    application = cast.application(customer)
    lin, path = cast[MANAGER], at("/origination/application", application)
    lin.ask("POST", f"{path}/transitions/submit", {}, Host="evil.example")
    for kind in required(Product(application["product"])):
        brought = {"kind": kind.code, "file": file_of("a.pdf", demo_pdf(kind.code))}
        lin.ask("POST", f"{path}/actions/bring-document", brought, Host="evil.example")
    assert lin.get(path)["state"] == "risk-review"

    def told() -> list[str]:
        said = [one.get_content() for one in cast.bank.mails.messages]
        return [one for one in said if application["number"] in one]

    mails = wait_until(told)
    assert all("evil.example" not in mail for mail in mails)
    assert all(cast.bank.url in mail for mail in mails)


# -- what people typed -------------------------------------------------------------------------------------------------


def test_what_somebody_typed_is_text_on_every_page(
    cast: Cast, lin: Person, page: Browser, browser_of: Callable[[str], Browser]
) -> None:
    hostile: dict[str, Any] = {
        "representative": SCRIPT,
        "address": '"><img src=x onerror=alert(1)>',
    }
    customer, _another = (cast.customer(name=f"{SCRIPT}{serial()}", **hostile) for _ in range(2))
    here = at(CUSTOMER, customer)
    lin.post(f"{here}/comments", {"text": SCRIPT})
    upload = {"file": (f"{SCRIPT}.pdf", b"%PDF-1.7\n")}
    sent = page.send(f"{here}/comments", page.form(here, f"{here}/comments"), upload)
    assert sent.status == 303
    for path in (
        here,
        f"{here}/edit",
        CUSTOMER,
        "/search?q=script",
        f"{CUSTOMER}?q=%3Cscript%3Ealert(1)%3C/script%3E",
    ):
        shown = page.get(path)
        assert "<script>alert" not in shown, path
        assert "<img src=x" not in shown, path
    assert "&lt;script&gt;alert(1)" in page.get(here)
    assert "<script>alert" not in browser_of("song.qing").get("/audit")


def test_a_formula_is_text_in_what_is_taken_out(cast: Cast, page: Browser) -> None:
    names = [f"{sign}cmd|' /C calc'!A{number}" for number, sign in enumerate("=+-@＝", 1)]
    for name in names:
        cast.customer(name=name)
    rows = csv.reader(io.StringIO(page.get(f"{CUSTOMER}/export?format=csv").removeprefix("\ufeff")))
    shown = {row[0] for row in rows}
    for name in names:
        assert name not in shown
        assert f"'{name}" in shown


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", SVG), ("a.html", HTML), ("a.pdf", HTML), ("a.png", SVG), ("a.jpg", b"\xff\xd8\xff" + HTML),
        ("a.html", b"%PDF-1.7\n" + HTML), ("a.xml", b'<?xml version="1.0"?>' + SVG), ("a.js", b"alert(1)"),
    ],
)  # fmt: skip
def test_no_file_that_somebody_sent_is_run_in_a_browser(
    page: Browser, lin: Person, name: str, content: bytes
) -> None:
    kept = lin.post("/files", {"file": file_of(name, content)})["id"]
    shown = page.ask("GET", f"/files/{kept}?inline").headers
    inline = shown["content-disposition"].startswith("inline")
    assert shown["content-type"].partition(";")[0] in (
        ("application/pdf", "image/png", "image/jpeg")
        if inline
        else ("application/pdf", "text/plain", "image/jpeg")
    )
    assert not inline or shown["content-security-policy"] == "sandbox"
    for headers in (
        page.ask("GET", f"/files/{kept}").headers,
        lin.ask("GET", f"/files/{kept}").headers,
    ):
        assert headers["content-disposition"].startswith("attachment")
        assert headers["content-type"].partition(";")[0] not in (
            "text/html",
            "image/svg+xml",
            "application/xml",
        )
        assert headers["x-content-type-options"] == "nosniff"


# -- what people sent --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"), ("..\\..\\boot.ini", "boot.ini"), ("/etc/passwd", "passwd"),
        ("C:\\x.pdf", "x.pdf"), ("a\0b.pdf", "ab.pdf"), ("", "file"), ("/", "file"), (".", "file"),
        ("a\r\nX-Evil: 1.pdf", "aX-Evil: 1.pdf"), ("\u202efdp.exe", "fdp.exe"), ("x" * 5000, "x" * 255),
    ],
)  # fmt: skip
def test_a_file_bears_a_name_and_no_path(page: Browser, lin: Person, name: str, kept: str) -> None:
    stored = lin.post("/files", {"file": file_of(name, b"%PDF-1.7\n")})
    assert stored["name"] == kept
    headers = page.ask("GET", f"/files/{stored['id']}").headers
    assert "x-evil" not in headers
    assert headers["content-disposition"].startswith("attachment; filename=")


def test_nobody_reads_a_file_by_its_number(
    cast: Cast, lin: Person, browser_of: Callable[[str], Browser]
) -> None:
    kept = lin.post("/files", {"file": file_of("a.pdf", b"%PDF-1.7\n")})["id"]
    for login in ("shen.bai", "song.qing", ADMINISTRATOR):
        assert cast[login].ask("GET", f"/files/{kept}").problem == (404, "not-found")
        assert browser_of(login).ask("GET", f"/files/{kept}").status == 404
