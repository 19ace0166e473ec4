"""A version of an authority: drafted by one, approved by another, published by a third, never changed afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.tests.workflow.acts import refused
from core.tests.workflow.versions import (
    APPROVER,
    PLAIN,
    PROPOSER,
    PUBLISHER,
    TODAY,
    TOMORROW,
    Line,
    Versions,
)
from tenor.base.authorities import (
    Drafted,
    approve,
    discard,
    draft_version,
    propose,
    publish,
    send_back,
)
from tenor.base.authority_sheets import changes_sheet, lines_sheet
from tenor.web import create_app
from tenor.web.visit import SESSION_COOKIE
from tenor.workflow.records import AuthorityLine, AuthorityVersion
from tenor_sdk.errors import Blocked, Conflict, Forbidden, Invalid, NotFound, Refused
from tenor_sdk.testing import as_actor, make_user

pytestmark = pytest.mark.both_databases

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("bids",)


@pytest.fixture
def versions(institution: Any) -> Versions:
    return Versions(institution)


def whats(versions: Versions, version: int, login: str = PROPOSER, how: Any = propose) -> list[str]:
    """What stands in the way, in words."""
    error = refused(Blocked, versions.go, login, version, how)
    return [versions.kernel.translator.text(one.what, "en") for one in error.blockers]


# -- three people -----------------------------------------------------------------------------------------------------


def test_one_proposes_another_approves_a_third_publishes(versions: Versions) -> None:
    version = versions.draft()
    assert versions.read(version)[:2] == ("draft", None)
    versions.go(PROPOSER, version, propose)
    versions.go(APPROVER, version, approve)
    versions.go(PUBLISHER, version, publish)
    state, number, lines = versions.read(version)
    assert (state, number) == ("published", 1)
    assert lines == [
        ("branch-head", 1, "", "amount <= 10000000.00 CNY"),
        ("approver", 2, "", ""),
    ]


def test_the_number_is_counted_when_it_is_published(versions: Versions) -> None:
    first = versions.publish()
    later = versions.publish(day=TOMORROW)
    assert [versions.read(one)[1] for one in (first, later)] == [1, 2]


@pytest.fixture
def jack(versions: Versions) -> str:
    """Somebody who holds every position."""
    held = [(each, "HQ") for each in ("risk-officer", "approver", "administrator")]
    make_user(versions.kernel, "jack", positions=held)
    return "jack"


def test_who_proposes_never_approves(versions: Versions, jack: str) -> None:
    version = versions.draft()
    versions.go(jack, version, propose)
    assert refused(Forbidden, versions.go, jack, version, approve).key == "segregated"


def test_who_entered_a_line_never_approves(versions: Versions, jack: str) -> None:
    version = versions.draft()
    with as_actor(versions.kernel, jack) as ctx:
        found = ctx.session.get_one(AuthorityVersion, version)
        found.entries.append(AuthorityLine(position="legal", limits="months <= 1"))
    versions.go(PROPOSER, version, propose)
    assert whats(versions, version, jack, approve) == ["You wrote a part of it"]


def test_who_approves_never_publishes(versions: Versions, jack: str) -> None:
    version = versions.draft()
    versions.go(PROPOSER, version, propose)
    versions.go(jack, version, approve)
    assert refused(Forbidden, versions.go, jack, version, publish).key == "segregated"


def test_an_administrator_publishes_what_was_approved_and_nothing_else(versions: Versions) -> None:
    version = versions.draft()
    for state in ("draft", "proposed"):
        assert versions.read(version)[0] == state
        error = refused(Conflict, versions.go, PUBLISHER, version, publish)
        assert error.key == "not-from-this-state"
        for how in (propose, approve):
            assert refused(Forbidden, versions.go, PUBLISHER, version, how).key == "not-permitted"
        if state == "draft":
            versions.go(PROPOSER, version, propose)


def test_nothing_is_published_twice(versions: Versions) -> None:
    version = versions.publish()
    error = refused(Conflict, versions.go, PUBLISHER, version, publish)
    assert error.key == "not-from-this-state"


def test_an_administrator_changes_no_line(versions: Versions) -> None:
    version = versions.draft()
    with pytest.raises(Forbidden), as_actor(versions.kernel, PUBLISHER) as ctx:
        ctx.session.get_one(AuthorityVersion, version).entries[0].limits = ""


def test_what_is_sent_back_can_be_changed_and_proposed_again(versions: Versions) -> None:
    version = versions.draft()
    versions.go(PROPOSER, version, propose)
    versions.go(APPROVER, version, send_back, reason="too much for a branch")
    change(versions, version, "amount <= 5000000 CNY")
    versions.go(PROPOSER, version, propose)
    assert versions.read(version)[2][0][3] == "amount <= 5000000.00 CNY"


def test_a_draft_can_be_thrown_away(versions: Versions) -> None:
    version = versions.draft()
    versions.go(PROPOSER, version, discard, reason="the board thought better of it")
    assert versions.read(version)[0] == "discarded"


# -- what is in force is never edited ---------------------------------------------------------------------------------


def change(versions: Versions, version: int, limits: str, login: str = PROPOSER) -> None:
    with as_actor(versions.kernel, login) as ctx:
        found = ctx.session.get_one(AuthorityVersion, version)
        found.entries[0].limits = limits


@pytest.mark.parametrize("until", [propose, approve, publish])
def test_what_was_proposed_is_changed_by_nobody(versions: Versions, until: Any) -> None:
    version = versions.draft()
    for login, how in ((PROPOSER, propose), (APPROVER, approve), (PUBLISHER, publish)):
        versions.go(login, version, how)
        if how is until:
            break
    refused(Forbidden, change, versions, version, "")
    with pytest.raises(Refused) as frozen, as_actor(versions.kernel, PROPOSER) as ctx:
        found = ctx.session.get_one(AuthorityVersion, version)
        versions.kernel.records.update(ctx, found, {"purpose": "another"})
    assert frozen.value.key == "frozen"


def test_nobody_adds_a_line_to_or_takes_one_from_what_is_in_force(versions: Versions) -> None:
    version = versions.publish()
    with pytest.raises(Forbidden), as_actor(versions.kernel, PROPOSER) as ctx:
        ctx.session.add(AuthorityLine(parent_id=version, position="legal", limits=""))
    with pytest.raises(Forbidden), as_actor(versions.kernel, PROPOSER) as ctx:
        ctx.session.delete(ctx.session.get_one(AuthorityVersion, version).entries[0])


# -- from which day ---------------------------------------------------------------------------------------------------


def test_a_version_that_would_begin_in_the_past_is_refused(versions: Versions) -> None:
    with pytest.raises(Invalid) as refusal:
        versions.draft(day=YESTERDAY)
    assert refusal.value.fields["effective_from"].key == "effective-in-the-past"
    version = versions.draft(day=TODAY)
    with as_actor(versions.kernel, PROPOSER) as ctx:
        ctx.session.get_one(AuthorityVersion, version).effective_from = YESTERDAY
    assert whats(versions, version) == ["It would begin on 2026-06-29, in the past"]


def test_what_was_approved_too_late_isn_t_published(versions: Versions) -> None:
    version = versions.draft(day=TOMORROW)
    versions.go(PROPOSER, version, propose)
    versions.go(APPROVER, version, approve)
    late = TOMORROW + timedelta(days=1)
    error = refused(Blocked, versions.go, PUBLISHER, version, publish, on=late)
    assert "in the past" in str(error.blockers[0].what)
    versions.go(APPROVER, version, send_back, reason="the day is over", on=late)


def test_two_versions_don_t_begin_on_one_day(versions: Versions) -> None:
    versions.publish(day=TODAY)
    versions.publish(day=TOMORROW)
    again = versions.draft(day=TOMORROW)
    assert whats(versions, again) == ["Another version begins on 2026-07-01"]


def test_of_two_that_were_approved_for_one_day_one_is_published(versions: Versions) -> None:
    pair = [versions.draft(), versions.draft()]
    for version in pair:
        versions.go(PROPOSER, version, propose)
        versions.go(APPROVER, version, approve)
    versions.go(PUBLISHER, pair[0], publish)
    refused(Blocked, versions.go, PUBLISHER, pair[1], publish)


def test_a_day_on_which_one_is_in_force_is_not_cut_in_two(versions: Versions) -> None:
    versions.publish(day=TODAY, on=YESTERDAY)
    with_effect_today = versions.draft(day=TODAY)
    assert whats(versions, with_effect_today) == [
        "A version is in force today: the next one begins tomorrow at the earliest"
    ]


# -- what can't be ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "It has no line: nobody would decide anything"),
        ([("board-of-angels", 1, "", "")], "Line 1: there is no position board-of-angels"),
        (
            [("approver", 2, "board-of-angels", "")],
            "Line 1: there is no position board-of-angels",
        ),
        ([("approver", 2, "approver", "")], "Line 1: the further position is the same"),
        (
            [("approver", 1, "", "amount <= -1 CNY")],
            "Line 1: “amount <= -1 CNY”: a limit isn't negative.",
        ),
        (
            [("approver", 1, "", "amount <= 9300000000000000 KWD")],
            "Line 1: “amount <= 9300000000000000 KWD”: the figure is too large.",
        ),
        (
            [("approver", 1, "", "grade >= Z")],
            "Line 1: “Z” is no grade. From the best to the worst: A, B, C.",
        ),
        (
            [("approver", 1, "", "mood >= good")],
            "Line 1: There is no dimension “mood”. There are: amount, months, grade, kind, exposure, unit.",
        ),
        (
            [("approver", 1, "", "months <= 12"), ("approver", 2, "", "months<=12")],
            "Lines 1 and 2 are about the same cases",
        ),
    ],
)
def test_what_can_not_be_is_said_before_it_is_proposed(
    versions: Versions, lines: list[Line], said: str
) -> None:
    version = versions.draft(lines)
    assert whats(versions, version) == [said]


def test_a_line_of_too_many_people_or_of_gibberish_isn_t_even_kept(versions: Versions) -> None:
    for line, field in (
        (("approver", 0, "", ""), "people"),
        (("approver", 1, "", "???"), "limits"),
    ):
        with pytest.raises(Invalid) as refusal:
            versions.draft([line])
        assert field in str(refusal.value.fields) or "entries" in str(refusal.value.fields)


def test_an_authority_that_nobody_declares_is_not_found(versions: Versions) -> None:
    with pytest.raises(Invalid) as refusal, as_actor(versions.kernel, PROPOSER) as ctx:
        draft_version(ctx, None, Drafted(TOMORROW, "", "bids.nonsense"))
    error = refusal.value.fields["authority"]
    assert isinstance(error, NotFound)
    assert error.key == "no-authority"


def test_whoever_has_no_part_in_it_drafts_nothing(versions: Versions) -> None:
    for login in ("lin.xiaowen", "gu.yan", "ding.ning"):
        with pytest.raises(Forbidden), as_actor(versions.kernel, login) as ctx:
            draft_version(ctx, None, Drafted(TOMORROW))


def test_a_draft_begins_with_what_is_in_force(versions: Versions) -> None:
    versions.publish()
    with as_actor(versions.kernel, PROPOSER) as ctx:
        place = draft_version(ctx, None, Drafted(TOMORROW))
    lines = versions.read(int(place.rpartition("/")[2]))[2]
    assert sorted(lines) == sorted(
        (position, people, among, limits.replace("0 CNY", "0.00 CNY"))
        for position, people, among, limits in PLAIN
    )


# -- in words ---------------------------------------------------------------------------------------------------------


def test_a_version_says_in_words_who_decides_and_what_it_changes(versions: Versions) -> None:
    versions.publish()
    lines: list[Line] = [
        ("branch-head", 1, "", "amount <= 20000000 CNY; grade >= B"),
        ("approver", 2, "risk-officer", ""),
    ]
    version = versions.draft(lines, TOMORROW)
    text = versions.kernel.translator.text
    with as_actor(versions.kernel, "song.qing", write=False) as ctx:
        found = ctx.session.get_one(AuthorityVersion, version)
        who, changes = lines_sheet(ctx, found), changes_sheet(ctx, found)
    assert who is not None
    assert changes is not None
    assert [[text(cell, "en") for cell in row] for row in who.rows] == [
        ["Branch head, alone", "Amount up to 20,000,000.00 CNY; Grade B or better"],
        ["Approver, 2 together, a Risk officer among them", "without a limit"],
    ]
    assert changes.caption is not None
    assert text(changes.caption, "en") == "Against version 1"
    said = [[text(getattr(cell, "value", cell), "en") for cell in row] for row in changes.rows]
    assert said == [
        ["Branch head, alone", "Amount up to 10,000,000.00 CNY",
         "Amount up to 20,000,000.00 CNY; Grade B or better"],
        ["Approver, 2 together, a Risk officer among them", "–", "without a limit"],
        ["Approver, 2 together", "without a limit", "–"],
    ]  # fmt: skip


def test_the_day_before_tells_against_what_a_version_is_compared(versions: Versions) -> None:
    version = versions.draft(day=date(2026, 9, 1))
    with as_actor(versions.kernel, "song.qing", write=False) as ctx:
        changes = changes_sheet(ctx, ctx.session.get_one(AuthorityVersion, version))
    assert changes is not None
    assert str(changes.caption) == "Nothing is in force before it."
    assert len(changes.rows) == 2


def test_the_form_of_a_draft_offers_the_authorities_and_that_of_a_line_the_positions(
    institution: Any, versions: Versions
) -> None:
    client = create_app(institution).test_client()
    token = institution.identity._open(PROPOSER, "")
    client.set_cookie(SESSION_COOKIE, token, domain="localhost")
    asked = client.get("/base/authority-version/actions/draft").text
    assert '<option value="bids.bids" selected>' in asked  # there is no other
    line = client.get(f"/base/authority-version/{versions.draft()}/edit").text
    assert '<option value="branch-head" selected>' in line
    assert '<option value="committee-member">' in line


def test_a_draft_is_known_by_its_authority_and_its_day_where_it_waits(versions: Versions) -> None:
    """On the page of tasks, on My work and in the inbox: the day alone says nothing."""
    versions.draft(day=TOMORROW)
    client = create_app(versions.kernel).test_client()
    token = versions.kernel.identity._open(PROPOSER, "")
    client.set_cookie(SESSION_COOKIE, token, domain="localhost")
    for page in ("/", "/tasks"):
        assert f"Decisions on bids，自 {TOMORROW.isoformat()} 起" in client.get(page).text
