"""The release over REST, as often as the network likes; and the pages on which people see a loan."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from tenor.access import ActorData
from tenor.kernel import Kernel
from tenor.web import create_app
from tenor.web.visit import SESSION_COOKIE
from tenor_loans.records import Disbursement, Loan, PaymentInstruction, Posting

pytestmark = pytest.mark.both_databases


@pytest.fixture
def client(institution: Kernel, cast: Any) -> Any:
    """A client of the API, as the release checker."""
    with cast.act("jiang.nan") as ctx:
        actor: ActorData = ctx.actor
    token = institution.identity.create_token(actor, "test")
    made = create_app(institution).test_client()
    made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return made


def counts(cast: Any) -> list[int]:
    kinds = (Loan, Posting, PaymentInstruction)
    return [cast.read(select(func.count(kind.id)))[0] for kind in kinds]


def test_a_release_that_is_sent_again_with_its_key_gets_the_same_answer_and_pays_once(
    client: Any, cast: Any
) -> None:
    case = cast.prepared()
    address = f"/api/v1/origination/application/{case}/transitions/release"
    answers = [
        client.post(address, json={}, headers={"Idempotency-Key": "release-1"}) for _ in range(3)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[0].json == answers[1].json == answers[2].json
    assert answers[0].json["record"]["state"] == "completed"
    assert counts(cast) == [1, 1, 1]


def test_a_release_without_a_key_that_is_sent_again_is_refused(client: Any, cast: Any) -> None:
    case = cast.prepared()
    address = f"/api/v1/origination/application/{case}/transitions/release"
    answers = [client.post(address, json={}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert counts(cast) == [1, 1, 1]


def test_the_account_is_masked_over_the_api(client: Any, cast: Any) -> None:
    cast.lent()
    (shown,) = client.get("/api/v1/loans/payment-instruction").json["items"]
    assert shown["account"] == "*" * 15 + "8901"
    assert shown["amount"] == "5000000.00"


@pytest.fixture
def page(institution: Kernel) -> Any:
    """What somebody sees at an address, as plain words."""
    app = create_app(institution)

    def page(login: str, address: str, form: Any = None) -> str:
        client = app.test_client()
        client.set_cookie(SESSION_COOKIE, institution.identity._open(login, ""), domain="localhost")
        answer = client.get(address)
        if form is not None:
            token = re.search(r'name="csrf-token" content="([^"]+)"', answer.text)
            answer = client.post(address, data={"csrf_token": token[1] if token else "", **form})
        assert answer.status_code == 200, answer.text[:2000]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))

    return page


def test_who_releases_sees_the_payee_and_the_schedule_first(page: Any, cast: Any) -> None:
    case = cast.prepared(amount="10000000")
    shown = page("jiang.nan", f"/origination/application/{case}?tab=4")
    for words in ("云州重型机床有限公司", "296,799.34", "684,776.28", "放款确认"):
        assert words in shown


def test_where_release_is_pressed_stands_how_much_goes_to_whom_and_only_there(
    page: Any, cast: Any
) -> None:
    case = cast.prepared(amount="10000000")
    shown = page("jiang.nan", f"/origination/application/{case}")
    beside = shown.partition("待放款")[2]
    for words in ("10,000,000.00", "云州重型机床有限公司", "高洁"):
        assert words in beside
    account = cast.read(select(Disbursement.account))[0]
    assert f"…{account[-4:]}" in beside
    assert account not in shown
    waiting = cast.approved(amount="10000000")
    assert "待放款" not in page("song.qing", f"/origination/application/{waiting}")


def test_a_loans_page_shows_schedule_balances_and_what_was_booked(page: Any, cast: Any) -> None:
    loan = cast.lent(amount="10000000")
    shown = [page("lin.xiaowen", f"/loans/loan/{loan}?tab={tab}") for tab in range(4)]
    for tab, words in ((0, "296,799.38"), (0, "684,776.28"), (0, "本金余额 10,000,000.00"),
                       (1, "放款 10,000,000.00"), (2, "6.525%"), (3, "2026-07-23"), (3, "PI-2026-000001")):  # fmt: skip
        assert words in shown[tab], words


def test_a_repayment_is_previewed_in_words_before_it_is_booked(page: Any, cast: Any) -> None:
    loan = cast.lent(amount="10000000")
    form = {"amount": "300,000.00", "_preview": "1"}
    shown = page("gao.jie", f"/loans/loan/{loan}/actions/repay", form)
    assert "当日无应还款项" in shown
    assert counts(cast)[1] == 1
