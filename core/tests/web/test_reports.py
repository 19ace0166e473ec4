"""A report of an error: what the person and the administrators are told of it, and what nobody is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tenor.kernel import Kernel
from tenor.reports.kept import DAYS, MOST, OF_ONE, OF_PAGES, Report, Reports
from tenor.testing import on_date

LIN, SHEN, DING = "lin.xiaowen", "shen.bai", "ding.ning"
PATH = "/errands/errand"
SECRET = "622202-secret"


class Unwell(Exception):
    """An error of a plugin whose message holds a value of a row."""


@pytest.fixture
def broken(
    institution: Kernel, faults: list[BaseException], monkeypatch: pytest.MonkeyPatch
) -> Any:
    """The list of errands fails, with values of rows in all that it says; its faults are expected."""

    def fail(*_given: object) -> None:
        account = SECRET
        try:
            raise OperationalError(f"select '{account}'", {"account": account}, Exception(account))
        except OperationalError as error:
            raise Unwell(f"no such account {account}") from error

    monkeypatch.setattr(institution.records, "page", fail)
    yield
    assert all(isinstance(each, Unwell) for each in faults)
    faults.clear()


def failing(person: Any, path: str = f"{PATH}?q={SECRET}") -> str:
    """Run into the error; its number."""
    answer = person.client.get(path)
    assert answer.status_code == 500
    return str(answer.headers["X-Request-ID"])


def test_the_error_page_leads_to_a_report_that_says_all_it_holds_first(
    person: Callable[[str], Any], broken: None
) -> None:
    lin = person(LIN)
    error = lin.client.get(PATH)
    number = error.headers["X-Request-ID"]
    assert f'href="/report?number={number}"' in error.text
    shown = lin.get(f"/report?number={number}")
    for part in (
        number,
        "GET /errands/errand",
        "test_reports.Unwell",
        "sqlalchemy.exc.OperationalError",
    ):
        assert part in shown
    assert re.search(r"tenor/web/lists\.py:\d+ ", shown)


def test_the_same_is_in_the_file_as_text_and_as_json(
    person: Callable[[str], Any], broken: None, institution: Kernel
) -> None:
    lin = person(LIN)
    number = failing(lin)
    as_json = lin.client.get(f"/report/file?number={number}&as=json")
    told = json.loads(as_json.data)
    assert told["number"] == number
    assert told["asked"] == "GET /errands/errand"
    assert told["plugins"]["errands"]
    assert told["positions"]
    assert told["database"].split()[0] == institution.db.writer.dialect.name
    assert "lin" not in as_json.text.lower().replace("line", "")
    text = lin.client.get(f"/report/file?number={number}")
    assert text.headers["Content-Disposition"].startswith("attachment")
    assert "tenor/web/lists.py" in text.text


def test_nothing_that_a_row_holds_gets_into_it(
    person: Callable[[str], Any], broken: None, institution: Kernel
) -> None:
    lin = person(LIN)
    number = failing(lin, f"{PATH}?q={SECRET}")
    kept = (institution.settings.data_dir / "reports" / f"{number}.json").read_text()
    shown = lin.get(f"/report?number={number}")
    for told in (kept, shown, lin.client.get(f"/report/file?number={number}&as=json").text):
        assert SECRET not in told
        assert "no such account" not in told
        assert "select '" not in told
        assert str(Path(__file__).parent) not in told


def test_what_a_form_held_isnt_in_it(
    person: Callable[[str], Any],
    institution: Kernel,
    faults: list[BaseException],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_ctx: object, _kind: object, data: object, **_given: object) -> None:
        raise Unwell(data)

    lin = person(LIN)
    form = lin.form(f"{PATH}/new")
    monkeypatch.setattr(institution.records, "create", fail)
    answer = lin.client.post(f"{PATH}/new", data={**form, "subject": SECRET})
    assert faults.pop().__class__ is Unwell
    number = answer.headers["X-Request-ID"]
    told = lin.get(f"/report?number={number}")
    assert "POST /errands/errand/new" in told
    assert SECRET not in told
    assert (
        form["csrf_token"]
        not in (institution.settings.data_dir / "reports" / f"{number}.json").read_text()
    )


def test_it_is_its_persons_and_the_administrators_alone(
    person: Callable[[str], Any], broken: None
) -> None:
    lin, shen, ding = person(LIN), person(SHEN), person(DING)
    number = failing(lin)
    assert number in ding.get(f"/report?number={number}")
    mine = shen.client.get(f"/report?number={number}")
    made_up = shen.client.get("/report?number=0123456789abcdef")
    assert mine.status_code == made_up.status_code == 404
    assert shen.client.get(f"/report/file?number={number}").status_code == 404
    assert "Unwell" not in mine.text
    form = shen.form("/report", "/report")
    assert shen.client.post("/report", data={**form, "number": number}).status_code == 404


@pytest.mark.parametrize(
    "number",
    [
        "../secret",
        "..%2Fsecret.key",
        "0123456789abcdeF",
        "0" * 400,
        "%00",
        "０１２３４５６７８９ａｂｃｄｅｆ",
    ],
)
def test_a_number_that_isnt_one_leads_nowhere(person: Callable[[str], Any], number: str) -> None:
    assert person(DING).client.get(f"/report?number={number}").status_code == 404


def test_nobody_signed_in_is_offered_none(anybody: Any) -> None:
    assert anybody.client.get("/report?number=0123456789abcdef").status_code == 303
    assert anybody.client.get("/reports").status_code == 303


def test_it_is_there_where_the_database_failed_before_anybody_was_known(
    person: Callable[[str], Any],
    institution: Kernel,
    faults: list[BaseException],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def down(_token: str) -> None:
        raise OperationalError("select 1", {}, Exception("down"))

    lin, shen = person(LIN), person(SHEN)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(institution.identity, "actor_of_session", down)
        number = failing(lin, "/")
    faults.clear()
    assert "OperationalError" in lin.get(f"/report?number={number}")
    assert shen.client.get(f"/report?number={number}").status_code == 404


def test_who_hands_it_over_is_told_so_and_the_administrators_find_it(
    person: Callable[[str], Any], broken: None
) -> None:
    lin, ding = person(LIN), person(DING)
    number = failing(lin)
    page = f"/report?number={number}"
    lin.press(page, "/report")
    assert "移交管理员" not in lin.get(page)
    listed = ding.get("/reports")
    assert page in listed
    assert "GET /errands/errand" in listed
    assert lin.client.get("/reports").status_code == 403


def test_a_page_on_which_nothing_failed_can_be_reported_too(person: Callable[[str], Any]) -> None:
    lin, ding = person(LIN), person(DING)
    assert f'href="/report?from={PATH.replace("/", "%2F")}"' in lin.get(f"{PATH}?q=x")
    shown = lin.get(f"/report?from={PATH}")
    assert "GET /errands/errand" in shown
    lin.press(f"/report?from={PATH}", "/report")
    assert "GET /errands/errand" in ding.get("/reports")


def test_an_address_elsewhere_is_no_page(person: Callable[[str], Any]) -> None:
    lin = person(LIN)
    lin.press("/report?from=//evil.example/x", "/report")
    assert "<code>GET /</code>" in person(DING).get("/reports")


def test_handing_one_over_adds_nothing_to_it(person: Callable[[str], Any], broken: None) -> None:
    lin = person(LIN)
    number = failing(lin)
    file = f"/report/file?number={number}&as=json"
    before = lin.client.get(file).data
    form = lin.form(f"/report?number={number}", "/report")
    for once in ("first", "second"):
        lin.send("/report", {**form, "_once": once})
    assert lin.client.get(file).data == before


def test_nobody_makes_more_of_pages_than_some_a_day(
    person: Callable[[str], Any], institution: Kernel
) -> None:
    lin, shen = person(LIN), person(SHEN)
    form = lin.form("/report?from=/", "/report")
    made = [lin.send("/report", {**form, "_once": f"report {n}"}) for n in range(OF_ONE)]
    last = made[-1].headers["Location"]
    assert "10" in lin.send("/report", {**form, "_once": "one more"}, 409).text
    lin.send(last.partition("?")[0], {**form, "_once": "again", "number": last[-16:]})
    shen.press("/report?from=/", "/report")
    with on_date(institution, institution.clock.today() + timedelta(days=1)):
        person(LIN).press("/report?from=/", "/report")


def report(number: int, at: datetime, *, of_a_page: bool = False) -> Report:
    errors: list[list[dict[str, Any]]] = [] if of_a_page else [[{"error": "Unwell"}]]
    return Report(f"{number:016x}", at.isoformat(), None, "", "GET /", {}, errors)


def test_of_pages_none_pushes_out_an_error(tmp_path: Path) -> None:
    reports = Reports(tmp_path / "reports")
    at = datetime.fromisoformat("2026-06-30T09:00:00+08:00")
    reports.keep(report(1, at))
    for number in range(OF_PAGES + 5):
        later = report(100 + number, at + timedelta(minutes=number), of_a_page=True)
        reports.hand_over(replace(later, person=number))
    assert reports.get(f"{1:016x}") is not None
    assert len(reports.all()) == 1 + OF_PAGES


def test_what_was_handed_over_outlives_errors_that_nobody_did(tmp_path: Path) -> None:
    reports = Reports(tmp_path / "reports")
    at = datetime.fromisoformat("2026-06-30T09:00:00+08:00")
    for number in range(2):
        reports.keep(report(number, at))
    reports.hand_over(report(1, at))
    for number in range(2, MOST + 5):
        reports.keep(report(number, at + timedelta(minutes=number)))
    assert reports.get(f"{0:016x}") is None
    handed = reports.get(f"{1:016x}")
    assert handed is not None
    assert (handed.sent, len(handed.errors)) == (True, 1)
    assert len(reports.all()) == 1 + MOST


def test_the_oldest_go_and_those_of_last_month(tmp_path: Path) -> None:
    reports = Reports(tmp_path / "reports")
    began = datetime.fromisoformat("2026-06-30T09:00:00+08:00")
    for number in range(MOST + 5):
        reports.keep(report(number, began + timedelta(minutes=number)))
    kept = reports.all()
    assert len(kept) == MOST
    assert kept[-1].number == f"{5:016x}"
    reports.keep(report(10**6, began + timedelta(days=DAYS, minutes=MOST)))
    assert reports.get(f"{5:016x}") is None
    assert reports.get(f"{MOST + 4:016x}") is not None


def test_where_nothing_can_be_written_none_is_kept(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("in the way")
    reports = Reports(tmp_path / "reports")
    reports.keep(report(1, datetime.fromisoformat("2026-06-30T09:00:00+08:00")))
    assert reports.all() == []


def test_one_that_cant_be_put_with_those_handed_over_stays_where_it_is(tmp_path: Path) -> None:
    reports = Reports(tmp_path / "reports")
    at = datetime.fromisoformat("2026-06-30T09:00:00+08:00")
    reports.keep(report(1, at))
    (tmp_path / "reports" / "handed").write_text("in the way")
    reports.hand_over(report(1, at))
    assert reports.get(f"{1:016x}") is not None
