"""A masked value that was taken out and comes in again by a file is no value."""

from __future__ import annotations

from typing import Any

import pytest

from tenor_sdk.access import FieldRule

from .conftest import Desk, as_csv

pytestmark = pytest.mark.both_databases

HEAD = ("code", "name", "phone")
PHONE, SHOWN = "13912345678", "139****5678"


@pytest.fixture
def masked(desk: Desk) -> Desk:
    """A firm whose telephone is masked for whoever imports."""
    desk.take("firm", as_csv(HEAD, ("A1", "Haiyue", PHONE)))
    firm: Any = desk.kind("firm")
    desk.kernel.access.field_rules.append(FieldRule(fields=(firm.phone,), effect="mask"))
    desk.kernel.access._field_effects.clear()
    return desk


@pytest.fixture
def masked_at_the_end(desk: Desk) -> Desk:
    """A visit whose subject is masked once it is over, and isn't yet."""
    desk.take("visit", as_csv(("subject",), ("call",)))
    visit: Any = desk.kind("visit")
    rule = FieldRule(fields=(visit.subject,), effect="mask", in_states=("over",))
    desk.kernel.access.field_rules.append(rule)
    desk.kernel.access._field_effects.clear()
    return desk


def phones(desk: Desk) -> list[str | None]:
    firm: Any = desk.kind("firm")
    with desk.kernel.db.raw(write=False) as connection:
        rows = connection.execute(firm.__table__.select().order_by(firm.__table__.c.id))
        return [row.phone for row in rows]


def test_as_it_is_shown_it_changes_nothing_and_the_rest_of_its_row_is_taken(masked: Desk) -> None:
    done = masked.take("firm", as_csv(HEAD, ("A1", "Haiyue 2", SHOWN)), matched_by=["code"])
    assert (done.changed, done.refused) == (1, 0)
    assert phones(masked) == [PHONE]
    assert masked.rows("firm", "name") == [("Haiyue 2",)]


@pytest.mark.parametrize("given", ["139****9999", "••••"])
def test_other_text_with_the_marks_of_a_mask_is_refused(masked: Desk, given: str) -> None:
    done = masked.take("firm", as_csv(HEAD, ("A1", "Haiyue 2", given)), matched_by=["code"])
    assert list(masked.refused(done)) == [2]
    assert phones(masked) == [PHONE]


def test_so_it_is_of_a_new_record(masked: Desk) -> None:
    done = masked.take("firm", as_csv(HEAD, ("A2", "Zeyuan", SHOWN)), matched_by=["code"])
    assert list(masked.refused(done)) == [2]
    assert phones(masked) == [PHONE]


def test_a_whole_value_is_taken(masked: Desk) -> None:
    other = "13800001111"
    masked.take("firm", as_csv(HEAD, ("A1", "Haiyue", other)), matched_by=["code"])
    assert phones(masked) == [other]


def test_what_went_out_masked_in_another_state_is_no_value_either(masked_at_the_end: Desk) -> None:
    [(one,)] = masked_at_the_end.rows("visit", "id")
    row = as_csv(("id", "subject"), (one, "••••"))
    said: Any = {"matched_by": ["id"], "mapping": {"id": "id", "subject": "subject"}}
    done = masked_at_the_end.take("visit", row, **said)
    assert (done.changed, done.unchanged, done.refused) == (0, 1, 0)
    assert masked_at_the_end.rows("visit", "subject") == [("call",)]
